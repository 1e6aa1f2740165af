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

/** A message to a merchant or a desk. `due`: when the party must have acted in the stay that it is about; null if that is over. */
export type DigestMessage = Message & { due: number | null }

/** What became of one message. */
export interface Outcome {
  message: Message
  delivery: Delivery
}

/** The result of an attempt. `reason` is the vendor's code or an error word of our own; never a number or a text. */
export type Delivery =
  /** `reader`: keyed tag of the phone, if the message counts towards the daily limit; see `acceptedCount`. */
  | {
      outcome: 'accepted'
      reference?: string | undefined
      reader?: string | undefined
      /** Vendor, and base64url SHA-256 of the text. */
      sent?: { vendor: string; digest: string } | undefined
    }
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

/** `key` is the same whenever the same code is sent again. */
export interface ContactCode {
  party: string
  phone: string
  /** Six digits. */
  code: string
  key: string
}

export interface Outbox {
  /** Messages to buyers that are due for sending. None while the ledger is read-only. */
  dueMessages(limit: number): Promise<Message[]>
  /** Some of the merchants and desks for whom messages are due, as `contact` takes them. None while the ledger is read-only. */
  dueRecipients(limit: number): Promise<string[]>
  /** A page of what is due for one of them, in the order of sending, behind the last message of the page before. */
  dueDigest(recipient: string, limit: number, after?: Message): Promise<DigestMessage[]>
  /** Records the results of attempts in one transaction, all or none; a notice that was accepted is a step. */
  recordDeliveries(outcomes: readonly Outcome[]): Promise<void>
  /** Records a delivery report: a hint, not a step. Changes nothing if it fits no message or is already known. */
  recordReport(report: Report): Promise<void>
  /** Rate limit: how many messages that count were accepted for this reader since an instant, perhaps of one complaint alone. */
  acceptedCount(reader: string, since: number, complaint?: number): Promise<number>
  /** Messages that failed or are being retried, newest first. */
  failedMessages(limit: number): Promise<FailedMessage[]>
  /** The phone to which the digest of `merchant:ID`, `platform` or `supervisor` goes. */
  contact(party: string): Promise<string | null>
  /** Null removes it, and a number that waits for its code. */
  setContact(party: string, phone: string | null): Promise<void>
  /** Plans an SMS with a code to a number that is not a contact yet. A second request takes the place of the first. */
  requestContact(party: string, phone: string): Promise<void>
  /** The number that waits for its code; null without one, or once its time is over. */
  pendingContact(party: string): Promise<string | null>
  /** Makes the number that waits the party's contact. False for another code. Tries are counted by the caller. */
  confirmContact(party: string, code: string): Promise<boolean>
  /** Codes to send now. None while the ledger is read-only. */
  dueCodes(): Promise<ContactCode[]>
  /** What became of the code with this `key`: to be sent again at an instant, or over. Changes nothing if another took its place. */
  recordCode(key: string, retryAt: number | null): Promise<void>
}

// Contract: the merchants' webhook endpoints, and an event for each step, committed with it (transactional outbox).

/** A merchant's webhook endpoint. Its secret is derived from id and generation (`notify/webhooks/signature.ts`). */
export interface Webhook {
  id: string
  merchant: string
  url: string
  generation: number
  rotatedAt: number | null
  createdAt: number
  disabledAt: number | null
  /** HTTP status, or an error word of our own. */
  disabledWhy: string | null
}
/** How an endpoint does: `untried` until something was answered, `failing` while its newest attempts have all failed. */
export interface WebhookStatus extends Webhook {
  status: 'untried' | 'working' | 'failing' | 'disabled'
  /** Attempts since its last success, counted up to a bound; and what the newest of them met. */
  failures: number
  lastAnswer: string | null
}

/** In place of a complaint: a test event, which is about none. */
export const TEST_EVENT = -1

export interface WebhookDelivery {
  id: number
  /** `TEST_EVENT` of a test. */
  complaint: number
  seq: number
  attempts: number
  /** Null while it waits for its first or its next attempt. */
  outcome: 'delivered' | 'failed' | null
  /** HTTP status of the last answer, or an error word of our own. */
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

export interface Webhooks {
  list(merchant: string): Promise<WebhookStatus[]>
  /** Answers the existing endpoint if the merchant has one with this address; null if the merchant has the maximum. */
  add(merchant: string, url: string): Promise<Webhook | null>
  /** `remove`, `rotate`, `enable`, `resend`: false, and nothing changed, if the merchant has no such endpoint or delivery. */
  remove(merchant: string, id: string): Promise<boolean>
  rotate(merchant: string, id: string): Promise<boolean>
  /** Events that were due when it was disabled are sent again; events of the time between are not. */
  enable(merchant: string, id: string): Promise<boolean>
  /** Makes the merchant's endpoints those of another shard, its home: the same ids, and so the same secrets. What was disabled here stays so. */
  copy(merchant: string, hooks: readonly Webhook[]): Promise<void>
  /** Newest first. */
  deliveries(merchant: string, id: string, limit: number): Promise<WebhookDelivery[]>
  /** Plans a test event. False if the merchant has no such endpoint, or it is disabled. */
  test(merchant: string, id: string): Promise<boolean>
  resend(merchant: string, id: string, delivery: number): Promise<boolean>
  /** Round robin: the oldest event of each endpoint, then the second of each, so that a long queue delays no other. */
  due(limit: number): Promise<DueWebhook[]>
  recordResult(delivery: number, result: WebhookResult): Promise<void>
}
