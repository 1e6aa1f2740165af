import { type Period, periodOf, sumOf, trendOf } from '../../complaint/figures/public-index.ts'
import { recordOf, secondsUntil } from '../../complaint/figures/record.ts'
import { toComplaintView } from '../../complaint/view/complaint-view.ts'
import type { Holder } from '../../complaint/words.ts'
import type { InboxItem, Ledger, Tally } from '../../ledger/contract/ledger.ts'
import type { Session } from '../../ledger/contract/registry.ts'
import { formatId } from '../../link/id.ts'
import { dateOf } from '../../views/figures/page.ts'
import type { Desk } from '../../views/merchant/context.ts'
import {
  ASSIGNED,
  type Asked,
  type Counts,
  foundPage,
  type Inbox,
  inboxPage,
  type Row,
  TURNS,
  type Turn,
} from '../../views/merchant/inbox.ts'
import { type OwnFigures, statisticsPage } from '../../views/merchant/statistics.ts'
import { cursorOf, readCursor, readFlag, readState } from '../api/inbox.ts'
import { readBody } from '../body.ts'
import { type Deps, ledgerOf } from '../deps.ts'
import { CSV_HEADERS, daysOf, readDays, recordsCsv } from '../figures/counts.ts'
import { Problem } from '../problem.ts'
import { heldBy, readQuestion, searchText, TURNS as TURNS_OF, tallyAll } from '../search.ts'
import { deskOf, merchantOf, ownLedger, teamOf, type Visitor } from './context.ts'

const PAGE = 50

const HOLDERS: Record<Turn, readonly Holder[] | undefined> = {
  mine: TURNS_OF.merchant,
  others: ['buyer', 'platform', 'supervisor'],
  buyer: ['buyer', 'both'],
  platform: ['platform', 'supervisor'],
  all: undefined,
  closed: undefined,
}

export const showInbox = async (c: Visitor, deps: Deps) => {
  const desk = deskOf(c, deps)
  const ledger = await ownLedger(deps, c.var.person)
  const merchant = merchantOf(c.var.person)
  const asked = readAsked(c, deps)
  const query = { merchant, now: desk.now, ...filterOf(asked, c.var.person) }
  const after = readCursor(c.req.query('cursor'))
  const [found, total, tally, onTime] = await Promise.all([
    ledger.inbox({ ...query, after, limit: PAGE + 1 }),
    ledger.inboxCount(query),
    tallyAll([ledger], desk.now, merchant),
    onTimeShare(ledger, merchant, desk.now),
  ])
  const items = found.slice(0, PAGE)
  const last = items.at(-1)
  const inbox: Inbox = {
    rows: await rowsOf(deps, items, desk, c.var.person),
    total,
    next: found.length > PAGE && last ? addressOf(c, cursorOf(last)) : null,
    further: after !== undefined,
    asked,
    counts: { ...countsOf(tally), onTime },
    categories: deps.categories,
  }
  return c.html(String(inboxPage(desk, inbox)))
}

const countsOf = (tally: Tally): Omit<Counts, 'onTime'> => {
  const { total: mine, late, today } = heldBy(tally, HOLDERS.mine)
  const turns = {
    mine,
    buyer: heldBy(tally, HOLDERS.buyer).total,
    platform: heldBy(tally, HOLDERS.platform).total,
    all: heldBy(tally).total,
    closed: tally.closed,
  }
  return { turns, late, today }
}

/** The numbers of the tabs, for the script that asks each minute. */
export const showCounts = async (c: Visitor, deps: Deps) => {
  const { person } = c.var
  const ledger = await ownLedger(deps, person)
  return c.json(countsOf(await tallyAll([ledger], deps.clock.now(), merchantOf(person))).turns)
}

/** One complaint is opened; several, or none, are a page that answers the post. */
export const findComplaint = async (c: Visitor, deps: Deps) => {
  const desk = deskOf(c, deps)
  const asked = readQuestion(await readBody(c))
  const who = { role: 'merchant', merchant: merchantOf(c.var.person) } as const
  const { items, total, silent } = await searchText(deps, who, asked, PAGE)
  // Its complaints lie in one shard; where that one does not answer, an empty list would be a lie.
  if (silent.includes(deps.ledgers.indexOf(await ownLedger(deps, c.var.person)))) throw new Problem('unavailable')
  const [only] = items
  if (only && total === 1) return c.redirect(`/merchant/complaints/${formatId(only.id)}`, 303)
  return c.html(String(foundPage(desk, { rows: await rowsOf(deps, items, desk, c.var.person), total, asked })))
}

const readAsked = (c: Visitor, { categories }: Deps): Asked => {
  const category = c.req.query('category') || undefined
  if (category !== undefined && !categories.includes(category))
    throw new Problem('invalid', [{ field: 'category', code: 'choose' }])
  return {
    state: readState(c.req.query('state')),
    turn: readTurn(c.req.query('turn')) ?? (isFiltered(c) ? undefined : 'mine'),
    overdue: readFlag(c.req.query('overdue')),
    category,
    assignee: readAssigned(c.req.query('assignee')),
    here: addressOf(c, c.req.query('cursor') ?? ''),
  }
}

