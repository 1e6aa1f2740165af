// What the API answers, as schemas of openapi.json. What it takes is in `routes/schemas.ts`.

import { toJsonSchema } from '@valibot/to-json-schema'
import * as v from 'valibot'
import { OUTSIDE_ACTS } from '../../complaint/decide.ts'
import { HOLDERS, LOCALES, REMEDIES, ROLES, STATES, STEP_KINDS } from '../../complaint/words.ts'
import { EDGE_ERRORS } from '../problem.ts'

// Instants are parsed on the way in: the document shows what is sent. Checks that JSON Schema has no word for are left out.
export const json = (schema: v.GenericSchema): object => {
  const { $schema: _, ...plain } = toJsonSchema(schema, { typeMode: 'input', errorMode: 'ignore' })
  return plain
}
export const ref = (name: keyof typeof SCHEMAS) => ({ $ref: `#/components/schemas/${name}` })
export const content = (schema: object, type = 'application/json') => ({ [type]: { schema } })

const described = <T extends v.GenericSchema>(schema: T, text: string) => v.pipe(schema, v.description(text))
const instant = described(v.string(), 'ISO 8601 UTC')
const integer = v.pipe(v.number(), v.integer())
const id = described(v.string(), 'ten Crockford base32 characters')

const Party = v.object({ role: v.picklist([...ROLES, ...HOLDERS.filter(each => each === 'both')]), name: v.string() })
const Author = v.object({
  ...Party.entries,
  automated: described(v.boolean(), 'a machine wrote it: no human was named, or the sender said so'),
})
const state = v.picklist(STATES)
const kind = v.picklist(STEP_KINDS)
const holder = described(v.nullable(Party), 'who must act; null once it is closed')
const due = described(v.nullable(v.string()), 'ISO 8601 UTC; null when nobody must act')
const Remedy = v.looseObject({
  kind: v.picklist(REMEDIES),
  amount: v.optional(v.object({ value: v.string(), currency: v.string() })),
})
const OwedRemedy = v.looseObject({
  ...Remedy.entries,
  owedBy: v.picklist(['merchant', 'platform']),
  returnTo: v.optional(v.string()),
  freightPaidBy: v.optional(v.picklist(['buyer', 'merchant', 'platform'])),
})
const figure = { basis: v.picklist(['law', 'platform_rule', 'default']), source: v.string() }
/** What stands behind `due` (docs/states.md). */
const timing = {
  rule: described(v.nullable(v.string()), 'clause of the policy behind due'),
  clause: v.nullable(
    v.union([v.object({ hours: v.number(), ...figure }), v.object({ workingDays: v.number(), ...figure })]),
  ),
  firstDue: described(v.nullable(v.string()), 'before it was extended'),
  usualDue: described(v.nullable(v.string()), 'without the surge that lengthened it'),
  surge: v.nullable(v.object({ name: v.string(), hours: v.number(), ...figure })),
  provisional: described(v.boolean(), 'rests on a calendar that is not announced yet'),
}

const rule = {
  code: v.string(),
  version: integer,
  title: v.string(),
  text: v.string(),
  locale: v.picklist(LOCALES),
  repealed: v.optional(v.literal(true)),
  digest: described(v.string(), 'base64url SHA-256 of its document, at /log/{shard}/rules/{digest}'),
  adoptedAt: instant,
}
const Rule = v.object({ name: described(v.string(), 'what `cites` takes: `return-7d@2`'), ...rule })

const Step = v.looseObject({
  seq: integer,
  at: described(v.string(), 'when it was recorded, ISO 8601 UTC'),
  on: described(v.string(), 'when it took effect'),
  kind,
  by: Author,
  fields: described(v.record(v.string(), v.unknown()), 'what the step says, by name, as this reader may see it'),
  erased: v.optional(v.array(v.string())),
  late: v.optional(v.literal(true)),
  signed: v.nullable(v.object({ key: v.string() })),
  unsignedThoughBound: v.optional(v.literal(true)),
  cites: v.optional(
    described(
      v.array(v.object({ ...rule, afterOpening: v.optional(v.literal(true)) })),
      'rules of the platform that a ruling rests on, as they stood; `afterOpening`: adopted while the complaint was open',
    ),
  ),
  unsignedThoughRegistered: v.optional(
    described(v.literal(true), 'not signed, though the merchant, or the platform in this role, had a key'),
  ),
  leaf: described(v.string(), 'base64url hash of its leaf in the public log'),
  index: integer,
})

const IncidentNews = v.object({
  incident: v.string(),
  at: instant,
  what: v.string(),
  until: described(v.nullable(v.string()), 'when it is expected to end'),
  ended: v.boolean(),
  merchants: v.nullable(v.array(v.string())),
  categories: v.nullable(v.array(v.string())),
})
const Incidents = v.object({
  incidents: v.array(v.object({ id: v.string(), endedAt: v.nullable(v.string()), news: v.array(IncidentNews) })),
})

