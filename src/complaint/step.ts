// Domain events: a closed union of steps, in the past tense. Kind and parameters become bytes of the log, so that their
// names never change (src/log/leaf.ts).

import type { Policy } from './deadlines/policy.ts'
import type {
  Holder,
  LapseAfter,
  Locale,
  Outcome,
  RefusalGround,
  RejectionGround,
  RemedyKind,
  Role,
  StepKind,
  ThirdParty,
  WithdrawalGround,
} from './words.ts'

/** Public part of a remedy; its amount and address are disclosures. `by` is the promised instant, UTC ms. */
export interface RemedyTerms {
  kind: RemedyKind
  owedBy: 'merchant' | 'platform'
  by?: number
  freightPaidBy?: 'buyer' | 'merchant' | 'platform'
}

interface RulingTerms extends Citing {
  outcome: Outcome
  remedy?: RemedyTerms
}

/** Digests of the platform's rules that it rests on (platform-rule.ts), parted by a space. */
interface Citing {
  cites?: string
}

type Nothing = Record<never, never>
export type EvidenceParty = 'buyer' | 'merchant' | 'both'

/** The public parameters (`p` of the leaf) of each kind: all that the fold needs, never an amount, a name or a text. */
export interface Params {
  /** `m`: the merchant's tag (src/log/leaf.ts), where the policy has an index of merchants. `device`: a key that signed it. */
  submitted: {
    category: string
    locale: Locale
    m?: string
    remedySought?: { kind: RemedyKind }
    device?: Params['key_bound']
  }
  merchant_responded: {
    answer: 'offer' | 'reject'
    offer?: RemedyTerms & { meetsSought: boolean }
    ground?: RejectionGround
  }
  automated_reply: { answer: 'offer' | 'reject'; ground?: RejectionGround; offer?: RemedyTerms }
  offer_accepted: { offer: number }
  offer_refused: { counter?: { kind: RemedyKind } }
  escalated: Nothing
  officer_assigned: { desk?: string; handoff: boolean }
  handoff_offered: { desk: string }
  handoff_accepted: { desk: string }
  evidence_requested: { from: EvidenceParty; pauses: boolean }
  evidence_supplied: { asked: boolean; files: number }
  evidence_absent: { party: EvidenceParty; due: number }
  ruled: RulingTerms & { enforcement: boolean }
  appealed: { joined: boolean; of: number }
  appeal_ruled: RulingTerms & { granted?: boolean }
  return_shipped: Nothing
  return_received: Nothing
  return_disputed: Nothing
  fulfilled: { files: number }
  confirmed: Nothing
  disputed: Nothing
  deadline_missed: { party: 'buyer' | 'merchant' | 'platform' | 'supervisor'; due: number; lapses?: boolean }
  deadline_extended: { due: number; firstDue: number }
  /** `proof`: its disclosures name the vendor, the vendor's message and the text's digest. */
  notice_sent: { to: 'buyer' | 'merchant'; stay: number; link?: number; proof?: true }
  lapsed: { after: LapseAfter }
  withdrawn: { ground: WithdrawalGround }
  refused: Citing & { ground: RefusalGround }
  reopened: { after: 'confirmation' | 'lapse' | 'withdrawal' }
  human_requested: Nothing
  conduct_reported: { seq: number }
  message_added: { files: number }
  rated: { score: number }
  /** A week after the end: whether it was really solved. */
  followed_up: { solved: boolean }
  link_rotated: { epoch: number; theft: boolean }
  link_shared: { texts: boolean; files: boolean }
  redaction_requested: { seq: number; field: string }
  redaction_refused: { seq: number; field: string }
  /** `count`: which of this stay it is. */
  nudged: { count: number }
  interim_reported: { due: number; firstDue: number }
  total_missed: { party: Holder; due: number }
  /** `field` may be EVERY_FIELD: the content of all steps up to `seq` (deadlines/retention.ts). */
  redacted: { seq: number; field: string; basis: 'author' | 'supervisors' | 'window_closed' | 'retention' }
  /** Without `until` it holds until it is released. */
  legal_hold_set: { until?: number }
  legal_hold_released: Nothing
  key_bound: { key: string; x: string; y: string }
  /** `until`: what the key signs before this instant, UTC ms, still counts, and keeps it. */
  key_retired: { key: string; until: number }
  statement_requested: { party: ThirdParty; due: number }
  /** `of`: the step that asked. */
  statement_given: { party: ThirdParty; of: number; files: number }
  statement_absent: { party: ThirdParty; of: number; due: number }
}

