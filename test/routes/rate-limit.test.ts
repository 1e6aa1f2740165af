// Rate limits as clients meet them, on both hosts: one floods, and the others get through.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { LIMITS } from '../../src/routes/limits.ts'
import { signIn } from '../support/people.ts'
import { expectProblem, made, type Reply, useServer } from '../support/server.ts'

const server = useServer()
const { burst } = LIMITS.anonymous.client

/** As the proxy, or Cloudflare, says whom it forwards. */
const from = (address: string) => ({ 'X-Forwarded-For': address, 'CF-Connecting-IP': address })
const pickup = (address: string, headers = {}) =>
  server.post('/pickup', { code: 'no code', last4: '1234' }, { ...from(address), ...headers })
const page = (path: string, address: string, headers: Record<string, string> = {}) =>
  server.send(path, 'a=b', {
    'Content-Type': 'application/x-www-form-urlencoded',
    Accept: 'text/html',
    ...from(address),
    ...headers,
  })

/** Sends until it is refused; answers how many got through. */
const flood = async (send: () => Promise<Reply>, most = 2 * burst): Promise<number> => {
  for (let sent = 0; sent < most; sent++) if ((await send()).status === 429) return sent
  return most
}
// All buckets are full again, and then time stands still: a machine that is slow would fill them while it sends.
beforeEach(async () => {
  await server.advance(1)
  vi.useFakeTimers({ toFake: ['Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('anonymous posts', () => {
  test('a client that floods is told when to come back, and comes back', async () => {
    expect(await flood(() => pickup('203.0.113.7'))).toBe(burst)
    const refused = await pickup('203.0.113.7')
    expectProblem(refused, 429, 'too_many')
    expect(refused.headers.get('retry-after')).toMatch(/^[12]$/)
    expect(refused.text).not.toContain('203.0.113')
    await server.advance(0.01)
    expectProblem(await pickup('203.0.113.7'), 404, 'not_found')
  })

  test('another client, signed-in people, keys and links get through meanwhile', async () => {
    const filed = await server.submit()
    const flooder = '203.0.113.8'
    await flood(() => pickup(flooder))
    expect((await pickup('203.0.113.9')).status).toBe(404)
    const clerk = await signIn(server, 'merchant')
    expect((await clerk.post('/merchant/settings/contact', { phone: '13912345678' }, from(flooder))).status).toBe(303)
    made(await server.as('merchant', filed, 'messages', { text: '您好', operator: '李娜' }, from(flooder)))
    made(await server.asBuyer(filed, 'messages', { text: '你好' }, from(flooder)))
    expect((await server.get('/', from(flooder))).status).toBe(200)
  })

  test.each([
    ['/pickup/resend', {}],
    ['/new', {}],
    ['/merchant/settings/contact', { 'Sec-Fetch-Site': 'same-origin' }],
    ['/desk/complaints/1/rulings', { 'Sec-Fetch-Site': 'same-origin' }],
  ])('POST %s is limited by the same bucket', async (path, headers) => {
    await flood(() => pickup('203.0.113.10'))
    expect((await page(path, '203.0.113.10', headers)).status).toBe(429)
    expect((await page(path, '203.0.113.11', headers)).status).not.toBe(429)
  })

  test('so is a sign-in, whose start and end ask the provider', async () => {
    await flood(() => pickup('203.0.113.12'))
    for (const path of ['/signin/start', '/signin/callback?code=x&state=y'])
      expect((await server.get(path, from('203.0.113.12'))).status).toBe(429)
  })

  test.each([
    ['zh-CN', '短时间内发得太多了'],
    ['zh-TW', '短時間內送出太多了'],
    ['en', 'Too much was sent in a short time'],
  ])('the page says so in %s', async (language, words) => {
    await flood(() => pickup('203.0.113.13'))
    const refused = await page('/pickup', '203.0.113.13', { 'Accept-Language': language })
    expect([refused.status, refused.text]).toEqual([429, expect.stringContaining(words)])
  })

  test('an IPv6 client is its /64, and an IPv4 address written as IPv6 is itself', async () => {
    let host = 0
    expect(await flood(() => pickup(`2001:db8:1:2::${(host++).toString(16)}`))).toBe(burst)
    expect((await pickup('2001:db8:1:3::1')).status).toBe(404)
    await flood(() => pickup('::ffff:203.0.113.14'))
    expect((await pickup('203.0.113.14')).status).toBe(429)
  })
})

test('acts by a link are bounded too, but generously', async () => {
  const filed = await server.submit()
  const { burst: most } = LIMITS.holder.client
  // A refused body is cheaper than a message, and counts as well.
  expect(await flood(() => server.asBuyer(filed, 'messages', {}, from('203.0.113.20')), 2 * most)).toBe(most)
  expectProblem(await server.asBuyer(filed, 'messages', { text: 'x' }, from('203.0.113.20')), 429, 'too_many')
  made(await server.asBuyer(filed, 'messages', { text: 'x' }, from('203.0.113.21')))
})

test('without a known address all are counted together, and a flood of addresses ends at the bound of all', async () => {
  const most = LIMITS.anonymous.all.burst
  let client = 0
  const many = () => pickup(`198.51.${client >> 8}.${client++ & 255}`)
  expect(await flood(many, 3 * most)).toBe(most)
  const unknown = () => server.post('/pickup', { code: 'no code', last4: '1234' })
  expect(await flood(unknown, most)).toBe(0)
})
