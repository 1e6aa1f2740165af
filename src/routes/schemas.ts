import * as v from 'valibot'
import type { OUTSIDE_ACTS } from '../complaint/decide.ts'
import { MOST_CITED, RULE_CODE, RULE_NAME } from '../complaint/platform-rule.ts'
import {
  LOCALES,
  needsReturn,
  OUTCOMES,
  REFUSAL_GROUNDS,
  REJECTION_GROUNDS,
  REMEDIES,
  STATES,
  THIRD_PARTIES,
  WITHDRAWAL_GROUNDS,
} from '../complaint/words.ts'
import type { BodyOf, Intake } from '../ledger/contract/ledger.ts'
import { thumbprintOf } from '../log/author-signature.ts'
import {
  amount,
  code,
  count,
  filled,
  flag,
  instant,
  line,
  long,
  orderId,
  person,
  phone,
  pick,
  seq,
  string,
  word,
  yes,
} from './fields.ts'

const remedyKind = pick(REMEDIES)
const payer = pick(['buyer', 'merchant', 'platform'])
/** What a buyer asks for. */
const sought = v.object({ kind: remedyKind, amount: v.optional(amount) })

const remedy = {
  kind: remedyKind,
  amount: v.optional(amount),
  returnTo: v.optional(line),
  freightPaidBy: v.optional(payer),
}
interface Returned {
  kind: (typeof REMEDIES)[number]
  returnTo?: string | undefined
  freightPaidBy?: string | undefined
}
/** A return needs an address and a payer of the freight. Partial checks, so that one round names all that is missing. */
const hasAddress = (r: Pick<Returned, 'kind' | 'returnTo'>) => !needsReturn(r.kind) || r.returnTo !== undefined
const hasPayer = (r: Pick<Returned, 'kind' | 'freightPaidBy'>) => !needsReturn(r.kind) || r.freightPaidBy !== undefined

/** What a merchant offers; an agreed date is a promise. */
const offer = v.pipe(
  v.object({ ...remedy, owedBy: v.optional(v.literal('merchant', code('choose'))), by: v.optional(instant) }),
  v.forward(v.partialCheck([['kind'], ['returnTo']], hasAddress, code('required')), ['returnTo']),
  v.forward(v.partialCheck([['kind'], ['freightPaidBy']], hasPayer, code('required')), ['freightPaidBy']),
)
/** What a ruling orders. */
const ruledRemedy = v.pipe(
  v.object({ ...remedy, owedBy: pick(['merchant', 'platform']) }),
  v.forward(v.partialCheck([['kind'], ['returnTo']], hasAddress, code('required')), ['returnTo']),
  v.forward(v.partialCheck([['kind'], ['freightPaidBy']], hasPayer, code('required')), ['freightPaidBy']),
)

const reason = v.object({ reason: long })
const nothing = v.object({})
const fieldName = v.pipe(
  string,
  v.nonEmpty(code('required')),
  v.maxLength(40, code('too_long')),
  v.regex(/^([a-z][A-Za-z0-9]*|\*)$/, code('choose')),
  v.description('`*`: all that the steps up to `seq` say, which must be the newest one'),
)

const withdrawalGround = (text: string) => WITHDRAWAL_GROUNDS.find(ground => ground === text)

const ANSWER = [['answer'], ['offer']] as const
const responses = v.pipe(
  v.object({
    answer: pick(['offer', 'reject']),
    statement: long,
    offer: v.optional(offer),
    ground: v.optional(pick(REJECTION_GROUNDS)),
  }),
  v.forward(
    v.partialCheck(ANSWER, body => body.answer !== 'offer' || body.offer !== undefined, code('required')),
    ['offer'],
  ),
  v.forward(
    v.partialCheck(ANSWER, body => body.answer !== 'reject' || body.offer === undefined, code('other')),
    ['offer'],
  ),
  v.forward(
    v.partialCheck(
      [['answer'], ['ground']],
      body => body.answer !== 'reject' || body.ground !== undefined,
      code('required'),
    ),
    ['ground'],
  ),
)

