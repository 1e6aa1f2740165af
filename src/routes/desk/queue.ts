import type { Context } from 'hono'
import { DAY } from '../../complaint/time.ts'
import type { Holder } from '../../complaint/words.ts'
import type { InboxItem, InboxQuery, Tally } from '../../ledger/contract/ledger.ts'
import { DESK_TEAM } from '../../ledger/contract/team.ts'
import { formatId } from '../../link/id.ts'
import type { NextCase } from '../../views/console.ts'
import type { DeskPage } from '../../views/desk/context.ts'
import {
  AGES,
  foundPage,
  QUEUE_KINDS,
  QUEUE_TURNS,
  QUEUE_VIEWS,
  type Queue,
  type QueueChoices,
  type QueueFilter,
  type QueueItem,
  type QueueTurn,
  queuePage,
} from '../../views/desk/queue.ts'
import { readBody } from '../body.ts'
import { askAll, type Deps, ledgerOf, registryLedger } from '../deps.ts'
import { Problem } from '../problem.ts'
import { heldBy, phoneIn, readQuestion, searchText, TURNS, tallyAll } from '../search.ts'
import type { Signed } from '../signin/session.ts'
import { caseOf, deskPageOf, type SignedDeskPage } from './case.ts'

type Cursor = { due: number; id: number }

/** Rows on a page, and how many are looked through for those that a filter wants. */
const PAGE = 40
const LOOKED_THROUGH = 200

/** A choice in the address; undefined where there is none. A value that is not known would show a list that only looks filtered. */
const choose = <T extends string | number>(c: Context, name: string, known: readonly T[]): T | undefined => {
  const text = c.req.query(name)?.trim() ?? ''
  const chosen = known.find(each => String(each) === text)
  if (text !== '' && chosen === undefined) throw new Problem('invalid', [{ field: name, code: 'choose' }])
  return chosen
}

export const showQueue = async (c: Context<Signed>, deps: Deps) => {
  const page = await deskPageOf(c, deps)
  const filter: QueueFilter = {
    turn: choose(c, 'turn', QUEUE_TURNS) ?? QUEUE_TURNS[0],
    view: choose(c, 'view', QUEUE_VIEWS) ?? QUEUE_VIEWS[0],
    kind: choose(c, 'kind', QUEUE_KINDS) ?? QUEUE_KINDS[0],
    merchant: c.req.query('merchant') || undefined,
    ...moreFilters(c, deps),
  }
  const query = queryOf(filter, page)
  const after = readCursor(c.req.query('after'))
  const { answers: counts, ledgers, silent } = await askAll(deps.ledgers, ledger => ledger.inboxCount(query))
  const [found, tally] = await Promise.all([collect(deps, ledgers, page, filter, after), tallyAll(ledgers, page.now)])
  const queue: Queue = {
    ...found,
    total: counts.reduce((sum, count) => sum + count, 0),
    turns: turnsOf(tally, page.person.role),
    sameMerchant: await sameMerchants(ledgers, found.items, query),
    filter,
    choices: await choicesOf(deps, page),
    first: after === undefined,
  }
  return c.html(String(queuePage(queue, { ...page, silent })))
}

const moreFilters = (c: Context<Signed>, { categories }: Deps): Partial<QueueFilter> => {
  const text = (name: string) => c.req.query(name)?.trim().slice(0, 200) || undefined
  const amount = text('amount') === undefined ? undefined : Number(text('amount'))
  if (amount !== undefined && !(amount > 0 && amount < 1e9))
    throw new Problem('invalid', [{ field: 'amount', code: 'amount' }])
  return {
    category: choose(c, 'category', categories),
    desk: text('desk'),
    officer: text('officer'),
    days: choose(c, 'days', AGES),
    amount,
  }
}

const choicesOf = async (deps: Deps, { person }: SignedDeskPage): Promise<QueueChoices> => ({
  categories: deps.categories,
  desks: deps.desks,
  officers: [...new Set([person.name, ...(await registryLedger(deps).registry.people(null))])],
})