const InboxEntry = v.object({
  id,
  state,
  holder,
  due,
  overdue: v.boolean(),
  openedAt: instant,
  closedAt: v.nullable(v.string()),
  merchantId: v.string(),
  category: v.string(),
  handoffs: integer,
  orderId: described(v.nullable(v.string()), 'null once it was erased'),
  item: v.nullable(v.string()),
  remedySought: v.nullable(Remedy),
  lastStep: described(
    v.object({ seq: integer, kind, at: v.string(), by: Author }),
    'the newest step that is more than a notice; parties are named by their role',
  ),
  updatedAt: described(v.string(), 'of the newest step, which `updatedSince` compares'),
})

const Webhook = v.object({
  id: v.string(),
  url: v.string(),
  status: described(
    v.picklist(['untried', 'working', 'failing', 'disabled']),
    '`failing`: its newest attempts have all failed',
  ),
  failures: described(integer, 'attempts since its last success'),
  lastAnswer: described(v.nullable(v.string()), 'HTTP status, or a word of ours'),
  createdAt: instant,
  disabledAt: v.nullable(v.string()),
  disabledWhy: described(v.nullable(v.string()), 'HTTP status of the last answer, or a word of ours'),
})

const SCHEMAS = {
  BuyerNotice: v.object({
    type: v.literal('buyer_notice'),
    timestamp: instant,
    data: v.object({
      complaint: id,
      orderId: described(v.nullable(v.string()), 'as the complaint was filed with; null once it was erased'),
      template: described(v.string(), 'what it is about, as `ruled.final`'),
      locale: v.picklist(LOCALES),
      text: described(v.string(), 'as an SMS would say it, signature and address included'),
      url: described(v.string(), 'the buyer’s own page: who has it acts for the buyer; in mode `code` the front door'),
      phone: v.optional(described(v.string(), 'where the settings say that the endpoint needs it')),
    }),
  }),
  NoticeTaken: v.object({ id: v.optional(v.string()) }),
  Rule,
  Rules: v.object({ rules: v.array(v.object({ ...Rule.entries, inForce: v.boolean() })) }),
  IncidentNews,
  Incidents,
  Problem: v.object({
    type: v.string(),
    title: v.string(),
    status: integer,
    code: described(v.string(), 'Stable; docs/errors.md lists them'),
    instance: v.optional(described(v.string(), 'Names the request, where the status is 500 or more')),
    errors: v.optional(
      v.array(
        v.object({
          field: described(v.string(), 'path in the body: `offer.amount.value`'),
          code: described(v.string(), 'docs/errors.md lists them'),
          max: v.optional(v.number()),
        }),
      ),
    ),
  }),
  Step,
  Answer: v.object({
    step: Step,
    state,
    holder,
    due,
    shareUrl: v.optional(described(v.string(), 'of share-links')),
    statementUrl: v.optional(
      described(v.string(), 'of statements-requests: where the third party answers; the asker hands it on'),
    ),
    warnings: v.optional(
      described(
        v.array(v.object({ code: v.picklist(['automated']), message: v.string() })),
        'the act was recorded, but perhaps not as its sender meant: `automated`, no operator was named',
      ),
    ),
  }),
  Submitted: v.object({
    id,
    trackingUrl: described(v.string(), 'the buyer’s own link: who has it acts for the buyer'),
    pickupCode: v.string(),
    state,
    holder,
    due,
    promise: described(
      v.nullable(v.string()),
      'a JWS: the published log will hold the submission by an instant (docs/log.md)',
    ),
    fingerprint: described(v.nullable(v.string()), 'of the submission, as in the buyer’s first SMS'),
    // Null where no checkpoint covers it yet: the complaint stands all the same.
    receipt: v.nullable(v.looseObject({ v: v.literal(1) })),
  }),
  Complaint: v.object({
    complaint: v.looseObject({
      id,
      state,
      after: described(
        v.nullable(v.picklist(['offer', 'rejection', 'return', 'proof'])),
        'what the state follows, where its time differs by that',
      ),
      holder,
      due,
      ...timing,
      overdue: v.boolean(),
      openedAt: instant,
      policy: described(v.string(), 'hash of its policy document, at /log/{shard}/policies/{hash}'),
      merchant: v.object({ id: v.string(), name: v.string() }),
      buyer: described(v.string(), 'masked'),
      category: v.string(),
      remedySought: v.nullable(Remedy),
      offer: described(v.nullable(integer), '`seq` of the offer that can be accepted now'),
      remedy: described(
        v.nullable(OwedRemedy),
        'what is owed, or was reported as done: after an agreement this is what is to be paid or sent',
      ),
      handoffs: integer,
      total: described(v.nullable(v.string()), 'by when all is to be over; null without such a clock'),
      totalMissed: v.boolean(),
      reopened: integer,
      appealUntil: described(v.nullable(v.string()), 'until when the caller may appeal'),
      lost: described(
        v.nullable(v.object({ at: instant, leaves: integer })),
        'the log lost leaves after this complaint began, and says so',
      ),
    }),
    steps: v.array(Step),
    responsibility: v.array(v.object({ role: v.string(), seconds: integer, lateSeconds: integer })),
    next: v.nullable(v.object({ ifActs: v.string(), ifSilent: v.string(), at: v.string() })),
    actions: described(
      v.array(v.picklist(OUTSIDE_ACTS)),
      'acts that the caller may post now, by the last part of their path',
    ),
    statement: described(v.string(), 'JWS; docs/log.md'),
    signing: v.optional(
      described(
        v.object({ origin: v.string(), c: v.string(), seen: v.string() }),
        'what a signature of an act names beside act and body; of merchants and the platform',
      ),
    ),
  }),
  PartyKeys: v.object({
    items: v.array(
      v.object({
        key: described(v.string(), 'RFC 7638 thumbprint, the `kid` of its signatures'),
        alg: v.picklist(['ES256', 'EdDSA']),
        role: v.picklist(ROLES),
        name: described(v.string(), 'kept outside the log'),
        addedAt: v.nullable(v.string()),
        own: described(v.boolean(), 'registered by programs of the caller, or by this very person'),
        retired: v.boolean(),
        leaf: described(integer, 'index of the leaf that introduced it'),
      }),
    ),
    required: described(v.boolean(), 'nothing unsigned counts as the merchant’s'),
    origin: described(
      v.string(),
      'with `party` and `seen`: what a claim about these keys names (docs/log.md, section 11)',
    ),
    party: v.string(),
    seen: v.string(),
  }),
  Inbox: v.object({
    items: v.array(InboxEntry),
    total: described(integer, 'on all pages; with `updatedSince` at most 100,000 are counted'),
    nextCursor: described(v.nullable(v.string()), '`cursor` of the next page; null on the last'),
    silent: described(
      v.optional(v.array(integer)),
      'shards that do not answer now, whose complaints are not in the list',
    ),
  }),
  Receipt: v.looseObject({ v: v.literal(1) }),
  Tracking: v.object({ trackingUrl: v.string() }),
  Accepted: v.object({ accepted: v.boolean() }),
  Webhook,
  WebhookWithSecret: v.object({ ...Webhook.entries, secret: described(v.string(), 'whsec_…; shown this once') }),
  Webhooks: v.object({ items: v.array(Webhook) }),
  WebhookDeliveries: v.object({
    items: v.array(
      v.object({
        id: integer,
        complaint: described(v.nullable(v.string()), 'its id; null of a test event'),
        seq: integer,
        attempts: integer,
        outcome: v.nullable(v.picklist(['delivered', 'failed'])),
        answer: described(v.nullable(v.string()), 'HTTP status, or a word of ours'),
        nextAt: v.nullable(v.string()),
        createdAt: instant,
      }),
    ),
  }),
  Event: v.object({
    type: v.string(),
    timestamp: instant,
    data: v.object({
      complaint: v.object({ id, state, holder: v.nullable(v.picklist(HOLDERS)), due, overdue: v.boolean() }),
      step: v.object({
        seq: integer,
        kind,
        by: v.picklist(ROLES),
        automated: v.boolean(),
        at: v.string(),
        on: v.string(),
      }),
      url: described(v.string(), 'where the texts are read, with an API key'),
    }),
  }),
}

