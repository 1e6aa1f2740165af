// Requests that no client of ours sends, on both hosts.

import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { ACT_BODIES } from '../../src/routes/schemas.ts'
import { signIn } from '../support/people.ts'
import { expectProblem, type Filed, useServer } from '../support/server.ts'

const server = useServer()
const ORIGIN = 'https://t.tousu.example'
const kindsOf = async (filed: Filed) => (await server.view(filed)).steps.map(({ kind }) => kind)

describe('CSRF', () => {
  test('no other method and no other type gets a session to act', async () => {
    const filed = await server.submit()
    const { cookie } = await signIn(server, 'merchant')
    const path = `/merchant/complaints/${filed.id}/messages`
    const foreign = { Cookie: cookie, Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }
    const json = JSON.stringify({ text: 'x' })
    expect((await server.send(path, json, { ...foreign, 'Content-Type': 'text/plain' })).status).toBe(403)
    expect((await server.send(path, json, { ...foreign, 'Content-Type': 'application/json' })).status).toBe(403)
    const own = { Cookie: cookie, Origin: ORIGIN, 'Sec-Fetch-Site': 'same-origin' }
    for (const method of ['PUT', 'PATCH', 'DELETE'])
      expect((await server.send(path, json, { ...own, 'Content-Type': 'application/json' }, method)).status).toBe(405)
    expect((await server.send(path, json, { ...own, 'Content-Type': 'text/plain' })).status).toBe(415)
    expect((await server.get(`${path}?_method=POST&text=x`, own)).status).toBe(422)
    expect((await server.get('/signout', own)).status).toBe(405)
    expect((await server.get('/merchant', { Cookie: cookie })).status).toBe(200)
    expect(await kindsOf(filed)).toEqual(['submitted'])
  })
})

test('a gzipped body is not decoded: no bomb is unpacked', async () => {
  const filed = await server.submit()
  const bomb = gzipSync(JSON.stringify({ text: ' '.repeat(50_000_000) }))
  const reply = await server.send(`${filed.room}/messages`, bomb, {
    'Content-Type': 'application/json',
    'Content-Encoding': 'gzip',
    Accept: 'application/json',
  })
  expectProblem(reply, 400, 'malformed_json')
})

test('a Range of what is no file is ignored, and many languages, tags and cookies cost nothing', async () => {
  const filed = await server.submit()
  const bombs: Record<string, string>[] = [
    { Range: 'bytes=0-1,2-3,4-5' },
    { 'Accept-Language': Array.from({ length: 800 }, (_, i) => `a${i};q=0.${i % 10}`).join() },
    { 'If-None-Match': Array.from({ length: 600 }, (_, i) => `"${i}"`).join() },
    { Cookie: Array.from({ length: 600 }, (_, i) => `a${i}=b`).join('; ') },
    { Accept: 'text/html,'.repeat(600) },
  ]
  for (const headers of bombs) expect((await server.get(filed.room, headers)).status).toBe(200)
})

/** mulberry32, seeded, so that a failure comes again. */
let state = 20_261_128
const chance = (): number => {
  state = (state + 0x6d2b79f5) | 0
  const a = Math.imul(state ^ (state >>> 15), 1 | state)
  const b = (a + Math.imul(a ^ (a >>> 7), 61 | a)) ^ a
  return ((b ^ (b >>> 14)) >>> 0) / 2 ** 32
}
const pick = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)] as T
const NAMES = [
  'text',
  'reason',
  'answer',
  'offer',
  'by',
  'kind',
  'amount',
  'value',
  'currency',
  'due',
  'seq',
  'field',
  'files',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'length',
  'officer',
  'operator',
  'automated',
  'remedy',
  'outcome',
  'score',
  'confirm',
  '',
]
const ODD = [
  null,
  true,
  false,
  0,
  -0,
  -1,
  1e308,
  2 ** 53,
  '',
  ' ',
  '\u0000',
  '\ud800',
  '\u202e',
  '__proto__',
  '2026-13-45',
  '2026-11-28T00:00:00Z',
  'yes',
  'true',
  '1',
  'refund',
  'reject',
  'x'.repeat(6000),
  [],
  {},
  [[]],
  [null],
  { __proto__: null },
]
const oddValue = (depth: number): unknown => {
  if (depth === 0 || chance() < 0.5) return pick(ODD)
  if (chance() < 0.3) return Array.from({ length: 3 }, () => oddValue(depth - 1))
  return Object.fromEntries(Array.from({ length: 4 }, () => [pick(NAMES), oddValue(depth - 1)]))
}

test('random bodies for every act, by every role: no 5xx, and no object changed for all', {
  timeout: 120_000,
}, async () => {
  const filed = await server.submit()
  const statuses = new Set<number>()
  const paths = Object.keys(ACT_BODIES)
  for (let i = 0; i < 1200; i++) {
    const act = pick(paths)
    const body = JSON.stringify(oddValue(3)).replace('"toString"', pick(['"__proto__"', '"toString"']))
    const reply = await pick([
      () => server.post(`${filed.room}/${act}`, body),
      () => server.post(`/api/v1/complaints/${filed.id}/${act}`, body, server.bearer('merchant')),
      () => server.post(`/api/v1/complaints/${filed.id}/${act}`, body, server.bearer('platform')),
      () => server.post(`/api/v1/complaints/${filed.id}/${act}`, body, server.bearer('supervisor')),
      () => server.post('/api/v1/complaints', body, server.bearer('platform')),
      () => server.post('/api/v1/webhooks', body, server.bearer('merchant')),
    ])()
    if (reply.status >= 500) throw new Error(`${act} ${body}: ${reply.text}`)
    statuses.add(reply.status)
  }
  expect([...statuses].every(status => status < 500)).toBe(true)
  expect(statuses).toContain(422)
  expect(Object.keys(Object.prototype)).toEqual([])
  expect(({} as { text?: unknown }).text).toBeUndefined()
})

test('a merchant who calls itself the platform is shown as the merchant', async () => {
  const filed = await server.submit()
  await server.asMerchant(filed, 'messages', { text: '请撤诉', operator: '平台客服' })
  const view = await server.view(filed)
  expect(view.steps.at(-1)?.by).toMatchObject({ role: 'merchant' })
  const { text } = await server.get(filed.room, { Accept: 'text/html' })
  const byline = /<span class="who">(.*?)<\/p>/s.exec(
    text.slice(text.lastIndexOf('<li id="step-', text.indexOf('请撤诉'))),
  )
  expect(byline?.[1]).toMatch(/^商家/)
})
