import type { Ledger } from './ledger/port.ts'

export interface KeeperOptions {
  ledgers: readonly Ledger[]
  /** Sends what is due of one ledger; answers how many messages it took. */
  deliver(ledger: Ledger): Promise<number>
  clock: { now(): number }
}

/** A timer that can't be told of every change looks at least this often. */
const LONGEST_MS = 1000

/** Lets time pass: what falls due is appended, what is to be sent is sent. One pass at a time. */
export class Keeper {
  readonly #options: KeeperOptions
  #timer: ReturnType<typeof setTimeout> | null = null
  #turn: Promise<unknown> = Promise.resolve()
  #stopped = false

  constructor(options: KeeperOptions) {
    this.#options = options
  }

  /** Appends and sends what is due now. Answers the next instant at which something will be, or null. */
  pass(): Promise<number | null> {
    const turn = this.#turn.then(() => this.#pass())
    this.#turn = turn.catch(() => undefined)
    return turn
  }

  async #pass(): Promise<number | null> {
    const next: number[] = []
    for (const ledger of this.#options.ledgers) {
      await ledger.tick()
      while ((await this.#options.deliver(ledger)) > 0);
      const at = await ledger.tick()
      if (at !== null) next.push(at)
    }
    return next.length === 0 ? null : Math.min(...next)
  }

  start(): void {
    this.pass().then(
      next => this.#sleep(next === null ? LONGEST_MS : next - this.#options.clock.now()),
      error => {
        console.error('timer:', error instanceof Error ? error.name : 'failed')
        this.#sleep(LONGEST_MS)
      },
    )
  }

  #sleep(ms: number): void {
    if (this.#stopped) return
    // What is due and stays due can't be done at present, as messages without a provider: no use in hurrying.
    const pause = ms <= 0 ? LONGEST_MS : Math.min(Math.max(ms, 20), LONGEST_MS)
    this.#timer = setTimeout(() => this.start(), pause)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    if (this.#timer) clearTimeout(this.#timer)
    await this.#turn
  }
}