export const schemas = () => Object.fromEntries(Object.entries(SCHEMAS).map(([name, schema]) => [name, json(schema)]))

const problem = (description: string, headers: object = {}) => ({
  description,
  headers,
  content: content(ref('Problem'), 'application/problem+json'),
})
const RETRY = { 'Retry-After': { description: 'seconds', schema: { type: 'integer' } } }

/** Error answers by status, as components: each operation refers to those that it can give. */
export const RESPONSES = {
  400: problem('The body cannot be read: malformed_json, malformed_form, cut_off.'),
  401: problem(EDGE_ERRORS.unauthorized[1]),
  403: problem('This act belongs to another role.'),
  404: problem(`${EDGE_ERRORS.not_found[1]} Also what is not the caller’s own.`),
  409: problem('It is refused in its present state; `code` says why.'),
  413: problem(EDGE_ERRORS.too_large[1]),
  415: problem(EDGE_ERRORS.unsupported_media_type[1]),
  422: problem(`${EDGE_ERRORS.invalid[1]} ${EDGE_ERRORS.unknown_field[1]}`),
  429: problem(EDGE_ERRORS.too_many[1], RETRY),
  503: problem('Nothing was recorded, or it is not known: try again, with the same Idempotency-Key.', RETRY),
}
type Status = keyof typeof RESPONSES
export const refusals = (...statuses: Status[]) =>
  Object.fromEntries(statuses.map(status => [status, { $ref: `#/components/responses/E${status}` }]))
export const responses = () =>
  Object.fromEntries(Object.entries(RESPONSES).map(([status, response]) => [`E${status}`, response]))
