import { expect, test } from 'vitest'
import { SECURITY_HEADERS } from '../../src/routes/headers.ts'
import { expectProblem, useServer } from '../support/server.ts'
import * as scenes from './scenes.ts'

const house = useServer()

test('a tracking page is between one reader and this server', async () => {
  const { room } = await house.submit()
  for (const path of [room, `${room}/receipt.json`, `${room}/files/x`, '/t/forged', `${room}/nothing`]) {
    const { headers } = await house.get(path)
    expect(headers.get('referrer-policy')).toBe('same-origin')
    expect(headers.get('x-robots-tag')).toBe('noindex')
    expect(headers.get('cache-control')).toBe('private, no-cache')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-frame-options')).toBe('DENY')
  }
})

test('no page runs an inline script or reaches a third party', async () => {
  const { room } = await scenes.offered(house)
  for (const path of ['/', room, '/t/forged']) {
    const { headers, text } = await house.get(path, { Accept: 'text/html' })
    const csp = headers.get('content-security-policy') ?? ''
    expect(csp).toContain("default-src 'none'")
    expect(csp).not.toMatch(/unsafe|https?:|\*/)
    expect(text).not.toMatch(/<script(?![^>]*\bsrc=)|\son[a-z]+=|style="|javascript:/i)
    for (const [, url = ''] of text.matchAll(/(?:src|href|action)="([^"]*)"/g))
      expect(url).toMatch(/^(\/|#|tel:|\?lang=)/)
  }
})

test('a page that is known is not sent again, and one that changed is', async () => {
  const filed = await house.submit()
  for (const accept of ['text/html', 'application/json']) {
    const closed = await scenes.confirmed(house)
    const first = await house.get(closed.room, { Accept: accept })
    const etag = first.headers.get('etag') ?? ''
    expect(first.headers.get('vary')).toContain('Accept')
    for (const known of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const again = await house.get(closed.room, { Accept: accept, 'If-None-Match': known })
      expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', etag])
      expect(again.headers.get('cache-control')).toBe('private, no-cache')
    }
  }
  const before = await house.get(filed.room)
  await house.asBuyer(filed, 'messages', { text: '在吗' })
  const after = await house.get(filed.room, { 'If-None-Match': before.headers.get('etag') ?? '' })
  expect([after.status, after.text.includes('在吗')]).toEqual([200, true])
})

test('one reader’s kept page is never another’s', async () => {
  const [a, b] = [await house.submit({ item: '甲' }), await house.submit({ item: '乙' })]
  for (let i = 0; i < 2; i++) {
    expect((await house.get(a.room)).text).toContain(a.room)
    expect((await house.get(b.room)).text).not.toContain(a.room)
  }
})

test('the root of the house, its files and what it does not have', async () => {
  expect((await house.get('/')).text).toContain('/pickup')
  expect((await house.get('/app.css')).status).toBe(200)
  for (const path of ['/nothing', '/..%2fpackage.json', '/%00', '/%ff', '/%E0%A4%A', '/.env', '//evil.example']) {
    const page = await house.get(path, { Accept: 'text/html' })
    expect([path, page.status, page.headers.get('content-type')]).toEqual([
      path,
      404,
      expect.stringMatching(/^text\/html/),
    ])
    expectProblem(await house.get(path, { Accept: 'application/json' }), 404, 'not_found')
  }
})

// On Cloudflare static files pass no code of ours: `public/_headers` says the same once more.
test.each(['/', '/app.css', '/icon.svg', '/verify.js', '/nothing', '/healthz', '/log/0/checkpoint', '/demo/nothing'])(
  'security headers: %s has all of them',
  async path => {
    const { headers } = await house.get(path)
    const found = Object.keys(SECURITY_HEADERS).map(name => [name, headers.get(name)])
    expect(Object.fromEntries(found)).toEqual(SECURITY_HEADERS)
  },
)

test.each([
  ['PUT', '/t/forged', 'GET, HEAD'],
  ['DELETE', '/api/v1/complaints', 'POST, GET, HEAD'],
  ['PATCH', '/api/v1/complaints/0000000000', 'GET, HEAD'],
  ['GET', '/api/v1/complaints/0000000000/responses', 'POST'],
  ['GET', '/t/forged/evidence', 'POST'],
  ['POST', '/log/0/checkpoint', 'GET, HEAD'],
  ['GET', '/pickup', 'POST'],
  ['OPTIONS', '/healthz', 'GET, HEAD'],
])('%s %s is told what is allowed there', async (method, path, allow) => {
  const response = await house.door.fetch(path, { method, headers: { Accept: 'application/json' } })
  const reply = { status: response.status, headers: response.headers, text: await response.text() }
  expectProblem(reply, 405, 'method_not_allowed')
  expect(reply.headers.get('allow')?.split(', ').sort()).toEqual(allow.split(', ').sort())
})

test('alive and ready', async () => {
  expect(JSON.parse((await house.get('/healthz')).text)).toEqual({ status: 'ok' })
  expect(JSON.parse((await house.get('/readyz')).text)).toEqual({ status: 'ready' })
})
