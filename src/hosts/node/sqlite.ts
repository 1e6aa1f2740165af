import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, statfsSync, statSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import { isSigned } from '../../cli/author-key.ts'
import type { Host } from '../../ledger/host.ts'

const MIGRATIONS = fileURLToPath(new URL('../../../db/migrations', import.meta.url))

export const DATABASE = 'ledger.db'

/** Another process has the ledger of this folder open. */
export class LedgerInUse extends Error {}

/** Single writer: a lock on a file beside the ledger, since a lock on the ledger itself would block backups. */
export const lockFolder = (folder: string): Database.Database => {
  const lockFile = new Database(join(folder, 'lock.db'), { timeout: 0 })
  try {
    lockFile.exec('BEGIN EXCLUSIVE')
  } catch {
    lockFile.close()
    throw new LedgerInUse('another process serves the ledger in this folder')
  }
  return lockFile
}

/**
 * Durability: better-sqlite3 opens WAL at NORMAL, which may lose acknowledged commits in a power cut. That is enough where a
 * commit log has them.
 */
export const openDatabase = (folder: string, synchronous: 'FULL' | 'NORMAL' = 'FULL'): Database.Database => {
  const sqlite = new Database(join(folder, DATABASE), { timeout: BUSY_MS })
  sqlite.pragma('journal_mode = WAL')
  sqlite.pragma(`synchronous = ${synchronous}`)
  sqlite.pragma('secure_delete = ON')
  // Append-only: without this, INSERT OR REPLACE deletes a leaf without firing the trigger that forbids it.
  sqlite.pragma('recursive_triggers = ON')
  sqlite.pragma('cache_size = -65536')
  // Memory-mapped reading: a complaint's rows lie on twenty pages of a file that outgrows this cache, and a system call for each
  // costs three times as much as all the rest. SQLite maps no more than 2 GB, and reads what lies behind as before.
  sqlite.pragma(`mmap_size = ${2 ** 31}`)
  return sqlite
}

/** The database with its write-ahead log, and what the file system has left for this user. */
const storageOf = (folder: string) => {
  const files = [DATABASE, `${DATABASE}-wal`].map(name => statSync(join(folder, name), { throwIfNoEntry: false }))
  const { bavail, bsize } = statfsSync(folder)
  return { bytes: files.reduce((sum, file) => sum + (file?.size ?? 0), 0), free: bavail * bsize }
}

const checkpointFile = (folder: string): Host['checkpointFile'] => {
  const file = join(folder, 'last-checkpoint')
  return {
    read: () => (existsSync(file) ? readFileSync(file, 'utf8') : null),
    write: async note => {
      await writeDurably(`${file}.new`, note)
      await rename(`${file}.new`, file)
    },
  }
}

/** fsync before the rename: a power cut must not leave an empty file. Off the event loop: on a slow disk it takes long, each second. */
const writeDurably = async (file: string, text: string): Promise<void> => {
  const opened = await open(file, 'w')
  try {
    await opened.writeFile(text)
    await opened.sync()
  } finally {
    await opened.close()
  }
}

/** The database was written by a newer version, whose rows this one might misread or damage. */
export class NewerSchema extends Error {}

/** Downgrade guard: every migration that the database has seen must be one that this version has. */
const refuseNewer = (sqlite: Database.Database): void => {
  const [known] = sqlite.prepare("select 1 from sqlite_master where name = '__drizzle_migrations'").all()
  if (known === undefined) return
  const newest = sqlite.prepare('select max(created_at) from __drizzle_migrations').pluck().get()
  if (Number(newest) > newestMigration())
    throw new NewerSchema(
      'the database was written by a newer version of Tousu; start that one, or restore a copy of before',
    )
}

/** The instant of the newest migration that this version has. */
export const newestMigration = (): number => {
  const { entries } = JSON.parse(readFileSync(join(MIGRATIONS, 'meta/_journal.json'), 'utf8'))
  return Math.max(...entries.map(({ when }: { when: number }) => when))
}

/** Brings the schema up to date. Throws NewerSchema. */
export const bringUpToDate = (sqlite: Database.Database): void => {
  refuseNewer(sqlite)
  migrate(drizzle(sqlite), { migrationsFolder: MIGRATIONS })
}

/** Opens or creates the ledger in this folder and brings its schema up to date. Throws LedgerInUse and NewerSchema. */
export const openNodeHost = (folder: string, synchronous?: 'FULL' | 'NORMAL'): NodeHost => {
  mkdirSync(folder, { recursive: true })
  const lockFile = lockFolder(folder)
  const sqlite = openDatabase(folder, synchronous)
  const close = () => {
    sqlite.close()
    lockFile.close()
  }
  try {
    bringUpToDate(sqlite)
  } catch (error) {
    close()
    throw error
  }
  return hostOn(folder, sqlite, close)
}

export type NodeHost = Host & { sqlite: Database.Database }

