import type { Act, Actor, Bodies, Command, Context, RemedyOffer } from '../../complaint/command.ts'
import type { Params, RemedyTerms, Step } from '../../complaint/step.ts'
import { ROLES, type StepKind } from '../../complaint/words.ts'

type Given<K extends StepKind> = { p: Params[K]; step: Step }
type Order = { act: Act; body: object; context?: Context }
/** Kinds that a party's command makes; the clock's and the submission are judged elsewhere. */
type Commanded = Exclude<
  StepKind,
  'submitted' | 'deadline_missed' | 'evidence_absent' | 'lapsed' | 'total_missed' | 'statement_absent'
>

const reason = 'given'
const plain =
  <A extends Act>(act: A, body: Bodies[A]) =>
  (): Order => ({ act, body })

/**
 * Input validation: an instant of a leaf must be a whole number. Every comparison with anything else is false, so that a forged one would
 * pass the rules and its deadline would never come. It becomes NaN here, which equals nothing that a leaf holds: the leaf is refused.
 */
const instant = (value: number): number => (Number.isSafeInteger(value) ? value : Number.NaN)

/** An amount that equals none asked for. */
const OTHER_AMOUNT = { value: '0', currency: '-' }

/** Whether an offer meets what was sought is a matter of amounts, which no leaf shows: either answer can be had. */
const offered = ({ kind, by, freightPaidBy, owedBy }: RemedyTerms, meetsSought: boolean): RemedyOffer => ({
  kind,
  by,
  freightPaidBy,
  owedBy,
  amount: meetsSought ? undefined : OTHER_AMOUNT,
})

const response = ({ p }: Given<'merchant_responded' | 'automated_reply'>): Order => {
  const { answer, offer, ground } = p
  const meets = offer !== undefined && 'meetsSought' in offer && offer.meetsSought === true
  return { act: 'responses', body: { answer, statement: '', ground, offer: offer && offered(offer, meets) } }
}

const ruling = ({ p: { outcome, remedy, cites } }: Given<'ruled' | 'appeal_ruled'>): Order => ({
  act: 'rulings',
  body: { outcome, facts: '', rule: '', reasons: '', remedy, due: remedy?.by },
  context: { cited: cites },
})

/** As many files as it says; a step has fewer fields than this. */
const MAX_FILES = 64
const files = (count: number): object[] => {
  const given: object[] = []
  for (let i = 0; i < Math.min(count, MAX_FILES); i++) given.push({})
  return given
}

const redaction = ({ p: { seq, field } }: { p: { seq: number; field: string } }) => ({ seq, field, reason })

const notice = ({ to, stay, link, proof }: Params['notice_sent']): Bodies['notice'] => ({
  to: to === 'merchant' ? to : 'buyer',
  stay: Number.isSafeInteger(stay) ? stay : 0,
  link: Number.isSafeInteger(link) ? link : undefined,
  proof: proof && { vendor: '', id: '', digest: '' },
})

