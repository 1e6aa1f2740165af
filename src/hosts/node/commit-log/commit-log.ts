// The commit log: one append-only table in PostgreSQL for the rows, one for the lease of each house, one for snapshots.
// PostgreSQL replicates, fences and keeps; it knows nothing of complaints.

import { createHash } from 'node:crypto'
import postgres from 'postgres'

/** Lease: how long a leader that does not renew it keeps it. PostgreSQL's clock decides. */
const LEASE_MS = 5_000
/** A snapshot is stored in parts: bytea ends at 1 GB, and a part is held in memory. */
const PART_BYTES = 8 * 1024 * 1024
const READ_AT_ONCE = 64
const RECONNECT_S = 0.5

/** The commit log holds what no honest one can: rows are missing, altered or of another writer. Nothing goes on. */
export class CommitLogBroken extends Error {}

/** PostgreSQL does not answer, or not as it should. */
export class Unreachable extends Error {}

/** Another process leads, or may: what is not yet in the log is not true. */
export class LeaseLost extends Error {}

/** A place in the log: how many rows came before, and the hash of the last of them. */
export interface Position {
  n: number
  hash: Uint8Array
}
export interface Row extends Position {
  /** The migration of the database that it was written by. */
  schema: string
  changes: Uint8Array
}
export interface Snapshot extends Position {
  schema: string
}
/** What a renewal tells: whether the lease is still held, and whether a second machine confirms each row. */
export interface Renewal {
  held: boolean
  synchronous: boolean
}

/** One connection set to the log of one house, for one turn at leading or following. */
export class CommitLog {
  /** Also the time after which a row that is not known to be kept counts as lost, and so does any other answer. */
  readonly leaseMs: number
  readonly #house: string
  readonly #holder: string
  /** Appends and takes the lease: waits for the standby. */
  readonly #sql: postgres.Sql
  /** Renews the lease, which a fail-over may forget, and reads. */
  readonly #side: postgres.Sql
  #warning: string | null = null

  /**
   * @param url One or several hosts as in libpq: `postgres://user:password@one,two/db?target_session_attrs=read-write`.
   * @param house Whose log it is: several houses may share a database.
   * @param holder This process, unlike any other.
   */
  constructor(url: string, house: string, holder: string, leaseMs = LEASE_MS) {
    this.leaseMs = leaseMs
    this.#house = house
    this.#holder = holder
    const options = { fetch_types: false, connect_timeout: 5, max_lifetime: null, backoff: () => RECONNECT_S }
    const connection = { application_name: 'tousu', synchronous_commit: 'on' }
    // Trap: an insert whose wait for the standby was cancelled is answered as done, with a warning.
    const onnotice = (notice: postgres.Notice) => {
      if (notice.severity_local === 'WARNING' || notice.severity === 'WARNING') this.#warning = notice.code ?? 'WARNING'
    }
    this.#sql = postgres(url, { ...options, max: 1, connection, onnotice })
    const local = { ...connection, synchronous_commit: 'local' }
    this.#side = postgres(url, { ...options, max: 2, connection: local, onnotice: () => undefined })
  }

