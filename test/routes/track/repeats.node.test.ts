import { expect, test } from 'vitest'
import type { Head, Ledger } from '../../../src/ledger/contract/ledger.ts'
import { createApp } from '../../../src/routes/app.ts'
import type { Deps } from '../../../src/routes/deps.ts'
import { Problem } from '../../../src/routes/problem.ts'
import { RepeatedPages } from '../../../src/routes/track/page-cache.ts'
import { made, useServer } from '../../support/server.ts'
import * as scenes from '../scenes.ts'

const house = useServer({ refuses: 503 })

/** An app beside the house's own, and how often a page reached it, and it asked the ledger what a page is checked against. */
const beside = (change: Partial<Deps> = {}, changed: (head: Head | null) => Head | null = head => head) => {
  const count = { asked: 0, reached: 0 }
  const { deps } = house.door
  const counting = {
    get: (ledger: Ledger, name: keyof Ledger) => {
      const part = ledger[name]
      if (name === 'head')
        return async (id: number) => {
          count.asked++
          return changed(await ledger.head(id))
        }
      return typeof part === 'function' ? part.bind(ledger) : part
    },
  }
  const ledgers = deps.ledgers.map(ledger => new Proxy(ledger, counting as ProxyHandler<Ledger>))
  const pages: Deps['pages'] = locale => {
    count.reached++
    return deps.pages(locale)
  }
  const headNow: Deps['headNow'] = id => changed(deps.headNow?.(id) ?? null)
  const app = createApp({ ...deps, ledgers, pages, headNow, ...change })
  count.reached = 0
  const ask = async (path: string, headers: Record<string, string> = {}) => {
    const answer = await app.request(path, { headers: { Accept: 'text/html', ...headers } })
    return { status: answer.status, headers: answer.headers, text: await answer.text() }
  }
  return { ask, count }
}

/** With the head in memory, and as on Cloudflare, where it is asked for. */
const HOSTS: [string, Partial<Deps>][] = [
  ['in memory', {}],
  ['asked for', { headNow: undefined }],
]

test.each(HOSTS)('the same request for an unchanged page does not reach the app, its head %s', async (_, host) => {
  const { room } = await scenes.offered(house)
  const [quick, slow] = [beside(host), beside()]
  for (let i = 0; i < 5; i++) await quick.ask(room)
  expect(quick.count).toEqual({ asked: 'headNow' in host ? 5 : 2, reached: 2 })
  const [first, second] = [await quick.ask(room), await quick.ask(room)]
  const { 'x-request-id': id, ...headers } = Object.fromEntries(first.headers)
  const { 'x-request-id': other, ...same } = Object.fromEntries(second.headers)
  expect([second.status, second.text, same]).toEqual([200, first.text, headers])
  expect(new Set([id, other]).size).toBe(2)
  expect((await quick.ask(room, { 'X-Request-Id': 'from-the-proxy' })).headers.get('x-request-id')).toBe(
    'from-the-proxy',
  )
  // Security headers and all: what the app itself answers.
  expect(Object.keys(headers).toSorted()).toEqual(
    Object.keys(Object.fromEntries((await slow.ask(room)).headers))
      .filter(name => name !== 'x-request-id')
      .toSorted(),
  )
})

