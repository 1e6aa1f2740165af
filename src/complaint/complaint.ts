// The complaint: the state that `evolve` folds from the steps and `decide` reads. Stored as JSON (src/ledger/storage).

import type { Policy } from './deadlines/policy.ts'
import type { EvidenceParty, RemedyTerms, Step } from './step.ts'
import type { Holder, LapseAfter, Outcome, RemedyKind, ReviewState, State, ThirdParty } from './words.ts'

/** Why a review began; the cause decides which acts may end it. */
export type ReviewCause =
  | 'silence'
  | 'offer_refused'
  | 'escalated'
  | 'missed'
  | 'disputed'
  | 'return_disputed'
  | 'unreached'
  | 'reopened'

/** Paused review: the platform's clock stops while parties are asked for evidence. `remaining` is its time left, in ms. */
interface Pause {
  state: ReviewState
  holder: Holder
  remaining: number
  /** What would remain without a surge; negative if that time was up. Absent where no surge lengthened it. */
  usual?: number
  rule: string
  since: number
  stay: number
  extended: boolean
  missed: number
}

export interface Remedy extends RemedyTerms {
  source: 'offer' | 'ruling'
  seq: number
}

export interface BoundKey {
  key: string
  x: string
  y: string
  until?: number
}

/** Projection of a complaint from the public part of its steps. Plain data; instants are UTC ms. */
export interface Complaint {
  policy: Policy
  /** Number of its newest step. */
  seq: number
  openedAt: number
  category: string
  sought: { kind: RemedyKind } | null

  state: State
  holder: Holder | null
  /** When the holder must have acted; null once closed. Stays in the past once a supervisor missed it too. */
  due: number | null
  /** When it would be due without the surge that lengthened this time; null where none did. */
  dueWithoutSurge: number | null
  /** The policy's clause behind `due`. */
  rule: string | null
  /** When, and by which step, it entered this state. A pause belongs to the stay that it pauses. */
  since: number
  enteredSeq: number
  extended: boolean
  /** Deadlines missed in this review: the platform's, then the supervisor's. */
  missed: number
  paused: Pause | null
  evidenceFrom: EvidenceParty | null
  /** Accepted notices to the buyer in this stay. */
  notices: number[]
  closedAt: number | null
  after: LapseAfter | null

  answer: 'offer' | 'rejection' | null
  offer: (RemedyTerms & { seq: number; meetsSought: boolean }) | null
  offerImprovements: number
  remedy: Remedy | null
  shippedAt: number | null
  receivedAt: number | null
  disputed: boolean
  returnDisputed: boolean

  review: { cause: ReviewCause; enforcement: boolean; pauses: number } | null
  /** How many new dates the ruled remedy was given. */
  enforced: number
  officer: string | null
  desk: string | null
  /** Whether an officer was named in this review. */
  assigned: boolean
  handoff: { desk: string } | null
  handoffs: number
  ruling: { seq: number; at: number; who: string | null; outcome: Outcome } | null
  refusal: { seq: number; at: number; who: string | null } | null
  /** Officers who ruled or refused, by tag; they may not decide an appeal. */
  ruledBy: string[]
  appeals: { buyer: boolean; merchant: boolean }
  /** The decision under appeal; null without one. */
  appealing: 'ruling' | 'refusal' | null
  /** Whether an appeal was decided: then neither party can appeal again. */
  final: boolean

  reopened: { confirmation: boolean; lapse: boolean; withdrawal: boolean }
  humanRequested: boolean
  rated: boolean
  /** Whether the buyer said, a week after the end, how it turned out. */
  followedUp: boolean
  linkEpoch: number
  /** The link epoch before the last rotation, while it still works. */
  oldLinkEpoch: number | null
  shared: { texts: boolean; files: boolean } | null
  redactionsAsked: { seq: number; field: string; who: string | null; by: string }[]
  /** `byPerson`: of all content, by a step that itself has texts. */
  redacted: { seq: number; field: string; byPerson?: true }[]
  redactionsRefused: { seq: number; field: string }[]
  /** The legal hold that was set last and not released; `until` null holds without an end. */
  legalHold: { until: number | null } | null

  /** Whole-case clock: by when all is to be over; null where the policy has none, and after the end. Stays past once missed. */
  total: number | null
  totalMissed: boolean
  /** Nudges of this stay, and when the last one of all came. */
  nudges: number
  nudgedAt: number | null
  /** Statements that are awaited from outside, by the step that asked; `asked`: how many the merchant and the platform asked for. */
  statements: { of: number; party: ThirdParty; due: number }[]
  statementsAsked: { merchant: number; platform: number }
  /** Keys of the buyer's devices, the first one first. `until`: of one that was retired, from when it signs no more. */
  keys: BoundKey[]
  /** The newest step that gave something up unsigned though a key was bound; null once the buyer signed a later one. */
  unsigned: number | null
}

/** The initial value of the fold. */
export const blank: Omit<Complaint, 'policy'> = {
  seq: 0,
  openedAt: 0,
  category: '',
  sought: null,
  state: 'awaiting_merchant',
  holder: null,
  due: null,
  dueWithoutSurge: null,
  rule: null,
  since: 0,
  enteredSeq: 0,
  extended: false,
  missed: 0,
  paused: null,
  evidenceFrom: null,
  notices: [],
  closedAt: null,
  after: null,
  answer: null,
  offer: null,
  offerImprovements: 0,
  remedy: null,
  shippedAt: null,
  receivedAt: null,
  disputed: false,
  returnDisputed: false,
  review: null,
  enforced: 0,
  officer: null,
  desk: null,
  assigned: false,
  handoff: null,
  handoffs: 0,
  ruling: null,
  refusal: null,
  ruledBy: [],
  appeals: { buyer: false, merchant: false },
  appealing: null,
  final: false,
  reopened: { confirmation: false, lapse: false, withdrawal: false },
  humanRequested: false,
  rated: false,
  followedUp: false,
  linkEpoch: 0,
  oldLinkEpoch: null,
  shared: null,
  redactionsAsked: [],
  redacted: [],
  redactionsRefused: [],
  legalHold: null,
  total: null,
  totalMissed: false,
  nudges: 0,
  nudgedAt: null,
  statements: [],
  statementsAsked: { merchant: 0, platform: 0 },
  keys: [],
  unsigned: null,
}

/** Whether the buyer's step, of which `c` is the complaint before or after it, has no signature although a key was bound. */
export const isUnsignedThoughBound = (c: Pick<Complaint, 'keys'>, step: Step): boolean =>
  c.keys.length > 0 && step.by === 'buyer' && step.kind !== 'key_bound' && !step.signed

/** The key if it is bound and was not retired by `now`. */
export const standingKey = ({ keys }: Pick<Complaint, 'keys'>, key: string, now: number): BoundKey | undefined =>
  keys.find(each => each.key === key && (each.until === undefined || now < each.until))

/** Terminal for the clock: a supervisor missed the deadline too, and `due` stays in the past. */
export const isStuck = (c: Complaint): boolean => c.holder === 'supervisor' && c.missed >= 2

/** The ruled remedy was missed, then missed by the platform too: it can only be fulfilled. */
export const isOwed = (c: Complaint): boolean => c.review?.enforcement === true && c.enforced >= 2

export const isOverdue = (c: Complaint, now: number): boolean => c.due !== null && now >= c.due

export const reopenings = (c: Complaint): number => Object.values(c.reopened).filter(Boolean).length
