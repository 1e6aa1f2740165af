import type * as v from 'valibot'
import { beforeAll, expect, test } from 'vitest'
import type { InboxQuery, Ledger } from '../../../src/ledger/contract/ledger.ts'
import { parseId } from '../../../src/link/id.ts'
import { createApp } from '../../../src/routes/app.ts'
import { expectProblem, type Filed, parseAs, useServer } from '../../support/server.ts'
import { Inbox } from '../../support/shapes.ts'

const house = useServer()
type List = v.InferOutput<typeof Inbox>
type Who = 'merchant' | 'other' | 'platform' | 'supervisor'
const ask = (body: object, who: Who = 'merchant') => house.post('/api/v1/complaints/search', body, house.bearer(who))
const find = async (...asked: Parameters<typeof ask>): Promise<List> => {
  const reply = await ask(...asked)
  expect(reply.status, reply.text).toBe(200)
  return parseAs(Inbox, reply)
}
const since = async (query: string): Promise<List> =>
  parseAs(Inbox, await house.get(`/api/v1/complaints?${query}`, house.bearer('merchant')))
const ids = ({ items }: List) => items.map(({ id }) => id)

const PHONE = '13866667777'
const buyer = { name: '测试', phone: PHONE }
let mine: Filed[]
let theirs: Filed
let start: string
beforeAll(async () => {
  start = new Date(house.door.now()).toISOString()
  mine = []
  for (let i = 0; i < 3; i++) {
    mine.push(await house.submit({ orderId: `P26-10000${i}`, buyer }))
    await house.advance(1)
  }
  theirs = await house.submit({ merchantId: 'm2', orderId: 'P26-100000', item: '鞋', buyer })
})

test('an ERP finds the complaint of its order, with what it needs to match it', async () => {
  const { items, total } = await find({ orderId: 'P26-100001' })
  expect(total).toBe(1)
  expect(items[0]).toMatchObject({
    id: mine[1]?.id,
    orderId: 'P26-100001',
    item: '连衣裙',
    remedySought: { kind: 'refund', amount: { value: '89.00', currency: 'CNY' } },
    lastStep: { seq: 0, kind: 'submitted', by: { role: 'buyer', automated: false } },
  })
})

test.each([
  ['lower case', (id: string) => id.toLowerCase()],
  ['as it is read aloud', (id: string) => `${id.slice(0, 5)} ${id.slice(5)}`.replaceAll('0', 'O').replaceAll('1', 'l')],
])('by id: %s', async (_, spelt) => {
  expect(ids(await find({ id: spelt(mine[0]?.id ?? '') }))).toEqual([mine[0]?.id])
})

test('by phone in any spelling, the whole of it, each its own', async () => {
  const own = mine.map(({ id }) => id)
  for (const phone of [PHONE, '+86 138-6666-7777', '１３８６６６６７７７７']) {
    expect(ids(await find({ phone }))).toEqual(own)
  }
  expect(ids(await find({ phone }, 'other'))).toEqual([theirs.id])
  expect((await find({ phone }, 'platform')).total).toBe(4)
  expect(await find({ phone: '1386666777' })).toEqual({ items: [], total: 0, nextCursor: null })
})
const phone = PHONE

test('another merchant’s complaint is not there, by whatever it is asked for', async () => {
  for (const by of [{ id: theirs.id }, { orderId: 'P26-100000', id: theirs.id }]) {
    expect(await find(by)).toEqual({ items: [], total: 0, nextCursor: null })
  }
})

test('page by page, with the true total on each', async () => {
  const seen: string[] = []
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page: List = await find({ phone, limit: 2, ...(cursor && { cursor }) }, 'platform')
    expect(page.total).toBe(4)
    seen.push(...ids(page))
    cursor = page.nextCursor
  }
  expect(seen.toSorted()).toEqual([...mine, theirs].map(({ id }) => id).toSorted())
})

test('without anything known it is the inbox, with the same filters', async () => {
  expect(await find({})).toEqual(await since(''))
  expect((await find({ state: 'awaiting_merchant', limit: 1 })).total).toBe(3)
  expect(ids(await find({ overdue: true }))).toEqual([])
})

