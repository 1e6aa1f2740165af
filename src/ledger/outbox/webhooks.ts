// The webhook outbox (transactional outbox pattern): endpoints of merchants, and an event for each step, committed with
// it. `notify/webhooks` sends them.

import { and, asc, desc, eq, gt, isNotNull, isNull, lt, lte, sql } from 'drizzle-orm'
import { hookDeliveries, hooks } from '../../../db/schema.ts'
import { DAY } from '../../complaint/time.ts'
import { toBase64url } from '../../log/encoding.ts'
import type { Clock } from '../clock.ts'
import type { GroupCommit } from '../commands/group-commit.ts'
import {
  type DueWebhook,
  TEST_EVENT,
  type Webhook,
  type WebhookDelivery,
  type WebhookResult,
  type WebhookStatus,
  type Webhooks,
} from '../contract/outbox.ts'
import type { Db } from '../host.ts'
import type { WitnessGate } from '../log/witnesses.ts'
import { all, placeholders, prepared, value } from '../storage/write-statements.ts'

const MAX_ENDPOINTS = 10
/** How many of its newest events say how an endpoint does. */
const STATUS_OF = 20
const RETENTION_MS = 30 * DAY

interface WebhookDeps {
  db: Db
  clock: Clock
  commit: GroupCommit
  gate: WitnessGate
}

export class WebhookOutbox implements Webhooks {
  readonly #deps: WebhookDeps
  readonly #rows: ReturnType<typeof openHookQueries>
  /** Cache of enabled endpoints by merchant, since every step needs them. Emptied when an endpoint changes. */
  readonly #listening = new Map<string, readonly string[]>()

  constructor(deps: WebhookDeps) {
    this.#deps = deps
    this.#rows = openHookQueries(deps.db)
  }

  /** Plans an event for each endpoint of this merchant. Call in the transaction that appends the step. */
  plan(merchant: string, complaint: number, seq: number, at: number): void {
    for (const hook of this.#listeners(merchant)) {
      this.#rows.plan.run({ hook, complaint, seq, nextAt: at, createdAt: at })
    }
  }

  #listeners(merchant: string): readonly string[] {
    const known = this.#listening.get(merchant)
    if (known) return known
    const found = this.#rows.list.all({ merchant }).flatMap(({ id, disabledAt }) => (disabledAt === null ? [id] : []))
    this.#listening.set(merchant, found)
    return found
  }

  /** When the next event is to go out, or null. */
  next(): number | null {
    return this.#rows.next.get()?.nextAt ?? null
  }

  async list(merchant: string): Promise<WebhookStatus[]> {
    return this.#rows.list.all({ merchant }).map(hook => ({ ...hook, ...this.#statusOf(hook) }))
  }

  #statusOf({ id, disabledAt }: Webhook): Omit<WebhookStatus, keyof Webhook> {
    const tried = this.#rows.tried.all({ hook: id, limit: STATUS_OF })
    const firstGood = tried.findIndex(({ outcome }) => outcome === 'delivered')
    const failed = firstGood < 0 ? tried : tried.slice(0, firstGood)
    const failures = failed.reduce((sum, { attempts }) => sum + attempts, 0)
    const working = failures > 0 ? 'failing' : tried.length > 0 ? 'working' : 'untried'
    return { status: disabledAt === null ? working : 'disabled', failures, lastAnswer: tried[0]?.answer ?? null }
  }

  test(merchant: string, id: string): Promise<boolean> {
    return this.#write(() => {
      const hook = this.#rows.hook.get({ id, merchant })
      if (!hook || hook.disabledAt !== null) return false
      const now = this.#deps.clock.now()
      this.#rows.plan.run({ hook: id, complaint: TEST_EVENT, seq: 0, nextAt: now, createdAt: now })
      return true
    })
  }

  add(merchant: string, url: string): Promise<Webhook | null> {
    return this.#change(() => {
      const known = this.#rows.list.all({ merchant })
      const same = known.find(hook => hook.url === url)
      if (same || known.length >= MAX_ENDPOINTS) return same ?? null
      const id = toBase64url(crypto.getRandomValues(new Uint8Array(9)))
      this.#rows.add.run({ id, merchant, url, createdAt: this.#deps.clock.now() })
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
      this.#rows.rotate.get({ id, merchant, generation: hook.generation + 1, rotatedAt: this.#deps.clock.now() })
      return true
    })
  }

  copy(merchant: string, hooks: readonly Webhook[]): Promise<void> {
    return this.#change(() => {
      const known = new Map(this.#rows.list.all({ merchant }).map(hook => [hook.id, hook]))
      for (const { id, url, createdAt, generation, rotatedAt } of hooks) {
        if (!known.delete(id)) this.#rows.add.run({ id, merchant, url, createdAt })
        this.#rows.rotate.get({ id, merchant, generation, rotatedAt })
      }
      for (const { id } of known.values()) {
        this.#rows.remove.get({ id, merchant })
        this.#rows.forget.run({ hook: id })
      }
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
      return this.#rows.resend.get({ hook: id, delivery, nextAt: this.#deps.clock.now() }) !== undefined
    })
  }

  async due(limit: number): Promise<DueWebhook[]> {
    return this.#rows.due.all({ now: this.#deps.clock.now(), limit })
  }

  recordResult(id: number, result: WebhookResult): Promise<void> {
    const write = <T>(work: () => T) => (result.outcome === 'disabled' ? this.#change(work) : this.#write(work))
    return write(() => {
      const row = this.#rows.delivery.get({ id })
      if (!row) return
      const now = this.#deps.clock.now()
      const { outcome, answer } = result
      const ended = outcome === 'delivered' || outcome === 'failed'
      // Events that an endpoint had not accepted when it was disabled wait until it is enabled again.
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
      if (ended) this.#rows.forgetEnded.run({ hook, before: now - RETENTION_MS })
    })
  }

  async #change<T>(work: () => T): Promise<T> {
    try {
      return await this.#write(() => {
        const result = work()
        // Later commands of the same commit must see the change.
        this.#listening.clear()
        return result
      })
    } finally {
      // A rollback undoes the change, so the cache must not outlive it either.
      this.#listening.clear()
    }
  }

  /** In no leaf, so it waits for no witness. Rejects on a fork. */
  async #write<T>(work: () => T): Promise<T> {
    this.#deps.gate.refuseFork()
    return this.#deps.commit.run(work)
  }
}

