/** Contract: the append-only store of one shard, as routes and timers see it. One contract suite runs on every host. */

import type { Act, Bodies, RefusalCode } from '../../complaint/command.ts'
import type { PolicyTrialTally } from '../../complaint/deadlines/other-policy.ts'
import type { AdoptedRule, PlatformRule } from '../../complaint/platform-rule.ts'
import type { Fields, Signed } from '../../complaint/step.ts'
import type { NewestState } from '../../complaint/view/complaint-view.ts'
import type { Entry } from '../../complaint/view/timeline.ts'
import type { Reader } from '../../complaint/view/visibility.ts'
import type { AlertKind, Holder, Role, State, StepKind } from '../../complaint/words.ts'
import type { Receipt } from '../../log/receipt.ts'
import type { Figures } from './figures.ts'
import type { Illness, LedgerMetrics } from './health.ts'
import type { Outbox, Webhooks } from './outbox.ts'
import type { PartyKeys } from './party-keys.ts'
import type { PublishedLog } from './published-log.ts'
import type { Registry } from './registry.ts'
import type { Team } from './team.ts'

/** The body of a submission; the ledger adds the id, the policy in force and the merchant's tag. */
export type Intake = Omit<Bodies['submit'], 'id' | 'policy' | 'merchantTag'>
interface OrderBodies extends Omit<Bodies, 'submit'> {
  submit: Intake
}
export type BodyOf<A extends Act> = OrderBodies[A]

/** A person by name, and where they signed in by issuer and subject of the identity provider. */
export interface Person {
  name: string
  subject: string | undefined
}

export interface Caller {
  role: Role
  automated: boolean
  /** The operator, or the officer whom the act names. */
  person?: string | undefined
  /** Issuer and subject of that very person, where they signed in. */
  subject?: string | undefined
  /** Authorization: set for a merchant's credential, to which any other merchant's complaint is not found. */
  merchant?: string | undefined
}

export interface OrderOf<A extends Act> {
  act: A
  /** Null to submit. */
  complaint: number | null
  by: Caller
  body: BodyOf<A>
  /** Idempotency key, hashed with its caller, and the hash of the request that came with it. */
  idempotency?: { key: string; body: string } | undefined
  /**
   * Optimistic concurrency (If-Match): leaf hash of the newest step that the caller was shown. Refused as `stale` if the
   * complaint moved since.
   */
  expectedHead?: string | undefined
  /**
   * The author's signature (`p.signed` of docs/log.md, section 11) and the disclosure that it covers. `subject`: issuer and subject
   * of its sender, where they signed in, whose key it must be.
   */
  signed?: (Signed & { request: string; subject?: string | undefined }) | undefined
}
/** A union, so that `act` narrows `body`. */
export type Order = { [A in Act]: OrderOf<A> }[Act]

export interface Done {
  id: number
  /** The step that the order made. */
  seq: number
  /** The answer was given before, to the same idempotency key. */
  replayed: boolean
}
/** A refusal is a value: an error thrown across RPC loses its class. */
export interface Refused {
  refused:
    | RefusalCode
    | 'not_found'
    | 'key_reused'
    | 'read_only'
    | 'clock_behind'
    | 'clock_ahead'
    | 'stale'
    | 'signature_wrong'
    | 'signature_key'
    | 'signature_head'
    | 'signature_used'
    | 'signature_retired'
    | 'signature_required'
    | 'too_many'
  /** Of `too_many`: the party may add something again at this instant, UTC ms. */
  retryAt?: number
}

export interface Timeline {
  id: number
  entries: Entry[]
  /** The tags (`who` of a step) of the person who reads, their present one first; unset where none was named. */
  ownTags?: readonly string[] | undefined
  /** Set where the log declared a loss since the complaint began: when (UTC ms), and of how many leaves in all. */
  loss?: { at: number; leaves: number } | undefined
}

/** Pagination: whose texts are read, the newest `limit` steps with a `seq` below `before` (absent: of all). */
export interface TextsOf {
  before?: number | undefined
  limit: number
}

