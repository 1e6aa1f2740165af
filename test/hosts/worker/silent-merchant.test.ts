import { env, runInDurableObject } from 'cloudflare:test'
import { expect, test, vi } from 'vitest'
import { DAY } from '../../../src/complaint/time.ts'
import type { Shard } from '../../../src/hosts/worker/shard.ts'
import { MessageOutbox } from '../../../src/ledger/outbox/messages.ts'
import { parseId } from '../../../src/link/id.ts'
import { BUYER, NUMBERS, playSilence } from '../../support/silent-merchant.ts'
import { filed, front } from './front.ts'

const demo = () => front({ TOUSU_MODE: 'demo', SHARD: env.SHARD })
// Cast: what the binding leads to, for runInDurableObject.
const shard = () => env.SHARD.get(env.SHARD.idFromName('0')) as Shard

const stepsOf = async (id: number) =>
  ((await shard().read(id))?.entries ?? []).map(({ step: { kind, on, at } }) => ({ kind, on, at }))

/** The next Monday at ten in Shanghai: a demo's clock begins anywhere. */
const monday = async (): Promise<number> => {
  const midnight = Math.ceil(((await shard().now()) + 8 * 3_600_000) / DAY) * DAY
  const days = (8 - new Date(midnight).getUTCDay()) % 7
  return midnight + days * DAY + 2 * 3_600_000
}

test('a silent merchant, by the alarm alone: each phone shows its messages', async () => {
  await shard().moveClock(await monday())
  for (const [party, phone] of Object.entries(NUMBERS)) await shard().invoke('outbox', 'setContact', [party, phone])
  const made = await filed(demo(), { buyer: { name: '欧阳暮雪', phone: BUYER } })
  const id = parseId(made.id) ?? 0
  const [first] = await stepsOf(id)
  const moveTo = (instant: number) => shard().moveClock(instant)
  await playSilence({ moveTo, messages: () => shard().messages(), steps: () => stepsOf(id) }, first?.on ?? 0)
  const page = await (await demo().fetch(made.room)).text()
  expect(page).toContain('12315')
}, 90_000)

test('sending that never ends holds up no deadline', async () => {
  await shard().moveClock(await monday())
  const made = await filed(demo(), { buyer: { name: '欧阳暮雪', phone: BUYER } })
  const id = parseId(made.id) ?? 0
  const misses = async () => (await stepsOf(id)).filter(({ kind }) => kind === 'deadline_missed')
  const hung = vi.spyOn(MessageOutbox.prototype, 'dueRecipients').mockReturnValue(new Promise(() => {}))
  await runInDurableObject(shard(), async (object: Shard) => object.moveClock(Date.parse(made.due) - 1000))
  await expect.poll(() => hung.mock.calls.length, { timeout: 20_000 }).toBeGreaterThan(0)
  await expect.poll(misses, { timeout: 20_000 }).toHaveLength(1)
  expect((await misses())[0]?.on).toBe(Date.parse(made.due))
  hung.mockRestore()
}, 60_000)
