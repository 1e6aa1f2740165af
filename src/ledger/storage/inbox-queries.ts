// Lists of complaints and their counts: each is read in the order of an index that holds its filters, or from the few rows of a
// keyed tag.

import { and, asc, count, desc, eq, gt, gte, inArray, isNotNull, isNull, lt, lte, type SQL, sql } from 'drizzle-orm'
import { closedCounts, complaints, openCounts, teamAssignees } from '../../../db/schema.ts'
import { HOUR } from '../../complaint/time.ts'
import { HOLDERS, type Holder } from '../../complaint/words.ts'
import type { InboxQuery, Load, Loads, SearchQuery, Tally } from '../contract/ledger.ts'
import { DESK_TEAM } from '../contract/team.ts'
import type { Db } from '../host.ts'

const { id, tag, merchant, item, policy, head, chain, folded, standing } = complaints
/** What a complaint is read back from; the other columns are there to be searched by. */
export const KEPT = { id, tag, merchant, item, policy, head, chain, folded, standing }

/** Index of the newest leaf, six bytes, as `complaints_updated` has it. */
const newestLeaf = sql`substr(${complaints.chain}, -6)`
const isOpen = isNotNull(complaints.due)
const isClosed = isNotNull(complaints.closedAt)

/** Where a list by newest steps begins: after this leaf, packed as in a chain. */
type Since = { afterLeaf?: Uint8Array | undefined }
type Filters = Omit<InboxQuery, 'limit' | 'after' | 'updatedSince' | 'afterLeaf'> & Since

/** What of a list is counted, at most: its newest closed ones under a filter that `closed_counts` has not, or changes since an instant. */
export const MOST_COUNTED = 100_000

/** Rows of the inbox. Built for each call: the filters vary, and no transaction waits for them. */
export const inboxRows = (db: Db, query: Page) => {
  const places = db.all<{ first: number }>(
    query.afterLeaf ? changedPlaces(query) : isOfClosed(query) ? closedPlaces(query) : openPlaces(query),
  )
  const list = JSON.stringify(places.map(({ first }) => first))
  const rows = db
    .select({ ...KEPT, first: complaints.first, due: complaints.due })
    .from(complaints)
    .where(sql`${complaints.first} in (select value from json_each(${list}))`)
    .all()
  const byPlace = new Map(rows.map(row => [row.first, row]))
  return places.flatMap(({ first }) => byPlace.get(first) ?? [])
}
type Page = Filters & Pick<InboxQuery, 'limit' | 'after'>

/** The lists of the holders, merged: each is in the order of an index, all of them together are not. */
const openPlaces = (query: Page): SQL => {
  const { after, limit, holders = HOLDERS } = query
  if (holders.length === 0) return sql`select 0 as first where false`
  const one = (holder: Holder) =>
    sql`select first, due, id from ${complaints} where ${and(...openFilters({ ...query, holders: [holder] }), after && beyond(after))}`
  return sql`${sql.join(holders.map(one), sql` union all `)} order by due, id limit ${limit}`
}

const closedPlaces = (query: Page): SQL => {
  const { after, limit } = query
  // A closed one has no holder, and it is never late.
  const none = query.holders || query.overdue !== undefined ? sql`false` : undefined
  const within = and(isClosed, ofMerchant(query), after && before(after), none)
  const order = sql`order by closed_at desc, id desc`
  const filters = and(...rowFilters(query)) ?? sql`true`
  if (hasKeptCount(query))
    return sql`select first from ${complaints} where ${within} and ${filters} ${order} limit ${limit}`
  // A filter that few pass would read what was closed in all the years.
  const newest = sql`select first, closed_at, id, status, category, opened, desk, offered, officer from ${complaints} where ${within} ${order} limit ${MOST_COUNTED}`
  return sql`select first from (${newest}) as complaints where ${filters} ${order} limit ${limit}`
}

const changedPlaces = (query: Page): SQL =>
  sql`select first from ${complaints} where ${and(...changeFilters(query))} order by ${newestLeaf} limit ${query.limit}`

/** How many rows the inbox has in all. */
export const inboxCount = (db: Db, query: Filters): number => {
  const of = (counted: SQL) => db.all<{ n: number }>(counted)[0]?.n ?? 0
  if (query.afterLeaf)
    return of(
      sql`select count(*) as n from (select 1 from ${complaints} where ${and(...changeFilters(query))} limit ${MOST_COUNTED})`,
    )
  if (hasOpenCount(query)) return openTotals(db, query.holders).reduce((sum, { total }) => sum + total, 0)
  if (!isOfClosed(query)) return of(sql`select count(*) as n from ${complaints} where ${and(...openFilters(query))}`)
  if (hasKeptCount(query))
    return of(sql`select coalesce(sum(n), 0) as n from ${closedCounts} where ${and(...countFilters(query))}`)
  return of(sql`select count(*) as n from (${closedPlaces({ ...query, limit: MOST_COUNTED, after: undefined })})`)
}

const isOfClosed = ({ state, closed }: Filters): boolean =>
  closed === true || state?.startsWith('closed_') === true || state === 'refused'

/** What `complaints_holder_due` and its like hold is asked of them, and no row is read that is not shown. */
const openFilters = (query: Filters): (SQL | undefined)[] => [
  isOpen,
  ofMerchant(query),
  inArray(complaints.holder, [...(query.holders ?? HOLDERS)]),
  byDue(query),
  ...rowFilters(query),
]
const changeFilters = (query: Filters): (SQL | undefined)[] => [
  query.afterLeaf && gt(newestLeaf, query.afterLeaf),
  ofMerchant(query),
  query.holders && inArray(complaints.holder, [...query.holders]),
  byDue(query),
  ...rowFilters(query),
]
const ofMerchant = ({ merchant }: Filters): SQL | undefined =>
  merchant === undefined ? undefined : eq(complaints.merchant, merchant)

