import type { Host } from '../../../ledger/host.ts'
import type { LocalLedger } from '../../../ledger/local-ledger.ts'
import { errorFields, log as logLine } from '../../../telemetry/log.ts'
import { hostOn } from '../sqlite.ts'
import { type CommitLog, LeaseLost, type Position } from './commit-log.ts'
import type { Lease } from './lease.ts'
import type { LocalCopy } from './local-copy.ts'
import { type Commit, encodeCommits, StatementRecorder } from './recorder.ts'

/** Rows since the last snapshot are at most this, or what the database itself takes: so replay takes no longer than a copy. */
const SNAPSHOT_BYTES = 16 * 1024 * 1024

interface LeaderOptions {
  log: CommitLog
  copy: LocalCopy
  lease: Lease
  folder: string
  openLedger(host: Host): LocalLedger
  /** Called once, when nothing more can be made durable. */
  lost(error: unknown): void
}

/** A ledger that writes, while the lease is held: what it commits goes to the commit log, and it answers once it is there. */
export class Leader {
  readonly #options: LeaderOptions
  readonly #shipper: Shipper
  readonly #recorder: StatementRecorder
  readonly ledger: LocalLedger
  #snapshotAt = 0
  #erased = false
  #saving: Promise<void> | null = null

  /** Throws what the ledger throws: WrongLog, NewerSchema and errors of its policy. */
  private constructor(options: LeaderOptions) {
    const { log, copy, lease, folder, openLedger, lost } = options
    this.#options = options
    this.#shipper = new Shipper(log, { epoch: lease.epoch, at: copy.at, schema: copy.schema }, lost)
    const recorder = new StatementRecorder(copy.sqlite)
    this.#recorder = recorder
    const host = hostOn(folder, copy.sqlite, () => undefined)
    recorder.start(commit => this.#shipper.add(commit))
    this.ledger = openLedger({
      ...host,
      transaction: work => recorder.transaction(() => host.transaction(work)),
      durable: () => this.durable(),
      afterErasure: () => {
        host.afterErasure()
        // Privacy: older rows hold the text that was erased.
        this.#erased = true
      },
    })
    lease.tick = () => this.#considerSnapshot()
  }

  /** Brings the copy to the end of the log, and leads. */
  static async start(options: LeaderOptions): Promise<Leader> {
    const { log, copy, lease } = options
    await copy.catchUp(log)
    const { schema } = copy
    copy.lead()
    const snapshot = await log.snapshot()
    // Of a migration there is no row: who replays begins behind it.
    if (snapshot === null || copy.schema !== schema)
      await log.saveSnapshot(lease.epoch, { ...copy.at, schema: copy.schema }, copy.sqlite.serialize())
    return new Leader(options)
  }

  /** Output gate: resolves once all that is committed now is in the commit log. Rejects once the lease is lost. */
  async durable(): Promise<void> {
    this.#options.lease.check()
    await this.#shipper.durable()
  }

  /** How far the log is known to go. */
  get at(): Position {
    return this.#shipper.at
  }

  /** Commits that are not in the log yet. */
  get lag(): number {
    return this.#shipper.lag
  }

  get synchronous(): boolean {
    return this.#options.lease.synchronous
  }

  #considerSnapshot(): void {
    const limit = Math.max(SNAPSHOT_BYTES, this.#options.copy.bytes)
    if (this.#saving || (!this.#erased && this.#shipper.bytes - this.#snapshotAt < limit)) return
    this.#shipper.snapshot(() => {
      const { copy } = this.#options
      const erased = this.#erased
      this.#erased = false
      const database = copy.sqlite.serialize()
      return at => {
        this.#saving = this.#save(at, database, erased).finally(() => {
          this.#saving = null
        })
      }
    })
  }

  async #save(at: Position, database: Uint8Array, erased: boolean): Promise<void> {
    const { log, lease, copy } = this.#options
    const bytes = this.#shipper.bytes
    try {
      await log.saveSnapshot(lease.epoch, { ...at, schema: copy.schema }, database)
      this.#snapshotAt = bytes
    } catch (error) {
      // The next turn tries again.
      this.#erased ||= erased
      logLine('warn', 'a snapshot could not be stored', errorFields(error))
    }
  }

  /** Ends in order: all is kept, and the file can be used again. Throws where that is not so. */
  async leave(): Promise<void> {
    await this.ledger.close()
    await this.#saving
    await this.durable()
    this.#recorder.stop()
    this.#options.copy.leave(this.#shipper.at)
  }

  /** Ends at once: what is not known to be kept is not true. */
  async abandon(error: unknown): Promise<void> {
    this.#shipper.stop(error)
    await this.ledger.close()
  }
}

/** Statements in one row, at most. */
const ROW_STATEMENTS = 20_000

interface Waiting {
  /** Commits that must be kept first. */
  count: number
  resolve(): void
  reject(error: unknown): void
}

/**
 * Batching writer of the commit log: one row in flight at a time, in order. Commits that arrive meanwhile are collected into the next row,
 * so SQLite never waits for PostgreSQL, and a slow network makes larger rows.
 */
class Shipper {
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

  /** `failed` is called once, at the first error. Commits that PostgreSQL had not acknowledged by then are void, and no further row is sent. */
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

  /** Stops sending, and rejects all who wait for an acknowledgement. */
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
