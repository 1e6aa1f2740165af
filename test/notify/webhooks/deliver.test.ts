import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createServer } from '../../../src/hosts/node/server.ts'
import { DemoClock } from '../../../src/ledger/clock.ts'
import { makeSecrets, readSecrets } from '../../../src/ledger/log/secrets.ts'
import { formatId } from '../../../src/link/id.ts'
import { deliverHooks, type Posted, type WebhookClient } from '../../../src/notify/webhooks/deliver.ts'
import { secretOf } from '../../../src/notify/webhooks/signature.ts'
import { hashKey } from '../../../src/routes/authenticate.ts'
import { SECRET, START, type TestHost, TestServer } from '../../support/server.ts'

interface Request {
  url: string
  headers: Readonly<Record<string, string>>
  body: string
}

/** An ERP that answers as it is told. */
const sent: Request[] = []
let answer: (request: Request) => Posted | Promise<Posted> = () => ({ status: 204 })
const poster: WebhookClient = {
  post: async (url, headers, body) => {
    sent.push({ url, headers, body })
    return answer({ url, headers, body })
  },
}

const dataDir = mkdtempSync(join(tmpdir(), 'tousu-hooks-'))
const clock = new DemoClock(START)
const secrets = await readSecrets(await makeSecrets())
const opened = createServer({
  ...{ dataDir, secrets, clock, poster, signEveryMs: 0 },
  ...{ baseUrl: 'https://t.tousu.example', origin: 'log.test/0' },
})
const { ledger, scheduler } = opened
const door: Pick<TestHost, 'fetch' | 'keys'> = {
  fetch: async (path, init) => opened.app.request(path, init),
  keys: { platform: 'key-of-the-platform', supervisor: '', merchant: 'key-of-merchant-m1', other: '' },
}
const house = new TestServer(door as TestHost)
const add = async (url: string) => {
  const hook = await ledger.webhooks.add('m1', url)
  if (!hook) throw new Error('no endpoint')
  return hook
}
const quiet = async () => {
  for (const { id } of await ledger.webhooks.list('m1')) await ledger.webhooks.remove('m1', id)
  answer = () => ({ status: 204 })
  sent.length = 0
}

const desk = () => ({ ledger, poster, clock, secret: secrets.tags, baseUrl: 'https://t.tousu.example' })
const ledgerFor = () => ({ webhooks: ledger.webhooks, readOnly: () => ledger.readOnly() })
const refuse = (id: number, poison: string) => (formatId(id) === poison ? Promise.reject(new Error('torn')) : null)

beforeAll(async () => {
  await ledger.registry.addCredential(hashKey(door.keys.platform), { role: 'platform', name: 'platform' })
  await ledger.registry.addCredential(hashKey(door.keys.merchant), { role: 'merchant', merchant: 'm1', name: 'm1' })
})
afterAll(async () => {
  await opened.close()
  rmSync(dataDir, { recursive: true, force: true })
})

test('an ERP reads what happened, and nothing that is personal', async () => {
  await quiet()
  const hook = await add('https://erp.example.com/hooks')
  const filed = await house.submit()
  await house.asMerchant(filed, 'responses', {
    answer: 'reject',
    statement: '不退',
    ground: 'misuse',
    operator: '李娜',
  })
  await scheduler.runOnce()
  const events = sent.map(({ headers, body }) => new Webhook(secretOf(secrets.tags, hook)).verify(body, headers))
  expect(events).toMatchObject([
    {
      type: 'complaint.submitted',
      data: { complaint: { id: filed.id, state: 'awaiting_merchant' }, step: { seq: 0 } },
    },
    {
      type: 'complaint.merchant_responded',
      timestamp: expect.stringMatching(/^2026-03-02T02:00:/),
      data: {
        complaint: { state: 'awaiting_buyer', holder: 'buyer', overdue: false },
        step: { seq: 1, by: 'merchant', automated: false },
        url: `https://t.tousu.example/api/v1/complaints/${filed.id}`,
      },
    },
  ])
  const said = sent.map(({ url, headers, body }) => url + JSON.stringify(headers) + body).join()
  for (const secret of [...Object.values(SECRET), '不退', '李娜']) expect(said).not.toContain(secret)
  await scheduler.runOnce()
  expect(sent).toHaveLength(2)
})

test('what an ERP does not take comes again with the same id, and ends after a day', async () => {
  await quiet()
  const hook = await add('https://erp.example.com/down')
  answer = () => ({ status: 503 })
  const began = clock.now()
  await house.submit()
  const first = async () => (await ledger.webhooks.deliveries('m1', hook.id, 100)).at(-1)
  for (let next = await first(); next?.outcome === null; next = await first()) {
    clock.moveTo(next.nextAt ?? 0)
    await scheduler.runOnce()
  }
  expect(await first()).toMatchObject({ seq: 0, outcome: 'failed', answer: '503', attempts: 31 })
  const ids = sent.map(({ headers }) => headers['webhook-id']).filter(id => id?.endsWith(`_0_${hook.id}`))
  expect([ids.length, new Set(ids).size]).toEqual([31, 1])
  const hours = (clock.now() - began) / 3_600_000
  expect([hours > 18, hours < 36]).toEqual([true, true])
})

