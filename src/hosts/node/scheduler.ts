import { firstDay, PERIODS } from '../../complaint/figures/public-index.ts'
import { DAY, dayNumber } from '../../complaint/time.ts'
import type { Ledger } from '../../ledger/contract/ledger.ts'
import { errorFields, FaultLog, log } from '../../telemetry/log.ts'
import { DrainLoop } from '../drain-loop.ts'

interface SchedulerOptions {
  ledgers: readonly Ledger[]
  /** One for each channel, such as SMS and webhooks: none waits for another. */
  deliveries: readonly ((ledger: Ledger, signal: AbortSignal) => Promise<number>)[]
  clock: { now(): number }
  /** Housekeeping that is done at the start and then once a day. */
  daily?: (() => Promise<void>) | undefined
}

/** Polling interval: a command may bring an earlier due instant, and the timer is not notified. */
const LONGEST_MS = 1000
/** Graceful shutdown: how long to wait for a vendor. What was sent and not recorded by then is sent again at the next start. */
const LAST_MS = 5000

/**
 * Scheduler: appends the steps that fall due, and sends SMS and webhooks. Deadlines and each channel have loops of their
 * own, so that a vendor that does not answer delays no deadline and no other channel. Messages of one ledger are never
 * sent twice at a time.
 */
export class Scheduler {
  readonly #options: SchedulerOptions
  readonly #drainLoops: readonly DrainLoop[]
  readonly #timers = new Set<ReturnType<typeof setTimeout>>()
  #ticking: Promise<unknown> = Promise.resolve()
  #daily: Promise<unknown> = Promise.resolve()
  readonly #stopping = new AbortController()
  #summing: Promise<unknown> = Promise.resolve()
  /** Of which day the figures were summed. */
  #summed = -1

  constructor(options: SchedulerOptions) {
    this.#options = options
    const { ledgers, deliveries } = options
    const { signal } = this.#stopping
    this.#drainLoops = ledgers.flatMap(ledger =>
      deliveries.map(deliver => new DrainLoop(() => deliver(ledger, signal), signal)),
    )
  }

  /** Appends and sends what is due now, in this order. Answers the next instant at which something will be, or null. */
  async runOnce(): Promise<number | null> {
    await this.#tick()
    const done = await Promise.allSettled(this.#drainLoops.map(each => each.drain()))
    for (const each of done) if (each.status === 'rejected') throw each.reason
    return this.#tick()
  }

  async #tick(): Promise<number | null> {
    const next: number[] = []
    const failed: unknown[] = []
    for (const ledger of this.#options.ledgers) {
      // One ledger that fails holds up no other.
      const at = await ledger.tick().catch(error => void failed.push(error))
      if (typeof at === 'number') next.push(at)
    }
    if (failed.length > 0) throw failed[0]
    return next.length === 0 ? null : Math.min(...next)
  }

  start(): void {
    this.#loop(new FaultLog('scheduler'), () => {
      const turn = this.#tick()
      this.#ticking = turn.catch(() => undefined)
      return turn
    })
    for (const drainLoop of this.#drainLoops) {
      this.#loop(new FaultLog('delivery'), async () => {
        await drainLoop.drain()
        return null
      })
    }
    this.#loop(new FaultLog('figures'), () => {
      const turn = this.#sumFigures()
      this.#summing = turn.catch(() => undefined)
      return turn
    })
    if (this.#options.daily) this.#everyDay(this.#options.daily)
  }

  /** Cache warming: figures of all periods are in memory before a day's first reader asks, after a start and after midnight. */
  async #sumFigures(): Promise<null> {
    const { ledgers, clock } = this.#options
    const until = dayNumber(clock.now())
    if (until === this.#summed) return null
    for (const period of PERIODS)
      await Promise.all(ledgers.map(ledger => ledger.figures.days(null, { from: firstDay(until, period), until })))
    this.#summed = until
    return null
  }

  #everyDay(work: () => Promise<void>): void {
    const repeat = () => {
      if (this.#stopping.signal.aborted) return
      const timer = setTimeout(() => {
        this.#timers.delete(timer)
        this.#everyDay(work)
      }, DAY)
      this.#timers.add(timer)
    }
    this.#daily = work()
      .catch(error => log('error', 'daily housekeeping failed', errorFields(error)))
      .then(repeat)
  }

  #loop(faults: FaultLog, work: () => Promise<number | null>): void {
    if (this.#stopping.signal.aborted) return
    const repeat = (ms: number) => this.#after(ms, () => this.#loop(faults, work))
    work().then(
      next => {
        faults.worked()
        repeat(next === null ? LONGEST_MS : next - this.#options.clock.now())
      },
      error => {
        faults.failed(error instanceof Error ? error.name : 'failed', errorFields(error))
        repeat(LONGEST_MS)
      },
    )
  }

  #after(ms: number, work: () => void): void {
    if (this.#stopping.signal.aborted) return
    // No busy loop: what stays due can't be done at present, such as messages without a provider.
    const pause = ms <= 0 ? LONGEST_MS : Math.min(Math.max(ms, 20), LONGEST_MS)
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      work()
    }, pause)
    this.#timers.add(timer)
  }

  /** Graceful shutdown: resolves when nothing is under way, or after a few seconds where a vendor does not answer. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    for (const timer of this.#timers) clearTimeout(timer)
    let timeout: ReturnType<typeof setTimeout> | undefined
    const timedOut = new Promise(resolve => {
      timeout = setTimeout(resolve, LAST_MS)
    })
    await Promise.race([
      Promise.all([this.#ticking, this.#summing, this.#daily, ...this.#drainLoops.map(each => each.idle())]),
      timedOut,
    ])
    clearTimeout(timeout)
  }
}