/** The command that would have made a step: all but texts and amounts can be told from its public part. */
const ORDERS: { [K in Commanded]: (given: Given<K>) => Order } = {
  merchant_responded: response,
  automated_reply: response,
  offer_accepted: ({ p }) => ({ act: 'offer-acceptance', body: { offer: p.offer } }),
  offer_refused: ({ p }) => ({ act: 'offer-refusal', body: { reason, counter: p.counter } }),
  escalated: plain('escalation', { reason }),
  officer_assigned: ({ p }) => ({ act: 'assignment', body: { officer: '', desk: decode(p.desk), reason } }),
  handoff_offered: ({ p }) => ({ act: 'handoffs', body: { toDesk: decode(p.desk), reason } }),
  handoff_accepted: plain('handoff-acceptance', { officer: '' }),
  evidence_requested: ({ p }) => ({ act: 'evidence-requests', body: { from: p.from, request: '' } }),
  evidence_supplied: ({ p }) => ({ act: 'evidence', body: { text: '', files: files(p.files) } }),
  ruled: ruling,
  appealed: ({ step }) => ({ act: step.by === 'merchant' ? 'appeals' : 'appeal', body: { reason } }),
  appeal_ruled: ruling,
  return_shipped: plain('return-shipment', { carrier: '', trackingNo: '' }),
  return_received: plain('return-receipt', {}),
  return_disputed: plain('return-disputes', { reason }),
  fulfilled: ({ p }) => ({ act: 'fulfilment', body: { statement: '', proof: '', files: files(p.files) } }),
  confirmed: plain('confirmation', {}),
  disputed: plain('dispute', { reason }),
  deadline_extended: ({ p }) => ({ act: 'extensions', body: { due: instant(p.due), reason } }),
  notice_sent: ({ p }) => ({ act: 'notice', body: notice(p) }),
  withdrawn: ({ p }) => ({ act: 'withdrawal', body: { ground: p.ground, reason } }),
  refused: ({ p }) => ({
    act: 'refusal',
    body: { ground: p.ground, facts: '', rule: '' },
    context: { cited: p.cites },
  }),
  reopened: plain('reopening', { reason }),
  human_requested: plain('human-request', {}),
  conduct_reported: ({ p }) => ({ act: 'conduct-report', body: { seq: p.seq, text: '' } }),
  message_added: ({ p }) => ({ act: 'messages', body: { text: '', files: files(p.files) } }),
  rated: ({ p }) => ({ act: 'rating', body: { score: p.score } }),
  followed_up: ({ p }) => ({ act: 'follow-up', body: { solved: p.solved === true } }),
  link_rotated: ({ p }) => ({ act: 'link-rotation', body: { reason: p.theft ? 'theft' : 'lost' } }),
  link_shared: ({ p }) => ({ act: 'share-links', body: { texts: p.texts === true, files: p.files === true } }),
  redaction_requested: ({ p, step }) => ({
    act: step.by === 'buyer' ? 'redaction-request' : 'redactions',
    body: redaction({ p }),
  }),
  key_bound: ({ p: { key, x, y } }) => ({ act: 'device-keys', body: { key, x, y, tail: '' }, context: { tail: '' } }),
  key_retired: ({ p: { key }, step }) => ({
    act: 'device-key-retirements',
    body: { key, tail: '' },
    context: { tail: '', signer: step.signed?.key },
  }),
  redacted: ({ p, step }) =>
    step.by === 'system' ? { act: 'retention', body: {} } : { act: 'redactions', body: redaction({ p }) },
  redaction_refused: ({ p }) => ({ act: 'redaction-refusals', body: redaction({ p }) }),
  legal_hold_set: ({ p }) => ({
    act: 'legal-holds',
    body: { reason, until: p.until === undefined ? undefined : instant(p.until) },
  }),
  legal_hold_released: plain('legal-hold-releases', { reason }),
  nudged: plain('nudges', {}),
  statement_requested: ({ p }) => ({ act: 'statements-requests', body: { party: p.party, request: '' } }),
  statement_given: ({ p }) => ({ act: 'statements', body: { of: p.of, text: '', files: files(p.files) } }),
  interim_reported: ({ p }) => ({ act: 'interim-reports', body: { due: instant(p.due), reason } }),
}

const decode = (desk: string | undefined): string | undefined =>
  desk === undefined ? undefined : decodeURIComponent(desk)

export const isCommanded = (kind: string): kind is Commanded => Object.hasOwn(ORDERS, kind)

/** What the monitor knows of the steps before: how many, and who wrote each, as digits that index ROLES. */
export interface Before {
  readonly seq: number
  /** Shorter than the chain in a memory of version 0.2 and before. */
  readonly authors: string
}

/** Commands of which one must have made this step; several where it is not known whose text a redaction is about. */
export const commandsFor = (step: Step & { kind: Commanded }, before: Before): Command[] => {
  // The table pairs each kind with its own parameters; TypeScript cannot follow the pairing through an index.
  const order = (ORDERS[step.kind] as (given: { p: unknown; step: Step }) => Order)({ p: step.p, step })
  const by: Actor = { role: step.by, auto: step.auto, who: step.who }
  return contexts(step, before).map(
    context => ({ ...order, by, context: { ...order.context, ...context } }) as unknown as Command,
  )
}

const NONE: readonly Context[] = [{}]
const contexts = (step: Step, { seq, authors }: Before): readonly Context[] => {
  if (step.kind !== 'redacted' && step.kind !== 'redaction_requested') return NONE
  // A step that is not there has no text to erase.
  if (step.p.seq > seq) return NONE
  const author = ROLES[Number(authors[step.p.seq])]
  return (author ? [author] : ROLES).map(by => ({ target: { by, fields: [step.p.field] } }))
}

/** The digit of a role in `Before.authors`. */
export const authorOf = (by: string): string => String((ROLES as readonly string[]).indexOf(by))