/** What a tracking link is checked against, and what an ETag is made of; cheap to read. */
export interface Head {
  head: string
  linkEpoch: number
  oldLinkEpoch: number | null
  /** Its links are unknown from this instant; null while the complaint is open. */
  linkExpiresAt: number | null
  /** How many witnesses cosigned a checkpoint that covers the newest step. */
  witnessed: number
  /** What a signature of its buyer names: tag of the complaint, and origin of its log. */
  c: string
  origin: string
  /** The ledger takes no new steps: it may be a fork, waits for its witnesses, or its clock is wrong. No deadline is recorded meanwhile. */
  isHalted: boolean
}

export interface InboxQuery {
  merchant?: string | undefined
  state?: State | undefined
  /** `platform` includes what a supervisor holds only if both are named. */
  holders?: readonly Holder[] | undefined
  category?: string | undefined
  overdue?: boolean | undefined
  /** Name of the platform's desk that has it. */
  desk?: string | undefined
  /** Offered to another desk, which has not accepted it yet. */
  offered?: true | undefined
  /** Opened at this instant or before. */
  openedBefore?: number | undefined
  /** Those that are closed, in any way; newest first. */
  closed?: boolean | undefined
  now: number
  limit: number
  /** Those that this person of a team looks after, or answers for at the desk; null: those without an assignee. */
  assignee?: { team: string; person: string | null } | undefined
  /** Keyset pagination: `due` and id of the last item seen. */
  after?: { due: number; id: number } | undefined
  /** Those with a step at this instant (UTC ms) or later, open and closed, in the order of their newest steps. */
  updatedSince?: number | undefined
  /** Keyset pagination of that list: `leaf` of the last item seen, in place of `updatedSince`. */
  afterLeaf?: number | undefined
}
/** Exact, by what a person knows of a complaint: all of `id`, `orderId` and `phone` that are given must match; without any, nothing does. */
export interface SearchQuery
  extends Pick<InboxQuery, 'merchant' | 'state' | 'overdue' | 'updatedSince' | 'now' | 'limit'> {
  id?: number | undefined
  orderId?: string | undefined
  phone?: string | undefined
  /** Whose complaints come first. Then the open ones, soonest due first; then the closed ones, newest first. */
  first: readonly Holder[]
}
export interface InboxItem {
  id: number
  state: State
  holder: Holder | null
  due: number | null
  openedAt: number
  closedAt: number | null
  category: string
  merchant: string
  handoffs: number
  /** Null once it was erased, or where none was given. */
  orderId: string | null
  item: string | null
  remedySought: Fields | null
  /** The newest step that is more than a notice to a party. */
  lastStep: { seq: number; kind: StepKind; at: number; by: Role; automated: boolean }
  /** Instant of its newest leaf, and that leaf's index in its shard. */
  updatedAt: number
  leaf: number
}
/** How many complaints there are, open ones by who must act. `late` and `today` (due at `now`; later, before `until`) of one merchant alone. */
export interface Tally {
  open: { holder: Holder; total: number; late?: number; today?: number }[]
  closed: number
}

/** The present load of an officer or a desk: open complaints that wait for the platform, and of them the late and the urgent ones. */
export interface Load {
  /** Name of the officer or the desk; null: of those that no officer has taken. */
  name: string | null
  total: number
  late: number
  /** Due in at most four, and in at most 24 hours. */
  soon: number
  day: number
}
export interface Loads {
  officers: Load[]
  desks: Load[]
}

/** A file whose field was erased: its complaint, and its SHA-256 in hex. */
export interface ErasedFile {
  complaint: number
  sha256: string
}

/** A step that needs an officer's attention although it moves no state. */
export interface Alert {
  id: number
  complaint: number
  seq: number
  kind: AlertKind
  at: number
}

