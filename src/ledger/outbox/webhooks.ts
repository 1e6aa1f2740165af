import { DAY } from '../../complaint/time.ts'
import { toBase64url } from '../../log/encoding.ts'
import type { Clock } from '../clock.ts'
import type { Db } from '../host.ts'
import type { DueWebhook, Webhook, WebhookDelivery, WebhookResult, Webhooks } from '../port.ts'
import { openHookQueries } from './webhook-queries.ts'

const MOST = 10
const KEPT_MS = 30 * DAY

interface HookDesk {
  db: Db
  clock: Clock
  /** Runs work in the next group commit; rejects where nothing may be written. */
  write<T>(work: () => T): Promise<T>
}

/** Webhook endpoints and their events, in the ledger's database. */
export class WebhookOutbox implements Webhooks {
  readonly #desk: HookDesk
  readonly #rows: ReturnType<typeof openHookQueries>
  /** Endpoints that take events, by merchant: every step asks for them. Emptied when an endpoint changes. */
  readonly #listening = new Map<string, readonly string[]>()

  constructor(desk: HookDesk) {
    this.#desk = desk
    this.#rows = openHookQueries(desk.db)
  }

  /** An event for each endpoint of this merchant. Call in the transaction that appends the step. */
  plan(merchant: string, complaint: number, seq: number, at: number): void {
    for (const hook of this.#listeners(merchant)) {
      this.#rows.plan.run({ hook, complaint, seq, nextAt: at, createdAt: at })
    }
  }

  #listeners(merchant: string): readonly string[] {
    const known = this.#listening.get(merchant)
    if (known) return known
    const found = this.#rows.ofMerchant
      .all({ merchant })
      .flatMap(({ id, disabledAt }) => (disabledAt === null ? [id] : []))
    this.#listening.set(merchant, found)
    return found
  }

  /** When the next event is to go out, or null. */
  next(): number | null {
    return this.#rows.next.get()?.nextAt ?? null
  }

  async list(merchant: string): Promise<Webhook[]> {
    return this.#rows.ofMerchant.all({ merchant })
  }

  add(merchant: string, url: string): Promise<Webhook | null> {
    return this.#change(() => {
      const known = this.#rows.ofMerchant.all({ merchant })
      const same = known.find(hook => hook.url === url)
      if (same || known.length >= MOST) return same ?? null
      const id = toBase64url(crypto.getRandomValues(new Uint8Array(9)))
      this.#rows.add.run({ id, merchant, url, createdAt: this.#desk.clock.now() })
      return this.#rows.hook.get({ id, merchant }) ?? null
    })
  }

  remove(merchant: string, id: string): Promise<boolean> {
    return this.#change(() => {
      const removed = this.#rows.remove.get({ id, merchant }) !== undefined
      if (removed) this.#rows.forget.run({ hook: id })
      return removed
    })
  }

  rotate(merchant: string, id: string): Promise<boolean> {
    return this.#change(() => {
      const hook = this.#rows.hook.get({ id, merchant })
      if (!hook) return false
      this.#rows.rotate.get({ id, merchant, generation: hook.generation + 1, rotatedAt: this.#desk.clock.now() })
      return true
    })
  }

  enable(merchant: string, id: string): Promise<boolean> {
    return this.#change(
      () => this.#rows.disable.get({ id, merchant, disabledAt: null, disabledWhy: null }) !== undefined,
    )
  }

  async deliveries(merchant: string, id: string, limit: number): Promise<WebhookDelivery[]> {
    if (!this.#rows.hook.get({ id, merchant })) return []
    return this.#rows.deliveries.all({ hook: id, limit }).map(row => ({ ...row, outcome: outcomeOf(row.outcome) }))
  }

  resend(merchant: string, id: string, delivery: number): Promise<boolean> {
    return this.#change(() => {
      if (!this.#rows.hook.get({ id, merchant })) return false
      return this.#rows.again.get({ hook: id, delivery, nextAt: this.#desk.clock.now() }) !== undefined
    })
  }

  async due(limit: number): Promise<DueWebhook[]> {
    return this.#rows.due.all({ now: this.#desk.clock.now(), limit })
  }

  recordResult(id: number, result: WebhookResult): Promise<void> {
    const write = <T>(work: () => T) => (result.outcome === 'disabled' ? this.#change(work) : this.#desk.write(work))
    return write(() => {
      const row = this.#rows.delivery.get({ id })
      if (!row) return
      const now = this.#desk.clock.now()
      const { outcome, answer } = result
      const ended = outcome === 'delivered' || outcome === 'failed'
      // What an endpoint did not take before it was disabled waits until it is enabled.
      const nextAt = outcome === 'retry' ? result.retryAt : outcome === 'disabled' ? now : null
      this.#rows.save.run({
        id,
        attempts: row.attempts + 1,
        outcome: ended ? outcome : null,
        answer,
        nextAt,
        endedAt: ended ? now : null,
      })
      const { id: hook, merchant } = row.hook
      if (outcome === 'disabled') this.#rows.disable.get({ id: hook, merchant, disabledAt: now, disabledWhy: answer })
      if (ended) this.#rows.forgetEnded.run({ hook, before: now - KEPT_MS })
    })
  }

  async #change<T>(work: () => T): Promise<T> {
    try {
      return await this.#desk.write(() => {
        const done = work()
        // For the steps of the same commit.
        this.#listening.clear()
        return done
      })
    } finally {
      // What was rolled back was never there.
      this.#listening.clear()
    }
  }
}

const outcomeOf = (text: string | null): WebhookDelivery['outcome'] =>
  text === 'delivered' || text === 'failed' ? text : null
