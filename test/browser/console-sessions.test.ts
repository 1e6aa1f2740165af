import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Flood, openFlood } from './console-flood.ts'
import { clerkBulk, clerkSession, type Decision, officerSession } from './console-sessions.ts'

// Sessions of a clerk and an officer by keyboard, on few complaints: a page that loses a key, its focus or a default costs keys.
let flood: Flood
beforeAll(async () => {
  flood = await openFlood()
})
afterAll(() => flood?.close())

/** Four answers, 28 characters of text and an amount among them, and the way from one complaint to the next. */
const KEYS = 62
const decide = (orderId: string): Decision | null =>
  orderId === '' ? null : ((['agree', 'offer', 'reject', 'ask'] as const)[Number(orderId.slice(-1)) % 4] ?? null)

test('a clerk works off the list, each complaint with the keys that its answer needs', async () => {
  // One of each; what the demo's own story has waiting is passed over.
  await flood.submit(0, 4, true)
  const page = await flood.enter('merchant', '/merchant')
  const { done, keys } = await clerkSession(page, decide)
  expect(done).toBe(4)
  expect(keys).toBeLessThanOrEqual(KEYS)
})

test('a clerk agrees with a whole page of them in eight keys', async () => {
  // With the demo's own, and the one that was asked something above, a page of fifty.
  await flood.submit(100, 48, true)
  const { done, keys } = await clerkBulk(await flood.enter('merchant', '/merchant'))
  expect(done).toBeGreaterThanOrEqual(48)
  expect(keys).toBe(8)
})

test('an officer of a flooded desk', async () => {
  await flood.submit(20, 12, false)
  await flood.submit(40, 9, true)
  await flood.advance(49)
  const page = await flood.enter('platform', '/desk')
  const urgent = (await flood.waiting()).slice(0, 5)
  const owe = { ground: 'duplicate', facts: '同一订单已有投诉。', rule: '平台规则 1.1', operator: '承办人 2068' }
  const session = await officerSession(page, id => flood.act('platform', id, 'refusal', owe))
  expect(session.first.slice(0, 5)).toEqual(urgent)
  expect(session.related).toBeGreaterThanOrEqual(9)
  expect(session.told).toBe(session.related)
  expect(session.taken).toBeGreaterThanOrEqual(9)
  expect([session.ruled.length, session.moved.length]).toEqual([5, 1])
})
