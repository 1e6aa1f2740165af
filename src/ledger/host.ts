import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core'

// biome-ignore lint/suspicious/noExplicitAny: the run result differs between drivers and is never read.
export type Db = BaseSQLiteDatabase<'sync', any>

/** What a ledger needs of its host: one SQLite database with one writer. */
export interface Host {
  db: Db
  /** Runs `work` in a transaction, or in a savepoint when called inside one; an exception rolls back its own part. */
  transaction<T>(work: () => T): T
  /** False once SQLite ended the transaction by itself, as after SQLITE_FULL. */
  inTransaction(): boolean
  /** Calls `work` soon, so that commands which arrive together share a transaction; at once where the host coalesces. */
  soon(work: () => void): void
  /** The last published checkpoint, kept outside the database: a restored backup is noticed by it. */
  note: { read(): string | null; write(note: string): void | Promise<void> }
  close(): void
}
