// Rows of figures, and the journal of what was counted since they were last brought up to date (docs/figures.md).
// Log-structured merge: a commit adds one line to the journal, wherever its rows lie; hundreds of them are merged in one go.

import { and, asc, count, eq, gte, isNotNull, lt, lte, max, type SQL, sql } from 'drizzle-orm'
import { complaints, figureChanges, figures } from '../../../db/schema.ts'
import type { Complaint } from '../../complaint/complaint.ts'
import {
  addCounts,
  type Counts,
  isMerchantDue,
  PARTIES,
  type Standing,
  turnOf,
} from '../../complaint/figures/reckon.ts'
import { dayNumber } from '../../complaint/time.ts'
import type { Days } from '../contract/figures.ts'
import type { Db, Host } from '../host.ts'
import { all, direct, value } from '../storage/write-statements.ts'

// Write-behind: counts of an open complaint wait in its own row, which each step saves anyway, so that no row of figures is touched. With
// them is kept how its figures stand, which the next leaf is counted against.

/** Plain data, never changed; the same object where a leaf changed nothing. */
export interface Counted {
  readonly standing: Standing
  /** While a clock runs (`due`), all that was counted since one began to; empty otherwise. */
  readonly pending: Counts
}

/** Tuple of what the fold doesn't tell; instants in ms after `opened`. Short, since the row is written with most steps. */
type EncodedCounted = [
  opened: number,
  flags: number,
  since: number,
  pending: Counts,
  desk: string | null,
  review: number | null,
  ended: number | null,
]

const LISTED = 1
const FIRST = 2
const OVERDUE = 4
/** Above the three: 0 for no party, else one more than its place in `PARTIES`. */
const PARTY_UNIT = 8
const partyFlags = ({ party }: Standing): number => (party === null ? 0 : (PARTIES.indexOf(party) + 1) * PARTY_UNIT)
const partyIn = (flags: number) => PARTIES[Math.floor(flags / PARTY_UNIT) - 1] ?? null

/** `complaint`: the fold of the same leaves. */
export const encodeCounted = ({ standing, pending }: Counted, complaint: Pick<Complaint, 'desk'>): string => {
  const { opened, since, review, ended } = standing
  // A name in Chinese would double the bytes of the whole string, and the fold mostly has it.
  const desk = standing.desk === (complaint.desk ?? '') ? null : standing.desk
  const flags =
    (standing.listed ? LISTED : 0) |
    (standing.first ? FIRST : 0) |
    (standing.overdue ? OVERDUE : 0) |
    partyFlags(standing)
  const after = (at: number | null) => (at === null ? null : at - opened)
  const encoded: EncodedCounted = [opened, flags, since - opened, pending, desk, after(review), after(ended)]
  // Trailing parts that are absent are left out: most complaints have neither a review nor an end.
  let length = encoded.length
  while (length > 3 && isAbsent(encoded[length - 1])) length--
  return JSON.stringify(length === encoded.length ? encoded : encoded.slice(0, length))
}

const isAbsent = (part: unknown): boolean => {
  if (part === null) return true
  if (typeof part !== 'object') return false
  for (const _ in part) return false
  return true
}

const partsOf = (text: string): EncodedCounted => {
  const [opened, flags, since, pending = {}, desk = null, review = null, ended = null] = JSON.parse(text)
  return [opened, flags, since, pending, desk, review, ended]
}

export const decodeCounted = (text: string, { desk: own, state, holder }: Complaint): Counted => {
  const [opened, flags, since, pending, desk, review, ended] = partsOf(text)
  const standing: Standing = {
    opened,
    listed: (flags & LISTED) !== 0,
    state,
    ended: ended === null ? null : opened + ended,
    first: (flags & FIRST) !== 0,
    party: partyIn(flags),
    since: opened + since,
    merchantDue: isMerchantDue(holder),
    overdue: (flags & OVERDUE) !== 0,
    review: review === null ? null : opened + review,
    desk: desk ?? own ?? '',
  }
  return { standing, pending }
}

/** Without the fold: what sums need of it. */
export const pendingIn = (
  text: string,
): Pick<Counted, 'pending'> & Pick<Standing, 'opened' | 'listed' | 'party' | 'since'> => {
  const [opened, flags, since, pending] = partsOf(text)
  return { opened, listed: (flags & LISTED) !== 0, party: partyIn(flags), since: opened + since, pending }
}

// Rows, and their journal.