export interface Ledger {
  /**
   * Atomic: appends the due steps, then the steps of the order, with the projection, outbox rows and the idempotency
   * record, all or none. Answers only after the bytes are on disk. Rejects (never answers) when they may not be.
   */
  execute<A extends Act>(order: OrderOf<A>): Promise<Done | Refused>
  /**
   * What a submission was answered before, under its idempotency key, or that this shard has an open complaint about the same
   * item; null where it is new here. For merchants whose complaints lie in several shards.
   */
  answered(order: OrderOf<'submit'>): Promise<Done | Refused | null>
  /**
   * Every step. With `texts`, what a buyer or merchant adds again and again (`isQuotaed`) comes without its fields
   * outside that window, so that a long complaint is read in pages; steps that decide something always have theirs.
   * `reader` is the person whose own steps are to be known in it.
   */
  read(id: number, texts?: TextsOf, reader?: Person): Promise<Timeline | null>
  /** Reads two steps, however long the timeline is. */
  newest(id: number): Promise<NewestState | null>
  head(id: number): Promise<Head | null>
  /** Soonest due first, closed ones newest first. */
  inbox(query: InboxQuery): Promise<InboxItem[]>
  /** How many items that inbox has on all its pages. */
  inboxCount(query: Omit<InboxQuery, 'limit' | 'after'>): Promise<number>
  search(query: SearchQuery): Promise<{ items: InboxItem[]; total: number }>
  /** `now` and `until` as of `Tally`; of one merchant, or of all. */
  tally(query: { merchant?: string; now: number; until: number }): Promise<Tally>
  /** Dry run of another deadline policy over some of the open complaints, the soonest due first. */
  tryPolicy(query: PolicyTrialQuery): Promise<PolicyTrial>
  /** Who has how much to do at this instant (UTC ms). */
  loads(now: number): Promise<Loads>

  /**
   * Statement about the newest step, JWS compact: under the newest checkpoint with the witnesses' quorum that covers it,
   * else under the newest signed, which it waits for. Of a read-only ledger, about the newest step that was published.
   */
  statement(id: number): Promise<string | null>
  /** JWS, at once: the published log will hold the complaint's first leaf by an instant (`src/log/promise.ts`). */
  promise(id: number): Promise<string | null>
  /** JWS: that the step of this number is a missed deadline, and whose; null for any other step. */
  certificate(id: number, seq: number): Promise<string | null>
  /** Receipt with the disclosures that this reader may see. */
  receipt(id: number, reader: Reader): Promise<Receipt | null>

  /**
   * Complaints with this pickup code or order whose phone matches: by its last four digits, or the whole number. By a phone alone
   * all of it, oldest first.
   */
  find(by: { code: string; last4: string } | { orderId: string; phone: string } | { phone: string }): Promise<number[]>
  /** Sends the buyer the tracking link again. */
  resend(id: number): Promise<void>
  /** Alerts that no officer has resolved yet, oldest first. */
  alerts(limit: number): Promise<Alert[]>
  /** Changes nothing if it is resolved already. */
  resolveAlert(id: number, officer: string): Promise<void>
  /** Whether this shard has a complaint, a webhook endpoint or a contact of the merchant. */
  holds(merchant: string): Promise<boolean>

  /** Every version in the platform's rule library, oldest first. */
  rules(): Promise<AdoptedRule[]>
  /** Adopts a version by a leaf; the same once more changes nothing. Null where it does not follow the newest of its rule. */
  adoptRule(rule: PlatformRule): Promise<AdoptedRule | null | Refused>

  /** Files of erased content that may still be stored, at most `limit`. */
  erasedFiles(limit: number): Promise<ErasedFile[]>
  /** They are gone from the store, or another step holds them. */
  filesRemoved(files: readonly ErasedFile[]): Promise<void>

  /** Scheduler: appends the due steps of every complaint, each at its own instant. Answers when to call again. */
  tick(): Promise<number | null>
  /** Why it takes no writes, or null. */
  readOnly(): Promise<string | null>
  /** Readiness: what an operator must mend, or null while every write would succeed and every promise is kept. */
  health(): Promise<Illness | null>
  /** What a monitor watches. Cheap at any size of the ledger. */
  metrics(): Promise<LedgerMetrics>
  close(): Promise<void>

  readonly log: PublishedLog
  readonly registry: Registry
  readonly webhooks: Webhooks
  readonly outbox: Outbox
  readonly team: Team
  readonly figures: Figures
  readonly partyKeys: PartyKeys
}

/** Contract: a dry run of another deadline policy over the open complaints of one shard. It changes nothing. */

export interface PolicyTrialQuery {
  /** Valid by `PolicySchema`. */
  document: unknown
  /** UTC ms. */
  now: number
  /** Where the portion before ended; null to begin. */
  after: { due: number; id: number } | null
}

export interface PolicyTrial extends PolicyTrialTally {
  /** Where the next portion begins; null once all were looked at. */
  after: { due: number; id: number } | null
  /** Why this document could not be adopted now, in one line: a surge that was not announced in time. */
  surges: string | null
  /** The log adopted this very document before. */
  isAdopted: boolean
}