/** The bare address lists what waits for the merchant; a filter looks through everything. */
const isFiltered = (c: Visitor): boolean =>
  ['state', 'overdue', 'category', 'turn', 'assignee'].some(name => c.req.query(name) !== undefined)

const readAssigned = (text = ''): Asked['assignee'] => {
  const assigned = ASSIGNED.find(each => each === text)
  if (text !== '' && !assigned) throw new Problem('invalid', [{ field: 'assignee', code: 'choose' }])
  return assigned
}

const readTurn = (text = ''): Turn | undefined => {
  const turn = TURNS.find(each => each === text)
  if (text !== '' && !turn) throw new Problem('invalid', [{ field: 'turn', code: 'choose' }])
  return turn
}

const filterOf = ({ state, turn, overdue, category, assignee }: Asked, person: Session) => ({
  state,
  overdue,
  category,
  ...(assignee && { assignee: { team: teamOf(person), person: assignee === 'me' ? person.name : null } }),
  ...(turn && { holders: HOLDERS[turn] }),
  ...(turn === 'closed' && { closed: true }),
})

/** This list, from another place on. */
const addressOf = (c: Visitor, cursor: string): string => {
  const filters = ['state', 'turn', 'overdue', 'category', 'assignee'].map(
    name => [name, c.req.query(name) ?? ''] as const,
  )
  const kept = [...filters, ['cursor', cursor] as const].filter(([, value]) => value !== '')
  return kept.length > 0 ? `/merchant?${new URLSearchParams(kept.map(pair => [...pair]))}` : '/merchant'
}

const rowsOf = async (deps: Deps, items: readonly InboxItem[], desk: Desk, person: Session): Promise<Row[]> => {
  const ids = items.map(({ id }) => id)
  const assigned = await (await ownLedger(deps, person)).team.assignees(teamOf(person), ids)
  const assignees = new Map(assigned.map(each => [each.complaint, each.person]))
  const rows = await Promise.all(items.map(item => rowOf(deps, item, desk)))
  return rows.flatMap((row, i) => (row ? [{ ...row, assignee: assignees.get(ids[i] ?? 0) ?? null }] : []))
}

const rowOf = async (deps: Deps, item: InboxItem, { page, now }: Desk): Promise<Omit<Row, 'assignee'> | null> => {
  const timeline = await ledgerOf(deps, item.id).read(item.id, { limit: 1 })
  if (!timeline) return null
  const id = formatId(item.id)
  const { dictionary } = page
  const { entries } = timeline
  const { complaint, steps } = toComplaintView({ id, entries, reader: 'merchant', role: null, now, dictionary })
  const newest = steps.findLast(({ kind }) => kind !== 'notice_sent')
  return {
    id,
    state: item.state,
    holder: item.holder,
    due: item.due,
    category: item.category,
    item: item.item ?? '',
    orderId: item.orderId ?? '',
    buyer: complaint.buyer,
    sought: complaint.remedySought,
    newest: { says: newest ? dictionary.describe(newest) : '', at: newest?.at ?? complaint.openedAt },
  }
}

// A merchant's own figures: page, JSON and CSV, of the counts that are kept with the steps.

/** The share of deadlines that a merchant kept in 90 days; null before there was one, and while old complaints wait to be counted. */
const onTimeShare = async (ledger: Ledger, merchant: string, now: number): Promise<number | null> => {
  const { days, whole } = await ledger.figures.days(merchant, daysOf(now, 90))
  const { kept, missed } = recordOf(sumOf(days)).deadlines
  return kept + missed === 0 || !whole ? null : kept / (kept + missed)
}

export const showFigures = async (c: Visitor, deps: Deps) => {
  const period = readDaysQuery(c)
  return c.html(String(statisticsPage(deskOf(c, deps), await readOwn(c, deps, period), period)))
}

export const figuresJson = async (c: Visitor, deps: Deps) => {
  const { whole, record, trend } = await readOwn(c, deps, readDaysQuery(c))
  return c.json({ whole, record, trend })
}

export const figuresCsv = async (c: Visitor, deps: Deps) => {
  const period = readDaysQuery(c)
  const { record, trend } = await readOwn(c, deps, period)
  const rows = trend.map(({ from, until, ...record }) => ({
    lead: { from: dateOf(from), until: dateOf(until) },
    record,
  }))
  return c.body(
    recordsCsv([{ lead: { from: null, until: null }, record }, ...rows]),
    200,
    CSV_HEADERS(`figures-${period}d`),
  )
}

const readDaysQuery = (c: Visitor) => {
  const period = periodOf(c.req.query('days') ?? '90')
  if (period === undefined) throw new Problem('invalid', [{ field: 'days', code: 'choose' }])
  return period
}

/** All shards are asked: a merchant's complaints of before it had one shard may lie elsewhere. */
const readOwn = async (c: Visitor, { ledgers, clock }: Deps, period: Period): Promise<OwnFigures> => {
  const now = clock.now()
  const days = daysOf(now, period)
  const counted = await readDays(ledgers, merchantOf(c.var.person), days)
  const counts = sumOf(counted.days)
  const trend = trendOf(counted.days, days.from, days.until)
  const { whole } = counted
  return { whole, from: days.from, record: recordOf(counts), seconds: secondsUntil(now, counts), trend }
}
