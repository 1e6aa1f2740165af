/** Drains a queue: sends batch after batch until nothing is due. Runs once at a time, so no message is sent twice at once. */
export class DrainLoop {
  readonly #sendBatch: () => Promise<number>
  readonly #signal: AbortSignal | undefined
  #running: Promise<void> | null = null

  /** `sendBatch` answers how many messages it took. Once `signal` aborts, no further batch is begun. */
  constructor(sendBatch: () => Promise<number>, signal?: AbortSignal) {
    this.#sendBatch = sendBatch
    this.#signal = signal
  }

  /** Drains the queue, or joins the run that is under way. */
  drainOrJoin(): Promise<void> {
    this.#running ??= this.#sendAll().finally(() => {
      this.#running = null
    })
    return this.#running
  }

  /** Drains also what became due during the current run: waits for that run, even if it fails, and starts another. */
  async drain(): Promise<void> {
    await this.idle()
    await this.drainOrJoin()
  }

  /** Resolves when no run is under way. */
  async idle(): Promise<void> {
    await this.#running?.catch(() => undefined)
  }

  async #sendAll(): Promise<void> {
    while (!this.#signal?.aborted && (await this.#sendBatch()) > 0);
  }
}
