import { Histogram } from '../../telemetry/metrics.ts'
import type { Host } from '../host.ts'

/** State in memory that must follow the database: rolls back with a transaction, adopted after COMMIT. */
export interface Staged {
  mark(): () => void
  adopt(): void
  /** Writes what it gathered, as the last thing of the transaction. */
  flush?(): void
}

/** More would keep readers waiting, and gain little on one fsync. */
const BATCH = 512

/** Nothing may try again by itself, so a failure is believed for a while and then tried anew. */
const FAILURE_MS = 60_000
const codeOf = (error: unknown): string =>
  (error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code) ||
  (error instanceof Error && /SQLITE_[A-Z_]+/.exec(error.message)?.[0]) ||
  'unknown'

/** The database's own failure, not a command's: what a constraint or a trigger refused is a bug of that command. */
const isOfStorage = (error: unknown): boolean => /^SQLITE_(?!CONSTRAINT)/.test(codeOf(error))

/** Seconds: an fsync is a millisecond on a fast disk, and a second on one that is ill. */
const COMMIT_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]

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
  flush: () => {
    for (const part of parts) part.flush?.()
  },
})

interface Job {
  run(): void
  fail(error: unknown): void
  answer(): void
}

/**
 * Commands that arrive together share one transaction and one fsync; each caller is answered after the commit. An
 * error in one command fails that one alone: all is rolled back, and the others run again without it. That costs a
 * savepoint for each command less, and errors are rare; a refusal is none. An error that ended the transaction, or one
 * of COMMIT itself, fails the whole batch: no caller gets an answer about a step that may be lost.
 */
export class GroupCommit {
  readonly #host: Host
  readonly #staged: Staged
  readonly #queue: Job[] = []
  #scheduled = false
  #failure: { code: string; at: number } | null = null
  #failures = 0
  /** Seconds from BEGIN to the end of COMMIT, of those that succeeded. On Workers the clock stands still meanwhile. */
  readonly seconds = new Histogram(COMMIT_BUCKETS)

  constructor(host: Host, staged: Staged) {
    this.#host = host
    this.#staged = staged
  }

  /** Runs `work` inside the next transaction, perhaps more than once. Resolves after the commit, with its result. */
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

  /** SQLite's code of the last commit if it failed lately; null after one that succeeded. */
  get failure(): string | null {
    return this.#failure !== null && performance.now() - this.#failure.at < FAILURE_MS ? this.#failure.code : null
  }

  /** Commits that the database failed, since the start. */
  get failures(): number {
    return this.#failures
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
    let batch: Job[] = this.#queue.splice(0, BATCH)
    if (this.#queue.length > 0) this.#schedule()
    while (batch.length > 0) batch = this.#commit(batch)
  }

  /** Answers or fails jobs, all of them or one; returns those that are to run again. */
  #commit(batch: readonly Job[]): Job[] {
    const rollback = this.#staged.mark()
    const began = performance.now()
    try {
      this.#host.transaction(() => {
        this.#runAll(batch)
        this.#staged.flush?.()
      })
    } catch (error) {
      rollback()
      this.#noteFailure(error)
      return failed(batch, error)
    }
    this.#failure = null
    this.seconds.observe((performance.now() - began) / 1000)
    this.#staged.adopt()
    for (const job of batch) job.answer()
    return []
  }

  /** A storage error that left the transaction open failed one command alone; it is as much a failure of the storage. */
  #noteFailure(error: unknown): void {
    const cause = error instanceof Fault ? error.cause : error
    if (error instanceof Fault && !isOfStorage(cause)) return
    this.#failure = { code: codeOf(cause), at: performance.now() }
    this.#failures++
  }

  #runAll(batch: readonly Job[]): void {
    for (const job of batch) {
      try {
        job.run()
      } catch (error) {
        throw this.#host.inTransaction() ? new Fault(job, error) : error
      }
    }
  }
}

/** Fails the one whose fault it was, and returns the others; or fails all. */
const failed = (batch: readonly Job[], error: unknown): Job[] => {
  if (error instanceof Fault) {
    error.job.fail(error.cause)
    return batch.filter(job => job !== error.job)
  }
  for (const job of batch) job.fail(error)
  return []
}

/** The error of one command, where the transaction is still there to be rolled back. */
class Fault extends Error {
  readonly job: Job

  constructor(job: Job, cause: unknown) {
    super('a command failed', { cause })
    this.job = job
  }
}
