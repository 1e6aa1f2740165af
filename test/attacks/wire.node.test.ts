// What only a socket can send to Node's server: request smuggling, odd hosts and methods, oversized heads, idle connections.

import { connect, type Socket } from 'node:net'
import type { ServerType } from '@hono/node-server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serve } from '../support/serve.ts'
import { type Filed, useServer } from '../support/server.ts'

const house = useServer()
let server: ServerType
let port: number
let filed: Filed
beforeAll(async () => {
  const served = await serve(house.door.app)
  server = served.server
  port = Number(new URL(served.origin).port)
  filed = await house.submit()
})
afterAll(() => new Promise(resolve => server.close(resolve)))

/** Writes bytes as they are; answers all that came until the other side closed, or after a while. */
const raw = (text: string, patienceMs = 3000): Promise<string> =>
  new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    socket.on('data', bytes => {
      answer += bytes.toString('latin1')
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(answer))
    socket.write(text, 'latin1')
    setTimeout(() => socket.destroy(), patienceMs).unref()
  })
const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)
const answersIn = (answer: string): number => [...answer.matchAll(/HTTP\/1\.1 \d{3}/g)].length
const body = '{"text":"smuggled"}'
const post = (headers: string, sent = body): string =>
  `POST ${filed.room}/messages HTTP/1.1\r\nHost: t.tousu.example\r\nContent-Type: application/json\r\n${headers}\r\n\r\n${sent}`

describe('request smuggling', () => {
  const hidden = () => `GET ${filed.room} HTTP/1.1\r\nHost: x\r\n\r\n`
  test.each<[string, () => string]>([
    ['a length and chunks', () => post('Content-Length: 6\r\nTransfer-Encoding: chunked', `0\r\n\r\n${hidden()}`)],
    ['an unknown coding', () => post('Transfer-Encoding: xchunked', `0\r\n\r\n${hidden()}`)],
    ['chunked twice', () => post('Transfer-Encoding: chunked, chunked', `0\r\n\r\n${hidden()}`)],
    ['two lengths', () => post(`Content-Length: ${body.length}\r\nContent-Length: 0`, body + hidden())],
    ['a length with a sign', () => post(`Content-Length: +${body.length}`)],
    ['a space before the colon', () => post(`Content-Length : ${body.length}`)],
    ['a header that ends in a bare line feed', () => post(`X: y\nContent-Length: ${body.length}`)],
    ['a chunk size that is none', () => post('Transfer-Encoding: chunked', '0x5\r\n{}   \r\n0\r\n\r\n')],
    ['a folded header', () => post(`X: y\r\n z\r\nContent-Length: ${body.length}`)],
  ])('%s is refused, and nothing after it is a request', async (_what, request) => {
    const answer = await raw(request())
    expect([statusOf(answer), answersIn(answer)]).toEqual([400, 1])
    expect(await kinds()).toEqual(['submitted'])
  })
})
const kinds = async () => (await house.view(filed)).steps.map(({ kind }) => kind)

describe('an odd host, target or method', () => {
  test.each([
    ['a host with a path', `GET / HTTP/1.1\r\nHost: t.tousu.example/evil\r\nConnection: close\r\n\r\n`],
    ['a host with an at sign', `GET / HTTP/1.1\r\nHost: t.tousu.example@evil.example\r\nConnection: close\r\n\r\n`],
    ['a host with a space', `GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n`],
    ['no host', `GET / HTTP/1.1\r\nConnection: close\r\n\r\n`],
    ['a target of ftp', `GET ftp://x/y HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`],
    ['CONNECT', `CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n`],
    ['OPTIONS *', `OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`],
    ['TRACE', `TRACE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`],
    ['a method that is none', `FOO / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`],
    ['HTTP 0.9', 'GET /\r\n\r\n'],
    ['no HTTP at all', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc'],
  ])('%s is refused or closed, and led nowhere', async (_what, request) => {
    const answer = await raw(request)
    expect([0, 400, 404, 405, 501]).toContain(statusOf(answer))
    expect(answer).not.toMatch(/^location:/im)
  })
})

describe('a large head', () => {
  const head = (lines: string): string => `GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${lines}\r\n\r\n`
  test.each([
    ['a header of 20 KB', head(`X: ${'x'.repeat(20_000)}`), 431],
    ['an address of 20 KB', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`, 431],
    ['3,000 short headers', head(Array.from({ length: 3000 }, (_, i) => `A${i}: b`).join('\r\n')), 431],
    ['400 short headers', head(Array.from({ length: 400 }, (_, i) => `A${i}: b`).join('\r\n')), 200],
  ])('%s is answered at once', async (_what, request, status) => {
    expect(statusOf(await raw(request))).toBe(status)
  })
})

describe('what this server does not speak', () => {
  test.each([
    ['WebSocket', 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: eA=='],
    ['h2c', 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__'],
  ])('%s is not switched to', async (_what, headers) => {
    const answer = await raw(`GET /healthz HTTP/1.1\r\nHost: x\r\n${headers}\r\n\r\n`, 1500)
    expect(answer).not.toContain('101 Switching')
  })

  test('an expectation that is unknown is 417', async () => {
    expect(statusOf(await raw(post('Expect: 999-x\r\nContent-Length: 2\r\nConnection: close', '{}')))).toBe(417)
  })
})

test('hundreds of idle connections keep nobody out', async () => {
  const idle: Socket[] = Array.from({ length: 400 }, () => connect(port, '127.0.0.1').on('error', () => undefined))
  for (const socket of idle) socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ')
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200)
  for (const socket of idle) socket.destroy()
})

test('slow requests end: Node’s limits on a head and on a whole request are in force', () => {
  // That they act was measured by hand (86 and 326 s); here, that nothing switches them off.
  if (!('headersTimeout' in server) || !('requestTimeout' in server)) throw new Error('not an HTTP/1 server')
  expect([server.headersTimeout > 0, server.headersTimeout <= 60_000]).toEqual([true, true])
  expect([server.requestTimeout > 0, server.requestTimeout <= 300_000]).toEqual([true, true])
})
