import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import type { Host } from '../../ledger/host.ts'

const MIGRATIONS = fileURLToPath(new URL('../../../db/migrations', import.meta.url))

const BUSY_MS = 5_000

/** Another process owns the ledger of this folder. */
export class LedgerInUse extends Error {}

/** One process owns a ledger: it holds a lock beside it, since one on the ledger itself would shut out backups. */
const lock = (folder: string): Database.Database => {
  const held = new Database(join(folder, 'lock.db'), { timeout: 0 })
  try {
    held.exec('BEGIN EXCLUSIVE')
  } catch {
    held.close()
    throw new LedgerInUse('another process serves the ledger in this folder')
  }
  return held
}

const open = (file: string): Database.Database => {
  const sqlite = new Database(file, { timeout: BUSY_MS })
  sqlite.pragma('journal_mode = WAL')
  // better-sqlite3 opens WAL at NORMAL, which may lose acknowledged commits with the power.
  sqlite.pragma('synchronous = FULL')
  sqlite.pragma('secure_delete = ON')
  // Else INSERT OR REPLACE would delete a leaf without waking the trigger that forbids it.
  sqlite.pragma('recursive_triggers = ON')
  sqlite.pragma('wal_autocheckpoint = 16000')
  sqlite.pragma('cache_size = -65536')
  return sqlite
}

/** The database has the erased text no more, but its journal may keep it until the next restart. */
const emptyJournal = (sqlite: Database.Database): void => {
  if (!sqlite.open) return
  try {
    // A backup that reads just now is not waited for; the next checkpoint does it.
    sqlite.pragma('busy_timeout = 0')
    sqlite.pragma('wal_checkpoint(TRUNCATE)')
  } catch {
    // As when it is busy.
  } finally {
    sqlite.pragma(`busy_timeout = ${BUSY_MS}`)
  }
}

const noteFile = (folder: string): Host['checkpointFile'] => {
  const file = join(folder, 'last-checkpoint')
  return {
    read: () => (existsSync(file) ? readFileSync(file, 'utf8') : null),
    write: note => {
      writeDurably(`${file}.new`, note)
      renameSync(`${file}.new`, file)
    },
  }
}

/** On disk before it takes the old one's name: a power cut must not leave an empty note. */
const writeDurably = (file: string, text: string): void => {
  const opened = openSync(file, 'w')
  try {
    writeSync(opened, text)
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}

/** Opens or creates the ledger in this folder and brings its schema up to date. Throws LedgerInUse. */
export const openNodeHost = (folder: string): Host & { sqlite: Database.Database } => {
  mkdirSync(folder, { recursive: true })
  const held = lock(folder)
  const sqlite = open(join(folder, 'ledger.db'))
  const db = drizzle(sqlite)
  migrate(db, { migrationsFolder: MIGRATIONS })
  const run = sqlite.transaction((work: () => unknown) => work())
  return {
    db,
    sqlite,
    statement: text => {
      const prepared = sqlite.prepare(text)
      return values => void prepared.run(values)
    },
    // better-sqlite3 types its transactions by argument; the result is what `work` returns.
    transaction: <T>(work: () => T) => run.immediate(work) as T,
    inTransaction: () => sqlite.inTransaction,
    soon: work => void setImmediate(work),
    checkpointFile: noteFile(folder),
    afterErasure: () => emptyJournal(sqlite),
    complaintsInMemory: 64_000,
    close: () => {
      sqlite.close()
      held.close()
    },
  }
}
