import { env, runInDurableObject } from 'cloudflare:test'
import { afterEach, expect, test, vi } from 'vitest'
import type { Shard } from '../../../src/hosts/worker/shard.ts'
import { captureLogs } from '../../support/log-lines.ts'
import { metricNames, parseMetrics } from '../../support/metrics.ts'
import { filed, front } from './front.ts'

const TOKEN = 'metrics-token-of-24-chars'
const worker = (changes = {}) => front({ TOUSU_METRICS_TOKEN: TOKEN, ...changes })
const within = <R>(work: (object: Shard, state: Parameters<Parameters<typeof runInDurableObject>[1]>[1]) => R) =>
  runInDurableObject(env.LIVE.get(env.LIVE.idFromName('0')), work)

afterEach(() => {
  vi.restoreAllMocks()
})

const scrape = async ({ fetch } = worker()) => {
  const answer = await fetch('/metrics', { headers: { Authorization: `Bearer ${TOKEN}` } })
  expect(answer.status).toBe(200)
  return answer.text()
}
const gauge = async (name: string) => parseMetrics(await scrape()).get(`tousu_${name}{shard="0"}`)
const ready = async () => {
  const answer = await worker().fetch('/readyz')
  const { reason }: { reason?: string } = await answer.json()
  return reason ? [answer.status, reason] : [answer.status]
}
const say = async ({ fetch }: ReturnType<typeof front>, room: string) =>
  (await fetch(`${room}/messages`, { method: 'POST', body: new URLSearchParams({ text: '在吗' }) })).status

test('metrics are for the bearer of the token alone; nobody is at home on this machine', async () => {
  const refused = [
    await front().fetch('/metrics'),
    await front().fetch('/metrics', { headers: { Authorization: 'Bearer undefined' } }),
    await worker().fetch('/metrics', { headers: { Authorization: `Bearer ${TOKEN}x` } }),
    await worker().fetch('/metrics', { headers: { Host: 'localhost' } }),
  ]
  expect(refused.map(({ status }) => status)).toEqual([401, 401, 401, 401])
})

test('each shard’s numbers, through one route', async () => {
  const text = await scrape(worker({ SHARDS: '3' }))
  const samples = parseMetrics(text)
  for (const shard of [0, 1, 2]) {
    expect(samples.get(`tousu_deadline_lag_seconds{shard="${shard}"}`)).toBe(0)
    expect(samples.get(`tousu_storage_bytes{shard="${shard}"}`)).toBeGreaterThan(4096)
    expect(samples.get(`tousu_unready{shard="${shard}",reason="fork"}`)).toBe(0)
  }
  // An isolate's own numbers would be another's at the next scrape.
  expect(metricNames(text)).not.toContain('tousu_http_request_seconds')
})

test.each([
  ['storage_full', 'database or disk is full: SQLITE_FULL'],
  ['write_failing', 'disk I/O error: SQLITE_IOERR'],
])('storage that fails: %s until a write succeeds', async (reason, message) => {
  const server = worker()
  const { room } = await filed(server)
  const said = captureLogs()
  const broken = await within((_, { storage }) =>
    vi.spyOn(storage, 'transactionSync').mockImplementation(() => {
      throw new Error(message)
    }),
  )
  expect(await say(server, room)).toBe(503)
  expect(await ready()).toEqual([503, reason])
  expect(await gauge('write_failures_total')).toBeGreaterThan(0)
  expect(parseMetrics(await scrape()).get(`tousu_unready{shard="0",reason="${reason}"}`)).toBe(1)
  broken.mockRestore()
  expect(await say(server, room)).toBe(303)
  await expect.poll(ready).toEqual([200])
  const lines = said.lines()
  expect(lines.filter(({ msg }) => msg.startsWith('ledger ') && !msg.includes('operation'))).toMatchObject([
    { msg: 'ledger fails', shard: 0, reason },
    { msg: 'ledger works again', shard: 0 },
  ])
  // What the caller was told names the line about it.
  expect(lines.filter(({ msg }) => msg === 'request failed')).toMatchObject([
    { route: '/t/:token/:act', status: 503, code: 'unavailable', requestId: expect.stringMatching(/^[\w-]{36}$/) },
  ])
})

test('a checkpoint that can’t be kept: signer_failing, and leaves that no checkpoint covers', async () => {
  const server = worker()
  const { room } = await filed(server)
  captureLogs()
  const notes = env.NOTES.get(env.NOTES.idFromName('notes'))
  const broken = await runInDurableObject(notes as never, (_, { storage }) =>
    vi.spyOn(storage, 'put').mockRejectedValue(new Error('no')),
  )
  expect(await say(server, room)).toBe(303)
  await expect.poll(ready).toEqual([503, 'signer_failing'])
  expect(await gauge('unsigned_leaves')).toBeGreaterThan(0)
  broken.mockRestore()
  expect(await say(server, room)).toBe(303)
  await expect.poll(ready).toEqual([200])
  expect(await gauge('unsigned_leaves')).toBe(0)
})

test('a clock that leaps ahead, and one behind the log', async () => {
  await filed(worker())
  const said = captureLogs()
  const real = Date.now
  for (const [ms, reason] of [
    [400 * 86_400_000, 'clock_ahead'],
    [-3_600_000, 'clock_behind'],
  ] as const) {
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => real() + ms)
    expect(await ready()).toEqual([503, reason])
    clock.mockRestore()
    expect(await ready()).toEqual([200])
  }
  expect(said.lines().map(({ msg, reason }) => [msg, reason])).toEqual([
    ...[
      ['ledger fails', 'clock_ahead'],
      ['ledger works again', undefined],
    ],
    ...[
      ['ledger fails', 'clock_behind'],
      ['ledger works again', undefined],
    ],
  ])
})

test('wrong settings: the answer names its request, and so does the line', async () => {
  const said = captureLogs()
  const answer = await front({ TOUSU_SECRETS: '' }).fetch('/', { headers: { 'X-Request-Id': 'a-request-of-mine' } })
  expect([answer.status, answer.headers.get('x-request-id')]).toEqual([503, 'a-request-of-mine'])
  expect(said.lines()).toMatchObject(
    [{ msg: 'not served', requestId: 'a-request-of-mine', reason: /TOUSU_SECRETS/ }].map(({ reason, ...line }) => ({
      ...line,
      reason: expect.stringMatching(reason),
    })),
  )
})
