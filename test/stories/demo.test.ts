import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as v from 'valibot'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { HOUR } from '../../src/complaint/time.ts'
import { DEMO_MERCHANT, STORIES } from '../../src/demo/stories.ts'
import { type DemoServer, openDemo } from '../../src/hosts/node/demo.ts'
import { verifyReceipt } from '../../src/log/verify.ts'
import { checkLog } from '../ledger/check-log.ts'
import { View } from '../support/shapes.ts'

/** A Saturday evening in Shanghai; the stories end there. */
const NOW = Date.parse('2026-11-21T12:00:00Z')
const BASE = 'http://localhost:8787'

/** `data/demo.json`: programs outside read it. */
const DemoJson = v.object({
  baseUrl: v.literal(BASE),
  apiKeys: v.object({ platform: v.string(), merchant: v.string() }),
  merchantId: v.literal(DEMO_MERCHANT.merchantId),
  stories: v.array(
    v.object({
      name: v.string(),
      id: v.pipe(v.string(), v.regex(/^[0-9A-Z]{10}$/)),
      trackingUrl: v.pipe(v.string(), v.startsWith(`${BASE}/t/`)),
      shareUrl: v.pipe(v.string(), v.startsWith(`${BASE}/t/`)),
    }),
  ),
})

let folder: string
let demo: DemoServer
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tousu-demo-'))
  demo = await openDemo(folder, BASE, NOW)
})
afterAll(async () => {
  await demo.close()
  rmSync(folder, { recursive: true, force: true })
})

const json = { Accept: 'application/json' }
const memory = () => v.parse(DemoJson, JSON.parse(readFileSync(join(folder, 'demo.json'), 'utf8')))
const storyOf = (name: string) => {
  const story = memory().stories.find(each => each.name === name)
  if (!story) throw new Error(`no story ${name}`)
  return story
}
const look = async (name: string): Promise<View> => {
  const response = await demo.app.request(new URL(storyOf(name).trackingUrl).pathname, { headers: json })
  return v.parse(View, await response.json())
}
const totals = ({ responsibility }: View) => responsibility.reduce((sum, { seconds }) => sum + seconds, 0)
const advance = (advanceHours: number) =>
  demo.app.request('/demo/clock', {
    method: 'POST',
    headers: { ...json, 'Content-Type': 'application/json' },
    body: JSON.stringify({ advanceHours }),
  })

test('demo.json names the stories in their order, with the links and keys of every role', () => {
  expect(memory().stories.map(({ name }) => name)).toEqual(STORIES.map(({ name }) => name))
})

describe.each(STORIES)('$name', ({ name, ends, submit, acts, ago }) => {
  test('ends as it says, the log of it whole', async () => {
    const view = await look(name)
    expect(view.complaint).toMatchObject({ state: ends.state, overdue: ends.overdue ?? false })
    expect(view.complaint.holder?.role ?? null).toBe(ends.holder)
    expect(view.steps[0]?.fields.statement).toBe(submit.statement)
    expect(view.steps.filter(({ by }) => by.role !== 'system')).toHaveLength(acts.length + 1)
    const room = new URL(storyOf(name).trackingUrl).pathname
    const policy = await (await demo.app.request('/log/0/policy')).text()
    const receipt = await (await demo.app.request(`${room}/receipt.json`)).json()
    expect(await verifyReceipt(receipt, policy)).toMatchObject({ ok: true })
  })

  test('charges every open hour to somebody', async () => {
    const view = await look(name)
    const end =
      view.complaint.due === null
        ? Date.parse(view.steps.findLast(({ kind }) => kind === 'confirmed')?.on ?? '')
        : demo.clock.now()
    expect(Math.abs(totals(view) - (end - Date.parse(view.complaint.openedAt)) / 1000)).toBeLessThan(2)
    expect(Math.abs(Date.parse(view.complaint.openedAt) - (NOW - ago * HOUR))).toBeLessThan(60_000)
  })

  test('can be shared, masked', async () => {
    const room = new URL(storyOf(name).shareUrl).pathname
    const text = await (await demo.app.request(room, { headers: json })).text()
    expect(text).not.toContain(submit.buyer.phone)
    expect(text).not.toContain(submit.buyer.name)
    expect((await demo.app.request(`${room}/confirmation`, { method: 'POST' })).status).toBe(403)
  })
})

test('the log as a stranger reads it', async () => {
  await checkLog(demo.ledger, demo.clock.now())
})

test('the demo’s pages open, and show the buyers’ SMS', async () => {
  for (const path of ['/demo', '/demo/phone', '/']) {
    const response = await demo.app.request(path)
    expect([path, response.status]).toEqual([path, 200])
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  }
  expect(await (await demo.app.request('/demo/phone')).text()).toContain('/t/')
})

test.each(['-1', '"x"', 'null', '1e300', '[]', '{}'])('the clock is not moved by %s hours', async hours => {
  const before = demo.clock.now()
  const response = await demo.app.request('/demo/clock', {
    method: 'POST',
    headers: { ...json, 'Content-Type': 'application/json' },
    body: `{"advanceHours":${hours}}`,
  })
  expect(response.status).toBe(422)
  expect(demo.clock.now() - before).toBeLessThan(60_000)
})

test('a form moves the clock and leads back to the demo', async () => {
  const response = await demo.app.request('/demo/clock', {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: 'advanceHours=1',
  })
  expect([response.status, response.headers.get('location')]).toEqual([303, '/demo'])
  expect(demo.clock.now()).toBeGreaterThanOrEqual(NOW + HOUR)
})

