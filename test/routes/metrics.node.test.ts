import { once } from 'node:events'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { createAdaptorServer } from '@hono/node-server'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { captureLogs } from '../support/log-lines.ts'
import { parseMetrics } from '../support/metrics.ts'
import { expectProblem, openTestHost, SECRET, START, TestServer } from '../support/server.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

const TOKEN = 'metrics-token-of-24-chars'

/** A live server on a socket of its own. */
const listening = async (metricsToken?: string) => {
  const host = await openTestHost(START, { demo: false, metricsToken })
  const server = createAdaptorServer({ fetch: host.app.fetch })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  onTestFinished(async () => {
    server.close()
    await host.close()
  })
  const port = typeof address === 'object' ? address?.port : 0
  // Not fetch: it names the host itself.
  const get = async (headers: Record<string, string> = {}) => {
    const [answer] = await once(request({ port, path: '/metrics', headers }).end(), 'response')
    return { status: answer.statusCode, headers: new Headers(answer.headers), text: await text(answer) }
  }
  return { host, get, house: new TestServer(host) }
}

test('a caller on this machine reads them, and none behind a proxy there', async () => {
  const { get, host } = await listening()
  expect((await get()).status).toBe(200)
  for (const header of ['X-Forwarded-For', 'Forwarded', 'Via', 'X-Real-IP', 'X-Forwarded-Proto'])
    expectProblem(await get({ [header]: '127.0.0.1' }), 401, 'unauthorized')
  // The proxy of our own sample in docs/deploy.md, of before it sent one of these.
  expectProblem(await get({ Host: 't.example.cn' }), 401, 'unauthorized')
  // A request that came over no socket is nobody's.
  expect((await host.app.request('/metrics')).status).toBe(401)
  // Where no token is set none opens.
  for (const token of ['undefined', '', TOKEN])
    expectProblem(await get({ Authorization: `Bearer ${token}`, Via: 'x' }), 401, 'unauthorized')
})

test('from anywhere else: by the token, whole', async () => {
  const { get } = await listening(TOKEN)
  expect((await get({ Authorization: `Bearer ${TOKEN}`, 'X-Forwarded-For': '203.0.113.7' })).status).toBe(200)
  for (const wrong of [TOKEN.slice(1), `${TOKEN}x`, TOKEN.toUpperCase()]) {
    const refused = await get({ Authorization: `Bearer ${wrong}`, 'X-Forwarded-For': '203.0.113.7' })
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="tousu"'])
  }
  expect((await get({ 'X-Forwarded-For': '203.0.113.7' })).status).toBe(401)
})

test('a loopback address is that of the socket', async () => {
  // As behind a load balancer on another machine.
  const { host } = await listening()
  for (const [address, status] of [
    ['127.0.0.1', 200],
    ['127.8.8.8', 200],
    ['::1', 200],
    ['::ffff:127.0.0.1', 200],
    ['10.0.0.7', 401],
    ['::ffff:10.0.0.7', 401],
    ['127.0.0.1.example', 401],
    [undefined, 401],
  ] as const) {
    const env = { incoming: { socket: { remoteAddress: address } } }
    expect([address, (await host.app.request('/metrics', {}, env)).status]).toEqual([address, status])
  }
})

test('requests are timed by route pattern, status and method, never by path', async () => {
  const host = await openTestHost()
  onTestFinished(() => host.close())
  const house = new TestServer(host)
  const { room, id } = await house.submit()
  await house.get(room)
  await house.get(room, { 'If-None-Match': '*' })
  await house.get('/t/forged')
  await house.get(`/api/v1/complaints/${id}`, house.bearer('platform'))
  await house.get('/app.css')
  for (let i = 0; i < 20; i++) await house.get(`/unknown/${i}`)
  await host.fetch('/unknown', { method: 'BREW' })
  await house.get('/desk/complaints/0000000000')
  const { text } = await house.get('/metrics')
  const counts = [...parseMetrics(text)].flatMap(([series, value]) => {
    const labels = /^tousu_http_request_seconds_count(\{.*\})$/.exec(series)?.[1]
    return labels ? [[labels, value]] : []
  })
  expect(Object.fromEntries(counts)).toMatchObject({
    '{route="/api/v1/complaints",status="201",method="POST"}': 1,
    '{route="/t/:token",status="200",method="GET"}': 1,
    '{route="/t/:token",status="304",method="GET"}': 1,
    '{route="/t/:token",status="404",method="GET"}': 1,
    '{route="/api/v1/complaints/:id",status="200",method="GET"}': 1,
    '{route="static",status="200",method="GET"}': 1,
    '{route="unmatched",status="404",method="GET"}': 20,
    '{route="unmatched",status="404",method="other"}': 1,
    '{route="/desk/complaints/:id",status="303",method="GET"}': 1,
  })
  for (const secret of [room.slice(3), id, 'forged', 'unknown/', 'BREW']) expect(text).not.toContain(secret)
})

test('a failure has one line, which its answer names; an ordinary request has none', async () => {
  const host = await openTestHost()
  onTestFinished(() => host.close())
  const house = new TestServer(host)
  const filed = await house.submit()
  const said = captureLogs()
  await house.get(filed.room)
  await house.get('/nothing')
  await house.get('/api/v1/complaints')
  expect(said.text()).toBe('')
  vi.spyOn(host.ledger, 'execute').mockRejectedValue(Object.assign(new TypeError(SECRET.text), { code: 'EIO' }))
  const program = await house.asBuyer(filed, 'messages', { text: SECRET.text })
  const problem = expectProblem(program, 500, 'internal')
  const person = await house.form(filed, 'messages', { text: SECRET.text })
  expect(person.status).toBe(500)
  const [first, second, ...more] = said.lines()
  expect(more).toEqual([])
  expect(first).toMatchObject({
    ...{ level: 'error', msg: 'request failed', method: 'POST', route: '/t/:token/:act', status: 500 },
    ...{ error: 'TypeError', code: 'EIO', requestId: program.headers.get('x-request-id') },
  })
  expect(problem).toMatchObject({ instance: `urn:tousu:request:${first?.requestId}` })
  // A person's page names it too.
  expect(person.text).toContain(`请求编号 ${second?.requestId}`)
  expect(said.text()).not.toContain(filed.room.slice(3))
  for (const secret of Object.values(SECRET)) expect(said.text()).not.toContain(secret)
})

test('a ledger that fails to answer is a line with its code, and readiness is none', async () => {
  const host = await openTestHost()
  onTestFinished(() => host.close())
  const house = new TestServer(host)
  const said = captureLogs()
  vi.spyOn(host.ledger, 'health').mockResolvedValue({ reason: 'storage_full', detail: 'the disk is full' })
  expect((await house.get('/readyz')).status).toBe(503)
  expect(said.text()).toBe('')
  vi.spyOn(host.ledger, 'metrics').mockRejectedValue(new Error('no answer'))
  const { text } = await house.get('/metrics')
  expect(parseMetrics(text).get('tousu_unready{shard="0",reason="unavailable"}')).toBe(1)
  expect(text).not.toContain('tousu_storage_bytes')
})

test('the longest stall of the event loop is seen', async () => {
  const host = await openTestHost()
  onTestFinished(() => host.close())
  const lag = async () =>
    parseMetrics(await (await host.fetch('/metrics')).text()).get('tousu_event_loop_lag_seconds') ?? 0
  await new Promise(resolve => setTimeout(resolve, 60))
  const end = performance.now() + 300
  while (performance.now() < end);
  await new Promise(resolve => setTimeout(resolve, 60))
  expect(await lag()).toBeGreaterThan(0.25)
})
