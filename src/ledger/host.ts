import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core'
import type { AuthorKey, SignedClaim } from '../log/author-signature.ts'

// biome-ignore lint/suspicious/noExplicitAny: the run result differs between drivers and is never read.
export type Db = BaseSQLiteDatabase<'sync', any>

export type Bound = string | number | null | Uint8Array

/** What a ledger needs of its host: one SQLite database with one writer. */
export interface Host {
  db: Db
  /** Prepares a statement that answers nothing. drizzle writes it, but running it through drizzle would double its cost. */
  statement(sql: string): (values: Bound[]) => void
  /** Runs `work` in a transaction; an exception rolls it back. */
  transaction<T>(work: () => T): T
  /** False once SQLite ended the transaction by itself, as after SQLITE_FULL. */
  inTransaction(): boolean
  /**
   * Output gate: resolves once all that is committed now is kept where this machine's end does not reach it, and rejects for good
   * once it can't be. Absent where the commit itself is enough.
   */
  durable?(): Promise<void>
  /** Calls `work` soon, so that commands which arrive together share a transaction; at once where the host coalesces. */
  soon(work: () => void): void
  /** The last published checkpoint, kept outside the database: a restored backup is noticed by it. */
  checkpointFile: { read(): string | null; write(note: string): void | Promise<void> }
  /** Whether a key made this signature of an author; absent where WebCrypto's own (`isSignedBy`) is as quick. */
  isSigned?(key: AuthorKey, claim: SignedClaim, sig: string): boolean
  /** Something was erased: as far as it can at once, the host gets rid of copies in its journal. Never throws. */
  afterErasure(): void
  /** Bytes that the database takes, and that are free for it; null where the host does not know. Cheap: asked at each scrape. */
  storage(): { bytes: number; free: number | null }
  /** How many folded complaints may be kept in memory, at some 1.3 KB each. */
  complaintsInMemory: number
  /** A promise where a thread must end first. */
  close(): void | Promise<void>
}
