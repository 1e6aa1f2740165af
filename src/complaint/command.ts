// Commands: what each act needs, who acts, and the codes with which the rules refuse one. Parsed at the edge (src/routes); the domain
// trusts their types.

import type { Policy } from './deadlines/policy.ts'
import type { EvidenceParty } from './step.ts'
import type {
  Locale,
  Outcome,
  RefusalGround,
  RejectionGround,
  RemedyKind,
  Role,
  ThirdParty,
  WithdrawalGround,
} from './words.ts'

/** A decimal string with at most two places, e.g. `{value: "89.00", currency: "CNY"}`. */
export interface Amount {
  value: string
  currency: string
}
interface RemedySought {
  kind: RemedyKind
  amount?: Amount | undefined
}
export interface RemedyOffer {
  kind: RemedyKind
  amount?: Amount | undefined
  owedBy?: 'merchant' | 'platform' | undefined
  returnTo?: string | undefined
  freightPaidBy?: 'buyer' | 'merchant' | 'platform' | undefined
  /** Promised instant, UTC ms. */
  by?: number | undefined
}
/** An evidence file. It is stored under its hash (hex SHA-256) before the command is given. */
export interface FileRef {
  sha256: string
  name: string
  type: string
  size: number
  /** A small picture of it that its sender made, a file of its own beside it: no image codec runs here. */
  thumb?: { sha256: string; size: number }
}
type Files = { files?: FileRef[] | undefined }
type Reason = { reason: string }

/** The body of each act, parsed; instants are UTC ms. */
export interface Bodies {
  submit: {
    id: string
    orderId: string
    item?: string | undefined
    merchantId: string
    /** The merchant's public tag; needed where the policy's index is of merchants. */
    merchantTag?: string | undefined
    merchantName: string
    buyer: { name: string; phone: string }
    category: string
    statement: string
    remedySought?: RemedySought | undefined
    locale: Locale
    /** Key of the phone on which it was written and signed. */
    device?: { key: string; x: string; y: string } | undefined
    policy: Policy
  }
  responses: {
    answer: 'offer' | 'reject'
    statement: string
    offer?: RemedyOffer | undefined
    ground?: RejectionGround | undefined
  }
  fulfilment: { statement: string; proof: string } & Files
  'return-receipt': { text?: string | undefined }
  'return-disputes': Reason
  appeals: Reason
  extensions: Reason & { due: number }
  evidence: { text: string } & Files
  messages: { text: string } & Files
  assignment: { officer: string; desk?: string | undefined; reason?: string | undefined }
  handoffs: Reason & { toDesk: string }
  'handoff-acceptance': { officer: string }
  'evidence-requests': { from: EvidenceParty; request: string }
  rulings: {
    outcome: Outcome
    facts: string
    rule?: string | undefined
    reasons: string
    /** Versions of the platform's rules, as `nameOfRule` names them; `rule` or these must be given. */
    cites?: readonly string[] | undefined
    officer?: string | undefined
    remedy?: RemedyOffer | undefined
    due?: number | undefined
  }
  refusal: {
    ground: RefusalGround
    facts: string
    rule?: string | undefined
    cites?: readonly string[] | undefined
  }
  redactions: Reason & { seq: number; field: string }
  'redaction-refusals': Reason & { seq: number; field: string }
  'legal-holds': Reason & { until?: number | undefined }
  'legal-hold-releases': Reason
  'interim-reports': Reason & { due: number }
  'statements-requests': { party: ThirdParty; request: string }
  /** `of`: the step that asked. */
  statements: { of: number; text: string } & Files
  'link-rotation': Reason
  'offer-acceptance': { offer?: number | undefined }
  'offer-refusal': { reason: string; counter?: RemedySought | undefined }
  escalation: Reason
  dispute: Reason
  appeal: Reason
  reopening: Reason
  'return-shipment': { carrier: string; trackingNo: string }
  confirmation: Record<never, never>
  'human-request': Record<never, never>
  nudges: Record<never, never>
  withdrawal: { ground: WithdrawalGround; reason: string }
  rating: { score: number; text?: string | undefined }
  'follow-up': { solved: boolean }
  'conduct-report': { seq: number; text: string }
  'redaction-request': Reason & { seq: number; field: string }
  'share-links': { texts: boolean; files: boolean }
  /** `tail`: last four digits of the buyer's phone, which a further device must know. */
  'device-keys': { key: string; x: string; y: string; tail?: string | undefined }
  'device-key-retirements': { key: string; tail?: string | undefined }
  /** The scheduler found that the policy's retention is over. */
  retention: Record<never, never>
  /** The outbox reports a message that the provider accepted. */
  notice: { to: 'buyer' | 'merchant'; stay: number; link?: number | undefined; proof?: NoticeProof | undefined }
}
export type Act = keyof Bodies

/** By which a regulator can ask the vendor what was sent, and when. */
export interface NoticeProof {
  vendor: string
  /** The vendor's own number of the message, or ours that it was given. */
  id: string
  /** Base64url SHA-256 of the text. */
  digest: string
}

export interface Actor {
  role: Role
  auto: boolean
  /** HMAC tag of the operator, or of the officer whom the act names; null where the act names no person. */
  who: string | null
  /** All tags by which earlier steps may know the same person; `who` alone where nothing else is known. Called where a rule asks: it reads texts. */
  ownTags?: (() => readonly string[]) | undefined
  /** The same person as text: a disclosure, which only some readers see. */
  name?: string | undefined
}

