// Authorization, on both hosts: every route that belongs to somebody, asked by each who is not that somebody.

import * as v from 'valibot'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApp } from '../../src/routes/app.ts'
import { ACT_BODIES } from '../../src/routes/schemas.ts'
import { hashOf, PNG, upload } from '../routes/uploads.ts'
import { signIn } from '../support/people.ts'
import { expectDiscreet, expectProblem, type Filed, made, type Reply, useServer } from '../support/server.ts'

const server = useServer()
let filed: Filed
let share: string
let hook: string
let key: string
const photo = hashOf(PNG)

beforeAll(async () => {
  filed = await server.submit()
  const { body, headers } = await upload([['a.png', PNG]])
  made(await server.send(`${filed.room}/evidence`, body, { ...headers, Accept: 'application/json' }))
  share = new URL((await server.asBuyer(filed, 'share-links', {})).text.match(/https:[^"]+/)?.[0] ?? '').pathname
  const added = await server.post('/api/v1/webhooks', { url: 'https://erp.example.com/x' }, server.bearer('merchant'))
  hook = v.parse(v.object({ id: v.string() }), JSON.parse(added.text)).id
  const page = (await (await signIn(server, 'merchant')).post('/merchant/settings/keys', { name: 'ERP' })).text
  key = /tousu_[\w-]+|class="key"[^>]*>([^<]+)/.exec(page)?.at(-1)?.trim() ?? ''
})

/** Whatever was tried: nothing was recorded, and what was to be taken away is there. */
afterAll(async () => {
  const kinds = (await server.view(filed)).steps.map(({ kind }) => kind).filter(kind => kind !== 'notice_sent')
  expect(kinds).toEqual(['submitted', 'evidence_supplied', 'link_shared'])
  expect((await server.get('/api/v1/webhooks', server.bearer('merchant'))).text).toContain(hook)
  expect((await server.get('/api/v1/complaints', { Authorization: `Bearer ${key}` })).status).toBe(200)
})

type Send = (method: string, path: string) => Promise<Reply>
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'text/html' }
const OURS = { Origin: 'https://t.tousu.example', 'Sec-Fetch-Site': 'same-origin' }
const sending =
  (headers: Record<string, string>): Send =>
  (method, path) =>
    method === 'GET'
      ? server.get(path, headers)
      : server.send(path, headers['Content-Type'] === undefined ? '{}' : 'reason=x&text=x&delivery=1', headers, method)

/** Who asks, and the routes that are theirs: the rest must be closed to them. */
const READERS: [name: string, own: RegExp, send: () => Promise<Send>][] = [
  ['a stranger', /^$/, async () => sending({ Accept: 'application/json' })],
  ['a stranger with a form', /^$/, async () => sending({ ...FORM, ...OURS })],
  [
    'another merchant’s key',
    /^\/api\/v1\/(complaints(\/search)?|webhooks)$/,
    async () => sending({ Accept: 'application/json', ...server.bearer('other') }),
  ],
  ['the merchant’s key', /^\/api\//, async () => sending({ Accept: 'application/json', ...server.bearer('merchant') })],
  [
    'the platform’s key',
    /^\/api\/v1\/complaints/,
    async () => sending({ Accept: 'application/json', ...server.bearer('platform') }),
  ],
  [
    'a supervisor’s key',
    /^\/api\/v1\/complaints/,
    async () => sending({ Accept: 'application/json', ...server.bearer('supervisor') }),
  ],
  [
    'another merchant’s clerk',
    /^\/merchant(\/(bulk|counts|figures(\.(csv|json))?|keys|search|settings.*|shortcuts|webhooks))?$/,
    async () => sending({ ...FORM, ...OURS, Cookie: (await signIn(server, 'other')).cookie }),
  ],
  [
    'the merchant’s clerk',
    /^\/merchant/,
    async () => sending({ ...FORM, ...OURS, Cookie: (await signIn(server, 'merchant')).cookie }),
  ],
  [
    'an officer',
    /^\/desk(?!\/(supervisor|contacts))/,
    async () => sending({ ...FORM, ...OURS, Cookie: (await signIn(server, 'platform')).cookie }),
  ],
  [
    'a supervisor',
    /^\/desk/,
    async () => sending({ ...FORM, ...OURS, Cookie: (await signIn(server, 'supervisor')).cookie }),
  ],
]

const owned = (path: string): boolean => /^\/(api\/v1\/(complaints|webhooks)|desk|merchant)/.test(path)
const filledIn = (path: string): string =>
  path
    .replace(':id', filed.id)
    .replace(':hook', hook)
    .replace(':sha256', photo)
    .replace(':act', 'messages')
    .replace(':delivery', '1')
    .replace(':form', 'keys')
    .replace(':change', 'rotation')
/** `toItsPage` leads who opens a form's address back to the page; it reads nothing. */
const isRedirect = ({ status, headers }: Reply): boolean =>
  status === 303 && !headers.get('location')?.startsWith('/signin')

describe.each(READERS)('%s', (_name, own, open) => {
  test('gets nothing from any route that is another’s', async () => {
    const send = await open()
    const routes = createApp(server.door.deps).routes.filter(({ method, path }) => method !== 'ALL' && owned(path))
    expect(routes.length).toBeGreaterThan(40)
    const opened: string[] = []
    for (const { method, path } of routes) {
      if (own.test(path)) continue
      const reply = await send(method, filledIn(path))
      expectDiscreet(reply.text)
      const closed = [401, 403, 404].includes(reply.status) || reply.headers.get('location')?.startsWith('/signin')
      if (!closed && !isRedirect(reply)) opened.push(`${method} ${path}: ${reply.status}`)
    }
    expect(opened).toEqual([])
  })
})

test('nobody acts in the buyer’s name: no key, no clerk, no officer', async () => {
  const acts = [
    'confirmation',
    'withdrawal',
    'offer-acceptance',
    'offer-refusal',
    'escalation',
    'dispute',
    'rating',
    'follow-up',
  ] as const
  for (const act of acts) {
    expect(Object.keys(ACT_BODIES)).toContain(act)
    for (const who of ['merchant', 'platform', 'supervisor'] as const)
      expectProblem(await server.as(who, filed, act, { reason: 'x', confirm: 'yes', score: 1 }), 403, 'not_yours')
    for (const [who, room] of [
      ['merchant', 'merchant'],
      ['platform', 'desk'],
      ['supervisor', 'desk'],
    ] as const) {
      const person = await signIn(server, who)
      expect((await person.post(`/${room}/complaints/${filed.id}/${act}`, { reason: 'x' })).status).toBe(403)
    }
  }
})

test('a share link acts on nothing and takes no file that was not ticked', async () => {
  for (const act of ['messages', 'evidence', 'confirmation', 'withdrawal', 'escalation', 'human-request'])
    expectProblem(await server.post(`${share}/${act}`, { text: 'x', reason: 'x' }), 403, 'not_yours')
  expect((await server.get(`${share}/files/${photo}`)).status).toBe(404)
  expectDiscreet((await server.get(share, { Accept: 'text/html' })).text)
})

test('a file for another merchant’s complaint is refused, and nothing of it is kept', async () => {
  const own = new TextEncoder().encode(`%PDF-1.4 ${crypto.randomUUID()} %%EOF`)
  const { body, headers } = await upload([['a.pdf', own]])
  const api = await server.send(`/api/v1/complaints/${filed.id}/evidence`, body, {
    ...headers,
    ...server.bearer('other'),
  })
  const { cookie } = await signIn(server, 'other')
  const form = await server.send(`/merchant/complaints/${filed.id}/evidence`, body, {
    ...headers,
    ...OURS,
    Cookie: cookie,
  })
  expect([api.status, form.status]).toEqual([404, 404])
  expect(await server.door.deps.files.get(filed.id, hashOf(own))).toBeNull()
})

test('another merchant revokes no key', async () => {
  const id = [...new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key)))]
    .map(byte => byte.toString(16).padStart(2, '0'))
    .join('')
  const other = await signIn(server, 'other')
  expect((await other.post('/merchant/settings/key-revocations', { id })).status).toBe(404)
  expect((await server.get('/api/v1/complaints', { Authorization: `Bearer ${key}` })).status).toBe(200)
})

test('a forged link opens nothing: every last character, a flip at every place, a piece more or less', async () => {
  const token = filed.room.slice('/t/'.length)
  const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_'
  const last = [...alphabet].map(letter => token.slice(0, -1) + letter)
  const flips = [...token].map((letter, i) => token.slice(0, i) + (letter === 'A' ? 'B' : 'A') + token.slice(i + 1))
  const variants = [
    token.slice(1),
    token.slice(0, -1),
    `${token}A`,
    token.toLowerCase(),
    token.toUpperCase(),
    `${token}=`,
    `%20${token}`,
  ]
  for (const forged of [...last, ...flips, ...variants].filter(each => each !== token)) {
    expect([forged, (await server.get(`/t/${forged}`)).status]).toEqual([forged, 404])
  }
  expect((await server.get(filed.room)).status).toBe(200)
})