  /** Makes the tables where they are missing. Two processes may do so at once. */
  async open(): Promise<void> {
    await this.#within(
      this.#sql.begin(async sql => {
        await sql`select pg_advisory_xact_lock(hashtext('tousu_commit_log'))`
        await sql`create table if not exists tousu_lease (
          house text primary key, epoch bigint not null, holder text not null, peer text not null, until timestamptz not null)`
        await sql`create table if not exists tousu_commits (
          house text not null, n bigint not null, epoch bigint not null, schema text not null,
          prev bytea not null, changes bytea not null, primary key (house, n))`
        await sql`create table if not exists tousu_snapshots (
          house text not null, n bigint not null, part int not null, parts int not null, schema text not null,
          hash bytea not null, bytes bytea not null, primary key (house, n, part))`
        await sql`insert into tousu_lease values (${this.#house}, 0, '', '', '-infinity') on conflict do nothing`
      }),
    )
  }

  /** The epoch of a lease that is now this process's; null while another holds it. Its earlier one ends. */
  async acquire(peer: string): Promise<number | null> {
    const [taken] = await this.#within(this.#sql`
      update tousu_lease set epoch = epoch + 1, holder = ${this.#holder}, peer = ${peer},
        until = clock_timestamp() + ${this.leaseMs} * interval '1 millisecond'
      where house = ${this.#house} and (until < clock_timestamp() or holder = ${this.#holder})
      returning epoch`)
    this.#refuseWarning()
    return taken === undefined ? null : Number(taken.epoch)
  }

  async renew(epoch: number): Promise<Renewal> {
    const [renewed] = await this.#within(this.#side`
      update tousu_lease set until = clock_timestamp() + ${this.leaseMs} * interval '1 millisecond'
      where house = ${this.#house} and epoch = ${epoch}
      returning current_setting('synchronous_standby_names') <> '' as synchronous`)
    return { held: renewed !== undefined, synchronous: renewed?.synchronous === true }
  }

  /** So that another process need not wait for the lease to end. The epoch ends too: a renewal under way must not bring it back. */
  async release(epoch: number): Promise<void> {
    await this.#within(
      this
        .#side`update tousu_lease set until = '-infinity', epoch = epoch + 1 where house = ${this.#house} and epoch = ${epoch}`,
    )
  }

  /** Who holds the lease of which of these houses. */
  async leads(houses: readonly string[]): Promise<{ house: string; holder: string }[]> {
    const rows = await this.#within(this.#side`
      select house, holder from tousu_lease where house in ${this.#side([...houses])} and until > clock_timestamp()`)
    return rows.map(({ house, holder }) => ({ house: String(house), holder: String(holder) }))
  }

  /** The address of the other process that leads, '' where it has none; null while none does. */
  async leader(): Promise<string | null> {
    const [lease] = await this.#within(this.#side`
      select peer from tousu_lease where house = ${this.#house} and until > clock_timestamp() and holder <> ${this.#holder}`)
    return lease === undefined ? null : String(lease.peer)
  }

  /**
   * Fencing: inserts a row if the lease is this epoch's and the row before it is there. Answers the new position; null where
   * it is not. Rejects where it is not known, which is no better.
   */
  async append(epoch: number, at: Position, schema: string, changes: Uint8Array): Promise<Position | null> {
    const n = at.n + 1
    // FOR SHARE: who takes the lease meanwhile waits for this row, and sees it.
    const kept = await this.#within(this.#sql`
      insert into tousu_commits (house, n, epoch, schema, prev, changes)
      select ${this.#house}, ${n}::bigint, ${epoch}::bigint, ${schema}, ${at.hash}::bytea, ${changes}::bytea
      from tousu_lease where house = ${this.#house} and epoch = ${epoch}
        and (exists (select 1 from tousu_commits where house = ${this.#house} and n = ${at.n})
          or exists (select 1 from tousu_snapshots where house = ${this.#house} and n = ${at.n}))
      for share of tousu_lease
      returning n`)
    this.#refuseWarning()
    return kept.length === 0 ? null : { n, hash: hashOf(at.hash, n, schema, changes) }
  }

  /** Some rows behind this position, in order, each held against the one before; the first may be further on. Throws CommitLogBroken. */
  async rowsAfter(at: Position): Promise<Row[]> {
    const rows = await this.#within(this.#side`
      select n, schema, prev, changes from tousu_commits where house = ${this.#house} and n > ${at.n}
      order by n limit ${READ_AT_ONCE}`)
    let last = Number(rows[0]?.n) === at.n + 1 ? at : null
    return rows.map(({ n: number, schema, prev, changes }) => {
      const n = Number(number)
      if (last !== null && n !== last.n + 1) throw new CommitLogBroken(`rows ${last.n + 1} to ${n - 1} are missing`)
      if (last !== null && !Buffer.from(last.hash).equals(prev))
        throw new CommitLogBroken(`row ${n} does not follow the row before it`)
      const row = { n, hash: hashOf(prev, n, schema, changes), schema, changes }
      last = row
      return row
    })
  }

  /** The newest row; null where there is none. */
  async lastRow(): Promise<number | null> {
    const [last] = await this.#within(this.#side`select max(n) as n from tousu_commits where house = ${this.#house}`)
    return last?.n == null ? null : Number(last.n)
  }

  /** Whether the log leads through this position. */
  async holds({ n, hash }: Position): Promise<boolean> {
    const [row] = await this.#within(this.#side`
      select prev, schema, changes from tousu_commits where house = ${this.#house} and n = ${n}`)
    if (row !== undefined) return Buffer.from(hash).equals(hashOf(row.prev, n, row.schema, row.changes))
    const snapshot = await this.snapshot()
    return snapshot?.n === n && Buffer.from(hash).equals(snapshot.hash)
  }

  async snapshot(): Promise<Snapshot | null> {
    const [row] = await this.#within(this.#side`
      select n, hash, schema from tousu_snapshots where house = ${this.#house} order by n desc, part limit 1`)
    return row === undefined ? null : { n: Number(row.n), hash: row.hash, schema: row.schema }
  }

  /** The database at a snapshot. Throws CommitLogBroken where parts of it are missing. */
  async *partsOf({ n }: Snapshot): AsyncGenerator<Uint8Array> {
    for (let part = 0, parts = 1; part < parts; part++) {
      const [row] = await this.#within(this.#side`
        select parts, bytes from tousu_snapshots where house = ${this.#house} and n = ${n} and part = ${part}`)
      if (row === undefined) throw new CommitLogBroken(`part ${part} of snapshot ${n} is missing`)
      parts = row.parts
      yield row.bytes
    }
  }

  /** Stores a snapshot, and drops the rows and snapshots that it makes needless, all or none. Throws LeaseLost. */
  async saveSnapshot(epoch: number, { n, hash, schema }: Snapshot, database: Uint8Array): Promise<void> {
    const parts = Math.ceil(database.length / PART_BYTES)
    const save = this.#side.begin(async sql => {
      await sql`set local synchronous_commit = on`
      await sql`delete from tousu_snapshots where house = ${this.#house} and n <= ${n}`
      for (let part = 0; part < parts; part++) {
        const bytes = database.subarray(part * PART_BYTES, (part + 1) * PART_BYTES)
        await sql`insert into tousu_snapshots (house, n, part, parts, schema, hash, bytes)
          values (${this.#house}, ${n}, ${part}, ${parts}, ${schema}, ${hash}, ${bytes})`
      }
      await sql`delete from tousu_commits where house = ${this.#house} and n <= ${n}`
      // Last, since it may take long: who takes the lease meanwhile may have stored a newer one.
      const held = await sql`
        select 1 from tousu_lease where house = ${this.#house} and epoch = ${epoch} for share`
      if (held.length === 0) throw new LeaseLost('the lease ended while a snapshot was stored')
    })
    // No time limit: it may be large, and the lease has its own.
    await save.catch(error => {
      throw error instanceof LeaseLost ? error : unreachable(error)
    })
  }

  /** Ends the connections; a query that is under way rejects. */
  async end(): Promise<void> {
    await Promise.all([this.#sql.end({ timeout: 0 }), this.#side.end({ timeout: 0 })])
  }

  /** Timeout of our own: `statement_timeout` does not end the wait for a standby, and a cut network answers nothing. Throws Unreachable. */
  async #within<T>(query: PromiseLike<T>): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Unreachable('no answer in time')), this.leaseMs)
    })
    try {
      return await Promise.race([query, late])
    } catch (error) {
      throw error instanceof Unreachable ? error : unreachable(error)
    } finally {
      clearTimeout(timer)
    }
  }

  #refuseWarning(): void {
    if (this.#warning !== null)
      throw new Unreachable(`${this.#warning}: PostgreSQL warned that a row may have no second copy`)
  }
}

/** Where a log begins: its first snapshot is at row 0. */
export const beginning = (house: string): Position => ({ n: 0, hash: createHash('sha256').update(house).digest() })

const hashOf = (prev: Uint8Array, n: number, schema: string, changes: Uint8Array): Uint8Array =>
  createHash('sha256').update(prev).update(`\n${n}\n${schema}\n`).update(changes).digest()

/** By SQLSTATE or the driver's word alone: a message may quote values. */
const unreachable = (cause: unknown): Unreachable => {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'failed'
  const wrong = WRONG[code] ?? (code.startsWith('42') ? 'the tables have another shape, or may not be made' : undefined)
  return new Unreachable(wrong === undefined ? code : `${code}: ${wrong}`, { cause })
}
const WRONG: Readonly<Record<string, string>> = {
  '25006': 'PostgreSQL is read-only',
  '28P01': 'the password is wrong',
  '3D000': 'there is no such database',
  '57P03': 'PostgreSQL is starting or stopping',
}
