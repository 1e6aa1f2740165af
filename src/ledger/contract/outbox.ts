/**
 * Contract: messages to people, planned and committed with their steps (transactional outbox), sent by `notify/sms`.
 * Neither phone number nor text is stored in a message: both are read when it is sent.
 */

/** Recipient: a buyer at the complaint's phone, the others at their `contact`. */
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

/** The messages that wait for one merchant or desk; they are sent as one message. */
export interface PendingDigest {
  /** As `contact` takes it. */
  party: string
  /** `due`: when the party must have acted in the stay that the message is about; null if that stay is over. */
  messages: (Message & { due: number | null })[]
}

/** The result of an attempt. `reason` is the vendor's code or an error word of our own; never a number or a text. */
export type Delivery =
  /** `reader`: keyed tag of the phone, if the message counts towards the daily limit; see `acceptedCount`. */
  | { outcome: 'accepted'; reference?: string | undefined; reader?: string | undefined }
  /** Not sent, and never will be: no recipient, nothing left to say, replaced by a newer one, refused, given up. */
  | { outcome: 'dropped' | 'superseded' | 'rejected' | 'expired'; reason?: string | undefined }
  /** Comes later, and takes back an `accepted`. */
  | { outcome: 'undelivered'; reason?: string | undefined }
  /** The attempt failed, and is repeated. */
  | { retryAt: number; reason?: string | undefined }
  /** No attempt was made: quiet hours, or the daily limit. */
  | { heldUntil: number }

/** A vendor's delivery report about a message that it accepted. Found by `key` (`ID:ROW`), else by `reference`. */
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
  /** The next attempt, UTC ms. */
  nextAt: number | null
}

export interface Outbox {
  /** Messages to buyers that are due for sending. None while the ledger is read-only. */
  dueMessages(limit: number): Promise<Message[]>
  /** Due messages to merchants and officers, grouped by recipient. None while the ledger is read-only. */
  dueDigests(): Promise<PendingDigest[]>
  /** Records the result of an attempt; a notice that was accepted is a step. */
  recordDelivery(message: Message, delivery: Delivery): Promise<void>
  /** Records a delivery report: a hint, not a step. Changes nothing if it fits no message or is already known. */
  recordReport(report: Report): Promise<void>
  /** Rate limit: how many messages that count were accepted for this reader since an instant. */
  acceptedCount(reader: string, since: number): Promise<number>
  /** Messages that failed or are being retried, newest first. */
  failedMessages(limit: number): Promise<FailedMessage[]>
  /** The phone to which the digest of `merchant:ID`, `platform` or `supervisor` goes. */
  contact(party: string): Promise<string | null>
  /** Null removes it. */
  setContact(party: string, phone: string | null): Promise<void>
}
