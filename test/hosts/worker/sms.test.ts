import { env, runInDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { DAY } from '../../../src/complaint/time.ts'
import type { Shard } from '../../../src/hosts/worker/shard.ts'
import { signGateway } from '../../../src/notify/sms/vendors/gateway.ts'
import { filed, front } from './front.ts'
import { LIVE } from './live.ts'

const SECRET = 'a-secret-of-24-characters'
const TOUSU_SMS = JSON.stringify({
  mode: 'link',
  first: { vendor: 'gateway', url: 'https://sms.example.cn/send', secret: SECRET },
})

const real = Date.now
/** Eleven o'clock of tomorrow morning in Shanghai: nobody sleeps. */
const morning = Math.floor(real() / DAY) * DAY + DAY + 3 * 3_600_000
const began = real()

const posted: { url: string; init: RequestInit }[] = []
beforeEach(() => {
  // Objects of this file are live ones with a vendor.
  Object.assign(LIVE, { TOUSU_SMS })
  vi.spyOn(Date, 'now').mockImplementation(() => morning + real() - began)
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (url, init = {}) => {
    // Throws where workerd can't do what is asked of it, as a redirect mode that it does not have.
    posted.push({ url: new Request(url, init).url, init })
    return Response.json({ reference: `g-${posted.length}` })
  })
})
afterEach(() => {
  vi.restoreAllMocks()
})

const shard = () => env.LIVE.get(env.LIVE.idFromName('0'))

test("in live mode each shard's object sends by the configured vendor, and hears how it went", async () => {
  const worker = front({ TOUSU_SMS })
  const { id } = await filed(worker)
  await expect
    .poll(async () => {
      await runInDurableObject(shard(), (object: Shard) => object.alarm())
      return posted.length
    })
    .toBe(1)
  const [{ url, init } = expect.fail()] = posted
  expect(url).toBe('https://sms.example.cn/send')
  expect(JSON.parse(String(init.body))).toMatchObject({
    to: '+8613800001234',
    key: expect.stringMatching(`^${id}:\\d+$`),
    template: 'submitted',
    locale: 'zh-CN',
  })

  const body = JSON.stringify([{ reference: 'g-1', status: 'undelivered', reason: 'switched_off' }])
  const timestamp = String(Math.floor(Date.now() / 1000))
  const headers = { 'Tousu-Timestamp': timestamp, 'Tousu-Signature': signGateway(SECRET, timestamp, body) }
  const answer = await worker.fetch('/hooks/sms/gateway', { method: 'POST', body, headers })
  expect(answer.status).toBe(200)
  expect(await shard().invoke('outbox', 'failedMessages', [5])).toMatchObject([
    { outcome: 'undelivered', reason: 'switched_off' },
  ])
})

test('a vendor that is set up wrong is named, and nothing is served', async () => {
  const log = vi.spyOn(console, 'error').mockReturnValue()
  const { fetch, calls } = front({ TOUSU_SMS: TOUSU_SMS.replace(SECRET, 'short') })
  const answer = await fetch('/readyz')
  expect(answer.status).toBe(503)
  expect(await answer.json()).toMatchObject({ detail: 'TOUSU_SMS: first.secret is missing, malformed or unknown' })
  expect(calls).toEqual([])
  expect(log).toHaveBeenCalledOnce()
})
