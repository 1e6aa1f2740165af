import { env, evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ledgerStub } from '../../../src/hosts/worker/ledger-rpc.ts'
import type { Shard } from '../../../src/hosts/worker/shard.ts'
import { checkLog } from '../../ledger/check-log.ts'
import { everyItem, people } from '../../ledger/fixture.ts'
import { type Filed, filed, front, submit } from './front.ts'

const SECRET = '欧阳暮雪'
const stub = () => env.LIVE.get(env.LIVE.idFromName('0'))
const ledger = ledgerStub(stub)
const within = <R>(work: (object: Shard, state: Parameters<Parameters<typeof runInDurableObject>[1]>[1]) => R) =>
  runInDurableObject(stub(), work)

const said: unknown[] = []
beforeEach(() => {
  for (const level of ['error', 'warn', 'log'] as const) {
    vi.spyOn(console, level).mockImplementation((...words) => void said.push(...words))
  }
})
afterEach(() => {
  vi.restoreAllMocks()
  expect(said.splice(0).join(' ')).not.toContain(SECRET)
})

const tryAgain = async (answer: Response) => {
  expect(answer.status).toBe(503)
  expect(answer.headers.get('retry-after')).toBe('5')
  const text = await answer.text()
  expect(text).not.toContain(SECRET)
  return text
}
const size = async () => (await everyItem(ledger, Date.now())).length

/** Crash: ends the instance at once, with all that it holds in memory. */
const kill = () => within((_, state) => state.abort('killed')).catch(() => undefined)

test('crash in use: no step lost, none doubled, never a false success', async () => {
  const before = await size()
  const server = front()
  // The app is loaded, so that the crash meets commands under way.
  await server.fetch('/healthz')
  const ask = (i: number) => submit(server, { orderId: `KILLED-${i}`, item: 'x' }, { 'Idempotency-Key': `key-${i}` })
  const asked = Array.from({ length: 40 }, (_, i) => ask(i))
  await kill()
  const first = await Promise.all(asked)
  expect(first.some(({ status }) => status === 503)).toBe(true)
  for (const answer of first) if (answer.status !== 201) await tryAgain(answer)
  const second = await Promise.all(Array.from({ length: 40 }, (_, i) => ask(i)))
  expect(second.map(({ status }) => status)).toEqual(Array(40).fill(201))
  for (const [i, answer] of first.entries()) {
    if (answer.status !== 201) continue
    const [told, again] = (await Promise.all([answer.json(), second[i]?.json()])) as Filed[]
    expect(told?.id).toBe(again?.id)
  }
  expect(await size()).toBe(before + 40)
  await checkLog(ledger, Date.now())
})

test('durability: an answered step outlives a crash between commit and signature', async () => {
  await ledger.readOnly()
  const acts = people(ledger)
  const answers = await Promise.all([1, 2, 3].map(() => acts.submit()))
  await kill()
  for (const answer of answers) {
    if ('refused' in answer) throw new Error(answer.refused)
    expect((await ledger.read(answer.id))?.entries).toHaveLength(1)
  }
  await checkLog(ledger, Date.now())
})

test('evicted and woken again and again, it is one log', async () => {
  const { room } = await filed(front())
  for (let i = 0; i < 3; i++) {
    const text = `第${i}条`
    const said = await front().fetch(`${room}/messages`, post({ text }))
    expect(said.status).toBe(201)
    await evictDurableObject(stub())
  }
  const links = await checkLog(ledger, Date.now())
  expect(links.filter(({ leaf }) => leaf.kind === 'log_opened')).toHaveLength(1)
})

const post = (body: object, headers: Record<string, string> = {}) => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json', Accept: 'application/json', ...headers },
  body: JSON.stringify(body),
})

test('storage that throws: 503, nothing recorded, and it goes on afterwards', async () => {
  const server = front()
  const { room } = await filed(server)
  const before = await size()
  const broken = await within((_, { storage }) =>
    vi.spyOn(storage, 'transactionSync').mockImplementation(() => {
      throw new Error(`${SECRET}: database or disk is full: SQLITE_FULL`)
    }),
  )
  const once = { 'Idempotency-Key': 'full' }
  const asked = { orderId: 'FULL', buyer: { name: SECRET, phone: '13800001234' } }
  expect(JSON.parse(await tryAgain(await submit(server, asked, once)))).toMatchObject({ code: 'unavailable' })
  await tryAgain(await server.fetch(`${room}/messages`, post({ text: SECRET })))
  await tryAgain(
    await server.fetch(`${room}/messages`, { method: 'POST', body: new URLSearchParams({ text: SECRET }) }),
  )
  // Reads go on.
  expect((await server.fetch(room, { headers: { Accept: 'text/html' } })).status).toBe(200)
  broken.mockRestore()
  expect(await size()).toBe(before)
  expect((await submit(server, asked, once)).status).toBe(201)
  expect(await size()).toBe(before + 1)
  await checkLog(ledger, Date.now())
})

test('an alarm that cannot be stored: the step stands, its caller asks again, and gets it', async () => {
  const server = front()
  const before = await size()
  const broken = await within(async (_, { storage }) => {
    await storage.deleteAlarm()
    return vi.spyOn(storage, 'setAlarm').mockRejectedValue(new Error(SECRET))
  })
  const once = { 'Idempotency-Key': 'alarm' }
  await tryAgain(await submit(server, { orderId: 'ALARM' }, once))
  broken.mockRestore()
  expect((await submit(server, { orderId: 'ALARM' }, once)).status).toBe(201)
  expect(await size()).toBe(before + 1)
  expect(await within((_, { storage }) => storage.getAlarm())).not.toBeNull()
})

test('storage that cannot be read: 503, for people and for programs', async () => {
  const { room, id } = await filed(front())
  const broken = await within((_, { storage }) =>
    vi.spyOn(storage.sql, 'exec').mockImplementation(() => {
      throw new Error(`${SECRET}: SQLITE_CORRUPT`)
    }),
  )
  await tryAgain(await front().fetch(room, { headers: { Accept: 'text/html' } }))
  await tryAgain(await front().fetch(`${room}/receipt.json`))
  await tryAgain(await front().fetch(`/api/v1/complaints/${id}`, { headers: { Authorization: 'Bearer unknown-key' } }))
  broken.mockRestore()
  expect((await front().fetch(room)).status).toBe(200)
})
