import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { parseSms } from '../../../../src/notify/sms/vendors/config.ts'
import { failoverSmsProvider } from '../../../../src/notify/sms/vendors/failover.ts'
import { made, openTestHost, START, TestServer } from '../../../support/server.ts'
import { sms } from './world.ts'

// `buyer_notice` as the one who builds the endpoint meets it: a server of HTTP, the real outbox, and what its answers lead to.

const secret = `whsec_${Buffer.from('a secret of the platform of 32 b').toString('base64')}`
interface Event {
  id: string
  template: string
  complaint: string
  at: number
}
type Answer = (response: ServerResponse, event: Event) => void

const taken: Answer = (response, { id }) => void response.end(JSON.stringify({ id: `N-${id}` }))
const fails: Answer = response => void response.writeHead(500).end('out of order')
const refuses: Answer = response => void response.writeHead(422).end('{"code":"no_app"}')
const cutsOff: Answer = response => void response.destroy()

let answer: Answer = taken
let notices: Event[] = []
let texts: string[] = []
let now = (): number => 0

const endpoint = createServer(async (request, response) => {
  let body = ''
  for await (const part of request.setEncoding('utf8')) body += part
  response.setHeader('content-type', 'application/json')
  if (request.url === '/sms') {
    texts.push(JSON.parse(body).text)
    return response.end('{"reference":"G-1"}')
  }
  // Throws for a signature that is wrong, as their library does: then there is no answer, and the test has no event.
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
  const { data } = new Webhook(secret).verify(body, headers) as { data: Pick<Event, 'template' | 'complaint'> }
  const event = { ...data, id: headers['webhook-id'] ?? '', at: now() }
  notices.push(event)
  return answer(response, event)
})
let origin = ''
beforeAll(async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
  await once(endpoint.listen(0, '127.0.0.1'), 'listening')
  const address = endpoint.address()
  origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
})
afterAll(() => {
  vi.restoreAllMocks()
  endpoint.closeAllConnections()
  endpoint.close()
})
beforeEach(() => {
  answer = taken
  notices = []
  texts = []
})

const opened = async (start = START, own: object = {}) => {
  const platform = { vendor: 'platform', url: `${origin}/notices`, secret, ...own }
  const gateway = { vendor: 'gateway', url: `${origin}/sms`, secret: '0123456789abcdef0123456789abcdef' }
  const provider = failoverSmsProvider(parseSms(sms(platform, gateway)), 'https://t.tousu.example')
  const door = await openTestHost(start, { provider })
  now = door.now
  return new TestServer(door)
}
const REJECTION = { answer: 'reject', ground: 'misuse', statement: '使用不当', operator: '李娜' }
const of = (template: string) => notices.filter(each => each.template.startsWith(template))

test('an endpoint that fails, or hangs up, is asked again with the same webhook-id; its answer is the proof in the timeline', async () => {
  const house = await opened()
  const filed = await house.submit()
  await house.door.advance(0.01)
  expect(of('submitted')).toHaveLength(1)
  answer = fails
  made(await house.asMerchant(filed, 'responses', REJECTION))
  await house.door.advance(0.01)
  expect(of('merchant_responded').length).toBeGreaterThan(0)
  answer = cutsOff
  await house.door.advance(0.05)
  const failed = of('merchant_responded')
  expect(failed.length).toBeGreaterThan(1)
  const kinds = async () => (await house.viewAs('platform', filed)).steps.map(({ kind }) => kind)
  expect(await kinds()).not.toContain('notice_sent')
  answer = taken
  await house.door.advance(2)
  const all = of('merchant_responded')
  expect(new Set(all.map(({ id }) => id)).size).toBe(1)
  expect(all).toHaveLength(failed.length + 1)
  const notice = (await house.viewAs('platform', filed)).steps.find(({ kind }) => kind === 'notice_sent')
  expect(notice?.fields).toMatchObject({ smsVendor: 'platform', smsId: `N-${all[0]?.id}` })
  expect(texts).toEqual([])
  await house.door.close()
})

test('instead of SMS: what it refuses goes by the other vendor; beside: both, and a dead endpoint holds nothing up', async () => {
  const house = await opened()
  answer = refuses
  await house.submit()
  await house.door.advance(0.01)
  expect([of('submitted').length, texts.length]).toEqual([1, 1])
  await house.door.close()
  const both = await opened(START, { beside: true })
  answer = fails
  const filed = await both.submit()
  made(await both.asMerchant(filed, 'responses', REJECTION))
  await both.door.advance(0.01)
  expect([of('merchant_responded').length, texts.length]).toEqual([1, 3])
  const notice = (await both.viewAs('platform', filed)).steps.find(({ kind }) => kind === 'notice_sent')
  expect(notice?.fields).toMatchObject({ smsVendor: 'gateway', smsId: 'G-1' })
  await both.door.close()
})

test('quiet hours and two a day hold for the app as for SMS', async () => {
  const night = await opened(Date.parse('2026-03-02T15:00:00Z'))
  const filed = await night.submit()
  await night.door.advance(0.01)
  made(await night.asMerchant(filed, 'responses', REJECTION))
  await night.door.advance(8)
  expect([of('submitted').length, of('merchant_responded').length]).toEqual([1, 0])
  await night.door.advance(2)
  expect(of('merchant_responded').map(({ at }) => new Date(at).getUTCHours())).toEqual([0])
  const more = []
  for (let i = 0; i < 4; i++) more.push(await night.submit())
  for (const each of more) made(await night.asMerchant(each, 'responses', REJECTION))
  notices = []
  await night.door.advance(6)
  expect(of('merchant_responded').length).toBeLessThan(3)
  await night.door.advance(72)
  expect(new Set(of('merchant_responded').map(({ complaint }) => complaint)).size).toBe(4)
  await night.door.close()
})
