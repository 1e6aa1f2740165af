import { expect, test } from 'vitest'
import { parseMetrics } from '../support/metrics.ts'
import { expectDiscreet, useServer } from '../support/server.ts'

const house = useServer()

const MADE = /^[0-9a-f]{8}-[0-9a-f-]{27}$/

test('every answer has a request id: the caller’s own, or a new one', async () => {
  const { room } = await house.submit()
  const paths = [
    '/',
    room,
    `${room}/receipt.json`,
    '/t/forged',
    '/nothing',
    '/merchant',
    '/log/0/checkpoint',
    '/readyz',
  ]
  for (const path of paths) {
    for (const accept of ['text/html', 'application/json']) {
      const { headers } = await house.get(path, { Accept: accept })
      expect([path, headers.get('x-request-id')]).toEqual([path, expect.stringMatching(MADE)])
      const own = await house.get(path, { Accept: accept, 'X-Request-Id': 'gateway.7-A_b' })
      expect(own.headers.get('x-request-id')).toBe('gateway.7-A_b')
    }
  }
  const { headers } = await house.send('/readyz', '', { 'X-Request-Id': 'wrong-method' })
  expect(headers.get('x-request-id')).toBe('wrong-method')
  expect((await house.get(room)).headers.get('x-request-id')).not.toBe(
    (await house.get(room)).headers.get('x-request-id'),
  )
})

test.each(['short', 'x'.repeat(65), 'a b c d e f', '<script>alert', 'semi;colon;'])(
  'an id like %s is replaced',
  async id => {
    expect((await house.get('/', { 'X-Request-Id': id })).headers.get('x-request-id')).toMatch(MADE)
  },
)

test('metrics are open in a demo, in the text format, with the numbers of each shard and nothing of a person', async () => {
  const { room } = await house.submit()
  await house.get(room)
  await house.get(`${room}/nothing`)
  const { status, headers, text } = await house.get('/metrics')
  expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([
    ...[200, 'text/plain; version=0.0.4; charset=utf-8', 'no-store'],
  ])
  const samples = parseMetrics(text)
  for (const name of ['deadline_lag_seconds', 'unsigned_leaves', 'write_failures_total'])
    expect([name, samples.get(`tousu_${name}{shard="0"}`)]).toEqual([name, 0])
  expect(samples.get('tousu_commit_seconds_count{shard="0"}')).toBeGreaterThan(0)
  expect(samples.get('tousu_storage_bytes{shard="0"}')).toBeGreaterThan(10_000)
  expectDiscreet(text)
  expect(text).not.toContain(room.slice(3))
})