test('what changed since an instant, page by page: each complaint at its newest step', async () => {
  const [one, two, three] = mine.map(({ id }) => id)
  expect(ids(await since(`updatedSince=${start}`))).toEqual([one, two, three])
  const later = new Date(house.door.now()).toISOString()
  await house.asBuyer(mine[1] as Filed, 'messages', { text: '在吗' })
  await house.advance(1)
  await house.asBuyer(mine[0] as Filed, 'withdrawal', {
    reason: 'other',
    text: '不要了',
    confirm: 'yes',
    last4: PHONE.slice(-4),
  })
  expect(ids(await since(`updatedSince=${later}`))).toEqual([two, one])
  const seen: string[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: List = await since(`updatedSince=${start}&limit=1&cursor=${cursor}`)
    expect(page.total).toBe(3)
    seen.push(...ids(page))
    cursor = page.nextCursor
  }
  expect(seen).toEqual([three, two, one])
  const { items } = await find({ updatedSince: later })
  expect(items.map(({ lastStep }) => lastStep.kind)).toEqual(['message_added', 'withdrawn'])
  expect(items.every(({ updatedAt }) => updatedAt >= later)).toBe(true)
  expect((await find({ phone, updatedSince: later })).total).toBe(2)
})

test.each([
  [{ id: 'nonsense' }, 'id'],
  [{ phone: '138' }, 'phone'],
  [{ updatedSince: 'yesterday' }, 'updatedSince'],
  [{ state: 'closed' }, 'state'],
  [{ limit: 0 }, 'limit'],
  [{ cursor: 'x', phone }, 'cursor'],
  [{ cursor: 'c2luY2UgMQ', phone }, 'cursor'],
  [{ cursor: 'Zm91bmQgOTk5OTk5OTk', phone }, 'cursor'],
  [{ cursor: 'Zm91bmQgMQ', updatedSince: '2026-03-02T02:00:00Z' }, 'cursor'],
])('%j is a bad question', async (body, field) => {
  expect(expectProblem(await ask(body), 422, 'invalid').errors?.map(each => each.field)).toEqual([field])
})

test('nothing is found without a key, and no address takes what is searched by', async () => {
  expectProblem(await house.post('/api/v1/complaints/search', { phone }), 401, 'unauthorized')
  expect((await house.get('/api/v1/complaints/search', house.bearer('merchant'))).status).toBe(404)
})

test('what changed in several shards comes once each, in order of time, page by page', async () => {
  const { deps } = house.door
  const [ledger] = deps.ledgers
  if (!ledger) throw new Error('a server has a ledger')
  const [first] = await ledger.inbox({ now: 0, limit: 1, updatedSince: 0 })
  if (!first) throw new Error('nothing was filed')
  // As a ledger answers: in the order of its own leaves, after the last one seen.
  const shard = (number: number, rows: [leaf: number, updatedAt: number][]) => ({
    ...ledger,
    registry: ledger.registry,
    inboxCount: async () => rows.length,
    inbox: async ({ afterLeaf = -1, limit }: InboxQuery) =>
      rows
        .filter(([leaf]) => leaf > afterLeaf)
        .slice(0, limit)
        .map(([leaf, updatedAt]) => ({ ...first, id: number * 2 ** 40 + leaf, leaf, updatedAt })),
  })
  const app = createApp({
    ...deps,
    ledgers: [
      shard(0, [
        [5, 10],
        [6, 30],
        [9, 30],
      ]),
      shard(1, [
        [1, 20],
        [2, 30],
        [7, 40],
      ]),
      shard(2, []),
    ] as Ledger[],
  })
  const seen: number[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const reply = await app.request(
      `/api/v1/complaints?updatedSince=2026-03-02T02:00:00Z&limit=2${cursor && `&cursor=${cursor}`}`,
      { headers: house.bearer('platform') },
    )
    const page = (await reply.json()) as List
    expect(page.total).toBe(6)
    seen.push(...page.items.map(({ id }) => parseId(id) ?? 0))
    cursor = page.nextCursor
  }
  expect(seen).toEqual([5, 2 ** 40 + 1, 6, 9, 2 ** 40 + 2, 2 ** 40 + 7])
})