export interface FigureRow {
  scope: string
  listed: number
  day: number
  category: string
  counts: Counts
}
export type RowKey = Omit<FigureRow, 'counts'>

/** What a step adds to the row of a merchant, a desk or an officer. A merchant's is the platform's as well. */
export type FigureChange = FigureRow

/** Counts that a complaint's row has more of, or fewer: those that rows of figures have instead. And the turn under way, which none has. */
export interface PendingChange extends Omit<FigureRow, 'scope'> {
  /** The complaint. */
  id: number
  merchant: string
}

export const PLATFORM = 'p'
export const merchantScope = (m: string): string => `m:${m}`
export const deskScope = (desk: string): string => `d:${desk}`
/** By a keyed tag of the officer's name: figures outlive texts, and hold no person's name. */
export const officerScope = (tag: string): string => `o:${tag}`

/** Changes in the journal at which it is merged: some ten milliseconds of one commit in a hundred. */
const MERGED_AT = 1024

/** Adds changes, inside the caller's transaction. Answers what moved from the journal to the table with them. */
export const openFigureRows = (host: Host): ((changes: readonly FigureChange[]) => readonly FigureRow[]) => {
  const { db } = host
  const at = (name: keyof RowKey) => eq(figures[name], value(name))
  const newest = db
    .select({ n: max(figureChanges.n) })
    .from(figureChanges)
    .prepare()
  const note = direct(host, db.insert(figureChanges).values(all('n', 'changes')))
  const row = db
    .select({ counts: figures.counts })
    .from(figures)
    .where(and(at('scope'), at('listed'), at('day'), at('category')))
    .prepare()
  const save = direct(
    host,
    db
      .insert(figures)
      .values(all('scope', 'listed', 'day', 'category', 'counts'))
      .onConflictDoUpdate({
        target: [figures.scope, figures.listed, figures.day, figures.category],
        set: { counts: sql`excluded.counts` },
      }),
  )
  const merge = (): FigureRow[] => {
    // Neighbours in the table are neighbours here, so that each of its pages is written once.
    const rows = journalRows(db).sort(byKey)
    for (const { counts: added, ...key } of rows) {
      const kept = row.get(key)
      save({ ...key, counts: JSON.stringify(kept === undefined ? added : addCounts(JSON.parse(kept.counts), added)) })
    }
    db.delete(figureChanges).run()
    return rows
  }
  return changes => {
    const n = (newest.get()?.n ?? 0) + changes.length
    note({ n, changes: JSON.stringify(changes.map(encoded)) })
    return n < MERGED_AT ? [] : merge()
  }
}

type Encoded = [scope: string, listed: number, day: number, category: string, counts: Counts]
const encoded = ({ scope, listed, day, category, counts }: FigureChange): Encoded => [
  scope,
  listed,
  day,
  category,
  counts,
]

/** The order of the table's key. Tags and categories are ASCII, which both sides sort alike. */
export const byKey = (a: RowKey, b: RowKey): number =>
  order(a.scope, b.scope) || a.listed - b.listed || a.day - b.day || order(a.category, b.category)
const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** What was counted and isn't in the table yet, each row once. */
export const journalRows = (db: Db): FigureRow[] => summed(journal(db))

function* journal(db: Db): Generator<FigureRow> {
  const entries = db.select({ changes: figureChanges.changes }).from(figureChanges).orderBy(asc(figureChanges.n)).all()
  for (const { changes } of entries)
    for (const [scope, listed, day, category, counts] of JSON.parse(changes) as Encoded[]) {
      const row = { scope, listed, day, category, counts }
      yield row
      if (isMerchants(row)) yield { ...row, scope: PLATFORM, listed: 0 }
    }
}

const summed = (rows: Iterable<FigureRow>): FigureRow[] => {
  const sums = new Map<string, FigureRow>()
  for (const row of rows) {
    const key = `${row.scope} ${row.listed} ${row.day} ${row.category}`
    const known = sums.get(key)
    if (known) addCounts(known.counts, row.counts)
    else sums.set(key, { ...row, counts: { ...row.counts } })
  }
  return [...sums.values()]
}

export const isMerchants = ({ scope }: Pick<RowKey, 'scope'>): boolean => scope.startsWith('m:')

/** All are to be counted anew from the leaves, which the scheduler does. Answers nothing; inside the caller's transaction. */
export const forgetFigures = (db: Db): void => {
  db.delete(figures).run()
  db.delete(figureChanges).run()
  db.update(complaints).set({ standing: null }).run()
}

