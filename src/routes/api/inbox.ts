// Lists of complaints for programs: the inbox, what changed since an instant, and the search by what a caller knows.

import type { Context } from 'hono'
import * as v from 'valibot'
import { iso, isoOrNull } from '../../complaint/time.ts'
import { type Holder, type Role, STATES, type State } from '../../complaint/words.ts'
import type { InboxItem, InboxQuery } from '../../ledger/contract/ledger.ts'
import { formatId, parseId, shardOf } from '../../link/id.ts'
import { fromBase64url, fromUtf8, toBase64url, utf8 } from '../../log/encoding.ts'
import type { PageContext } from '../../views/context.ts'
import { authenticate } from '../authenticate.ts'
import { parse, readBody } from '../body.ts'
import { askAll, type Deps } from '../deps.ts'
import { instant, parseStrictly } from '../fields.ts'
import { pageOf } from '../language.ts'
import { inOrder } from '../merchant-ledger.ts'
import { Problem } from '../problem.ts'
import { Search } from '../schemas.ts'
import { type Known, merchantOf, type Searcher, search } from '../search.ts'

const PAGE = 50
const MAX_PAGE = 200
/** What a search by tags passes over, at most: its pages are counted, not keyed. */
const MAX_OFFSET = 10_000

interface Asked {
  state?: State | undefined
  overdue?: boolean | undefined
  updatedSince?: number | undefined
  cursor?: string | undefined
  limit: number
}
interface Page {
  items: InboxItem[]
  total: number
  cursor: string | null
  /** Shards that do not answer: their rows are missing. */
  silent?: number[]
}

export const listInbox = async (c: Context, deps: Deps) => {
  const who = await authenticate(c, deps)
  const { state, overdue, updatedSince, cursor, limit } = c.req.query()
  return answer(
    c,
    deps,
    await list(deps, who, {
      state: readState(state),
      overdue: readFlag(overdue),
      updatedSince: updatedSince
        ? parse(v.object({ updatedSince: instant }), { updatedSince }).updatedSince
        : undefined,
      cursor: cursor || undefined,
      limit: readLimit(limit),
    }),
  )
}

export const searchInbox = async (c: Context, deps: Deps) => {
  const who = await authenticate(c, deps)
  const { id, orderId, phone, limit = PAGE, ...asked } = parseStrictly(Search, (await readBody(c)).value)
  const known = { ...(id !== undefined && { id: idIn(id) }), orderId, phone }
  const isKnown = Object.values(known).some(each => each !== undefined)
  const filters = { ...asked, limit: Math.min(limit, MAX_PAGE) }
  return answer(c, deps, isKnown ? await found(deps, who, known, filters) : await list(deps, who, filters))
}

const idIn = (text: string): number => {
  const id = parseId(text)
  if (id === null) throw new Problem('invalid', [{ field: 'id', code: 'characters' }])
  return id
}

const answer = (c: Context, deps: Deps, { items, total, cursor, silent = [] }: Page) => {
  const [now, page] = [deps.clock.now(), pageOf(c, deps)]
  const rows = items.map(item => itemView(item, now, page))
  return c.json({ items: rows, total, nextCursor: cursor, ...(silent.length > 0 && { silent }) })
}

const itemView = (
  { id, due, holder, openedAt, closedAt, merchant, lastStep, updatedAt, leaf: _, ...item }: InboxItem,
  now: number,
  page: PageContext,
) => ({
  id: formatId(id),
  ...item,
  holder: holder && partyView(holder, page),
  merchantId: merchant,
  due: isoOrNull(due),
  overdue: due !== null && now >= due,
  openedAt: isoOrNull(openedAt),
  closedAt: isoOrNull(closedAt),
  updatedAt: iso(updatedAt),
  lastStep: {
    seq: lastStep.seq,
    kind: lastStep.kind,
    at: iso(lastStep.at),
    by: { ...partyView(lastStep.by, page), automated: lastStep.automated },
  },
})

/** A list reads no timelines, so a party is named by its role. */
const partyView = (role: Holder | Role, { dictionary }: PageContext) => ({ role, name: dictionary.roles[role] })

// Found by tags: few, sorted by whose turn it is.

