import type { Act, Bodies } from '../complaint/command.ts'
import type { RefusalCode } from '../complaint/refusal.ts'
import type { Statistics } from '../complaint/view/statistics.ts'
import type { Entry } from '../complaint/view/timeline.ts'
import type { Reader } from '../complaint/view/visibility.ts'
import type { Holder, Role, State } from '../complaint/words.ts'
import type { Receipt } from '../log/receipt.ts'

export type { Statistics as Figures } from '../complaint/view/statistics.ts'

/** What a submission says; the ledger adds the id and the policy in force. */
export type Intake = Omit<Bodies['submit'], 'id' | 'policy'>
export type BodyOf<A extends Act> = A extends 'submit' ? Intake : Bodies[A]

export interface Caller {
  role: Role
  automated: boolean
  /** The operator, or the officer whom the act names. */
  person?: string | undefined
  /** Set for a merchant's credential: any other merchant's complaint is not found. */
  merchant?: string | undefined
}

export interface OrderOf<A extends Act> {
  act: A
  /** Null to submit. */
  complaint: number | null
  by: Caller
  body: BodyOf<A>
  /** An idempotency key with its caller, and what was asked with it; both hashed. */
  idempotency?: { key: string; body: string } | undefined
  /** Leaf hash of the newest step that the caller had before their eyes: refused as `stale` if the complaint moved since. */
  expectedHead?: string | undefined
}
export type Order = { [A in Act]: OrderOf<A> }[Act]

export interface Done {
  id: number
  /** The step that the order made. */
  seq: number
  /** The answer was given before, to the same key. */
  replayed: boolean
}
/** A refusal is a value: an error thrown across RPC loses its class. */
export interface Refused {
  refused: RefusalCode | 'not_found' | 'key_reused' | 'read_only' | 'clock_behind' | 'stale'
}

export interface Timeline {
  id: number
  entries: Entry[]
}

/** What a link is checked against, and what makes an ETag; cheap. */
export interface Head {
  head: string
  linkEpoch: number
  oldLinkEpoch: number | null
  /** From then on its links are unknown; null while it is open. */
  linkExpiresAt: number | null
  /** How many witnesses cosigned a checkpoint that covers the newest step. */
  witnessed: number
}

export interface InboxQuery {
  merchant?: string | undefined
  state?: State | undefined
  /** `platform` finds what a supervisor holds as well only when asked for both. */
  holders?: readonly Holder[] | undefined
  category?: string | undefined
  overdue?: boolean | undefined
  now: number
  limit: number
  /** `due` and id of the last item seen. */
  after?: { due: number; id: number } | undefined
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
}

/** A signed-in person. `subject` is issuer and subject of the identity provider; `name` stands in what they write. */
export interface Session {
  subject: string
  role: 'merchant' | 'platform' | 'supervisor'
  merchant?: string | undefined
  name: string
  /** UTC ms. */
  createdAt: number
  expiresAt: number
}

/** An API key as its owner sees it; `id` is its SHA-256, the key itself is shown once. */
export interface ApiKey {
  id: string
  name: string
  createdAt: number
}

/** What shard 0 keeps of people and programs. None of it is in the log. */
export interface Registry {
  /** Who holds the API key with this hash. */
  credential(keyHash: string): Promise<Credential | null>
  addCredential(keyHash: string, credential: Credential): Promise<void>
  keys(merchant: string): Promise<ApiKey[]>
  /** From then on the key opens nothing. False if the merchant has no such key. */
  revokeKey(merchant: string, id: string): Promise<boolean>
  openSession(cookieHash: string, session: Session): Promise<void>
  /** Null once it has ended or was revoked. */
  session(cookieHash: string, now: number): Promise<Session | null>
  endSession(cookieHash: string): Promise<void>
  /** Ends every session of a person, at once. */
  endSessionsOf(subject: string): Promise<void>
  /** Counts a try before it is known how it ends; false once `limit` were made, for `lockMs` after the last. */
  recordAttempt(what: string, limit: number, lockMs: number): Promise<boolean>
  /** A right one takes the earlier ones back. */
  clearAttempts(what: string): Promise<void>
}

