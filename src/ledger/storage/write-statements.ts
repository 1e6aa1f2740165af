import { and, eq, isNull, type Placeholder, type Query, sql } from 'drizzle-orm'
import {
  alerts,
  closedCounts,
  complaints,
  disclosures,
  idempotency,
  leaves,
  openCounts,
  outbox,
  teamAssignees,
  tiles,
} from '../../../db/schema.ts'
import type { Bound, Host } from '../host.ts'

// Placeholders of prepared drizzle queries.
export const value = sql.placeholder
export const all = <T extends string>(...names: T[]) => {
  const placeholders: Partial<Record<T, Placeholder>> = {}
  for (const name of names) placeholders[name] = sql.placeholder(name)
  return placeholders as Record<T, Placeholder>
}

/** drizzle types `set` without placeholders, though it prepares them. */
export const placeholders = <Row>(...names: (keyof Row & string)[]) => all(...names) as unknown as Partial<Row>

/** A query of drizzle's, prepared or not; anything else is what it is. */
type Prepared<Q> = Q extends { prepare(): infer P } ? P : Q

/**
 * Lazy preparation: each query is prepared when it is first used, and once. Writing the SQL of all of them is most of the work of opening
 * a ledger, and a shard that wakes for one request needs a dozen of a hundred.
 */
export const prepared = <T extends object>(queries: T): { readonly [K in keyof T]: Prepared<T[K]> } => {
  const made = {}
  for (const [name, query] of Object.entries(queries)) {
    const prepare = () => {
      const value = typeof query.prepare === 'function' ? query.prepare() : query
      Object.defineProperty(made, name, { value })
      return value
    }
    Object.defineProperty(made, name, { get: prepare, configurable: true, enumerable: true })
  }
  // Cast: each property is what `Prepared` says of its query.
  return made as { readonly [K in keyof T]: Prepared<T[K]> }
}

/** The statements that every step runs. */
export const openWrites = (host: Host) => {
  const { db } = host
  const saves = new Map<string, ReturnType<typeof direct>>()
  return {
    addLeaf: direct(host, db.insert(leaves).values(all('idx', 'bytes'))),
    addDisclosures: direct(host, db.insert(disclosures).values(all('idx', 'texts'))),
    addTile: direct(host, db.insert(tiles).values(all('level', 'n', 'bytes'))),
    addComplaint: direct(host, db.insert(complaints).values(all(...COLUMNS))),
    /**
     * Of the complaint of this first leaf, the columns that the row has, and no other: SQLite writes each index of a column that is
     * set, whether or not its value is another. A statement for each set of columns, made when first needed.
     */
    saveComplaint: (row: Changes): void => {
      let key = ''
      for (const column in row) key += `${column},`
      const known = saves.get(key)
      const save = known ?? saveOf(host, row)
      if (!known) saves.set(key, save)
      save(row)
    },
    countClosed: direct(
      host,
      db
        .insert(closedCounts)
        .values(all('merchant', 'status', 'category', 'n'))
        .onConflictDoUpdate({
          target: [closedCounts.merchant, closedCounts.status, closedCounts.category],
          set: { n: sql`n + excluded.n` },
        }),
    ),
    countOpen: direct(
      host,
      db
        .insert(openCounts)
        .values(all('holder', 'n'))
        .onConflictDoUpdate({ target: openCounts.holder, set: { n: sql`n + excluded.n` } }),
    ),
    addAlert: direct(host, db.insert(alerts).values(all('complaint', 'seq', 'kind', 'at'))),
    /** By the steps that were what an alert asked for. */
    settleAlerts: direct(
      host,
      db
        .update(alerts)
        .set(placeholders<typeof alerts.$inferInsert>('settledBy', 'settledAt'))
        .where(and(eq(alerts.complaint, value('complaint')), eq(alerts.kind, value('kind')), isNull(alerts.settledAt))),
    ),
    /** Who answers for a complaint at the desk, by name: in the log there is a tag alone. */
    assignDesk: direct(
      host,
      db
        .insert(teamAssignees)
        .values(all('complaint', 'team', 'person'))
        .onConflictDoUpdate({
          target: [teamAssignees.complaint, teamAssignees.team],
          set: { person: sql`excluded.person` },
          // As a rule it is the same officer, and the write would move the complaint's row too.
          setWhere: sql`person <> excluded.person`,
        }),
    ),
    releaseDesk: direct(
      host,
      db
        .delete(teamAssignees)
        .where(and(eq(teamAssignees.complaint, value('complaint')), eq(teamAssignees.team, value('team')))),
    ),
    addOnce: direct(host, db.insert(idempotency).values(all('day', 'key', 'body', 'complaint', 'seq'))),
    addMessages: byCount(rows =>
      direct(
        host,
        db.insert(outbox).values(
          rows.map(i => ({
            ...all('complaint', 'seq', 'stay', 'createdAt'),
            attempts: sql`0`,
            party: value(`party${i}`),
            recipient: value(`recipient${i}`),
            template: value(`template${i}`),
            nextAt: value(`nextAt${i}`),
          })),
        ),
      ),
    ),
  }
}
export type Writes = ReturnType<typeof openWrites>

type Changes = { readonly [Column in keyof typeof complaints.$inferInsert]?: Bound } & { first: number }
const MOVED = ['status', 'holder', 'desk', 'offered', 'due', 'stuck', 'side', 'closedAt', 'eraseAt'] as const
const COLUMNS = [
  ...(['first', 'id', 'tag', 'category', 'opened', ...MOVED] as const),
  ...(['merchant', 'item', 'phone', 'policy', 'head', 'chain', 'folded', 'standing'] as const),
]

const saveOf = (host: Host, { first: _, ...row }: Changes) =>
  direct(
    host,
    host.db
      .update(complaints)
      .set(placeholders<typeof complaints.$inferInsert>(...(Object.keys(row) as (keyof typeof row)[])))
      .where(eq(complaints.first, value('first'))),
  )

/** A query that drizzle wrote, run by the host itself. */
export const direct = (host: Host, query: { toSQL(): Query }) => {
  const { sql: text, params } = query.toSQL()
  const values = params.map(bound)
  const run = host.statement(text)
  return (row: Readonly<Record<string, Bound>>): void => run(values.map(of => of(row)))
}

/** What a parameter is bound to: a column's default is the same in every row. */
const bound = (param: unknown): ((row: Readonly<Record<string, Bound>>) => Bound) => {
  if (typeof param === 'string' || typeof param === 'number') return () => param
  const name = placeholderName(param)
  return row => row[name] ?? null
}

/** Where a column encodes its values, the placeholder stands within a parameter. */
const placeholderName = (param: unknown): string => {
  if (typeof param === 'object' && param !== null) {
    if ('name' in param && typeof param.name === 'string') return param.name
    if ('value' in param) return placeholderName(param.value)
  }
  throw new TypeError('not a placeholder')
}

/** One statement for each number of rows, made when first needed. */
const byCount = <S>(make: (rows: number[]) => S) => {
  const made: S[] = []
  return (count: number): S => {
    made[count] ??= make(Array.from({ length: count }, (_, i) => i))
    return made[count]
  }
}