test('a second start keeps stories, links, keys and the moved clock', async () => {
  const [before, clock] = [memory(), demo.clock.now()]
  const steps = (await look('silent-merchant')).steps.length
  await demo.close()
  demo = await openDemo(folder, BASE, NOW)
  expect(memory()).toEqual(before)
  expect(demo.clock.now()).toBeGreaterThanOrEqual(clock - 60_000)
  expect((await look('silent-merchant')).steps.length).toBe(steps)
  const headers = { Authorization: `Bearer ${before.apiKeys.merchant}` }
  expect((await demo.app.request('/api/v1/complaints', { headers })).status).toBe(200)
})

test('an endpoint on this machine can be tried, where the demo is reached by a loopback address', async () => {
  const events: { type: string; id: unknown }[] = []
  const endpoint = createServer((request, response) => {
    let body = ''
    request.on('data', part => {
      body += part
    })
    request.on('end', () => {
      events.push({ type: JSON.parse(body).type, id: request.headers['webhook-id'] })
      response.writeHead(204).end()
    })
  })
  await new Promise<void>(resolve => endpoint.listen(0, '127.0.0.1', resolve))
  const address = endpoint.address()
  const url = `http://localhost:${typeof address === 'object' && address ? address.port : 0}/tousu`
  const headers = { Authorization: `Bearer ${memory().apiKeys.merchant}`, 'Content-Type': 'application/json' }
  const post = (path: string, body: object) =>
    demo.app.request(`/api/v1/webhooks${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  try {
    const added = await post('', { url })
    expect(added.status).toBe(201)
    const { id } = v.parse(v.object({ id: v.string() }), await added.json())
    expect((await post(`/${id}/test`, {})).status).toBe(202)
    await demo.scheduler.runOnce()
    expect(events).toEqual([{ type: 'test', id: expect.any(String) }])
    const gone = await demo.app.request(`/api/v1/webhooks/${id}`, { method: 'DELETE', headers })
    expect(gone.status).toBe(204)
    expect((await post('', { url: 'https://10.0.0.1/' })).status).toBe(422)
  } finally {
    endpoint.close()
  }
  await demo.close()
  demo = await openDemo(folder, 'https://demo.example.cn', NOW)
  expect((await post('', { url })).status).toBe(422)
  await demo.close()
  demo = await openDemo(folder, BASE, NOW)
})

test('another port makes other links to the same complaints', async () => {
  const before = memory()
  await demo.close()
  demo = await openDemo(folder, 'http://localhost:9999', NOW)
  expect(demo.facts.stories.map(({ id }) => id)).toEqual(before.stories.map(({ id }) => id))
  expect(demo.facts.stories[0]?.trackingUrl).toBe(before.stories[0]?.trackingUrl.replace('8787', '9999'))
  await demo.close()
  demo = await openDemo(folder, BASE, NOW)
})

describe('as time passes', () => {
  const kinds = ({ steps }: View) => steps.map(({ kind }) => kind)

  test('the silent merchant’s complaint goes to the platform, the supervisor, and then stays overdue', async () => {
    const reviewDue = Date.parse((await look('silent-merchant')).complaint.due ?? '')
    expect((await advance(72)).status).toBe(200)
    const late = await look('silent-merchant')
    expect(late.complaint).toMatchObject({ state: 'platform_review', holder: { role: 'supervisor' }, overdue: false })
    expect(Date.parse(late.complaint.due ?? '')).toBe(reviewDue + 24 * HOUR)
    await advance(24)
    const stuck = await look('silent-merchant')
    expect(stuck.complaint).toMatchObject({ state: 'platform_review', holder: { role: 'supervisor' }, overdue: true })
    expect(kinds(stuck).filter(kind => kind === 'deadline_missed')).toHaveLength(3)
    await advance(500)
    expect((await look('silent-merchant')).steps).toEqual(stuck.steps)
    expect(
      stuck.steps.filter(({ kind }) => kind === 'deadline_missed').map(({ on, fields }) => [on, fields.party]),
    ).toEqual([
      [stuck.steps[0] && new Date(Date.parse(stuck.complaint.openedAt) + 48 * HOUR).toISOString(), 'merchant'],
      [new Date(reviewDue).toISOString(), 'platform'],
      [new Date(reviewDue + 24 * HOUR).toISOString(), 'supervisor'],
    ])
  })

  test('each miss is appended at its own turn, not when the clock stopped', async () => {
    const { steps } = await look('silent-merchant')
    const missed = steps.filter(({ kind }) => kind === 'deadline_missed')
    expect(missed).not.toEqual([])
    for (const { at, on } of missed) expect(Date.parse(at) - Date.parse(on)).toBeLessThan(60_000)
  })

  test('the buyer who never confirmed lapses only after three notices on two days', async () => {
    const view = await look('closed-without-buyer')
    expect(view.complaint).toMatchObject({ state: 'closed_lapsed', after: 'proof', holder: null })
    const lapsed = view.steps.findIndex(({ kind }) => kind === 'lapsed')
    const since = view.steps.findIndex(({ kind }) => kind === 'fulfilled')
    const notices = view.steps.slice(since, lapsed).filter(({ kind }) => kind === 'notice_sent')
    expect(notices.length).toBeGreaterThanOrEqual(3)
    expect(new Set(notices.map(({ at }) => at.slice(0, 10))).size).toBeGreaterThanOrEqual(2)
    expect(view.actions).toContain('reopening')
  })

  test('the log is still whole', async () => {
    await checkLog(demo.ledger, demo.clock.now())
  })
})