const heldIn = (turn: QueueTurn, role: DeskPage['person']['role']): readonly Holder[] | undefined => {
  switch (turn) {
    case 'platform':
      return TURNS[role]
    case 'merchant':
    case 'buyer':
      return [turn, 'both']
    case 'closed':
      return undefined
    default:
      return turn satisfies never
  }
}

const turnsOf = (tally: Tally, role: DeskPage['person']['role']): Queue['turns'] => ({
  platform: heldBy(tally, heldIn('platform', role)).total,
  merchant: heldBy(tally, heldIn('merchant', role)).total,
  buyer: heldBy(tally, heldIn('buyer', role)).total,
  closed: tally.closed,
})

/** The numbers of the tabs, for the script that asks each minute. */
export const showCounts = async (c: Context<Signed>, deps: Deps) =>
  c.json(turnsOf(await tallyAll(deps.ledgers, deps.clock.now()), c.var.person.role))

/** One complaint is opened; several, or none, are a page that answers the post. */
export const findComplaint = async (c: Context<Signed>, deps: Deps) => {
  const asked = readQuestion(await readBody(c))
  const { items, total, silent } = await searchText(deps, c.var.person, asked, PAGE)
  const phone = c.var.person.role === 'supervisor' && items.length > 0 ? phoneIn(asked) : undefined
  const [only] = items
  // A shard that does not answer may have another one; of a phone a supervisor may want all that there is.
  if (only && total === 1 && silent.length === 0 && phone === undefined)
    return c.redirect(`/desk/complaints/${formatId(only.id)}`, 303)
  const page = { ...(await deskPageOf(c, deps)), here: '/desk', silent }
  return c.html(String(foundPage({ items: await itemsOf(deps, page, items), total, asked, phone }, page)))
}

/** From so many of one merchant on a page, its rows say how many there are in all. */
const SEVERAL = 5

const sameMerchants = async (
  ledgers: Deps['ledgers'],
  items: readonly QueueItem[],
  query: Omit<InboxQuery, 'limit'>,
): Promise<Queue['sameMerchant']> => {
  const byMerchant = Map.groupBy(items, ({ view }) => view.complaint.merchant.id)
  const several = [...byMerchant].filter(([id, rows]) => rows.length >= SEVERAL && id !== query.merchant)
  const counted = several.map(async ([merchant]) => {
    const counts = await Promise.all(ledgers.map(ledger => ledger.inboxCount({ ...query, merchant })))
    return [merchant, counts.reduce((sum, count) => sum + count, 0)] as const
  })
  return new Map(await Promise.all(counted))
}

/** The soonest due of all shards that answer; each shard is asked for a whole page, since all of it may be the soonest. */
export const soonest = async (
  { ledgers }: Pick<Deps, 'ledgers'>,
  query: InboxQuery,
): Promise<(InboxItem & { due: number })[]> => {
  const { answers: found } = await askAll(ledgers, ledger => ledger.inbox(query))
  return found
    .flat()
    .flatMap(item => (item.due === null ? [] : [{ ...item, due: item.due }]))
    .sort((a, b) => a.due - b.due || a.id - b.id)
    .slice(0, query.limit)
}

/** What the person's list has behind a complaint that is due then; the list begins again at its end, and says so. */
export const nextFor = async (
  deps: Deps,
  { person, now }: DeskPage,
  id: number,
  due: number | null,
): Promise<NextCase | null> => {
  const query = { holders: TURNS[person.role], now }
  const behind = due === null ? [] : await soonest(deps, { ...query, after: { due, id }, limit: 1 })
  const next = behind[0] ?? (await soonest(deps, { ...query, limit: 2 })).find(item => item.id !== id)
  return next ? { id: formatId(next.id), again: due !== null && behind.length === 0 } : null
}

/** The newest closed of all shards, or the soonest due. */
const listed = async (ledgers: Deps['ledgers'], query: InboxQuery): Promise<InboxItem[]> => {
  if (!query.closed) return soonest({ ledgers }, query)
  const found = await Promise.all(ledgers.map(ledger => ledger.inbox(query)))
  return found
    .flat()
    .sort((a, b) => (b.closedAt ?? 0) - (a.closedAt ?? 0) || b.id - a.id)
    .slice(0, query.limit)
}

