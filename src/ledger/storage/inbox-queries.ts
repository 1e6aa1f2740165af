// Lists of complaints and their counts: each is read in the order of an index, or from the few rows of a keyed tag.

import { and, asc, count, desc, eq, gt, gte, inArray, isNotNull, isNull, lt, lte, type SQL, sql } from 'drizzle-orm'
import { complaints, teamAssignees } from '../../../db/schema.ts'
import { HOUR } from '../../complaint/time.ts'
import { HOLDERS } from '../../complaint/words.ts'
import type { InboxQuery, Load, Loads, SearchQuery, Tally } from '../contract/ledger.ts'
import { DESK_TEAM } from '../contract/team.ts'
import type { Db } from '../host.ts'

const { id, tag, merchant, item, policy, head, chain, folded, standing } = complaints
/** What a complaint is read back from; the other columns are there to be searched by. */
export const KEPT = { id, tag, merchant, item, policy, head, chain, folded, standing }

/** As the index spells it that serves these filters: one of all merchants, one of each. */
const holderIn = ({ merchant }: { merchant?: string | undefined }): SQL =>
  merchant === undefined ? sql`${complaints.folded} ->> '$.holder'` : sql`${complaints.folded} ->> 'holder'`
/** Index of the newest leaf, six bytes, as `complaints_updated` has it. */
const newestLeaf = sql`substr(${complaints.chain}, -6)`
const isOpen = isNotNull(complaints.due)
const isClosed = isNotNull(complaints.closedAt)

/** Where a list by newest steps begins: after this leaf, packed as in a chain. */
type Since = { afterLeaf?: Uint8Array | undefined }
type Filters = Omit<InboxQuery, 'limit' | 'after' | 'updatedSince' | 'afterLeaf'> & Since

/** Rows of the inbox. Built for each call: the filters vary, and no transaction waits for them. */
export const inboxRows = (db: Db, query: Filters & Pick<InboxQuery, 'limit' | 'after'>) => {
  const holders = query.holders ?? (query.merchant === undefined ? undefined : HOLDERS)
  if (holders === undefined || query.afterLeaf || isOfClosed(query)) return listed(db, query)
  // The lists of the holders are merged: each is in the order of an index, all of them together are not.
  return holders
    .flatMap(each => listed(db, { ...query, holders: [each] }))
    .sort((a, b) => (a.due ?? 0) - (b.due ?? 0) || a.id - b.id)
    .slice(0, query.limit)
}

const listed = (db: Db, query: Filters & Pick<InboxQuery, 'limit' | 'after'>) => {
  const { limit, after } = query
  const closed = isOfClosed(query)
  const key = closed ? complaints.closedAt : complaints.due
  const order = query.afterLeaf
    ? [asc(newestLeaf)]
    : closed
      ? [desc(key), desc(complaints.id)]
      : [asc(key), asc(complaints.id)]
  return db
    .select({ ...KEPT, due: complaints.due })
    .from(complaints)
    .where(and(...filtersOf(query), after && (closed ? before(key, after) : beyond(key, after))))
    .orderBy(...order)
    .limit(limit)
    .all()
}

/** How many rows the inbox has in all. */
export const inboxCount = (db: Db, query: Filters): number =>
  db
    .select({ n: count() })
    .from(complaints)
    .where(and(...filtersOf(query)))
    .get()?.n ?? 0

const isOfClosed = ({ state, closed }: Filters): boolean =>
  closed === true || state?.startsWith('closed_') === true || state === 'refused'

const filtersOf = (query: Filters): (SQL | undefined)[] => {
  const { merchant, state, afterLeaf } = query
  return [
    afterLeaf ? gt(newestLeaf, afterLeaf) : isOfClosed(query) ? isClosed : isOpen,
    merchant === undefined ? undefined : eq(complaints.merchant, merchant),
    state === undefined ? undefined : eq(complaints.status, state),
    ...foldedFilters(query),
    byDue(query),
    byAssignee(query),
  ]
}
/** What no column tells is asked of the fold, row by row in the order of the index, until the list is full. */
const foldedFilters = ({ merchant, holders, category, desk, openedBefore }: Filters): (SQL | undefined)[] => [
  holders && inArray(holderIn({ merchant }), [...holders]),
  category === undefined ? undefined : sql`${complaints.folded} ->> 'category' = ${category}`,
  desk === undefined ? undefined : sql`${complaints.folded} ->> 'desk' = ${encodeURIComponent(desk.toWellFormed())}`,
  openedBefore === undefined ? undefined : sql`${complaints.folded} ->> 'openedAt' <= ${openedBefore}`,
]
const byDue = ({ overdue, now }: Pick<InboxQuery, 'overdue' | 'now'>): SQL | undefined =>
  overdue === undefined ? undefined : overdue ? lte(complaints.due, now) : gt(complaints.due, now)

const byAssignee = ({ assignee }: Filters): SQL | undefined => {
  if (!assignee) return undefined
  const { team, person } = assignee
  if (team === DESK_TEAM) return person === null ? isNull(complaints.officer) : eq(complaints.officer, person)
  const own = sql`select 1 from ${teamAssignees} where ${teamAssignees.complaint} = ${complaints.id} and ${teamAssignees.team} = ${team}`
  return person === null ? sql`not exists (${own})` : sql`exists (${own} and ${teamAssignees.person} = ${person})`
}

