// Search by what a caller knows of a complaint, in all shards. What was asked never enters an address or a log line.

import * as v from 'valibot'
import { DAY, HOUR, startOfDay } from '../complaint/time.ts'
import type { Holder } from '../complaint/words.ts'
import type { InboxItem, Ledger, SearchQuery, Tally } from '../ledger/contract/ledger.ts'
import type { Credential } from '../ledger/contract/registry.ts'
import { parseId } from '../link/id.ts'
import type { Body } from './body.ts'
import { askAll, type Deps, registryLedger } from './deps.ts'
import { orderId, phone } from './fields.ts'
import { Problem } from './problem.ts'

/** Who searches: a merchant finds its own complaints alone. */
export type Searcher = Pick<Credential, 'role' | 'merchant'>
export type Known = Pick<SearchQuery, 'id' | 'orderId' | 'phone'>
type Filters = Pick<SearchQuery, 'state' | 'overdue' | 'updatedSince' | 'limit'>
export interface Found {
  items: InboxItem[]
  total: number
  /** Shards that do not answer. */
  silent: number[]
}

/** Whose turn counts as the searcher's own. */
export const TURNS: Record<Credential['role'], readonly Holder[]> = {
  merchant: ['merchant', 'both'],
  platform: ['platform'],
  supervisor: ['supervisor', 'platform'],
}

/** The searcher's turn first, then by due, then the closed ones. Throws `too_many_attempts`. */
export const search = async (deps: Deps, who: Searcher, known: Known, filters: Filters): Promise<Found> => {
  if (known.phone !== undefined) await countPhones(deps, who)
  const first = TURNS[who.role]
  const query: SearchQuery = { ...filters, ...known, first, now: deps.clock.now(), ...merchantOf(who) }
  const { answers: found, silent } = await askAll(deps.ledgers, ledger => ledger.search(query))
  return {
    items: found
      .flatMap(({ items }) => items)
      .sort(byTurn(first))
      .slice(0, filters.limit),
    total: found.reduce((sum, { total }) => sum + total, 0),
    silent,
  }
}

export const merchantOf = ({ role, merchant = '' }: Searcher): { merchant?: string } =>
  role === 'merchant' ? { merchant } : {}

const PHONES_AN_HOUR = 600

/** Enumeration guard: a merchant reads four digits of a phone, and could try the others one by one. */
const countPhones = async (deps: Deps, who: Searcher): Promise<void> => {
  const { merchant } = merchantOf(who)
  if (merchant === undefined) return
  const what = `phones ${merchant} ${Math.floor(deps.clock.now() / HOUR)}`
  const may = await registryLedger(deps).registry.recordAttempt(what, PHONES_AN_HOUR, HOUR)
  if (!may) throw new Problem('too_many_attempts')
}

/** The order of `Ledger.search`. */
const byTurn =
  (first: readonly Holder[]) =>
  (a: InboxItem, b: InboxItem): number =>
    turnOf(a, first) - turnOf(b, first) ||
    Number(a.due === null) - Number(b.due === null) ||
    (a.due ?? 0) - (b.due ?? 0) ||
    (b.closedAt ?? 0) - (a.closedAt ?? 0) ||
    a.id - b.id
const turnOf = ({ holder }: InboxItem, first: readonly Holder[]): number =>
  Number(holder === null || !first.includes(holder))

/** The phone that a text may be, as a person types it. */
export const phoneIn = (text: string): string | undefined => {
  const read = v.safeParse(phone, text.normalize('NFKC').trim())
  return read.success ? read.output : undefined
}

/** What the search box of a console posts. */
export const readQuestion = ({ rawFields: { q = '' } }: Body): string => q.trim().slice(0, MAX_QUESTION)
const MAX_QUESTION = 64

/**
 * One box: a text that may be an id as it was read aloud, an order id, or a phone, and is looked for as each of them. Half-width
 * letters and digits for those of an input method.
 */
export const searchText = async (deps: Deps, who: Searcher, text: string, limit: number): Promise<Found> => {
  const plain = text.normalize('NFKC').trim()
  const [id, order, number] = [parseId(plain), v.safeParse(orderId, text.trim()), phoneIn(text)]
  const readings: Known[] = [
    ...(id === null ? [] : [{ id }]),
    ...(order.success ? [{ orderId: order.output }] : []),
    ...(number === undefined ? [] : [{ phone: number }]),
  ]
  const found = await Promise.all(readings.map(known => search(deps, who, known, { limit })))
  const items = [...new Map(found.flatMap(each => each.items).map(item => [item.id, item])).values()]
  const seen = found.reduce((sum, each) => sum + each.items.length, 0)
  const total = found.reduce((sum, each) => sum + each.total, 0) - (seen - items.length)
  const silent = [...new Set(found.flatMap(each => each.silent))]
  return { items: items.sort(byTurn(TURNS[who.role])).slice(0, limit), total, silent }
}

// Whose turn it is, as the consoles count it: the numbers of their tabs.

/** The tally of these ledgers together; what is due before midnight in Shanghai counts as due today. */
export const tallyAll = async (ledgers: readonly Ledger[], now: number, merchant?: string): Promise<Tally> => {
  const query = { now, until: startOfDay(now) + DAY, ...(merchant !== undefined && { merchant }) }
  const { answers: tallies } = await askAll(ledgers, ledger => ledger.tally(query))
  if (tallies.length === 0) throw new Problem('unavailable')
  return { open: tallies.flatMap(({ open }) => open), closed: tallies.reduce((sum, { closed }) => sum + closed, 0) }
}

type Held = Required<Omit<Tally['open'][number], 'holder'>>
/** What these holders have together; all of them without a list. */
export const heldBy = ({ open }: Tally, holders?: readonly Holder[]): Held =>
  open
    .filter(({ holder }) => !holders || holders.includes(holder))
    .reduce<Held>(
      (sum, { total, late = 0, today = 0 }) => ({
        total: sum.total + total,
        late: sum.late + late,
        today: sum.today + today,
      }),
      { total: 0, late: 0, today: 0 },
    )