export interface Alert {
  id: number
  complaint: number
  seq: number
  kind: 'conduct_reported' | 'asked_by_merchant' | 'redaction_requested' | 'human_requested'
  at: number
}

export interface Credential {
  role: 'platform' | 'supervisor' | 'merchant'
  merchant?: string | undefined
  name: string
}

/** Who a log is; it never changes, but for keys that are added and retired, and for its witnesses. */
export interface LogIdentity {
  origin: string
  /** C2SP verifier key of the checkpoints, the newest. */
  verifierKey: string
  /** Every public key that ever signed statements, RFC 7517. */
  jwks: { keys: { kty: string; crv: string; x: string; kid: string; alg: string; use: string }[] }
  /** C2SP tlog-policy: every key that signs checkpoints now, and the witnesses with their quorum. */
  policy: string
}

/** What the log publishes; nothing beyond the published size. */
export interface PublishedLog {
  identity(): Promise<LogIdentity>
  /** The newest checkpoint that the quorum of the witnesses cosigned lately, else the newest signed; null before the first. */
  checkpoint(): Promise<string | null>
  /** A deadline policy that the log adopted, by its hash: the bytes that were hashed. */
  policy(hash: string): Promise<string | null>
  /** `width` hashes of a tile, or null where the published tree has none. */
  tile(level: number, n: number, width: number): Promise<Uint8Array | null>
  /** An entry bundle: leaves with their uint16 lengths (C2SP tlog-tiles). */
  entries(n: number, width: number): Promise<Uint8Array | null>
}

/** Whom a message goes to: a buyer at the complaint's phone, the others at their `contact`. */
export type Party = 'buyer' | 'merchant' | 'platform' | 'supervisor'

export interface Message {
  id: number
  complaint: number
  party: Party
  seq: number
  stay: number
  template: string
  attempts: number
  createdAt: number
  /** When it was to go out; null once it has ended. */
  nextAt: number | null
}

/** What waits for one merchant or desk; they get it as one message. */
export interface PendingDigest {
  /** As `contact` knows it. */
  party: string
  /** `due`: by when the party must act in the stay that it is about; null where that is over. */
  messages: (Message & { due: number | null })[]
}

/** What became of a message. `reason` is the vendor's code or a word of ours; never a number or a text. */
export type Delivery =
  /** `reader`: keyed tag of the phone, where the message counts among those of a day; see `sentTo`. */
  | { outcome: 'accepted'; reference?: string | undefined; reader?: string | undefined }
  /** Not sent, and never will be: nobody to send it to, nothing left to say, a newer one in its place, refused, given up. */
  | { outcome: 'dropped' | 'superseded' | 'rejected' | 'expired'; reason?: string | undefined }
  /** Comes later, and takes back an `accepted`. */
  | { outcome: 'undelivered'; reason?: string | undefined }
  /** It could not be sent, and is tried again. */
  | { retryAt: number; reason?: string | undefined }
  /** It was not tried: the hour or the day's number of messages forbids it. */
  | { heldUntil: number }

/** What a vendor says later of a message that it took. Found by `key` (`ID:ROW`), else by `reference`. */
export interface Report {
  reference?: string | undefined
  key?: string | undefined
  status: 'delivered' | 'undelivered'
  reason?: string | undefined
}

/** A message that failed, was refused or given up, or is still tried: what an officer may know of it. */
export interface FailedMessage {
  id: number
  complaint: number
  party: Party
  template: string
  /** Null while it is tried. */
  outcome: string | null
  reason: string
  attempts: number
  createdAt: number
  /** The next try, UTC ms. */
  nextAt: number | null
}

/** A merchant's webhook endpoint. Its secret follows from id and generation (`notify/webhooks/signature.ts`). */
export interface Webhook {
  id: string
  merchant: string
  url: string
  generation: number
  rotatedAt: number | null
  createdAt: number
  disabledAt: number | null
  /** HTTP status or a word of ours. */
  disabledWhy: string | null
}
export interface WebhookDelivery {
  id: number
  complaint: number
  seq: number
  attempts: number
  /** Null while it is waiting for its turn or its next attempt. */
  outcome: 'delivered' | 'failed' | null
  /** HTTP status of the last answer, or a word of ours. */
  answer: string | null
  nextAt: number | null
  createdAt: number
}
export interface DueWebhook {
  id: number
  hook: Webhook
  complaint: number
  seq: number
  attempts: number
}
export type WebhookResult =
  | { outcome: 'delivered' | 'failed' | 'disabled'; answer: string }
  | { outcome: 'retry'; answer: string; retryAt: number }

