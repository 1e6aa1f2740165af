/** Contract: the merchants' webhook endpoints, and an event for each step, committed with it (transactional outbox). */

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
