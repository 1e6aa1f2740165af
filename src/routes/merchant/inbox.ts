import { toComplaintView } from '../../complaint/view/complaint-view.ts'
import type { Holder } from '../../complaint/words.ts'
import type { InboxItem, Ledger } from '../../ledger/contract/ledger.ts'
import { formatId } from '../../link/id.ts'
import type { Desk } from '../../views/merchant/frame.ts'
import type { Counts } from '../../views/merchant/inbox.ts'
import { type Asked, inboxPage, isMine, isToday, type Row, TURNS, type Turn } from '../../views/merchant/inbox.ts'
import { cursorOf, readCursor, readFlag, readState } from '../api/inbox.ts'
import type { Deps } from '../deps.ts'
import { Problem } from '../problem.ts'
import { deskOf, merchantOf, ownLedger, type Visitor } from './context.ts'
import type { OnTimeShares } from './statistics.ts'

const PAGE = 50
/** As far as the figures on top are counted. */
const COUNTED = 1000

const HOLDERS: Record<Turn, readonly Holder[]> = {
  mine: ['merchant', 'both'],
  others: ['buyer', 'platform', 'supervisor'],
  buyer: ['buyer', 'both'],
  platform: ['platform', 'supervisor'],
}

export const showInbox = async (c: Visitor, deps: Deps, shares: OnTimeShares) => {
  const desk = deskOf(c, deps)
  const ledger = ownLedger(deps, c.var.person)
  const asked = readAsked(c, deps)
  const query = { merchant: merchantOf(c.var.person), now: desk.now }
  const after = readCursor(c.req.query('cursor'))
  const [found, counts] = await Promise.all([
    ledger.inbox({ ...query, ...filterOf(asked), after, limit: PAGE + 1 }),
    count(ledger, merchantOf(c.var.person), desk.now, shares),
  ])
  const items = found.slice(0, PAGE)
  const rows = (await Promise.all(items.map(item => rowOf(ledger, item, desk)))).filter(row => row !== null)
  const last = items.at(-1)
  const next = found.length > PAGE && last ? addressOf(c, cursorOf(last)) : null
  const { categories } = deps
  const further = after !== undefined
  return c.html(String(inboxPage(desk, { rows, next, further, asked, counts, categories })))
}

const readAsked = (c: Visitor, { categories }: Deps): Asked => {
  const category = c.req.query('category') || undefined
  if (category !== undefined && !categories.includes(category))
    throw new Problem('invalid', [{ field: 'category', code: 'choose' }])
  return {
    state: readState(c.req.query('state')),
    turn: readTurn(c.req.query('turn')),
    overdue: readFlag(c.req.query('overdue')),
    category,
    here: addressOf(c, c.req.query('cursor') ?? ''),
  }
}

const readTurn = (text = ''): Turn | undefined => {
  const turn = TURNS.find(each => each === text)
  if (text !== '' && !turn) throw new Problem('invalid', [{ field: 'turn', code: 'choose' }])
  return turn
}

const filterOf = ({ state, turn, overdue, category }: Asked) => ({
  state,
  overdue,
  category,
  ...(turn && { holders: HOLDERS[turn] }),
})

/** This list, from another place on. */
const addressOf = (c: Visitor, cursor: string): string => {
  const filters = ['state', 'turn', 'overdue', 'category'].map(name => [name, c.req.query(name) ?? ''] as const)
  const kept = [...filters, ['cursor', cursor] as const].filter(([, value]) => value !== '')
  return kept.length > 0 ? `/merchant?${new URLSearchParams(kept.map(pair => [...pair]))}` : '/merchant'
}

const rowOf = async (ledger: Ledger, item: InboxItem, { page, now }: Desk): Promise<Row | null> => {
  const timeline = await ledger.read(item.id, { limit: 1 })
  if (!timeline) return null
  const id = formatId(item.id)
  const { dictionary } = page
  const { entries } = timeline
  const { complaint, steps } = toComplaintView({ id, entries, reader: 'merchant', role: null, now, dictionary })
  const fields = steps[0]?.fields ?? {}
  const newest = steps.findLast(({ kind }) => kind !== 'notice_sent')
  return {
    id,
    state: item.state,
    holder: item.holder,
    due: item.due,
    category: item.category,
    item: text(fields.item),
    orderId: text(fields.orderId),
    buyer: complaint.buyer,
    sought: complaint.remedySought,
    newest: { says: newest ? dictionary.describe(newest) : '', at: newest?.at ?? complaint.openedAt },
  }
}
const text = (value: unknown): string => (typeof value === 'string' ? value : '')

const count = async (ledger: Ledger, merchant: string, now: number, shares: OnTimeShares): Promise<Counts> => {
  const [open, onTime] = await Promise.all([
    ledger.inbox({ merchant, now, limit: COUNTED }),
    shares.of(ledger, merchant, now),
  ])
  const mine = open.filter(({ holder }) => isMine(holder))
  return {
    mine: mine.length,
    today: mine.filter(({ due }) => due !== null && isToday(due, now)).length,
    late: mine.filter(({ due }) => due !== null && due <= now).length,
    others: open.length - mine.length,
    more: open.length === COUNTED,
    onTime,
  }
}