/** Webhook endpoints of the merchants of this shard, and an event for each step, committed with it. */
export interface Webhooks {
  list(merchant: string): Promise<Webhook[]>
  /** The one with this address where there is one; null where the merchant has as many as one may have. */
  add(merchant: string, url: string): Promise<Webhook | null>
  /** These change nothing, and answer false, where the merchant has no such endpoint or delivery. */
  remove(merchant: string, id: string): Promise<boolean>
  rotate(merchant: string, id: string): Promise<boolean>
  /** Events that were due when it was disabled go out again, those of the time between don't. */
  enable(merchant: string, id: string): Promise<boolean>
  /** Newest first. */
  deliveries(merchant: string, id: string, limit: number): Promise<WebhookDelivery[]>
  resend(merchant: string, id: string, delivery: number): Promise<boolean>
  /** The oldest of each endpoint first, then the second of each: a long queue keeps no other endpoint waiting. */
  due(limit: number): Promise<DueWebhook[]>
  recordResult(delivery: number, result: WebhookResult): Promise<void>
}

/** The append-only store of one shard, as routes and timers see it. */
export interface Ledger {
  /**
   * All or none: appends whatever has fallen due, then the steps of the order, folded state, outbox rows and the
   * idempotency record. Answers only after the bytes are on disk. Rejects (never answers) when they may not be.
   */
  execute(order: Order): Promise<Done | Refused>
  read(id: number): Promise<Timeline | null>
  head(id: number): Promise<Head | null>
  /** Soonest due first, closed ones newest first. */
  inbox(query: InboxQuery): Promise<InboxItem[]>

  /**
   * Statement about the newest step, JWS compact: under the newest checkpoint with the witnesses' quorum that covers it,
   * else under the newest signed, which it waits for. Of a read-only ledger, about the newest step that was published.
   */
  statement(id: number): Promise<string | null>
  /** Receipt with the disclosures that this reader may see. */
  receipt(id: number, reader: Reader): Promise<Receipt | null>
  log: PublishedLog

  /** Complaints with this pickup code or order, where the phone matches: its last four digits, or the whole number. */
  find(by: { code: string; last4: string } | { orderId: string; phone: string }): Promise<number[]>
  registry: Registry
  webhooks: Webhooks
  /** Sends the buyer the link again. */
  resend(id: number): Promise<void>
  /** What asks for an officer's eye and moves no state, oldest first. */
  alerts(limit: number): Promise<Alert[]>
  /** An officer saw to it. */
  resolveAlert(id: number, officer: string): Promise<void>
  /** A merchant's record, of complaints opened at `since` or later. */
  statistics(merchant: string, since: number): Promise<Statistics>
  /** Where the digest of `merchant:ID`, `platform` or `supervisor` goes; null takes it away. */
  setContact(party: string, phone: string | null): Promise<void>
  contact(party: string): Promise<string | null>

  /** Appends what has fallen due in any complaint, each at its own instant. Answers when to call again. */
  tick(): Promise<number | null>
  /** Messages to buyers that are due for sending. */
  dueMessages(limit: number): Promise<Message[]>
  /** Those to everybody else. */
  dueDigests(): Promise<PendingDigest[]>
  /** Records what became of a message; a notice that was accepted is a step. */
  recordDelivery(message: Message, delivery: Delivery): Promise<void>
  /** A vendor's later word: a hint, no step. One that fits no message, or says what is known, changes nothing. */
  recordReport(report: Report): Promise<void>
  /** How many messages that count were accepted for this reader since an instant. */
  acceptedCount(reader: string, since: number): Promise<number>
  /** Messages that are in trouble, newest first. */
  failedMessages(limit: number): Promise<FailedMessage[]>
  /** Why it takes no writes, or null. */
  readOnly(): Promise<string | null>
  close(): Promise<void>
}
