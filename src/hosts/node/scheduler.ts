import type { Ledger } from '../../ledger/port.ts'

/** Sends what is due of one ledger; answers how many messages it took. Begins nothing more once `signal` aborts. */
export type Deliver = (ledger: Ledger, signal: AbortSignal) => Promise<number>

interface SchedulerOptions {
  ledgers: readonly Ledger[]
  /** What is sent on different ways, as SMS and webhooks: none waits for another. */
  deliveries: readonly Deliver[]
  clock: { now(): number }
}

/** A timer that can't be told of every change looks at least this often. */
const LONGEST_MS = 1000
/** What was sent and not recorded by then is sent again after the next start. */
const LAST_MS = 5000

/**
 * Lets time pass: what falls due is appended, what is to be sent is sent. Each has a loop of its own, so that a vendor
 * that does not answer holds up no deadline and no other way of sending; messages of one ledger are never sent twice at
 * a time.
 */
export class Scheduler {
  readonly #options: SchedulerOptions
  readonly #rounds: readonly DrainLoop[]
  readonly #timers = new Set<ReturnType<typeof setTimeout>>()
  #ticking: Promise<unknown> = Promise.resolve()
  readonly #stopping = new AbortController()

  constructor(options: SchedulerOptions) {
    this.#options = options
    const { ledgers, deliveries } = options
    this.#rounds = ledgers.flatMap(ledger => deliveries.map(deliver => new DrainLoop(ledger, deliver)))
  }

  /** Appends and sends what is due now, in this order. Answers the next instant at which something will be, or null. */
  async runOnce(): Promise<number | null> {
    await this.#tick()
    const done = await Promise.allSettled(this.#rounds.map(round => round.drain(this.#stopping.signal)))
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
    this.#loop('timer', () => {
      const turn = this.#tick()
      this.#ticking = turn.catch(() => undefined)
      return turn
    })
    for (const round of this.#rounds) {
      this.#loop('delivery', async () => {
        await round.drain(this.#stopping.signal)
        return null
      })
    }
  }

  #loop(name: string, work: () => Promise<number | null>): void {
    if (this.#stopping.signal.aborted) return
    const again = (ms: number) => this.#after(ms, () => this.#loop(name, work))
    work().then(
      next => again(next === null ? LONGEST_MS : next - this.#options.clock.now()),
      error => {
        console.error(`${name}:`, error instanceof Error ? error.name : 'failed')
        again(LONGEST_MS)
      },
    )
  }

  #after(ms: number, work: () => void): void {
    if (this.#stopping.signal.aborted) return
    // What is due and stays due can't be done at present, as messages without a provider: no use in hurrying.
    const pause = ms <= 0 ? LONGEST_MS : Math.min(Math.max(ms, 20), LONGEST_MS)
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      work()
    }, pause)
    this.#timers.add(timer)
  }

  /** Resolves when nothing is under way any more; a vendor that does not answer is waited for a few seconds. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    for (const timer of this.#timers) clearTimeout(timer)
    let patience: ReturnType<typeof setTimeout> | undefined
    const enough = new Promise(resolve => {
      patience = setTimeout(resolve, LAST_MS)
    })
    await Promise.race([Promise.all([this.#ticking, ...this.#rounds.map(round => round.idle())]), enough])
    clearTimeout(patience)
  }
}

/** One way of sending for one ledger, never twice at a time. */
class DrainLoop {
  readonly #ledger: Ledger
  readonly #deliver: Deliver
  #last: Promise<unknown> = Promise.resolve()

  constructor(ledger: Ledger, deliver: Deliver) {
    this.#ledger = ledger
    this.#deliver = deliver
  }

  /** All that is due, after what is being sent already. */
  drain(signal: AbortSignal): Promise<void> {
    const turn = this.#last.then(async () => {
      while (!signal.aborted && (await this.#deliver(this.#ledger, signal)) > 0);
    })
    this.#last = turn.catch(() => undefined)
    return turn
  }

  idle(): Promise<unknown> {
    return this.#last
  }
}