/** What a ruling or refusal rests on: versions of the platform's rules, words of the officer's own, or both. */
const ground = {
  rule: v.pipe(v.optional(long), v.description('in words; needed without `cites`')),
  cites: v.pipe(
    v.optional(v.pipe(v.array(word(RULE_NAME, 45, 'choose')), v.minLength(1), v.maxLength(MOST_CITED, code('choose')))),
    v.description('versions in the rule library, like `return-7d@2`, at most three'),
  ),
}
const hasGround = ({ rule, cites }: { rule?: string | undefined; cites?: readonly string[] | undefined }) =>
  rule !== undefined || cites !== undefined

const rulings = v.pipe(
  v.object({
    outcome: pick(OUTCOMES),
    facts: long,
    ...ground,
    reasons: long,
    officer: v.optional(person),
    remedy: v.optional(ruledRemedy),
    due: v.optional(instant),
  }),
  v.forward(v.partialCheck([['rule'], ['cites']], hasGround, code('required')), ['rule']),
  v.forward(
    v.partialCheck(
      [['outcome'], ['remedy']],
      body => body.outcome !== 'for_merchant' || body.remedy === undefined,
      code('other'),
    ),
    ['remedy'],
  ),
)

/** As people type them: an input method may write full-width letters and digits. */
const narrow = v.transform((text: string) => text.normalize('NFKC').trim())
const last4 = v.pipe(string, v.maxLength(20, code('phone')), narrow, v.regex(/^\d{4}$/, code('phone')))
/** What can't be undone, from a browser that is not known as the buyer's (`track/device.ts`, which reads it). */
const proven = {
  last4: v.pipe(v.optional(last4), v.description('last four digits of the phone; needed without the cookie `device`')),
}
const unproven = <T extends { last4?: string | undefined }>({ last4: _, ...body }: T) => body

const withdrawal = v.pipe(
  v.object({ reason: long, text: v.optional(long), confirm: v.literal('yes', code('tick')), ...proven }),
  v.transform(({ reason, text }) => {
    const ground = withdrawalGround(reason)
    return { ground: ground ?? 'other', reason: text ?? (ground ? '' : reason) }
  }),
)

const coordinate = word(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/, 43)
const deviceKey = v.pipe(
  v.object({ x: coordinate, y: coordinate, ...proven }),
  v.transform(({ x, y, last4: tail }) => ({ key: thumbprintOf(x, y), x, y, tail })),
)

export type OutsideAct = (typeof OUTSIDE_ACTS)[number]

/** The body of each act, parsed once into a command's body; the same schemas make openapi.json. */
export const ACT_BODIES = {
  responses,
  fulfilment: v.object({ statement: long, proof: long }),
  'return-receipt': v.object({ text: v.optional(long) }),
  'return-disputes': reason,
  appeals: reason,
  extensions: v.object({ due: instant, reason: long }),
  evidence: v.object({ text: long }),
  messages: v.object({ text: long }),
  assignment: v.object({ officer: person, desk: v.optional(line), reason: v.optional(long) }),
  handoffs: v.object({ toDesk: line, reason: long }),
  'handoff-acceptance': v.object({ officer: person }),
  'evidence-requests': v.object({ from: pick(['buyer', 'merchant', 'both']), request: long }),
  rulings,
  refusal: v.pipe(
    v.object({ ground: pick(REFUSAL_GROUNDS), facts: long, ...ground }),
    v.forward(v.partialCheck([['rule'], ['cites']], hasGround, code('required')), ['rule']),
  ),
  redactions: v.object({ seq, field: fieldName, reason: long }),
  'redaction-refusals': v.object({ seq, field: fieldName, reason: long }),
  'legal-holds': v.object({
    reason: long,
    until: v.pipe(v.optional(instant), v.description('when it ends by itself; without it, when it is released')),
  }),
  'legal-hold-releases': reason,
  'interim-reports': v.object({ due: instant, reason: long }),
  'link-rotation': reason,
  'statements-requests': v.object({ party: pick(THIRD_PARTIES), request: long }),
  statements: v.object({ of: seq, text: long }),
  'offer-acceptance': v.pipe(v.object({ offer: v.optional(seq), ...proven }), v.transform(unproven)),
  'offer-refusal': v.object({ reason: long, counter: v.optional(sought) }),
  escalation: reason,
  dispute: reason,
  appeal: reason,
  reopening: reason,
  'return-shipment': v.object({ carrier: line, trackingNo: word(/^[A-Za-z0-9-]{4,40}$/, 40) }),
  confirmation: v.pipe(v.object(proven), v.transform(unproven)),
  'human-request': nothing,
  nudges: nothing,
  withdrawal,
  rating: v.object({ score: count(1, 5), text: v.optional(long) }),
  'follow-up': v.object({
    solved: v.pipe(
      v.picklist(['yes', 'no']),
      v.transform(said => said === 'yes'),
    ),
  }),
  'conduct-report': v.object({ seq, text: long }),
  'redaction-request': v.object({ seq, field: fieldName, reason: long }),
  'share-links': v.object({ texts: yes, files: yes }),
  'device-keys': deviceKey,
  'device-key-retirements': v.pipe(
    v.object({ key: coordinate, ...proven }),
    v.transform(({ key, last4: tail }) => ({ key, tail })),
  ),
}