test('a redirect is no delivery, and 410 ends them all', async () => {
  await quiet()
  const [moved, gone] = [await add('https://erp.example.com/moved'), await add('https://erp.example.com/gone')]
  answer = ({ url }) => ({ status: url === gone.url ? 410 : 302 })
  await house.submit()
  await house.submit()
  await scheduler.runOnce()
  expect(await ledger.webhooks.list('m1')).toMatchObject([{ disabledAt: null }, { disabledWhy: '410' }])
  expect(sent.filter(({ url }) => url === gone.url)).toHaveLength(1)
  expect(await ledger.webhooks.deliveries('m1', moved.id, 5)).toMatchObject([{ answer: '302', outcome: null }, {}])
})

test('one endpoint that is silent holds up no other, and is not asked fifty times', async () => {
  await quiet()
  const [silent, quick] = [await add('https://erp.example.com/silent'), await add('https://erp.example.com/quick')]
  answer = ({ url }) => (url === silent.url ? { failed: 'timeout' } : { status: 200 })
  for (let i = 0; i < 5; i++) await house.submit()
  await scheduler.runOnce()
  const to = (hook: { url: string }) => sent.filter(({ url }) => url === hook.url).length
  expect([to(silent), to(quick)]).toEqual([1, 5])
  expect((await ledger.webhooks.deliveries('m1', silent.id, 9)).map(each => each.answer)).toEqual(
    Array(5).fill('timeout'),
  )
})

test('a receiver that throws is one that can’t be reached', async () => {
  await quiet()
  const hook = await add('https://erp.example.com/throws')
  answer = () => Promise.reject(new Error(SECRET.phone))
  await house.submit()
  await scheduler.runOnce()
  expect(await ledger.webhooks.deliveries('m1', hook.id, 1)).toMatchObject([{ answer: 'unreachable', attempts: 1 }])
})

test('a complaint that can’t be read holds up no other, and is tried again', async () => {
  await quiet()
  const hook = await add('https://erp.example.com/unread')
  const [poison, sound] = [await house.submit(), await house.submit()]
  const read = ledger.read.bind(ledger)
  const broken = { ...desk(), ledger: { ...ledgerFor(), read: (id: number) => refuse(id, poison.id) ?? read(id) } }
  await deliverHooks(broken)
  await deliverHooks(broken)
  const seen = await ledger.webhooks.deliveries('m1', hook.id, 9)
  const of = (id: string) => seen.filter(each => formatId(each.complaint) === id)
  expect(of(sound.id)).toMatchObject([{ outcome: 'delivered' }])
  expect(of(poison.id)).toMatchObject([{ outcome: null, answer: 'unreadable', attempts: 1 }])
  expect(sent).toHaveLength(1)
})

test('events of an endpoint with a long queue hold up no other endpoint', async () => {
  await quiet()
  const busy = await add('https://erp.example.com/busy')
  for (let i = 0; i < 60; i++) await house.submit()
  const late = await add('https://erp.example.com/late')
  await house.submit()
  await deliverHooks(desk())
  expect(sent.some(({ url }) => url === late.url)).toBe(true)
  expect(sent.filter(({ url }) => url === busy.url).length).toBeGreaterThan(10)
})

test('a slow endpoint gives way: what else is to be sent waits seconds for it, not minutes', async () => {
  await quiet()
  await add('https://erp.example.com/slow')
  for (let i = 0; i < 4; i++) await house.submit()
  let clockNow = 0
  answer = () => {
    clockNow += 14_000
    return { status: 200 }
  }
  const paced = { ...desk(), elapsed: () => clockNow }
  expect([await deliverHooks(paced), sent.length]).toEqual([1, 1])
  for (let round = 0; round < 3; round++) await deliverHooks(paced)
  expect([await deliverHooks(paced), sent.length]).toEqual([0, 4])
})

test('a test event is signed like any other, and an endpoint says how it does', async () => {
  await quiet()
  const hook = await add('https://erp.example.com/tests')
  const statusOf = async () => (await ledger.webhooks.list('m1')).find(({ id }) => id === hook.id)
  expect(await statusOf()).toMatchObject({ status: 'untried', failures: 0, lastAnswer: null })
  answer = () => ({ status: 500 })
  expect(await ledger.webhooks.test('m1', hook.id)).toBe(true)
  await deliverHooks(desk())
  expect(await statusOf()).toMatchObject({ status: 'failing', failures: 1, lastAnswer: '500' })
  answer = () => ({ status: 204 })
  expect(await ledger.webhooks.test('m1', hook.id)).toBe(true)
  await deliverHooks(desk())
  expect(await statusOf()).toMatchObject({ status: 'working', failures: 0, lastAnswer: '204' })
  const { body, headers } = sent.at(-1) ?? { body: '', headers: {} }
  const read = new Webhook(secretOf(secrets.tags, hook)).verify(body, { ...headers })
  expect(read).toMatchObject({ type: 'test', data: { endpoint: hook.id } })
  expect(new Set(sent.map(each => each.headers['webhook-id'])).size).toBe(2)
  expect([await ledger.webhooks.test('m2', hook.id), await ledger.webhooks.test('m1', 'none')]).toEqual([false, false])
})