const rowFilters = (query: Filters): (SQL | undefined)[] => {
  const { state, category, desk, offered, openedBefore } = query
  return [
    state === undefined ? undefined : eq(complaints.status, state),
    category === undefined ? undefined : eq(complaints.category, category),
    desk === undefined ? undefined : eq(complaints.desk, encodeURIComponent(desk.toWellFormed())),
    offered && isNotNull(complaints.offered),
    openedBefore === undefined ? undefined : lte(complaints.opened, openedBefore),
    byAssignee(query),
  ]
}
const byDue = ({ overdue, now }: Pick<InboxQuery, 'overdue' | 'now'>): SQL | undefined =>
  overdue === undefined ? undefined : overdue ? lte(complaints.due, now) : gt(complaints.due, now)

const byAssignee = ({ assignee }: Filters): SQL | undefined => {
  if (!assignee) return undefined
  const { team, person } = assignee
  if (team === DESK_TEAM) return person === null ? isNull(complaints.officer) : eq(complaints.officer, person)
  const who = person === null ? undefined : eq(teamAssignees.person, person)
  const theirs = sql`select ${teamAssignees.complaint} from ${teamAssignees} where ${and(eq(teamAssignees.team, team), who)}`
  // A unary plus: the list is walked, and each asked whether it is among them.
  return person === null ? sql`+${complaints.id} not in (${theirs})` : sql`+${complaints.id} in (${theirs})`
}

const hasOpenCount = ({ merchant, holders: _, ...query }: Filters): boolean =>
  merchant === undefined &&
  !isOfClosed(query) &&
  query.state === undefined &&
  query.category === undefined &&
  hasKeptCount(query)
const openTotals = (db: Db, holders: readonly Holder[] = HOLDERS) =>
  db
    .select({ holder: sql<Holder>`${openCounts.holder}`, total: openCounts.n })
    .from(openCounts)
    .where(and(inArray(openCounts.holder, [...holders]), gt(openCounts.n, 0)))
    .all()
const hasKeptCount = ({ desk, offered, openedBefore, assignee, overdue, holders }: Filters): boolean =>
  [desk, offered, openedBefore, assignee, overdue, holders].every(each => each === undefined)
const countFilters = ({ merchant = ALL_MERCHANTS, state, category }: Filters): (SQL | undefined)[] => [
  eq(closedCounts.merchant, merchant),
  state === undefined ? undefined : eq(closedCounts.status, state),
  category === undefined ? undefined : eq(closedCounts.category, category),
]
/** What their rows in `closed_counts` stand under. */
export const ALL_MERCHANTS = ''

// As row values: two comparisons joined by OR would be two searches and a sort.
const beyond = ({ due, id }: Seen) => sql`(${complaints.due}, ${complaints.id}) > (${due}, ${id})`
const before = ({ due, id }: Seen) => sql`(${complaints.closedAt}, ${complaints.id}) < (${due}, ${id})`
type Seen = NonNullable<InboxQuery['after']>

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
      sql`case when ${inArray(complaints.holder, [...query.first])} then 0 else 1 end`,
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

/** Of all merchants the kept counts. Of one merchant its open complaints are counted from a covering index: one pass, and two short ranges for each holder. */
export const tallyOf = (db: Db, { merchant, now, until }: { merchant?: string; now: number; until: number }): Tally => {
  const closed = inboxCount(db, { merchant, now, closed: true })
  if (merchant === undefined) return { open: openTotals(db), closed }
  const within = (range: SQL) =>
    sql`(select count(*) from complaints where merchant = ${merchant} and holder = held.holder and ${range})`
  const late = within(sql`due <= ${now}`)
  const today = within(sql`due > ${now} and due < ${until}`)
  const held = sql`select holder, count(*) as total from complaints where merchant = ${merchant} and due is not null and holder is not null group by holder`
  const open = db.all<Tally['open'][number]>(
    sql`select holder, total, ${late} as late, ${today} as today from (${held}) as held`,
  )
  return { open, closed }
}

/**
 * Present load, counted from covering indices; no row of a complaint is read. INDEXED BY, since the planner takes a list of
 * holders for a better search than an index that knows the answer.
 */
export const loadsOf = (db: Db, now: number): Loads => {
  const within = (hours: number) => sql`count(*) filter (where due > ${now} and due <= ${now + hours * HOUR})`
  const counts = sql`count(*) as total, count(*) filter (where due <= ${now}) as late, ${within(4)} as soon, ${within(24)} as day`
  const ofPlatform = sql`holder in ('platform', 'supervisor') and due is not null`
  // An empty name is one that waits to be read from its step.
  const officers = db.all<Load>(
    sql`select officer as name, ${counts} from complaints indexed by complaints_officer_due where officer is not null and officer <> '' and ${ofPlatform} group by officer`,
  )
  const [all] = db.all<Load>(
    sql`select null as name, ${counts} from complaints indexed by complaints_holder_due where ${ofPlatform}`,
  )
  const desks = db.all<Load & { name: string }>(
    sql`select desk as name, ${counts} from complaints indexed by complaints_desk_due where desk is not null and ${ofPlatform} group by desk`,
  )
  const left = (what: 'total' | 'late' | 'soon' | 'day'): number =>
    officers.reduce((rest, each) => rest - each[what], all?.[what] ?? 0)
  const untaken = { name: null, total: left('total'), late: left('late'), soon: left('soon'), day: left('day') }
  return {
    officers: untaken.total > 0 ? [...officers, untaken] : officers,
    desks: desks.map(each => ({ ...each, name: decodeURIComponent(each.name) })),
  }
}
