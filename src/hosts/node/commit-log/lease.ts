import { randomUUID } from 'node:crypto'
import { errorFields, FaultLog } from '../../../telemetry/log.ts'
import { type CommitLog, LeaseLost } from './commit-log.ts'

const RENEW_MS = 1_000

/** The right to lead, renewed every second. Past its end it is no longer believed, whatever PostgreSQL would say. */
export class Lease {
  readonly epoch: number
  readonly #log: CommitLog
  readonly #lost: (error: unknown) => void
  readonly #faults = new FaultLog('commit log')
  #until: { monotonic: number; wall: number }
  #timer: ReturnType<typeof setTimeout> | undefined
  #stopped = false
  /** Whether PostgreSQL waits for a standby. */
  synchronous = true
  /** Called after each renewal. */
  tick = (): void => undefined

  /** `asked`: when it was asked for, since it may have been granted at any time after. `lost` is called once. */
  constructor(log: CommitLog, epoch: number, asked: Instant, lost: (error: unknown) => void) {
    this.epoch = epoch
    this.#log = log
    this.#lost = lost
    this.#until = after(asked, this.#log.leaseMs)
    this.#schedule()
  }

  /** Throws LeaseLost. The wall clock too: a machine that was suspended had no monotonic time meanwhile. */
  check(): void {
    const now = instant()
    if (now.monotonic >= this.#until.monotonic || now.wall >= this.#until.wall)
      throw new LeaseLost('the lease ended before it was renewed')
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
  }

  #schedule(): void {
    this.#timer = setTimeout(() => void this.#turn(), RENEW_MS)
  }

  async #turn(): Promise<void> {
    const deadline = setTimeout(
      () => this.#lose(new LeaseLost('PostgreSQL does not answer')),
      this.#log.leaseMs - RENEW_MS,
    )
    try {
      this.check()
      await this.#renew()
    } catch (error) {
      if (error instanceof LeaseLost) this.#lose(error)
      else if (!this.#stopped) this.#faults.failed('commit_log_unreachable', errorFields(error))
    } finally {
      clearTimeout(deadline)
    }
    if (this.#stopped) return
    this.#schedule()
    this.tick()
  }

  async #renew(): Promise<void> {
    const asked = instant()
    const { held, synchronous } = await this.#log.renew(this.epoch)
    if (!held) throw new LeaseLost('another process leads')
    this.#until = after(asked, this.#log.leaseMs)
    this.synchronous = synchronous
    if (synchronous) this.#faults.worked()
    else this.#faults.failed('commit_log_alone', { detail: 'PostgreSQL has no synchronous standby' })
  }

  #lose(error: unknown): void {
    if (this.#stopped) return
    this.stop()
    this.#lost(error)
  }
}

interface Instant {
  monotonic: number
  wall: number
}
/** Milliseconds, for a `Lease`. */
export const instant = (): Instant => ({ monotonic: performance.now(), wall: Date.now() })
const after = ({ monotonic, wall }: Instant, ms: number): Instant => ({ monotonic: monotonic + ms, wall: wall + ms })

// Who leads which shard: a process that leads two fewer than another asks it for one, and so each shard stays with one that has
// room. A hand-over is orderly: what the old leader answered is kept, and the new one leads within a second.

/** Between two requests of one process: the shard that it asked for counts as its own by then. */
const REST_MS = 2_000

/** What the replicas of one process share. */
export class Balance {
  /** Of the process, unlike any other. */
  readonly holder = randomUUID()
  readonly #houses: readonly string[]
  #restUntil = 0

  constructor(houses: readonly string[]) {
    this.#houses = houses
  }

  /** Whether this process should ask the leader of `house` to hand over: one shard at a time. */
  async wants(log: CommitLog, house: string): Promise<boolean> {
    if (this.#houses.length < 2 || performance.now() < this.#restUntil) return false
    const leads = await log.leads(this.#houses)
    const holder = leads.find(each => each.house === house)?.holder
    const countOf = (process: string | undefined) => leads.filter(each => each.holder === process).length
    if (holder === undefined || countOf(holder) < countOf(this.holder) + 2) return false
    // Again: another replica of this process may have asked while this one waited for the answer.
    if (performance.now() < this.#restUntil) return false
    this.#restUntil = performance.now() + REST_MS
    return true
  }
}
