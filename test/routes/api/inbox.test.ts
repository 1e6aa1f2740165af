import type * as v from 'valibot'
import { beforeAll, expect, test } from 'vitest'
import type { InboxQuery } from '../../../src/ledger/contract/ledger.ts'
import { formatId } from '../../../src/link/id.ts'
import { createApp } from '../../../src/routes/app.ts'
import { expectProblem, type Filed, parseAs, type Reply, useServer } from '../../support/server.ts'
import { Inbox } from '../../support/shapes.ts'
import * as scenes from '../scenes.ts'

const house = useServer()
type List = v.InferOutput<typeof Inbox>
const ask = (query: string, who: 'merchant' | 'other' | 'platform' = 'merchant'): Promise<Reply> =>
  house.get(`/api/v1/complaints${query}`, house.bearer(who))
const list = async (...asked: Parameters<typeof ask>): Promise<List> => parseAs(Inbox, await ask(...asked))
const ids = ({ items }: List) => items.map(({ id }) => id)

let mine: Filed[]
let theirs: Filed
let closed: Filed[]
beforeAll(async () => {
  closed = [await scenes.confirmed(house), await scenes.confirmed(house)]
  mine = []
  for (let i = 0; i < 5; i++) {
    mine.push(await house.submit())
    await house.advance(1)
  }
  theirs = await house.submit({ merchantId: 'm2' })
})

test('a merchant sees its own, soonest due first', async () => {
  expect(ids(await list(''))).toEqual(mine.map(({ id }) => id))
  expect(ids(await list('', 'other'))).toEqual([theirs.id])
  expect(ids(await list('', 'platform'))).toEqual([...mine, theirs].map(({ id }) => id))
})

test('an item says what a clerk needs', async () => {
  const { items } = await list('')
  expect(items[0]).toMatchObject({
    id: mine[0]?.id,
    state: 'awaiting_merchant',
    holder: { role: 'merchant' },
    due: mine[0]?.due,
    overdue: false,
    category: 'quality',
    merchantId: 'm1',
  })
})

test('by state, and the closed ones newest first', async () => {
  expect(ids(await list('?state=awaiting_buyer'))).toEqual([])
  expect(ids(await list('?state=awaiting_merchant'))).toHaveLength(5)
  expect(ids(await list('?state=closed_confirmed'))).toEqual(closed.map(({ id }) => id).reverse())
})

test('empty filters are none', async () => {
  expect(ids(await list('?state=&overdue=&cursor='))).toHaveLength(5)
})

test.each([1, 2, 3, 5, 200])('page by page, %i at a time, none is missed or seen twice', async limit => {
  for (const [state, expected] of [
    ['', mine],
    ['closed_confirmed', closed.toReversed()],
  ] as const) {
    const seen: string[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: List = await list(`?limit=${limit}&state=${state}&cursor=${cursor}`)
      expect(page.items.length).toBeLessThanOrEqual(limit)
      seen.push(...ids(page))
      cursor = page.nextCursor
    }
    expect(seen).toEqual(expected.map(({ id }) => id))
  }
})

test.each([
  'limit=0',
  'limit=-1',
  'limit=1.5',
  'limit=1e3',
  'limit=abc',
  'limit=99999999999',
  'cursor=x',
  'cursor=%00',
  'cursor=MTIz',
  'cursor=0',
  'cursor=MTIgeA',
  `cursor=${'A'.repeat(5000)}`,
  'state=open',
  'state=__proto__',
  'state=AWAITING_BUYER',
  'overdue=maybe',
  'overdue=1',
])('%s is a bad question', async query => {
  const name = query.split('=')[0]
  expect(expectProblem(await ask(`?${query}`), 422, 'invalid').errors?.[0]?.field).toBe(name)
})

test('nobody lists without a key', async () => {
  expectProblem(await house.get('/api/v1/complaints'), 401, 'unauthorized')
})

test('overdue ones alone', async () => {
  await house.advance(49 + 72 + 24 + 1)
  const late = await list('?overdue=true')
  expect(ids(late).length).toBeGreaterThan(0)
  for (const item of late.items) expect(item).toMatchObject({ overdue: true, holder: { role: 'supervisor' } })
  const early = await list('?overdue=false')
  expect(ids(late).length + ids(early).length).toBe(5)
})

test('complaints of several shards with the same due come once each, page by page', async () => {
  const { deps } = house.door
  const [ledger] = deps.ledgers
  if (!ledger) throw new Error('a server has a ledger')
  const due = house.door.now() + 3_600_000
  const item = (id: number) => ({ ...ITEM, id, due })
  // As a ledger answers: by due and id, after the cursor.
  const shard = (ids: number[]) => ({
    ...ledger,
    registry: ledger.registry,
    inboxCount: async () => ids.length,
    inbox: async ({ after, limit }: InboxQuery) =>
      ids
        .filter(id => !after || due > after.due || (due === after.due && id > after.id))
        .slice(0, limit)
        .map(item),
  })
  const [low, high] = [[1, 2, 3], [1, 2].map(n => n + 2 ** 40)]
  const app = createApp({ ...deps, ledgers: [shard(high), shard(low)] })
  const seen: string[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const reply = await app.request(`/api/v1/complaints?limit=2${cursor && `&cursor=${cursor}`}`, {
      headers: house.bearer('platform'),
    })
    const page = (await reply.json()) as List
    seen.push(...ids(page))
    cursor = page.nextCursor
  }
  expect(seen).toEqual([...low, ...high].map(formatId))
})

const ITEM = {
  state: 'awaiting_merchant',
  holder: 'merchant',
  openedAt: 0,
  closedAt: null,
  category: 'quality',
  merchant: 'm1',
  handoffs: 0,
  orderId: null,
  item: null,
  remedySought: null,
  lastStep: { seq: 0, kind: 'submitted', at: 0, by: 'buyer', automated: false },
  updatedAt: 0,
  leaf: 1,
} as const
