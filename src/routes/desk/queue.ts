import type { Context } from 'hono'
import type { InboxItem, InboxQuery } from '../../ledger/contract/ledger.ts'
import { QUEUE_KINDS, QUEUE_VIEWS, type QueueFilter, type QueueItem, queuePage } from '../../views/desk/queue.ts'
import { type Deps, ledgerOf } from '../deps.ts'
import type { Signed } from '../signin/session.ts'
import { caseOf, deskPageOf, type SignedDeskPage } from './case.ts'

type Cursor = { due: number; id: number }

/** Rows on a page, and how many are looked through for those that a filter wants. */
const PAGE = 40
const LOOKED_THROUGH = 200

const choose = <T extends string>(known: readonly [T, ...T[]], text: string | undefined): T =>
  known.find(each => each === text) ?? known[0]

export const showQueue = async (c: Context<Signed>, deps: Deps) => {
  const page = await deskPageOf(c, deps)
  const filter = { view: choose(QUEUE_VIEWS, c.req.query('view')), kind: choose(QUEUE_KINDS, c.req.query('kind')) }
  const after = readCursor(c.req.query('after'))
  const found = await collect(deps, page, filter, after)
  return c.html(String(queuePage({ ...found, filter, first: after === undefined }, page)))
}

/** The soonest due of all shards; each shard is asked for a whole page, since all of it may be the soonest. */
export const soonest = async ({ ledgers }: Deps, query: InboxQuery): Promise<(InboxItem & { due: number })[]> => {
  const found = await Promise.all(ledgers.map(ledger => ledger.inbox(query)))
  return found
    .flat()
    .flatMap(item => (item.due === null ? [] : [{ ...item, due: item.due }]))
    .sort((a, b) => a.due - b.due || a.id - b.id)
    .slice(0, query.limit)
}

/** Who holds a complaint stands in its row, who answers for it at the platform in its steps: those are read. */
const collect = async (deps: Deps, page: SignedDeskPage, filter: QueueFilter, start: Cursor | undefined) => {
  const items: QueueItem[] = []
  let after = start
  for (let looked = 0; looked < LOOKED_THROUGH; looked += PAGE) {
    const rows = await soonest(deps, { ...queryOf(filter, page), limit: PAGE + 1, after })
    const read = await itemsOf(deps, page, rows.slice(0, PAGE))
    items.push(...read.filter(item => isWanted(item, filter)))
    const last = rows[PAGE - 1]
    if (rows.length <= PAGE || !last) return { items, next: null, partial: false }
    after = { due: last.due, id: last.id }
    // A page may be a little longer than another: what was read is shown.
    if (items.length >= PAGE / 2) break
  }
  return { items, next: after ? `${after.due}-${after.id}` : null, partial: true }
}

const queryOf = ({ kind }: QueueFilter, { person, now }: SignedDeskPage): Omit<InboxQuery, 'limit'> => ({
  now,
  ...(kind === 'evidence'
    ? { state: 'evidence_requested' }
    : { holders: person.role === 'supervisor' ? ['platform', 'supervisor'] : ['platform'] }),
  ...(kind === 'appeals' && { state: 'appeal_review' }),
  ...(kind === 'overdue' && { overdue: true }),
})

const itemsOf = async (deps: Deps, page: SignedDeskPage, rows: readonly (InboxItem & { due: number })[]) => {
  const read = await Promise.all(rows.map(({ id }) => ledgerOf(deps, id).read(id, { limit: 1 }, page.person)))
  return read.flatMap((timeline, i) => {
    const due = rows[i]?.due
    if (!timeline || due === undefined) return []
    const { view, standing, complaint } = caseOf(timeline, page)
    return [{ view, due, standing, humanRequested: complaint.humanRequested }]
  })
}

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

const readCursor = (text: string | undefined): Cursor | undefined => {
  const [, due, id] = /^(\d{1,16})-(\d{1,16})$/.exec(text ?? '') ?? []
  return due === undefined || id === undefined ? undefined : { due: Number(due), id: Number(id) }
}