type Key = typeof complaints.due | typeof complaints.closedAt
// As row values: two comparisons joined by OR would be two searches and a sort.
const beyond = (key: Key, { due, id }: { due: number; id: number }) => sql`(${key}, ${complaints.id}) > (${due}, ${id})`
const before = (key: Key, { due, id }: { due: number; id: number }) => sql`(${key}, ${complaints.id}) < (${due}, ${id})`

export const hasComplaint = (db: Db, merchant: string): boolean =>
  db.select({ id }).from(complaints).where(eq(complaints.merchant, merchant)).limit(1).all().length > 0

/** The tags of what a person knows; `order` is the beginning of an item's tag. */
export interface Tags extends Since {
  id?: number | undefined
  order?: string | undefined
  phone?: string | undefined
}
type SearchFilters = Omit<SearchQuery, 'id' | 'orderId' | 'phone' | 'updatedSince'>

/** Rows that match all the tags, of which there must be one: few enough to be sorted. */
export const searchRows = (db: Db, tags: Tags, query: SearchFilters) => {
  const matching = and(...tagFilters(tags), ...searchFilters(query))
  const rows = db
    .select(KEPT)
    .from(complaints)
    .where(matching)
    .orderBy(
      sql`case when ${inArray(holderIn(query), [...query.first])} then 0 else 1 end`,
      sql`${complaints.due} is null`,
      asc(complaints.due),
      desc(complaints.closedAt),
      asc(complaints.id),
    )
    .limit(query.limit)
    .all()
  return { rows, total: db.select({ n: count() }).from(complaints).where(matching).get()?.n ?? 0 }
}

/** Oldest first. */
export const idsOfPhone = (db: Db, tag: string): number[] =>
  db
    .select({ id: complaints.id })
    .from(complaints)
    .where(eq(complaints.phone, tag))
    .orderBy(asc(complaints.first))
    .all()
    .map(row => row.id)

const tagFilters = ({ id, order, phone, afterLeaf }: Tags): (SQL | undefined)[] => [
  id === undefined ? undefined : eq(complaints.id, id),
  // Base64url sorts below the tilde.
  ...(order === undefined ? [] : [gte(complaints.item, order), lt(complaints.item, `${order}~`)]),
  phone === undefined ? undefined : eq(complaints.phone, phone),
  afterLeaf && gt(sql`+${newestLeaf}`, afterLeaf),
]
// A unary plus keeps the planner from the index of that column: a tag has few rows, a merchant many.
const searchFilters = ({ merchant, state, overdue, now }: SearchFilters): (SQL | undefined)[] => [
  merchant === undefined ? undefined : eq(sql`+${complaints.merchant}`, merchant),
  state === undefined ? undefined : eq(complaints.status, state),
  byDue({ overdue, now }),
]

/** Counts from indices alone: each holder by itself, since a grouped query would read every row for the holder's name. */
export const tallyOf = (db: Db, { merchant, now, until }: { merchant?: string; now: number; until: number }): Tally => {
  const own = merchant === undefined ? undefined : eq(complaints.merchant, merchant)
  const late = sql<number>`coalesce(sum(${complaints.due} <= ${now}), 0)`
  const today = sql<number>`coalesce(sum(${complaints.due} > ${now} and ${complaints.due} < ${until}), 0)`
  const open = HOLDERS.flatMap(name => {
    const row = db
      .select({ total: count(), late, today })
      .from(complaints)
      .where(and(eq(holderIn({ merchant }), name), isOpen, own))
      .get()
    return row && row.total > 0 ? [{ holder: name, ...row }] : []
  })
  const closed = db.select({ n: count() }).from(complaints).where(and(isClosed, own)).get()?.n ?? 0
  return { open, closed }
}

/**
 * Present load, counted from covering indices; no row of a complaint is read. INDEXED BY, since the planner takes a list of
 * holders for a better search than an index that knows the answer.
 */
export const loadsOf = (db: Db, now: number): Loads => {
  const within = (hours: number) => sql`count(*) filter (where due > ${now} and due <= ${now + hours * HOUR})`
  const counts = sql`count(*) as total, count(*) filter (where due <= ${now}) as late, ${within(4)} as soon, ${within(24)} as day`
  const ofPlatform = sql`folded ->> '$.holder' in ('platform', 'supervisor') and due is not null`
  // An empty name is one that waits to be read from its step.
  const officers = db.all<Load>(
    sql`select officer as name, ${counts} from complaints indexed by complaints_officer_due where officer is not null and officer <> '' and ${ofPlatform} group by officer`,
  )
  const [all] = db.all<Load>(
    sql`select null as name, ${counts} from complaints indexed by complaints_holder_due where ${ofPlatform}`,
  )
  const desks = db.all<Load & { name: string }>(
    sql`select folded ->> '$.desk' as name, ${counts} from complaints indexed by complaints_desk_due where folded ->> '$.desk' is not null and ${ofPlatform} group by folded ->> '$.desk'`,
  )
  const left = (what: 'total' | 'late' | 'soon' | 'day'): number =>
    officers.reduce((rest, each) => rest - each[what], all?.[what] ?? 0)
  const untaken = { name: null, total: left('total'), late: left('late'), soon: left('soon'), day: left('day') }
  return {
    officers: untaken.total > 0 ? [...officers, untaken] : officers,
    desks: desks.map(each => ({ ...each, name: decodeURIComponent(each.name) })),
  }
}