/** Four-eyes principle: whether the tag of an earlier step is this person's. */
export const isOwnTag = ({ who, ownTags }: Pick<Actor, 'who' | 'ownTags'>, tag: string | null): boolean =>
  tag !== null && (tag === who || (ownTags?.().includes(tag) ?? false))

/** What a decision needs beside the projection: disclosed content, which is never folded. */
export interface Context {
  /** The amount that the buyer asked for. */
  sought?: Amount | undefined
  /** The last four digits of the buyer's phone; absent once it was erased. */
  tail?: string | undefined
  /** Thumbprint of the device's key that signed the act. */
  signer?: string | undefined
  /** Digests of the rules that the body cites, as `p.cites` has them; absent where the log has not adopted one of them. */
  cited?: string | undefined
  /** The step that the act points at: its author, and the names of its disclosed fields. */
  target?: { by: Role; fields: readonly string[] } | undefined
}

export interface CommandOf<A extends Act> {
  act: A
  by: Actor
  body: Bodies[A]
  context?: Context | undefined
}
export type Command = { [A in Act]: CommandOf<A> }[Act]

const cents = (amount: Amount): number => {
  const [whole = '0', part = ''] = amount.value.split('.')
  return Number(whole) * 100 + Number(part.padEnd(2, '0'))
}

/** Whether an offer gives all that was sought: same kind, no less money. Without an amount, a refund is a full one. */
export const meetsSought = (offer: RemedyOffer, sought: { kind: RemedyKind } | null, amount?: Amount): boolean => {
  if (sought === null || offer.kind !== sought.kind) return false
  if (offer.amount === undefined)
    return offer.kind === 'refund' || offer.kind === 'return_refund' || amount === undefined
  if (amount === undefined) return false
  return offer.amount.currency === amount.currency && cents(offer.amount) >= cents(amount)
}

/** Error codes: every reason for which a command is refused. `docs/errors.md` is generated from this table. */
export const REFUSALS = {
  closed: 'The complaint is closed; only what its page still offers can be done.',
  wrong_state: 'This act does not belong to the present state of the complaint.',
  not_yours: 'This act belongs to another party.',
  not_holder: 'Only the party that must act now can do this.',
  already_open: 'There is an open complaint about this order item.',
  already_extended: 'A deadline is extended once for each stay in a state.',
  date_beyond_cap: 'The date lies beyond what the policy allows.',
  date_not_later: 'The date does not lie ahead of the one in force.',
  offer_changed: 'The offer was replaced since it was read; look at the new one.',
  offer_limit: 'The offer was improved as often as the policy allows.',
  no_offer: 'No offer stands that could be accepted or refused.',
  human_required: 'This needs a human: name the operator or officer who decides.',
  officer_required: 'A ruling names its officer, and nobody is assigned.',
  same_officer: 'An appeal goes to an officer who did not rule.',
  reason_required: 'Every handoff needs a reason.',
  unknown_desk: 'The policy of this complaint has no desk of that name.',
  unknown_rule: 'The platform’s rule library has no such version of a rule.',
  no_handoff: 'No handoff is waiting to be accepted.',
  merits_settled: 'The merits were ruled on; only the ruled remedy can be given one new date.',
  platform_owes: 'The ruled remedy was missed again: now the platform owes it.',
  remedy_owed: 'The remedy is owed; it can only be fulfilled.',
  remedy_required: 'The ruling must restate the remedy that it upholds or changes.',
  refusal_overturned: 'An appeal found that this is to be heard; it cannot be refused again.',
  dispute_used: 'One dispute for each fulfilment.',
  appeal_used: 'One appeal for each party, and its answer is final.',
  appeal_too_late: 'The time for an appeal has passed.',
  reopening_used: 'One reopening for each way of closing.',
  reopening_too_late: 'The time for reopening has passed.',
  already_asked: 'This was asked for already.',
  already_rated: 'This was rated already.',
  rotation_limit: 'The link was replaced as often as its format allows; open a new complaint or use pickup codes.',
  unknown_step: 'The complaint has no such step or field.',
  no_statement: 'No statement is awaited here: its time is over, it was given, or the complaint ended.',
  statement_limit: 'As many statements were asked for as the policy allows.',
  nudged_already: 'The holder was nudged a short time ago; the policy says how long to wait.',
  not_requested: 'Nobody asked to erase this, or it was answered already.',
  redaction_not_due: 'Until the appeal window closes, its author or a second supervisor must agree.',
  key_limit: 'As many devices are bound as one complaint takes.',
  key_known: 'This device is bound already.',
  key_tail:
    'A further device is bound, and one is retired unsigned, with the last four digits of the phone number on the complaint.',
  key_unknown: 'No such device is bound to this complaint.',
  key_gone: 'This device was retired; its key does not come back.',
  already_redacted: 'The field was erased already.',
  legal_hold: 'A legal hold keeps all of this complaint: nothing of it is erased until the hold ends.',
  no_legal_hold: 'No legal hold is in force.',
} as const
export type RefusalCode = keyof typeof REFUSALS

/** A well-formed command that the rules refuse: a value, never an exception. */
export interface Refusal {
  refused: RefusalCode
}
export const refuse = (code: RefusalCode): Refusal => ({ refused: code })
