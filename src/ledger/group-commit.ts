import type { Host } from './host.ts'

/** State in memory that must follow the database: rolls back with a savepoint, adopted after COMMIT. */
export interface Staged {
  mark(): () => void
  adopt(): void
}

/** More would keep readers waiting, and gain little on one fsync. */
const BATCH = 512

/** Several parts as one: rolled back and adopted together. */
export const together = (...parts: readonly Staged[]): Staged => ({
  mark: () => {
    const marks = parts.map(part => part.mark())
    return () => {
      for (const rollback of marks) rollback()
    }
  },
  adopt: () => {
    for (const part of parts) part.adopt()
  },
})

interface Job {
  run(): void
  fail(error: unknown): void
  answer(): void
}

/**
 * Commands that arrive together share one transaction and one fsync, a savepoint each; each caller is answered after
 * the commit. An error in one command rolls back that command alone. An error that ended the transaction, or one of
 * COMMIT itself, fails the whole batch: nobody is told of a step that may be lost.
 */
export class GroupCommit {
  readonly #host: Host
  readonly #staged: Staged
  readonly #queue: Job[] = []
  #scheduled = false

  constructor(host: Host, staged: Staged) {
    this.#host = host
    this.#staged = staged
  }

  /** Runs `work` inside the next transaction. Resolves after the commit, with its result. */
  run<T>(work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      let result: T
      this.#queue.push({
        run: () => {
          result = work()
        },
        fail: reject,
        answer: () => resolve(result),
      })
      this.#schedule()
    })
  }

  /** Resolves once everything that was asked for before is answered. */
  async idle(): Promise<void> {
    while (this.#scheduled) await new Promise<void>(resolve => this.#host.soon(resolve))
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    this.#host.soon(() => {
      this.#scheduled = false
      this.#drain()
    })
  }

  #drain(): void {
    const batch = this.#queue.splice(0, BATCH)
    if (this.#queue.length > 0) this.#schedule()
    const rollback = this.#staged.mark()
    let done: Job[]
    try {
      done = this.#host.transaction(() => batch.filter(job => this.#attempt(job)))
    } catch (error) {
      rollback()
      for (const job of batch) job.fail(error)
      return
    }
    this.#staged.adopt()
    for (const job of done) job.answer()
  }

  /** True if the job's savepoint was released. Throws when the whole transaction is gone. */
  #attempt(job: Job): boolean {
    const rollback = this.#staged.mark()
    try {
      this.#host.transaction(() => job.run())
      return true
    } catch (error) {
      rollback()
      if (!this.#host.inTransaction()) throw error
      job.fail(error)
      return false
    }
  }
}
