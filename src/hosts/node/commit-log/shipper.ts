import { type CommitLog, LeaseLost, type Position } from './commit-log.ts'
import { type Commit, encodeCommits } from './recorder.ts'

/** Statements in one row, at most. */
const ROW_STATEMENTS = 20_000

interface Waiting {
  /** Commits that must be kept first. */
  count: number
  resolve(): void
  reject(error: unknown): void
}

/**
 * Ships commits to the commit log in order, one row at a time: what is committed while a row is under way makes the next one. So
 * SQLite works on while PostgreSQL keeps, and a slow network makes larger rows.
 */
export class Shipper {
  readonly #log: CommitLog
  readonly #epoch: number
  readonly #schema: string
  readonly #failed: (error: unknown) => void
  #at: Position
  #queue: Commit[] = []
  #made = 0
  #kept = 0
  #waiting: Waiting[] = []
  #shipping = false
  #take: (() => (at: Position) => void) | null = null
  #failure: unknown = null
  /** Of all rows so far. */
  bytes = 0

  /** `failed` is told once: what is not kept by then never counts, and nothing more is shipped. */
  constructor(
    log: CommitLog,
    { epoch, at, schema }: { epoch: number; at: Position; schema: string },
    failed: (error: unknown) => void,
  ) {
    this.#log = log
    this.#epoch = epoch
    this.#at = at
    this.#schema = schema
    this.#failed = failed
  }

  /** The newest row that is kept. */
  get at(): Position {
    return this.#at
  }

  /** Commits that are not kept yet. */
  get lag(): number {
    return this.#made - this.#kept
  }

  add(commit: Commit): void {
    this.#made++
    this.#queue.push(commit)
    if (this.#shipping || this.#failure !== null) return
    this.#shipping = true
    queueMicrotask(() => void this.#ship())
  }

  /** Resolves once all that was added before is kept. Rejects once that is not known, or not so. */
  durable(): Promise<void> {
    if (this.#failure !== null) return Promise.reject(this.#failure)
    if (this.lag === 0) return Promise.resolve()
    return new Promise((resolve, reject) => this.#waiting.push({ count: this.#made, resolve, reject }))
  }

  /**
   * Calls `take` at a moment when the database holds exactly what the log does, or will once its next row is kept, and then what
   * `take` answers with that place in the log.
   */
  snapshot(take: () => (at: Position) => void): void {
    if (this.lag === 0 && this.#failure === null) take()(this.#at)
    else this.#take = take
  }

  /** Nothing more is shipped, and whoever waits is told so. */
  stop(error: unknown): void {
    if (this.#failure !== null) return
    this.#failure = error
    for (const each of this.#waiting.splice(0)) each.reject(error)
  }

  async #ship(): Promise<void> {
    while (this.#queue.length > 0 && this.#failure === null) {
      try {
        await this.#shipRow(this.#nextCommits())
      } catch (error) {
        this.stop(error)
        this.#failed(error)
      }
    }
    this.#shipping = false
  }

  async #shipRow(commits: readonly Commit[]): Promise<void> {
    const changes = encodeCommits(commits)
    // With nothing left in the queue, the database is what it will be behind this row.
    const take = this.#queue.length === 0 ? this.#take : null
    if (take) this.#take = null
    const taken = take?.()
    const at = await this.#log.append(this.#epoch, this.#at, this.#schema, changes)
    if (at === null) throw new LeaseLost('the commit log took no row: another process leads, or rows are missing')
    // Stopped meanwhile: those who waited were told that it is not known.
    if (this.#failure !== null) return
    this.#at = at
    this.bytes += changes.length
    this.#kept += commits.length
    this.#waiting = this.#waiting.filter(each => {
      if (each.count > this.#kept) return true
      each.resolve()
      return false
    })
    taken?.(at)
  }

  #nextCommits(): Commit[] {
    let statements = 0
    let count = 0
    for (const commit of this.#queue) {
      statements += commit.statements.length
      if (count > 0 && statements > ROW_STATEMENTS) break
      count++
    }
    return this.#queue.splice(0, count)
  }
}
