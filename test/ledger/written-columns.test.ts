import { expect, test } from 'vitest'
import newest from '../../db/policies/cn-2026-3.json' with { type: 'json' }
import type { Order } from '../../src/ledger/contract/ledger.ts'
import { buyer, done, intake, merchant, rejection, shop } from './fixture.ts'
import { newFolder, openFolder } from './node-host.ts'

/** Column names of each update of a complaint's row that the order causes. */
const opened = async () => {
  let columns: string[][] = []
  const { ledger, sqlite } = await openFolder(newFolder(), {
    policy: newest,
    wrap: host => ({
      ...host,
      statement: text => {
        const run = host.statement(text)
        const set = /^update "complaints" set (.*) where/.exec(text)?.[1]
        return values => {
          if (set) columns.push([...set.matchAll(/"(\w+)" =/g)].map(([, name = '']) => name))
          run(values)
        }
      },
    }),
  })
  const written = async (order: Order) => {
    columns = []
    const { id } = done(await ledger.execute(order))
    return { id, columns }
  }
  return { written, sqlite }
}

const PLACE = ['head', 'chain']
const LISTED = ['status', 'due', 'stuck', 'holder', 'desk', 'offered']

test('a step sets the columns that it changed: SQLite writes the indices of all that are set', async () => {
  const { written, sqlite } = await opened()
  const { id } = await written({ act: 'submit', complaint: null, by: shop, body: intake() })
  const sorted = (lists: string[][]) => lists.map(list => list.toSorted())
  const sets = (...names: string[]) => [[...PLACE, ...names].toSorted()]
  const before = sqlite.prepare('select side, closed_at, erase_at from complaints').get()
  expect(before).toEqual({ side: expect.any(Number), closed_at: null, erase_at: null })

  const message = await written({ act: 'messages', complaint: id, by: buyer, body: { text: '有人吗？' } })
  expect(sorted(message.columns)).toEqual(sets())
  const answer = await written({ act: 'responses', complaint: id, by: merchant(), body: rejection })
  expect(sorted(answer.columns)).toEqual(sets(...LISTED, 'folded', 'standing'))
  expect(sqlite.prepare('select side, closed_at, erase_at from complaints').get()).toEqual(before)
  const body = { ground: 'solved_elsewhere', reason: '换货了。' } as const
  const end = await written({ act: 'withdrawal', complaint: id, by: buyer, body })
  expect(sorted(end.columns)).toEqual(sets(...LISTED, 'folded', 'standing', 'side', 'closed_at', 'erase_at'))
  expect(sqlite.prepare('select side, closed_at > 0 as closed from complaints').get()).toEqual({
    side: null,
    closed: 1,
  })
})