// A mapped type: indexed by a generic act, it pairs the act with its own body, so that no cast is needed.
const PAIRED: { [A in OutsideAct]: v.GenericSchema<unknown, BodyOf<A>> } = ACT_BODIES
export const schemaOf = <A extends OutsideAct>(act: A): v.GenericSchema<unknown, BodyOf<A>> => PAIRED[act]

/** What every post of merchant and platform may say about who wrote it (rule 3). */
export const Author = v.object({
  operator: v.pipe(
    v.optional(person),
    v.description(
      'Name or staff number of the human who decided this; both parties see it. Without it the act counts as automated: it is shown as a machine’s, and an answer to a complaint stops no clock unless it gives all that the buyer asked for.',
    ),
  ),
  automated: v.pipe(
    v.optional(flag),
    v.description('Says it outright; by default true where no human is named, else false.'),
  ),
})

const id = word(/^[\p{L}\p{N}._:-]+$/u, 64)
/** A submission by the platform; `category` is one of the policy in force. */
export const intake = (categories: readonly string[]) =>
  v.object({
    orderId,
    item: v.optional(line),
    merchantId: id,
    merchantName: line,
    buyer: v.object({ name: line, phone }),
    category: pick(categories),
    statement: long,
    remedySought: v.optional(sought),
    locale: v.optional(pick(LOCALES), 'zh-CN'),
  }) satisfies v.GenericSchema<unknown, Intake>

export const Pickup = v.object({
  code: v.pipe(string, filled, v.maxLength(20, code('too_long')), narrow),
  last4,
})
export const PickupByOrder = v.object({ code: Pickup.entries.code, orderId: line, phone: phone })
/** What a ticket of the shop's order page says of the order and its buyer. */
export const TicketClaims = v.object({
  orderId,
  item: v.optional(line),
  merchantId: id,
  merchantName: line,
  amount,
  phone,
  name: v.optional(line),
  // An unsupported locale is ignored, not refused.
  locale: v.fallback(v.optional(pick(LOCALES)), undefined),
})
export type TicketClaims = v.InferOutput<typeof TicketClaims>
/** The key of the phone on which a complaint is written: its coordinates with a dot between. */
export const NewDevice = v.pipe(
  v.string(),
  v.regex(/^[\w-]{43}\.[\w-]{43}$/),
  v.transform(text => text.split('.')),
  v.tuple([coordinate, coordinate]),
  v.transform(([x, y]) => ({ key: thumbprintOf(x, y), x, y })),
)
/** What the buyer adds to it. */
export const Complaint = (categories: readonly string[]) =>
  v.object({ category: pick(categories), statement: long, remedySought: sought, name: line })

