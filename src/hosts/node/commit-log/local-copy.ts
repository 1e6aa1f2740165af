// The SQLite of one machine as a copy of the commit log: brought up to date from a snapshot and the rows behind it, or
// thrown away where it may hold what never became durable.

import { createWriteStream, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type Database from 'better-sqlite3'
import { bringUpToDate, DATABASE, lockFolder, openDatabase } from '../sqlite.ts'
import { beginning, type CommitLog, CommitLogBroken, type Position, type Snapshot } from './commit-log.ts'
import { Replayer } from './recorder.ts'

/** The ledger in this folder is not this log's: it is neither replaced nor taken for it. */
export class ForeignFolder extends Error {}

/** Beside the ledger's own tables. `clean` is 0 while this process leads: then the file may be ahead of the log. */
const POSITION = `create table if not exists commit_log_position (
  one integer primary key check (one = 1), house text not null, n integer not null, hash blob not null, clean integer not null)`

interface Marked extends Position {
  house: string
  clean: boolean
}

export class LocalCopy {
  readonly #folder: string
  readonly #house: string
  readonly #seen: number
  readonly #lock: Database.Database
  #sqlite: Database.Database
  #at: Position
  #replayer: Replayer | null = null
  /** The snapshot up to which the write-ahead log was emptied. */
  #emptiedAt = -1

  /** `seen`: rows that this process knows to be kept. Throws LedgerInUse. */
  constructor(folder: string, house: string, seen = 0) {
    this.#seen = seen
    mkdirSync(folder, { recursive: true })
    this.#folder = folder
    this.#house = house
    this.#lock = lockFolder(folder)
    this.#sqlite = openDatabase(folder, 'NORMAL')
    this.#at = beginning(house)
  }

  get sqlite(): Database.Database {
    return this.#sqlite
  }

  get at(): Position {
    return this.#at
  }

  /** Of the database. */
  get bytes(): number {
    return (
      Number(this.#sqlite.pragma('page_count', { simple: true })) *
      Number(this.#sqlite.pragma('page_size', { simple: true }))
    )
  }

  /** The newest migration that the file has seen. */
  get schema(): string {
    const { known } = this.#one<{ known: number }>(
      "select count(*) as known from sqlite_master where name = '__drizzle_migrations'",
    )
    if (known === 0) return ''
    return String(this.#one<{ newest: number }>('select max(created_at) as newest from __drizzle_migrations').newest)
  }

  /**
   * Applies what the log has and this file lacks; as often as wished, but not while the file is written otherwise. The lease
   * need not be held. Throws CommitLogBroken and ForeignFolder.
   */
  async catchUp(log: CommitLog): Promise<void> {
    if (this.#replayer === null) {
      await this.#attach(log)
      this.#replayer = new Replayer(this.#sqlite)
    }
    while (await this.#applySome(log));
  }

  /** False at the end of the log. */
  async #applySome(log: CommitLog): Promise<boolean> {
    const [rows, snapshot] = await Promise.all([log.rowsAfter(this.#at), log.snapshot()])
    if (rows[0]?.n === this.#at.n + 1 && rows[0].schema === this.schema) {
      for (const row of rows) if (row.schema === this.schema) this.#apply(row)
      return true
    }
    // The rows behind this place may have gone, or a migration come: a snapshot stands for both.
    const isNewer = snapshot !== null && (snapshot.n > this.#at.n || snapshot.schema !== this.schema)
    if (snapshot !== null && isNewer && snapshot.n >= this.#at.n) {
      await this.#restore(log, snapshot)
      this.#replayer = new Replayer(this.#sqlite)
      return true
    }
    if (rows[0]) throw new CommitLogBroken(`row ${rows[0].n} does not go on from row ${this.#at.n}`)
    if (snapshot !== null) this.#emptyJournal(snapshot.n)
    return false
  }

  /** Erasure: a snapshot follows it, and behind that the write-ahead log is all that still has the text. */
  #emptyJournal(snapshot: number): void {
    if (snapshot <= this.#emptiedAt || snapshot > this.#at.n) return
    const { busy } = this.#one<{ busy: number }>('pragma wal_checkpoint(TRUNCATE)')
    // While a backup reads, the next look does it.
    if (busy === 0) this.#emptiedAt = snapshot
  }

  #apply({ n, hash, changes }: Position & { changes: Uint8Array }): void {
    const apply = this.#sqlite.transaction(() => {
      this.#replayer?.apply(changes)
      this.#mark({ n, hash }, true)
    })
    apply.immediate()
    this.#at = { n, hash }
  }

  /** Finds where this file stands, or begins anew from the newest snapshot. */
  async #attach(log: CommitLog): Promise<void> {
    const [marked, snapshot, last] = [this.#marked(), await log.snapshot(), await log.lastRow()]
    if (marked !== null && marked.house !== this.#house)
      throw new ForeignFolder(`the data folder follows the commit log of ${marked.house}`)
    if (snapshot === null) {
      if (last !== null) throw new CommitLogBroken('the commit log has rows and no snapshot')
      if (marked !== null) throw new CommitLogBroken('the commit log is empty, and this folder followed it')
      return
    }
    if (marked === null && this.#hasLedger())
      throw new ForeignFolder('the data folder has a ledger that never followed this commit log; name an empty folder')
    const end = last ?? snapshot.n
    const seen = Math.max(this.#seen, marked?.n ?? 0)
    if (seen > end) throw new CommitLogBroken(`the commit log ends at row ${end}, and row ${seen} was kept`)
    if (marked?.clean && marked.n >= snapshot.n && (await log.holds(marked))) this.#at = marked
    else await this.#restore(log, snapshot)
  }

  async #restore(log: CommitLog, snapshot: Snapshot): Promise<void> {
    const file = join(this.#folder, DATABASE)
    await pipeline(Readable.from(log.partsOf(snapshot)), createWriteStream(`${file}.new`))
    this.#sqlite.close()
    for (const name of [file, `${file}-wal`, `${file}-shm`]) if (existsSync(name)) rmSync(name)
    renameSync(`${file}.new`, file)
    this.#sqlite = openDatabase(this.#folder, 'NORMAL')
    this.#mark(snapshot, true)
    this.#at = snapshot
  }

  /** Before the first write of a leader: migrates, and marks the file as one that may be ahead of the log. */
  lead(): void {
    bringUpToDate(this.#sqlite)
    this.#replayer = null
    this.#mark(this.#at, false)
  }

  /** After the last write, if all of it is in the log. */
  leave(at: Position): void {
    this.#mark(at, true)
    this.#at = at
  }

  close(): void {
    this.#sqlite.close()
    this.#lock.close()
  }

  #hasLedger(): boolean {
    return this.schema !== ''
  }

  #marked(): Marked | null {
    const { known } = this.#one<{ known: number }>(
      "select count(*) as known from sqlite_master where name = 'commit_log_position'",
    )
    if (known === 0) return null
    const { house, n, hash, clean } = this.#one<{ house: string; n: number; hash: Uint8Array; clean: number }>(
      'select * from commit_log_position',
    )
    return { house, n, hash, clean: clean === 1 }
  }

  #mark({ n, hash }: Position, clean: boolean): void {
    this.#sqlite.exec(POSITION)
    this.#sqlite
      .prepare('insert or replace into commit_log_position values (1, ?, ?, ?, ?)')
      .run(this.#house, n, Buffer.from(hash), clean ? 1 : 0)
  }

  #one<T>(query: string): T {
    // Casts: each query has one row with the columns that it names.
    return this.#sqlite.prepare(query).get() as T
  }
}
