import * as v from 'valibot'
import { STATES, STEP_KINDS } from '../../src/complaint/words.ts'

// The shapes of the API's answers and of the tracking page's JSON, as a program outside would write them down.

const instant = v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/))
const state = v.picklist(STATES)
const role = v.picklist(['buyer', 'merchant', 'platform', 'supervisor', 'both', 'system', 'third_party'])
const party = v.strictObject({ role, name: v.pipe(v.string(), v.minLength(1)) })
const holder = v.nullable(party)
const due = v.nullable(instant)
const hash = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/))
const jws = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/))
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const basis = { basis: v.picklist(['law', 'platform_rule', 'default']), source: v.string() }

const Step = v.strictObject({
  seq: count,
  at: instant,
  on: instant,
  kind: v.picklist(STEP_KINDS),
  by: v.strictObject({ ...party.entries, automated: v.boolean() }),
  fields: v.record(v.string(), v.unknown()),
  late: v.optional(v.literal(true)),
  signed: v.nullable(v.strictObject({ key: hash })),
  unsignedThoughBound: v.optional(v.literal(true)),
  unsignedThoughRegistered: v.optional(v.literal(true)),
  erased: v.optional(v.array(v.string())),
  cites: v.optional(
    v.array(
      v.strictObject({
        code: v.string(),
        version: count,
        title: v.string(),
        text: v.string(),
        locale: v.picklist(['zh-CN', 'zh-TW', 'en']),
        repealed: v.optional(v.literal(true)),
        digest: hash,
        adoptedAt: instant,
        afterOpening: v.optional(v.literal(true)),
      }),
    ),
  ),
  leaf: hash,
  index: count,
})

const Receipt = v.strictObject({
  v: v.literal(1),
  origin: v.string(),
  complaint: v.strictObject({ id: v.string(), c: v.string() }),
  steps: v.array(v.strictObject({ seq: count, leaf: v.string(), disclosures: v.array(v.string()), proof: v.string() })),
  keys: v.array(v.strictObject({ leaf: v.string(), proof: v.string() })),
  rules: v.optional(v.array(v.strictObject({ leaf: v.string(), proof: v.string(), document: v.string() }))),
  statement: jws,
})

const id = v.pipe(v.string(), v.regex(/^[0-9A-HJKMNP-TV-Z]{10}$/))

export const Submitted = v.strictObject({
  id,
  trackingUrl: v.pipe(v.string(), v.regex(/^https?:\/\/[^/]+\/t\/[A-Za-z0-9_-]{24}[0-9A-V]$/)),
  pickupCode: v.pipe(v.string(), v.regex(/^[0-9A-HJKMNP-TV-Z]{8}$/)),
  state,
  holder,
  due,
  promise: jws,
  fingerprint: v.pipe(v.string(), v.regex(/^[0-9A-HJKMNP-TV-Z]{26}$/)),
  receipt: Receipt,
})

export const Answer = v.strictObject({
  step: Step,
  state,
  holder,
  due,
  shareUrl: v.optional(v.string()),
  statementUrl: v.optional(v.string()),
  warnings: v.optional(v.array(v.strictObject({ code: v.literal('automated'), message: v.string() }))),
})

/** Section 8, and what the pages need besides. */
export const View = v.strictObject({
  complaint: v.strictObject({
    id,
    state,
    after: v.nullable(v.picklist(['offer', 'rejection', 'return', 'proof'])),
    holder,
    due,
    overdue: v.boolean(),
    openedAt: instant,
    policy: hash,
    merchant: v.strictObject({ id: v.string(), name: v.string() }),
    category: v.string(),
    remedySought: v.nullable(v.looseObject({ kind: v.string() })),
    handoffs: count,
    reopened: count,
    total: due,
    totalMissed: v.boolean(),
    firstDue: due,
    usualDue: due,
    surge: v.nullable(v.strictObject({ name: v.string(), hours: count, ...basis })),
    clause: v.nullable(
      v.union([v.strictObject({ hours: count, ...basis }), v.strictObject({ workingDays: count, ...basis })]),
    ),
    provisional: v.boolean(),
    rule: v.nullable(v.string()),
    buyer: v.string(),
    offer: v.nullable(count),
    appealUntil: due,
    lost: v.nullable(v.strictObject({ at: instant, leaves: count })),
    retention: v.nullable(v.strictObject({ afterEndDays: count, eraseAt: due, erased: v.boolean() })),
    legalHold: v.nullable(v.strictObject({ until: due })),
    remedy: v.nullable(v.looseObject({ kind: v.string(), owedBy: v.string() })),
  }),
  steps: v.array(Step),
  responsibility: v.array(v.strictObject({ role: v.string(), seconds: count, lateSeconds: count })),
  next: v.nullable(v.strictObject({ ifActs: v.string(), ifSilent: v.string(), at: instant })),
  actions: v.array(v.string()),
  outside: v.array(v.looseObject({ name: v.string(), until: due })),
  statement: jws,
  // Of programs alone: what a signature of theirs names.
  signing: v.optional(v.strictObject({ origin: v.string(), c: v.string(), seen: hash })),
})
export type View = v.InferOutput<typeof View>

/** RFC 9457, with `code` and `errors` as extensions. */
export const ProblemDocument = v.strictObject({
  type: v.pipe(v.string(), v.startsWith('urn:tousu:error:')),
  title: v.string(),
  status: v.number(),
  code: v.string(),
  instance: v.optional(v.pipe(v.string(), v.startsWith('urn:tousu:request:'))),
  errors: v.optional(v.array(v.strictObject({ field: v.string(), code: v.string(), max: v.optional(v.number()) }))),
})

export const Inbox = v.strictObject({
  items: v.array(
    v.strictObject({
      id,
      state,
      holder,
      due,
      overdue: v.boolean(),
      openedAt: instant,
      closedAt: v.nullable(instant),
      merchantId: v.string(),
      category: v.string(),
      handoffs: count,
      orderId: v.nullable(v.string()),
      item: v.nullable(v.string()),
      remedySought: v.nullable(v.looseObject({ kind: v.string() })),
      lastStep: v.strictObject({
        seq: count,
        kind: v.picklist(STEP_KINDS),
        at: instant,
        by: v.strictObject({ ...party.entries, automated: v.boolean() }),
      }),
      updatedAt: instant,
    }),
  ),
  total: count,
  nextCursor: v.nullable(v.string()),
  silent: v.optional(v.array(count)),
})