/** Of that, what the amount depends on. */
export const Wish = v.object({ remedySought: sought })
export const ShopOrderId = v.object({ orderId })
/** The demo's role chooser. */
export const SignInAs = v.object({
  role: pick(['merchant', 'merchant2', 'platform', 'supervisor', 'supervisor2']),
  to: v.optional(line),
})
export const Resend = v.object({ orderId: line, phone: phone })
/** Parts of an hour too. */
export const Advance = v.object({
  advanceHours: v.pipe(
    v.union([v.number(), v.pipe(v.string(), v.regex(/^\d{1,5}(\.\d{1,6})?$/), v.transform(Number))], code('choose')),
    v.minValue(0, code('choose')),
    v.maxValue(24 * 400, code('choose')),
  ),
})

/** What the platform says of an incident; of one that is known by `incident`, whom it touches stays. */
export const IncidentReport = v.object({
  incident: v.optional(word(/^[\w-]{12}$/, 12, 'choose')),
  what: v.pipe(long, v.maxLength(500, code('too_long'))),
  until: v.pipe(v.optional(instant), v.description('when it is expected to end; needed until it has')),
  ended: v.optional(flag, false),
  merchants: v.pipe(v.optional(v.array(id)), v.description('ids; absent for all')),
  categories: v.pipe(v.optional(v.array(line)), v.description('of the policy; absent for all')),
})

/** A version for the platform's rule library. */
export const RuleVersion = v.object({
  code: v.pipe(word(RULE_CODE, 40), v.description('short name, the same in all versions')),
  version: v.pipe(count(1, 9999), v.description('1, or the number after the newest')),
  title: line,
  text: long,
  locale: v.optional(pick(LOCALES), 'zh-CN'),
  repealed: v.pipe(yes, v.description('this version says that the rule no longer holds')),
})

/** What programs search by: exactly, and all that is given. */
export const Search = v.object({
  id: v.optional(v.pipe(line, v.description('as it is read aloud: any case, spaces, O for 0'))),
  orderId: v.optional(orderId),
  phone: v.optional(phone),
  updatedSince: v.optional(instant),
  state: v.optional(pick(STATES)),
  overdue: v.optional(flag),
  cursor: v.optional(v.pipe(string, v.maxLength(5000, code('too_long')))),
  limit: v.optional(count(1, 999_999)),
})

const signature = word(/^[A-Za-z0-9_-]{85}[AQgw]$/, 86)
const bySome = v.object({ key: coordinate, sig: signature })
/** By a passkey: authenticator data, client data and signature, as docs/log.md has them. */
const byAny = v.object({
  key: coordinate,
  sig: word(/^([\w-]{50,1000}\.[\w-]{100,2000}\.)?[\w-]{85}[AQgw]$/, 3100),
})
/** Keys by which merchants and the platform sign (docs/log.md, section 11). */
export const NewKey = v.object({
  x: v.pipe(coordinate, v.description('coordinate on P-256 (ES256), or without `y` an Ed25519 key (EdDSA)')),
  y: v.optional(coordinate),
  name: v.pipe(
    line,
    v.maxLength(60, code('too_long')),
    v.description('of the device or program; kept outside the log'),
  ),
  sig: v.pipe(signature, v.description('by the key itself')),
  voucher: v.pipe(v.optional(bySome), v.description('by an older key; needed while signatures are required')),
})
export const KeySigned = v.object({ signed: v.optional(bySome) })
/** The same in the consoles, where a passkey may sign, and be registered with the id by which browsers know it. */
export const NewPersonKey = v.object({
  ...NewKey.entries,
  sig: byAny.entries.sig,
  voucher: v.optional(byAny),
  credential: v.optional(word(/^[\w-]{1,1364}$/, 1364)),
})
export const PersonKeySigned = v.object({ signed: v.optional(byAny) })
export const KeyThumbprint = v.object({ key: coordinate })

/** The settings of a merchant. */
export const Contact = v.object({ phone: phone })
export const ContactCode = v.object({ code: word(/^\d{6}$/, 6, 'other') })
export const KeyName = v.object({ name: v.pipe(line, v.maxLength(60, code('too_long'))) })
export const KeyRevocation = v.object({ id: word(/^[0-9a-f]{64}$/, 64, 'choose') })