/** What a ledger needs of this database. */
export const hostOn = (folder: string, sqlite: Database.Database, close: () => void): NodeHost => {
  const run = sqlite.transaction((work: () => unknown) => work())
  const wal = new WalCheckpointer(sqlite, join(folder, DATABASE))
  return {
    db: drizzle(sqlite),
    sqlite,
    statement: text => {
      const prepared = sqlite.prepare(text)
      return values => void prepared.run(values)
    },
    // better-sqlite3 types its transactions by argument; the result is what `work` returns.
    transaction: <T>(work: () => T) => {
      const result = run.immediate(work) as T
      wal.committed()
      return result
    },
    inTransaction: () => sqlite.inTransaction,
    soon: work => void setImmediate(work),
    isSigned,
    checkpointFile: checkpointFile(folder),
    afterErasure: () => wal.truncate(),
    storage: () => storageOf(folder),
    complaintsInMemory: 64_000,
    close: () => wal.stop()?.then(close) ?? close(),
  }
}

/** Pages that wait before the thread is sent for them: a page that is written often is copied once. 32 MB. */
const WAITING = 8000
/** What this thread copies by itself, so that the log is whole and the next commit begins it anew. 4 MB. */
const TAIL = 1000
/** SQLite's own checkpoint within COMMIT, should the thread be gone or fall behind. 256 MB. */
const BEHIND = 64_000
const COMMITS_A_LOOK = 16
/** How long a statement waits for another process that holds the database. */
const BUSY_MS = 5_000

interface Wal {
  busy: number
  log: number
  checkpointed: number
}

/**
 * Checkpoints of the write-ahead log off the event loop: within COMMIT, as SQLite does them, 64 MB held up every caller for 40 to
 * 600 ms. A passive checkpoint blocks no writer (sqlite.org/wal.html); one that runs beside commits leaves the newest pages
 * behind, so the thread is sent until they are few.
 */
class WalCheckpointer {
  readonly #sqlite: Database.Database
  readonly #file: string
  #worker: Worker | null = null
  #isRunning = false
  #hasFailed = false
  #owesTruncation = false
  #commits = 0

  constructor(sqlite: Database.Database, file: string) {
    this.#sqlite = sqlite
    this.#file = file
    sqlite.pragma(`wal_autocheckpoint = ${BEHIND}`)
  }

  /** Call after each commit. Never throws: what was committed stays so, and the next commit tells of a broken disk. */
  committed(): void {
    if (++this.#commits % COMMITS_A_LOOK !== 0) return
    if (this.#owesTruncation) this.truncate()
    else if (this.#waiting() >= WAITING) this.#send()
  }

  /** Erasure: the database no longer holds the erased text, but its log may. Where it can't be emptied now, it is later. */
  truncate(): void {
    if (!this.#sqlite.open) return
    this.#owesTruncation = this.#isRunning || !this.#emptied()
  }

  /** Resolves once the thread has ended; null where there is none. */
  stop(): Promise<void> | null {
    const worker = this.#worker
    if (!worker) return null
    this.#worker = null
    this.#hasFailed = true
    const ended = once(worker, 'exit').then(() => undefined)
    // What it is copying is copied to its end: a thread can't be stopped within SQLite.
    void worker.terminate()
    return ended
  }

  #waiting(): number {
    const { log, checkpointed } = this.#checkpoint('NOOP')
    return log - checkpointed
  }

  #send(): void {
    if (this.#isRunning || this.#hasFailed) return
    this.#worker ??= this.#start()
    this.#isRunning = true
    this.#worker.postMessage('checkpoint')
  }

  #start(): Worker {
    const worker = new Worker(new URL('./wal-worker.ts', import.meta.url), { workerData: { file: this.#file } })
    worker.unref()
    worker.on('message', () => this.#done())
    // SQLite's own checkpoint takes over.
    worker.on('error', () => {
      this.#hasFailed = true
      this.#done()
    })
    return worker
  }

  #done(): void {
    this.#isRunning = false
    if (!this.#sqlite.open) return
    if (this.#owesTruncation) this.truncate()
    else if (this.#waiting() <= TAIL) this.#checkpoint('PASSIVE')
    else this.#send()
  }

  #emptied(): boolean {
    // Don't wait for a backup that is reading.
    this.#sqlite.pragma('busy_timeout = 0')
    const { busy } = this.#checkpoint('TRUNCATE')
    this.#sqlite.pragma(`busy_timeout = ${BUSY_MS}`)
    return busy === 0
  }

  #checkpoint(mode: 'NOOP' | 'PASSIVE' | 'TRUNCATE'): Wal {
    try {
      // The shape of the pragma's one row.
      return (this.#sqlite.pragma(`wal_checkpoint(${mode})`) as [Wal])[0]
    } catch {
      return { busy: 1, log: 0, checkpointed: 0 }
    }
  }
}
