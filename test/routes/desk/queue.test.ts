import { expect, test } from 'vitest'
import type { InboxItem, InboxQuery } from '../../../src/ledger/contract/ledger.ts'
import type { Deps } from '../../../src/routes/deps.ts'
import { soonest } from '../../../src/routes/desk/queue.ts'

const item = (id: number, due: number | null): InboxItem => ({
  id,
  state: 'platform_review',
  holder: 'platform',
  due,
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
})

/** Three shards, of which only the inbox is asked. */
const shards = (...rows: InboxItem[][]) => {
  const asked: InboxQuery[] = []
  const ledgers = rows.map(each => ({
    inbox: async (query: InboxQuery) => {
      asked.push(query)
      return each.slice(0, query.limit)
    },
  }))
  return { asked, deps: { ledgers } as unknown as Deps }
}

test('the queue merges every shard by due, then by id, and asks each for a whole page', async () => {
  const { asked, deps } = shards([item(1, 50), item(4, 90)], [item(3, 10), item(2, 50)], [item(5, 5), item(6, null)])
  const found = await soonest(deps, { now: 0, limit: 4, holders: ['platform'] })
  expect(found.map(({ id }) => id)).toEqual([5, 3, 1, 2])
  expect(asked).toHaveLength(3)
  for (const query of asked) expect(query).toMatchObject({ limit: 4, holders: ['platform'] })
})