/** `p.signed` of a leaf: the author's key, the leaf they saw, the digest of what they sent, and the signature over these. */
export type Signed = { key: string; seen: string; body: string; sig: string }

export interface StepOf<K extends StepKind> {
  kind: K
  by: Role
  /** Written by a machine (rule 3). */
  auto: boolean
  /** HMAC tag of the person who acted or was named; null for the buyer and the clock. */
  who: string | null
  /** When it was appended (`at`) and took effect (`on`), UTC ms. They differ for clock steps alone. */
  at: number
  on: number
  p: Params[K]
  /** The author's own signature (docs/log.md, section 11); in the leaf a parameter of its own. Absent where there is none. */
  signed?: Signed
  /** The policy pinned at submission; on `submitted` alone. */
  policy?: Policy
}

/** One entry of a complaint's timeline: its public part. */
export type Step = { [K in StepKind]: StepOf<K> }[StepKind]

export type FieldValue = string | number | boolean | { [name: string]: FieldValue | undefined }
/** Personal content of a step: each field becomes a disclosure of its own, outside the leaf, and can be erased. */
export type Fields = { [name: string]: FieldValue | undefined }

/** What `decide` returns: a step, and the personal content that becomes its disclosures. */
export type NewStepOf<K extends StepKind> = StepOf<K> & {
  content: Fields
  /** The disclosure that the author of a signed step made. */
  request?: string
}

/** Name of that disclosure. It repeats what the other fields say, so no view shows it. */
export const SIGNED_REQUEST = 'signedRequest'
export type NewStep = { [K in StepKind]: NewStepOf<K> }[StepKind]

/** Fields that hold what a person wrote, in the order in which they are read: quoted on every page, and given back with a form that failed. */
export const TEXT_FIELDS = ['request', 'facts', 'rule', 'reasons', 'statement', 'reason', 'text', 'proof'] as const
/** Those whose erasure a party can ask for by name, besides files. The rule that a ruling cites is the platform's own text. */
export const ERASABLE_FIELDS: readonly string[] = [...TEXT_FIELDS.filter(name => name !== 'rule'), 'item', 'trackingNo']

const QUOTAED: readonly StepKind[] = [
  'message_added',
  'conduct_reported',
  'redaction_requested',
  'link_shared',
  'link_rotated',
  'officer_assigned',
  'key_bound',
  'key_retired',
  'statement_requested',
]

const DECISIVE: readonly StepKind[] = ['confirmed', 'withdrawn', 'offer_accepted']

/** Steps by which a buyer gives something up: unsigned though a key was bound, they are a finding. */
export const isDecisive = ({ kind }: Pick<Step, 'kind'>): boolean => DECISIVE.includes(kind)

/** Steps about devices, which need not come from a buyer who read what stands there: an operator could bind a device, and with it retire one. */
export const isAboutDevices = ({ kind }: Pick<Step, 'kind'>): boolean => kind === 'key_bound' || kind === 'key_retired'

/** Rate limit: steps that a party can add again and again, since they move no state. The policy's `limits` bound them. */
export const isQuotaed = ({ kind, p }: Pick<Step, 'kind' | 'p'>): boolean =>
  QUOTAED.includes(kind) || (kind === 'evidence_supplied' && 'asked' in p && !p.asked)