test('every header that a page depends on has an answer of its own', async () => {
  const { room } = await scenes.offered(house)
  const { ask } = beside()
  const variants: Record<string, string>[] = [
    {},
    { 'Accept-Language': 'en' },
    { Cookie: 'lang=zh-TW' },
    { Accept: 'application/json' },
    { 'HX-Request': 'true', 'If-None-Match': '"other"' },
  ]
  const inTurn = async () => Promise.all(variants.map(headers => ask(room, headers)))
  for (let i = 0; i < 3; i++) await inTurn()
  const [zh, en, tw, json, poll] = await inTurn()
  expect([zh, en, tw].map(page => /<html lang="([\w-]+)"/.exec(page?.text ?? '')?.[1])).toEqual([
    'zh-CN',
    'en',
    'zh-TW',
  ])
  expect(JSON.parse(json?.text ?? '').complaint.state).toBe('awaiting_buyer')
  expect(poll?.headers.get('etag')).not.toBe(zh?.headers.get('etag'))
  const known = { 'If-None-Match': zh?.headers.get('etag') ?? '' }
  for (let i = 0; i < 3; i++) expect(await ask(room, known)).toMatchObject({ status: 304, text: '' })
  // The switch sets its cookie each time.
  for (let i = 0; i < 3; i++) expect((await ask(`${room}?lang=en`)).headers.get('set-cookie')).toContain('lang=en')
})

test.each(HOSTS)(
  'a step, a minute, a new link and a ledger that halts are seen at once, the head %s',
  async (_, host) => {
    const filed = await scenes.offered(house)
    let isHalted = false
    const { ask } = beside(host, head => head && { ...head, isHalted })
    const again = async () => {
      for (let i = 0; i < 3; i++) await ask(filed.room)
      return (await ask(filed.room)).headers.get('etag')
    }
    const seen = [await again()]
    made(await house.asMerchant(filed, 'messages', { text: '正在核实', operator: '李娜' }))
    expect((await ask(filed.room)).text).toContain('正在核实')
    seen.push(await again())
    await house.advance(1 / 60)
    seen.push(await again())
    expect(new Set(seen).size).toBe(3)
    const before = (await ask(filed.room)).headers.get('x-request-id')
    isHalted = true
    expect((await ask(filed.room)).headers.get('x-request-id')).not.toBe(before)
    isHalted = false
    expect((await ask(filed.room)).status).toBe(200)
    made(await house.asPlatform(filed, 'link-rotation', { reason: 'theft' }))
    expect((await ask(filed.room)).status).toBe(404)
  },
)

test('a shard that does not answer is the app’s to explain', async () => {
  const { room } = await scenes.offered(house)
  let isSilent = false
  const silent = (head: Head | null) => {
    if (isSilent) throw new Problem('unavailable')
    return head
  }
  const { ask, count } = beside({ headNow: undefined }, silent)
  for (let i = 0; i < 3; i++) await ask(room)
  expect(count.reached).toBe(2)
  isSilent = true
  const answer = await ask(room)
  expect([answer.status, answer.headers.get('content-type')]).toEqual([503, 'text/html; charset=utf-8'])
})

test('bounded in bytes and entries, whoever asks', () => {
  const links = { linkEpoch: 0, oldLinkEpoch: null, linkExpiresAt: null }
  const head = { head: 'h', c: 'c', origin: 'o', ...links, witnessed: 0, isHalted: false }
  const incidents: [] = []
  const deps = { ...house.door.deps, headNow: () => head }
  const repeats = new RepeatedPages(deps)
  const request = (i: number, more = '') =>
    new Request(`http://x/t/${i}`, { headers: { Accept: 'text/html', Cookie: more } })
  const kept = { status: 200, headers: {}, id: 0, head, incidents, until: Number.POSITIVE_INFINITY } as const
  for (let i = 0; i < 300; i++) repeats.keep(request(i), { ...kept, body: new Uint8Array(100 * 1024) })
  expect(repeats.bytes).toBeLessThanOrEqual(16 * 1024 * 1024)
  const before = repeats.bytes
  repeats.keep(request(299), { ...kept, body: new Uint8Array(1) })
  expect(repeats.bytes).toBe(before - 100 * 1024 + 1)
  for (let i = 0; i < 9000; i++) repeats.keep(request(i), { ...kept, body: null })
  expect(repeats.size).toBeLessThanOrEqual(4000)
  const { size } = repeats
  repeats.keep(request(0, 'x'.repeat(3000)), { ...kept, body: null })
  expect(repeats.size).toBe(size)
})
