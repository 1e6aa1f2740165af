import { env, evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { expect, test, vi } from 'vitest'
import type { Shard } from '../../../src/hosts/worker/shard.ts'
import { LocalLedger } from '../../../src/ledger/local-ledger.ts'
import { parseId } from '../../../src/link/id.ts'
import { filed, front } from './front.ts'

// A demo's clock can be moved: the alarms are real, and come when they are set for.
const demo = () => front({ TOUSU_MODE: 'demo', SHARD: env.SHARD })
// Cast: what the binding leads to, for runInDurableObject.
const shard = () => env.SHARD.get(env.SHARD.idFromName('0')) as Shard
// Merchant m2 is on the second of two; the first one's number is the demo's here, with its notes.
const live = () => env.LIVE.get(env.LIVE.idFromName('1'))

const alarmOf = (stub: Shard) => runInDurableObject(stub, (_, { storage }) => storage.getAlarm())

/** Reading appends no steps that fell due. */
const misses = async (id: number) => {
  const timeline = await shard().read(id)
  return timeline?.entries.map(({ step }) => step).filter(({ kind }) => kind === 'deadline_missed') ?? []
}

const submitted = async () => {
  const { id, due } = await filed(demo())
  return { id: parseId(id) ?? 0, due: Date.parse(due) }
}

test('a missed deadline is appended by the alarm alone', async () => {
  const { id, due } = await submitted()
  await shard().moveClock(due - 2000)
  expect(await misses(id)).toEqual([])
  await expect.poll(() => misses(id), { timeout: 15_000 }).toHaveLength(1)
  const [missed] = await misses(id)
  expect(missed?.on).toBe(due)
})

test('idempotent: an alarm that comes late, or twice, appends one step with the due instant', async () => {
  const { id, due } = await submitted()
  await runInDurableObject(shard(), async (object: Shard, { storage }) => {
    await object.moveClock(due + 3_600_000)
    await Promise.all([object.alarm(), object.alarm()])
    await object.alarm()
    await storage.setAlarm(Date.now() + 60_000)
  })
  expect(await runDurableObjectAlarm(shard())).toBe(true)
  const steps = await misses(id)
  expect(steps.map(({ on }) => on)).toEqual([due])
  expect(steps[0]?.at).toBeGreaterThanOrEqual(due + 3_600_000)
})

test('the alarm stands at the next due instant', async () => {
  const { due } = await submitted()
  const next = await shard().tick()
  const ahead = (await shard().now()) - Date.now()
  expect(next).toBeLessThanOrEqual(due)
  // The SMS that tells of the complaint is sent before.
  await expect
    .poll(async () => Math.abs(((await alarmOf(shard())) ?? 0) + ahead - ((await shard().tick()) ?? 0)))
    .toBeLessThan(1000)
})

test('exponential backoff: an alarm that fails is set again, later each time, until it works', async () => {
  await submitted()
  const log = vi.spyOn(console, 'error').mockReturnValue()
  const tick = vi.spyOn(LocalLedger.prototype, 'tick').mockRejectedValue(new Error('王小明: SQLITE_IOERR'))
  const pauses: number[] = []
  for (let i = 0; i < 8; i++) {
    await runInDurableObject(shard(), async (object: Shard, { storage }) => {
      await storage.deleteAlarm()
      await object.alarm()
    })
    pauses.push(Math.round((((await alarmOf(shard())) ?? 0) - Date.now()) / 1000))
  }
  tick.mockRestore()
  expect(pauses).toEqual([15, 30, 60, 120, 240, 300, 300, 300])
  const said = log.mock.calls.flat().join(' ')
  expect(said).toContain('SQLITE_IOERR')
  expect(said).not.toContain('王小明')
  log.mockRestore()
  const { id, due } = await submitted()
  await runInDurableObject(shard(), (object: Shard) => object.alarm())
  await shard().moveClock(due - 300)
  await expect.poll(() => misses(id), { timeout: 20_000 }).toHaveLength(1)
})

test('an object that lost its alarm sets it when it is opened', async () => {
  await submitted()
  await runInDurableObject(shard(), (_, { storage }) => storage.deleteAlarm())
  await evictDurableObject(shard())
  await shard().readOnly()
  expect(await alarmOf(shard())).toBeGreaterThan(Date.now() - 1000)
})

test('exponential backoff: messages without a provider wake the object ever more rarely', async () => {
  await filed(front({ SHARDS: '2' }), { merchantId: 'm2' })
  await expect.poll(async () => ((await alarmOf(live())) ?? 0) - Date.now()).toBeGreaterThan(10_000)
  await runDurableObjectAlarm(live())
  await runDurableObjectAlarm(live())
  expect(((await alarmOf(live())) ?? 0) - Date.now()).toBeGreaterThan(45_000)
})

test('exponential backoff survives an eviction, and ends with the first pass that leaves nothing due', async () => {
  await filed(front({ SHARDS: '2' }), { merchantId: 'm2' })
  await expect.poll(async () => ((await alarmOf(live())) ?? 0) - Date.now()).toBeGreaterThan(10_000)
  const pauses: number[] = []
  for (let i = 0; i < 3; i++) {
    await runDurableObjectAlarm(live())
    await evictDurableObject(live())
    await live().readOnly()
    pauses.push(((await alarmOf(live())) ?? 0) - Date.now())
  }
  expect(pauses[0]).toBeGreaterThan(20_000)
  expect(pauses[1]).toBeGreaterThan(pauses[0]! * 1.5)
  expect(pauses[2]).toBeGreaterThan(pauses[1]! * 1.2)
  await runInDurableObject(live(), (_, { storage }) => void storage.sql.exec('update outbox set next_at = null'))
  await runDurableObjectAlarm(live())
  await filed(front({ SHARDS: '2' }), { merchantId: 'm2' })
  expect(((await alarmOf(live())) ?? 0) - Date.now()).toBeLessThan(16_000)
})

test('a steady stream of commands does not put the alarm off', async () => {
  await filed(front({ SHARDS: '2' }), { merchantId: 'm2' })
  await expect.poll(async () => ((await alarmOf(live())) ?? 0) - Date.now()).toBeGreaterThan(10_000)
  const set = await runInDurableObject(live(), async (object: Shard, { storage }) => {
    await storage.deleteAlarm()
    const spy = vi.spyOn(storage, 'setAlarm')
    for (let i = 0; i < 10; i++) await object.resend(1)
    const calls = [...spy.mock.calls]
    spy.mockRestore()
    return calls
  })
  expect(set).toHaveLength(1)
})
