// View models: the JSON of a complaint, from which pages, API and plain text are drawn.

import type { Complaint } from '../complaint.ts'
import type { Basis } from '../deadlines/policy.ts'
import type { PlatformRule } from '../platform-rule.ts'
import type { Fields } from '../step.ts'
import type {
  Holder,
  LapseAfter,
  Locale,
  Outcome,
  RefusalGround,
  RejectionGround,
  RemedyKind,
  Role,
  State,
  StepKind,
  ThirdParty,
  WithdrawalGround,
} from '../words.ts'
import type { Share } from './responsibility.ts'

export interface PartyView {
  role: Holder | Role
  name: string
}
export interface StepView {
  seq: number
  at: string
  on: string
  kind: StepKind
  by: PartyView & { automated: boolean }
  /** Public parameters and visible disclosures; instants as ISO 8601. */
  fields: Fields
  /** Fields whose text was erased. */
  erased?: readonly string[]
  late?: true
  /** Thumbprint of the key that its author signed with; null for an unsigned step. */
  signed: { key: string } | null
  /** A step of the buyer without a signature although a key of theirs was bound. */
  unsignedThoughBound?: true
  /** The platform's rules that a ruling cites, in the versions that it cites. */
  cites?: readonly CitedRule[]
  /** A step of the merchant without a signature, though one of its keys stood in the log. */
  unsignedThoughRegistered?: true
  leaf: string
  index: number
}
export interface CitedRule extends PlatformRule {
  digest: string
  adoptedAt: string
  /** Adopted when the complaint was open already: who reads the ruling should know. */
  afterOpening?: true
}
/** A complaint for one reader, as the API answers it and as pages show it. */
export interface ComplaintView {
  complaint: {
    id: string
    state: State
    after: Complaint['after']
    holder: PartyView | null
    due: string | null
    /** The due date before it was extended. */
    firstDue: string | null
    /** The due date without the surge that lengthened it, and that surge. */
    usualDue: string | null
    surge: { name: string; hours: number; basis: Basis['basis']; source: string } | null
    /** The due date may move: it rests on a calendar that is not announced yet. */
    provisional: boolean
    rule: string | null
    /** The policy's figure behind `due`, with its source; null for a promised date. */
    clause: (({ hours: number } | { workingDays: number }) & Basis) | null
    overdue: boolean
    openedAt: string
    policy: string
    merchant: { id: string; name: string }
    buyer: string
    category: string
    remedySought: Fields | null
    /** `seq` of the offer that can be accepted now. */
    offer: number | null
    /** What is owed, or was reported as done: kind, amount, address as this reader may see them, and who owes it. */
    remedy: Fields | null
    handoffs: number
    /** By when all is to be over, and whether that passed without an interim report; null without such a clock. */
    total: string | null
    totalMissed: boolean
    reopened: number
    /** Until when this reader may appeal; null where they may not. */
    appealUntil: string | null
    /** The log lost leaves after this complaint began, and says so (docs/log.md, section 4): when that was declared, and how many. */
    lost: { at: string; leaves: number } | null
    /** When the policy has the content erased: days after the end, the instant once that is known, whether it was. Null: never by itself. */
    retention: { afterEndDays: number; eraseAt: string | null; erased: boolean } | null
    /** A legal hold that keeps all of it; `until` null where it has no end. */
    legalHold: { until: string | null } | null
  }
  steps: StepView[]
  responsibility: Share[]
  next: { ifActs: string; ifSilent: string; at: string } | null
  actions: string[]
  /** Whom a buyer can turn to outside the platform, and until when. */
  outside: { name: string; phone?: string; url?: string; until: string | null }[]
  statement?: string
}

/** Everything a reader of one language sees about a complaint; page, SMS and plain text share its sentences. */
export interface Dictionary {
  locale: Locale
  roles: Record<Holder | Role | ThirdParty, string>
  states: Record<State, string>
  kinds: Record<StepKind, string>
  remedies: Record<RemedyKind, string>
  outcomes: Record<Outcome, string>
  rejectionGrounds: Record<RejectionGround, string>
  refusalGrounds: Record<RefusalGround, string>
  withdrawalGrounds: Record<WithdrawalGround, string>
  lapses: Record<LapseAfter, string>
  categories: Record<string, string>
  /** An instant as this reader writes it, in Asia/Shanghai. */
  when(iso: string): string
  /** A length of time, e.g. 2 天 3 小时. */
  lasting(seconds: number): string
  amount(value: unknown): string
  /** One sentence for one step. */
  describe(step: StepView): string
  /** What comes next if the holder acts, and if not. */
  next(c: Complaint): { ifActs: string; ifSilent: string }
}