const found = async (deps: Deps, who: Searcher, known: Known, { cursor, limit, ...asked }: Asked): Promise<Page> => {
  const [offset = 0] = cursor === undefined ? [] : readNumbers(cursor, 'found', 1)
  if (offset > MAX_OFFSET) throw badCursor()
  const { items, total, silent } = await search(deps, who, known, { ...asked, limit: offset + limit })
  const next = offset + limit
  return { items: items.slice(offset), total, cursor: total > next ? writeNumbers('found', next) : null, silent }
}

// The inbox: by due, or by when they were closed.

const list = async (deps: Deps, who: Searcher, { cursor, ...asked }: Asked): Promise<Page> => {
  const query = { ...asked, now: deps.clock.now(), ...merchantOf(who) }
  if (asked.updatedSince !== undefined) return changed(deps, query, cursor)
  const after = readCursor(cursor)
  const { answers: counts, ledgers, silent } = await askAll(deps.ledgers, ledger => ledger.inboxCount(query))
  const lists = await Promise.all(ledgers.map(ledger => ledger.inbox({ ...query, limit: query.limit + 1, after })))
  const all = lists.flat().sort(inOrder)
  const items = all.slice(0, query.limit)
  const last = items.at(-1)
  return { items, total: sum(counts), cursor: all.length > query.limit && last ? cursorOf(last) : null, silent }
}

export const cursorOf = ({ due, closedAt, id }: InboxItem): string => toBase64url(utf8(`${due ?? closedAt} ${id}`))

export const readCursor = (text: string | undefined) => {
  if (text === undefined || text === '') return undefined
  const [due, id] = decodeCursor(text).split(' ').map(Number)
  if (due === undefined || id === undefined || !Number.isSafeInteger(due) || !Number.isSafeInteger(id))
    throw badCursor()
  return { due, id }
}

// What changed: in the order of each shard's log. The cursor holds the newest leaf that was shown, for each shard.

const changed = async (deps: Deps, query: InboxQuery, cursor: string | undefined): Promise<Page> => {
  const count = deps.ledgers.length
  const seen = cursor === undefined ? Array<number>(count).fill(-1) : readNumbers(cursor, 'since', count)
  // The cursor of a silent shard stays: its changes come once it answers.
  const { answers: counts, ledgers, silent } = await askAll(deps.ledgers, ledger => ledger.inboxCount(query))
  const lists = await Promise.all(
    ledgers.map(ledger => {
      const leaf = seen[deps.ledgers.indexOf(ledger)] ?? -1
      return ledger.inbox({ ...query, limit: query.limit + 1, ...(leaf >= 0 && { afterLeaf: leaf }) })
    }),
  )
  const all = lists.flat().sort((a, b) => a.updatedAt - b.updatedAt || shardOf(a.id) - shardOf(b.id) || a.leaf - b.leaf)
  const items = all.slice(0, query.limit)
  for (const { id, leaf } of items) seen[shardOf(id)] = leaf
  const more = all.length > query.limit || (silent.length > 0 && items.length > 0)
  return { items, total: sum(counts), cursor: more ? writeNumbers('since', ...seen) : null, silent }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0)

const badCursor = () => new Problem('invalid', [{ field: 'cursor', code: 'other' }])
const decodeCursor = (text: string): string => {
  try {
    return fromUtf8(fromBase64url(text))
  } catch {
    return ''
  }
}
const writeNumbers = (kind: string, ...numbers: number[]): string => toBase64url(utf8(`${kind} ${numbers.join(' ')}`))
const readNumbers = (text: string, kind: string, count: number): number[] => {
  const [first, ...rest] = decodeCursor(text).split(' ')
  const numbers = rest.map(each => (/^-?\d{1,15}$/.test(each) ? Number(each) : Number.NaN))
  if (first !== kind || numbers.length !== count || numbers.some(Number.isNaN)) throw badCursor()
  return numbers
}

export const readLimit = (text: string | undefined): number => {
  if (text === undefined || text === '') return PAGE
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Problem('invalid', [{ field: 'limit', code: 'other' }])
  return Math.min(Number(text), MAX_PAGE)
}

export const readState = (text: string | undefined): State | undefined => {
  if (text === undefined || text === '') return undefined
  const state = STATES.find(each => each === text)
  if (!state) throw new Problem('invalid', [{ field: 'state', code: 'choose' }])
  return state
}

export const readFlag = (text: string | undefined): boolean | undefined => {
  if (text === undefined || text === '') return undefined
  if (text !== 'true' && text !== 'false') throw new Problem('invalid', [{ field: 'overdue', code: 'choose' }])
  return text === 'true'
}
