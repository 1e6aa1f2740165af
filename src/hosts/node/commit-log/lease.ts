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