/** The rows of a page. What is asked for stands in no index: of so many rows it is read. */
const collect = async (
  deps: Deps,
  ledgers: Deps['ledgers'],
  page: SignedDeskPage,
  filter: QueueFilter,
  start: Cursor | undefined,
) => {
  const items: QueueItem[] = []
  let after = start
  for (let looked = 0; looked < LOOKED_THROUGH; looked += PAGE) {
    const rows = await listed(ledgers, { ...queryOf(filter, page), limit: PAGE + 1, after })
    const sought = rows.slice(0, PAGE).filter(row => soughtIn(row) >= (filter.amount ?? 0))
    // No page is longer than what a bulk act takes.
    const shown = sought.slice(0, PAGE - items.length)
    const read = await itemsOf(deps, page, shown)
    items.push(...read.filter(item => isWanted(item, filter)))
    const isCut = shown.length < sought.length
    const last = isCut ? shown.at(-1) : rows[PAGE - 1]
    if (!last || (!isCut && rows.length <= PAGE)) return { items, next: null, partial: false }
    after = { due: last.due ?? last.closedAt ?? 0, id: last.id }
    if (isCut || items.length >= PAGE / 2) break
  }
  return { items, next: after ? `${after.due}-${after.id}` : null, partial: true }
}

const queryOf = (
  { turn, view, kind, merchant, category, desk, officer, days }: QueueFilter,
  { person, now }: DeskPage,
): Omit<InboxQuery, 'limit'> => ({
  now,
  merchant,
  category,
  desk,
  ...assigned(officer ?? (view === 'mine' ? person.name : view === 'unassigned' ? null : undefined)),
  ...(view === 'offered' && { offered: true }),
  ...(days !== undefined && { openedBefore: now - days * DAY }),
  ...(kind === 'evidence'
    ? { state: 'evidence_requested' }
    : turn === 'closed'
      ? { closed: true }
      : { holders: heldIn(turn, person.role) }),
  ...(kind === 'appeals' && turn !== 'closed' && { state: 'appeal_review' }),
  ...(kind === 'overdue' && turn !== 'closed' && { overdue: true }),
})

const assigned = (person: string | null | undefined): Pick<InboxQuery, 'assignee'> =>
  person === undefined ? {} : { assignee: { team: DESK_TEAM, person } }

const itemsOf = async (deps: Deps, page: SignedDeskPage, rows: readonly InboxItem[]): Promise<QueueItem[]> => {
  const read = await Promise.all(rows.map(({ id }) => ledgerOf(deps, id).read(id, { limit: 1 }, page.person)))
  return read.flatMap((timeline, i) => {
    if (!timeline) return []
    const { view, standing, complaint } = caseOf(timeline, page)
    return [{ view, due: rows[i]?.due ?? null, standing, humanRequested: complaint.humanRequested }]
  })
}

/** The list was asked for by names; whose a complaint is, its steps say. */
const isWanted = ({ standing }: QueueItem, { view }: QueueFilter): boolean => {
  switch (view) {
    case 'all':
      return true
    case 'mine':
      return standing.isMine
    case 'unassigned':
      return standing.officer === null
    case 'offered':
      return standing.offeredTo !== null
    default:
      return view satisfies never
  }
}

/** In yuan; 0 where no money is asked for. Amounts are in no index: they are personal content. */
const soughtIn = ({ remedySought }: InboxItem): number => {
  const amount = remedySought?.amount
  return typeof amount === 'object' ? Number(amount.value) : 0
}

const readCursor = (text: string | undefined): Cursor | undefined => {
  const [, due, id] = /^(\d{1,16})-(\d{1,16})$/.exec(text ?? '') ?? []
  if (text && id === undefined) throw new Problem('invalid', [{ field: 'after', code: 'choose' }])
  return due === undefined || id === undefined ? undefined : { due: Number(due), id: Number(id) }
}
