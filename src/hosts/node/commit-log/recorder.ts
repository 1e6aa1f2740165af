// Statement-based replication: what a ledger writes, as prepared statements with their bound values, and their replay.
// Decisions use clock and random numbers outside SQL alone, so the same statements on the same rows make the same rows.

import { deserialize, serialize } from 'node:v8'
import Database from 'better-sqlite3'

type Value = string | number | bigint | null | Uint8Array

/** A statement's text and what it was bound to. */
export type Ran = readonly [text: string, values: readonly Value[]]
/** A committed transaction. `changes` counts rows that were inserted, updated or deleted, also by triggers. */
export interface Commit {
  changes: number
  statements: readonly Ran[]
}

/** The replay changed another number of rows than the original did: the two databases are not the same. */
export class Diverged extends Error {}

/** Watches every writing statement of a database, also those that drizzle prepares. Make it before any is prepared. */
export class StatementRecorder {
  readonly #sqlite: Database.Database
  readonly #totalChanges: Database.Statement
  #committed: ((commit: Commit) => void) | null = null
  #ran: Ran[] = []
  #changesBefore = 0

  constructor(sqlite: Database.Database) {
    this.#sqlite = sqlite
    const prepare = sqlite.prepare.bind(sqlite)
    this.#totalChanges = prepare('select total_changes()').pluck()
    // Cast: the wrapper takes and answers what the original does.
    sqlite.prepare = ((text: string) => this.#watch(text, prepare(text))) as typeof sqlite.prepare
  }

  /** From now on `committed` is told of each transaction, within the call that commits it. */
  start(committed: (commit: Commit) => void): void {
    this.#committed = committed
    this.#changesBefore = this.#changes()
  }

  /** What is written from now on is this database's alone. */
  stop(): void {
    this.#committed = null
  }

  /** Runs a transaction by `run`. One within another is part of it. */
  transaction<T>(run: () => T): T {
    const mark = this.#ran.length
    try {
      const result = run()
      if (!this.#sqlite.inTransaction) this.#commit()
      return result
    } catch (error) {
      this.#ran.length = mark
      if (!this.#sqlite.inTransaction) this.#changesBefore = this.#changes()
      throw error
    }
  }

  #watch(text: string, statement: Database.Statement): Database.Statement {
    if (statement.readonly) return statement
    for (const method of ['run', 'get', 'all'] as const) {
      const original = statement[method].bind(statement)
      const watched = (...values: unknown[]) => {
        const answer = original(...values)
        this.#note(text, values)
        return answer
      }
      // Not an assignment: TypeScript knows no type that all three share.
      Object.defineProperty(statement, method, { value: watched })
    }
    return statement
  }

  #note(text: string, values: unknown[]): void {
    if (this.#committed === null) return
    this.#ran.push([text, (Array.isArray(values[0]) ? values[0] : values).map(copied)])
    // Autocommit: a statement outside of a transaction is one.
    if (!this.#sqlite.inTransaction) this.#commit()
  }

  #commit(): void {
    if (this.#ran.length === 0) return
    const changes = this.#changes()
    const commit = { changes: changes - this.#changesBefore, statements: this.#ran }
    this.#changesBefore = changes
    this.#ran = []
    this.#committed?.(commit)
  }

  #changes(): number {
    return Number(this.#totalChanges.get())
  }
}

/** By copy: the caller may use its buffer again. */
const copied = (value: unknown): Value => {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint')
    return value
  if (value instanceof Uint8Array) return new Uint8Array(value)
  throw new TypeError('a statement was bound to what no row can hold')
}

/** Each text once, and each statement as the number of its text. */
interface Encoded {
  texts: string[]
  commits: [changes: number, statements: [text: number, values: readonly Value[]][]][]
}

/** V8's serialization, which newer versions of Node read. */
export const encodeCommits = (commits: readonly Commit[]): Uint8Array => {
  const numbers = new Map<string, number>()
  const numbered = (text: string): number => {
    const number = numbers.get(text) ?? numbers.size
    numbers.set(text, number)
    return number
  }
  const encoded = commits.map(({ changes, statements }) => [
    changes,
    statements.map(([text, values]) => [numbered(text), values]),
  ])
  return serialize({ texts: [...numbers.keys()], commits: encoded })
}

const decodeCommits = (bytes: Uint8Array): Commit[] => {
  // What `encodeCommits` wrote: the row's hash was checked.
  const { texts, commits }: Encoded = deserialize(bytes)
  return commits.map(([changes, statements]) => ({
    changes,
    statements: statements.map(([text, values]) => [texts[text] ?? '', values]),
  }))
}

const MOST_PREPARED = 500

/** Not a full disk and the like: this copy is another database than the one that took it. */
const isOfRows = (error: unknown): boolean =>
  error instanceof Database.SqliteError && /^SQLITE_(ERROR|CONSTRAINT)/.test(error.code)

/** Applies encoded commits to a database. Call inside a transaction. */
export class Replayer {
  readonly #sqlite: Database.Database
  readonly #prepared = new Map<string, Database.Statement>()
  readonly #totalChanges: Database.Statement

  constructor(sqlite: Database.Database) {
    this.#sqlite = sqlite
    this.#totalChanges = sqlite.prepare('select total_changes()').pluck()
  }

  /** Throws Diverged. */
  apply(bytes: Uint8Array): void {
    for (const { changes, statements } of decodeCommits(bytes)) {
      const before = Number(this.#totalChanges.get())
      for (const [text, values] of statements) {
        const statement = this.#statement(text)
        try {
          // `all`: of a statement with RETURNING, `run` is refused, and `get` need not run to its end.
          if (statement.reader) statement.all(...values)
          else statement.run(...values)
        } catch (error) {
          throw isOfRows(error) ? new Diverged('a replay was refused by the rows', { cause: error }) : error
        }
      }
      const changed = Number(this.#totalChanges.get()) - before
      if (changed !== changes) throw new Diverged(`a replay changed ${changed} rows in place of ${changes}`)
    }
  }

  #statement(text: string): Database.Statement {
    const known = this.#prepared.get(text)
    if (known) return known
    // A few statements are built anew for each call.
    if (this.#prepared.size >= MOST_PREPARED) this.#prepared.clear()
    const prepared = this.#sqlite.prepare(text)
    this.#prepared.set(text, prepared)
    return prepared
  }
}