/** Rows of one scope on these days. */
export const rowsOf = (db: Db, scope: string, days: Days): FigureRow[] =>
  rowsWhere(db, days, eq(figures.scope, scope), row => row.scope === scope)

/** Of all desks (`d`) or of all officers (`o`). */
export const workRows = (db: Db, whose: 'd' | 'o', days: Days): FigureRow[] => {
  const [from, until] = [`${whose}:`, `${whose};`]
  return rowsWhere(db, days, and(gte(figures.scope, from), lt(figures.scope, until)), ({ scope }) =>
    scope.startsWith(from),
  )
}

/** Those of the table with what the journal adds, in the order of their key. */
const rowsWhere = (db: Db, { from, until }: Days, inTable: SQL | undefined, inJournal: (row: FigureRow) => boolean) => {
  const days = and(gte(figures.day, from), lte(figures.day, until))
  const kept = db.select().from(figures).where(and(inTable, days)).all().map(parsed)
  const added = journalRows(db).filter(row => row.day >= from && row.day <= until && inJournal(row))
  return added.length === 0 ? kept : summed([...kept, ...added]).sort(byKey)
}

/** Counts of complaints opened before `day`: only `open` and `overdue`, since the rest belongs to days outside the period. */
export const openBefore = (db: Db, scope: string, day: number): Counts => {
  const of = (name: string) => sql<number>`coalesce(sum(${figures.counts} ->> ${name}), 0)`
  const [row] = db
    .select({ open: of('open'), overdue: of('overdue') })
    .from(figures)
    .where(and(eq(figures.scope, scope), lt(figures.day, day)))
    .all()
  let { open, overdue } = row ?? { open: 0, overdue: 0 }
  for (const { counts } of journalRows(db).filter(each => each.scope === scope && each.day < day)) {
    open += counts.open ?? 0
    overdue += counts.overdue ?? 0
  }
  return { open, overdue }
}

/** A portion of all merchants' rows in the order of their key, after `last`; those of other days come empty. */
export const merchantRowsAfter = (db: Db, last: RowKey, limit: number, { from, until }: Days): FigureRow[] =>
  db
    .select()
    .from(figures)
    .where(
      sql`(${figures.scope}, ${figures.listed}, ${figures.day}, ${figures.category}) > (${last.scope}, ${last.listed}, ${last.day}, ${last.category}) and ${figures.scope} < 'm;'`,
    )
    .orderBy(figures.scope, figures.listed, figures.day, figures.category)
    .limit(limit)
    .all()
    // Parsing is most of the work, and most rows of a short period are of other days.
    .map(row => (row.day >= from && row.day <= until ? parsed(row) : { ...row, counts: {} }))

/** What complaints keep until they end: added to the rows it makes figures. */
const pendingOf = (db: Db, where: SQL | undefined): PendingChange[] =>
  db
    .select({
      id: complaints.id,
      merchant: complaints.merchant,
      category: sql<string>`${complaints.folded} ->> 'category'`,
      standing: complaints.standing,
    })
    .from(complaints)
    .where(and(isNotNull(complaints.due), where))
    .all()
    .flatMap(({ standing, ...of }) => {
      if (standing === null) return []
      const { opened, listed, pending, ...turn } = pendingIn(standing)
      return { ...of, day: dayNumber(opened), listed: Number(listed), counts: addCounts(pending, turnOf(turn)) }
    })

export const pendingOfMerchant = (db: Db, merchant: string): PendingChange[] =>
  pendingOf(db, eq(complaints.merchant, merchant))
/** From an index alone. */
export const openOfMerchant = (db: Db, merchant: string): number =>
  db
    .select({ n: count() })
    .from(complaints)
    .where(and(eq(complaints.merchant, merchant), isNotNull(complaints.due)))
    .get()?.n ?? 0

/** The ids as one parameter: a Durable Object binds no more than a hundred. */
export const pendingAmong = (db: Db, ids: readonly number[]): PendingChange[] =>
  pendingOf(db, sql`${complaints.id} in (select value from json_each(${JSON.stringify(ids)}))`)

/** Complaints with a clock that runs, from an index alone. */
export const clockedIds = (db: Db): number[] =>
  db
    .select({ id: complaints.id })
    .from(complaints)
    .where(isNotNull(complaints.due))
    .all()
    .map(({ id }) => id)

const parsed = ({ counts, ...place }: RowKey & { counts: string }): FigureRow => ({
  ...place,
  counts: JSON.parse(counts),
})