const outcomeOf = (text: string | null): WebhookDelivery['outcome'] =>
  text === 'delivered' || text === 'failed' ? text : null

const DELIVERY = {
  id: hookDeliveries.id,
  complaint: hookDeliveries.complaint,
  seq: hookDeliveries.seq,
  attempts: hookDeliveries.attempts,
  outcome: hookDeliveries.outcome,
  answer: hookDeliveries.answer,
  nextAt: hookDeliveries.nextAt,
  createdAt: hookDeliveries.createdAt,
}

/** Round robin: place of an event in the queue of its endpoint. */
const place = sql`row_number() over (
  partition by ${hookDeliveries.hook} order by ${hookDeliveries.nextAt}, ${hookDeliveries.id})`

/** Prepared once: a drizzle query built each time costs ten times as much. */
const openHookQueries = (db: Db) => {
  const ofMerchant = and(eq(hooks.id, value('id')), eq(hooks.merchant, value('merchant')))
  const change = (...columns: (keyof typeof hooks.$inferInsert & string)[]) =>
    db
      .update(hooks)
      .set(placeholders<typeof hooks.$inferInsert>(...columns))
      .where(ofMerchant)
      .returning({ id: hooks.id })
  return prepared({
    list: db
      .select()
      .from(hooks)
      .where(eq(hooks.merchant, value('merchant')))
      .orderBy(sql`rowid`),
    hook: db.select().from(hooks).where(ofMerchant),
    add: db.insert(hooks).values({ ...all('id', 'merchant', 'url', 'createdAt'), generation: sql`1` }),
    remove: db.delete(hooks).where(ofMerchant).returning({ id: hooks.id }),
    rotate: change('generation', 'rotatedAt'),
    disable: change('disabledAt', 'disabledWhy'),

    plan: db
      .insert(hookDeliveries)
      .values({ ...all('hook', 'complaint', 'seq', 'nextAt', 'createdAt'), attempts: sql`0` }),
    forget: db.delete(hookDeliveries).where(eq(hookDeliveries.hook, value('hook'))),
    /** Retention: only recent events that ended are kept. */
    forgetEnded: db
      .delete(hookDeliveries)
      .where(
        and(
          isNotNull(hookDeliveries.endedAt),
          lt(hookDeliveries.endedAt, value('before')),
          eq(hookDeliveries.hook, value('hook')),
        ),
      ),
    deliveries: db
      .select(DELIVERY)
      .from(hookDeliveries)
      .where(eq(hookDeliveries.hook, value('hook')))
      .orderBy(desc(hookDeliveries.id))
      .limit(value('limit')),
    tried: db
      .select({ outcome: hookDeliveries.outcome, answer: hookDeliveries.answer, attempts: hookDeliveries.attempts })
      .from(hookDeliveries)
      .where(and(eq(hookDeliveries.hook, value('hook')), gt(hookDeliveries.attempts, 0)))
      .orderBy(desc(hookDeliveries.id))
      .limit(value('limit')),
    due: db
      .select({
        id: hookDeliveries.id,
        complaint: hookDeliveries.complaint,
        seq: hookDeliveries.seq,
        attempts: hookDeliveries.attempts,
        hook: hooks,
      })
      .from(hookDeliveries)
      .innerJoin(hooks, eq(hooks.id, hookDeliveries.hook))
      .where(and(isNotNull(hookDeliveries.nextAt), lte(hookDeliveries.nextAt, value('now')), isNull(hooks.disabledAt)))
      .orderBy(place, asc(hookDeliveries.nextAt), asc(hookDeliveries.id))
      .limit(value('limit')),
    next: db
      .select({ nextAt: hookDeliveries.nextAt })
      .from(hookDeliveries)
      .innerJoin(hooks, eq(hooks.id, hookDeliveries.hook))
      .where(and(isNotNull(hookDeliveries.nextAt), isNull(hooks.disabledAt)))
      .orderBy(asc(hookDeliveries.nextAt))
      .limit(1),
    delivery: db
      .select({ attempts: hookDeliveries.attempts, hook: hooks })
      .from(hookDeliveries)
      .innerJoin(hooks, eq(hooks.id, hookDeliveries.hook))
      .where(eq(hookDeliveries.id, value('id'))),
    save: db
      .update(hookDeliveries)
      .set(placeholders<typeof hookDeliveries.$inferInsert>('attempts', 'outcome', 'answer', 'nextAt', 'endedAt'))
      .where(eq(hookDeliveries.id, value('id'))),
    resend: db
      .update(hookDeliveries)
      .set({ ...placeholders<typeof hookDeliveries.$inferInsert>('nextAt'), attempts: 0, outcome: null, endedAt: null })
      .where(and(eq(hookDeliveries.id, value('delivery')), eq(hookDeliveries.hook, value('hook'))))
      .returning({ id: hookDeliveries.id }),
  })
}
