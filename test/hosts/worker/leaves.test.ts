import { env, evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { expect, test } from 'vitest'
import type { Shard } from '../../../src/hosts/worker/shard.ts'
import { intake, shop } from '../../ledger/fixture.ts'

// Cast: what the binding leads to, for runInDurableObject. A shard of its own, with more leaves than one tile has.
const shard = () => env.LIVE.get(env.LIVE.idFromName('7')) as Shard
const LEAVES = 300

const altered = async () => (await shard().metrics()).alteredRows
const kept = () => runInDurableObject(shard(), (_, { storage }) => storage.get<{ doneAt?: number }>('leaves read'))
const edit = (from: string, to: string) =>
  runInDurableObject(shard(), (_, { storage }) => {
    storage.sql.exec('drop trigger if exists leaves_no_update')
    storage.sql.exec(
      `update leaves set bytes = cast(replace(cast(bytes as text), '${from}', '${to}') as blob) where idx = 200`,
    )
  })
const alarm = async () => {
  await runInDurableObject(shard(), (_, { storage }) => storage.setAlarm(Date.now() + 60_000))
  await runDurableObjectAlarm(shard())
}

test('old leaves are read against the tree by alarms, across evictions, and what was found stays known', async () => {
  const order = () => ({ act: 'submit', complaint: null, by: shop, body: intake() }) as const
  await Promise.all(Array.from({ length: LEAVES }, () => shard().execute(order())))
  await evictDurableObject(shard())
  await alarm()
  expect([await altered(), (await kept())?.doneAt]).toEqual([0, expect.any(Number)])
  await edit('"category":"quality"', '"category":"service"')
  // Checked this week: an opening reads nothing again.
  await evictDurableObject(shard())
  await alarm()
  expect(await altered()).toBe(0)
  const week = 7 * 24 * 3_600_000
  await runInDurableObject(shard(), async (_, { storage }) => {
    const { doneAt = 0, ...rest } = (await storage.get<{ doneAt?: number }>('leaves read')) ?? {}
    await storage.put('leaves read', { ...rest, doneAt: doneAt - week })
  })
  await evictDurableObject(shard())
  await alarm()
  expect(await altered()).toBe(1)
  await evictDurableObject(shard())
  expect(await altered()).toBe(1)
})
