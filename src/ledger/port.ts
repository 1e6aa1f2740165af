import type { Act, Bodies } from '../complaint/command.ts'
import type { RefusalCode } from '../complaint/refusal.ts'
import type { Entry } from '../complaint/timeline.ts'
import type { Reader } from '../complaint/visibility.ts'
import type { Holder, Role, State } from '../complaint/words.ts'
import type { Receipt } from '../log/receipt.ts'

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
  once?: { key: string; body: string } | undefined
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
  refused: RefusalCode | 'not_found' | 'key_reused' | 'read_only' | 'clock_behind'
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
  deadlines(hash: string): Promise<string | null>
  /** `width` hashes of a tile, or null where the published tree has none. */
  tile(level: number, n: number, width: number): Promise<Uint8Array | null>
  /** An entry bundle: leaves with their uint16 lengths (C2SP tlog-tiles). */
  entries(n: number, width: number): Promise<Uint8Array | null>
}

export interface Message {
  id: number
  complaint: number
  seq: number
  stay: number
  template: string
  attempts: number
  createdAt: number
}
/** What became of an attempt; `undelivered` comes later, and takes back an `accepted`. */
export type Delivery = { outcome: 'accepted' | 'dropped' | 'expired' | 'undelivered' } | { retryAt: number }

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
  /** Who holds the API key with this hash. */
  credential(keyHash: string): Promise<Credential | null>
  addCredential(keyHash: string, credential: Credential): Promise<void>
  /** Sends the buyer the link again. */
  resend(id: number): Promise<void>

  /** Appends what has fallen due in any complaint, each at its own instant. Answers when to call again. */
  tick(): Promise<number | null>
  /** Messages due for sending. */
  outbox(limit: number): Promise<Message[]>
  /** Records what became of a message; a notice that was accepted is a step. */
  delivered(message: Message, delivery: Delivery): Promise<void>
  /** Why it takes no writes, or null. */
  readOnly(): Promise<string | null>
  close(): Promise<void>
}
