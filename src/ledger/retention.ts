// Retention sweep: erases what ended complaints say once their policy's time is over, a few at a time, by the step and the erasure
// that a person's request has. The scheduler calls it.

import { sql } from 'drizzle-orm'
import { retentionClock } from '../../db/schema.ts'
import { DAY, HOUR, MINUTE } from '../complaint/time.ts'
import { errorFields, FaultLog } from '../telemetry/log.ts'
import type { Clock } from './clock.ts'
import type { Executor } from './commands/executor.ts'
import type { GroupCommit } from './commands/group-commit.ts'
import type { Host } from './host.ts'
import type { Store } from './storage/queries.ts'

/** Complaints that one call erases, each in a commit of its own, so that orders come between. */
const PORTION = 10
const PAUSE_MS = 50
/** A run begins at most once a day: after each the host gets rid of its copies of the texts, which costs it a snapshot. */
const EVERY_MS = DAY
/** Within a long run it does so as well. */
const COPIES_MS = HOUR

/**
 * Clock sanity: what is erased by a clock that is wrong does not come back, so this asks for more than a deadline does. Nothing
 * is erased until the clock was seen to run for a week without a gap of two days; a leap ahead, or back, begins the week anew.
 */
const TRUSTED_AFTER = 7 * DAY
const GAP = 2 * DAY
const TOLERATED_MS = 10 * MINUTE
const LOOK_EVERY_MS = HOUR

interface RetentionDeps {
  host: Host
  store: Store
  clock: Clock
  shard: number
  executor: Executor
  commit: GroupCommit
  /** Commits work that appends leaves. */
  write<T>(work: () => T): Promise<T>
}

export class RetentionSweep {
  readonly #deps: RetentionDeps
  readonly #faults: FaultLog
  /** As written last; null until it is read. */
  #run: { since: number; seen: number } | null = null
  /** Complaints that could not be erased in this run: the others do not wait for them. */
  readonly #failed = new Set<number>()
  #nextRun = Number.NEGATIVE_INFINITY
  /** When the copies of erased texts were last got rid of; null where nothing was erased since. */
  #copiesSince: number | null = null

  constructor(deps: RetentionDeps) {
    this.#deps = deps
    this.#faults = new FaultLog('retention', { shard: deps.shard })
  }

  /** Erases a portion of what is due. Answers when to call again (UTC ms), or null. Never rejects: a deadline does not wait for it. */
  async sweep(): Promise<number | null> {
    try {
      return await this.#sweep()
    } catch (error) {
      this.#faults.failed('sweep', errorFields(error))
      return this.#deps.clock.now() + LOOK_EVERY_MS
    }
  }

  async #sweep(): Promise<number | null> {
    const now = this.#deps.clock.now()
    const since = await this.#runsSince(now)
    const next = this.#deps.store.nextErasure.get()?.at ?? null
    if (next === null) return null
    // Looked at day by day, so that the week is seen to pass also where nothing else happens.
    if (next > now) return next
    if (now - since < TRUSTED_AFTER) return Math.min(now + DAY, since + TRUSTED_AFTER)
    if (now < this.#nextRun) return this.#nextRun
    if (await this.#erasePortion(now)) return now + PAUSE_MS
    this.#endRun(now)
    return this.#deps.store.nextErasure.get() ? this.#nextRun : null
  }

  /** False at the end of the run. */
  async #erasePortion(now: number): Promise<boolean> {
    const { store, executor, write } = this.#deps
    const due = store.dueErasures
      .all({ now, limit: PORTION + this.#failed.size })
      .filter(({ id }) => !this.#failed.has(id))
    for (const { id } of due) {
      try {
        if (await write(() => executor.expire(id))) this.#copiesSince ??= now
      } catch (error) {
        this.#failed.add(id)
        this.#faults.failed('complaint', errorFields(error))
      }
    }
    if (this.#copiesSince !== null && now - this.#copiesSince > COPIES_MS) this.#forgetCopies()
    return due.length > 0
  }

  #endRun(now: number): void {
    if (this.#copiesSince !== null) this.#forgetCopies()
    if (this.#failed.size === 0) this.#faults.worked()
    this.#failed.clear()
    this.#nextRun = now + EVERY_MS
  }

  #forgetCopies(): void {
    this.#copiesSince = null
    this.#deps.host.afterErasure()
  }

  /** Since when the clock was seen to run without a gap. */
  async #runsSince(now: number): Promise<number> {
    const { host, commit } = this.#deps
    const known = this.#run ?? host.db.select().from(retentionClock).get() ?? null
    const isBroken = known === null || now - known.seen > GAP || now < known.seen - TOLERATED_MS
    const run = { since: isBroken ? now : known.since, seen: now }
    if (isBroken || now - known.seen >= LOOK_EVERY_MS) {
      const set = { since: sql`excluded.since`, seen: sql`excluded.seen` }
      const row = { id: 0, ...run }
      await commit.run(() =>
        host.db.insert(retentionClock).values(row).onConflictDoUpdate({ target: retentionClock.id, set }).run(),
      )
      this.#run = run
    } else this.#run = known
    return run.since
  }
}
