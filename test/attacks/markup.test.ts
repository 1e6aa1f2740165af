// Cross-site scripting: markup in every field that somebody fills in, on every page that shows it, in three languages, on both hosts.

import { afterAll, beforeAll, expect, test } from 'vitest'
import * as scenes from '../routes/scenes.ts'
import { PNG, upload } from '../routes/uploads.ts'
import { type Signed, signIn } from '../support/people.ts'
import { type Filed, made, type Reply, useServer } from '../support/server.ts'

const server = useServer()
const EVIL = `"'><img src=x onerror=evil()><script>evil()</script>&lt;\${evil}{{evil}}</textarea></title>`
let filed: Filed
let share: string
let clerk: Signed
let officer: Signed
let supervisor: Signed
let pages = 0
let marked = 0

beforeAll(async () => {
  filed = await server.submit({
    orderId: EVIL.slice(0, 60),
    item: EVIL,
    merchantName: EVIL,
    buyer: { name: EVIL, phone: '13912348765' },
    statement: EVIL,
  })
  const { body, headers } = await upload([[`${EVIL}.png`, PNG]], { text: EVIL })
  made(await server.send(`${filed.room}/evidence`, body, { ...headers, Accept: 'application/json' }))
  const about = { statement: EVIL, operator: EVIL }
  made(await server.asMerchant(filed, 'messages', { text: EVIL, operator: EVIL }))
  made(await server.asMerchant(filed, 'responses', { answer: 'reject', ground: 'other', ...about }))
  made(await server.asBuyer(filed, 'escalation', { reason: EVIL }))
  made(await server.asPlatform(filed, 'assignment', { officer: EVIL, desk: EVIL }))
  made(await server.asPlatform(filed, 'handoffs', { toDesk: EVIL, reason: EVIL, operator: EVIL }))
  made(await server.asPlatform(filed, 'evidence-requests', { from: 'both', request: EVIL, operator: EVIL }))
  made(await server.asBuyer(filed, 'conduct-report', { seq: 2, text: EVIL }))
  const shared = made(await server.asBuyer(filed, 'share-links', { texts: true, files: true }))
  share = new URL(/https:[^"]+/.exec(JSON.stringify(shared))?.[0] ?? '').pathname
  ;[clerk, officer, supervisor] = [
    await signIn(server, 'merchant', { name: EVIL }),
    await signIn(server, 'platform', { name: EVIL }),
    await signIn(server, 'supervisor', { name: EVIL }),
  ]
  await clerk.post('/merchant/settings/keys', { name: EVIL.slice(0, 60) })
  await clerk.post('/merchant/webhooks', { url: `https://erp.example.com/?${encodeURIComponent(EVIL)}` })
})
afterAll(() => {
  expect(pages).toBeGreaterThan(60)
  // The texts are there, as text.
  expect(marked).toBeGreaterThan(30)
})

/** The payload stands nowhere as it was typed: its brackets and quotes are escaped, in texts and in attributes. */
const expectHarmless = (where: string, { text, headers }: Reply): void => {
  pages++
  if (text.includes('onerror=evil()')) marked++
  for (const raw of ['<img src=x', '<script>evil', `"'>`, '</textarea></title>'])
    expect([where, raw, text.includes(raw)]).toEqual([where, raw, false])
  expect([where, headers.get('content-security-policy')?.startsWith("default-src 'none'")]).toEqual([where, true])
}

test.each(['zh-CN', 'zh-TW', 'en'])('no page in %s runs it', async language => {
  const page = { Accept: 'text/html', 'Accept-Language': language }
  const views: [string, (path: string) => Promise<Reply>][] = [
    ...[
      filed.room,
      share,
      '/',
      '/verify',
      `/nothing/${encodeURIComponent(EVIL)}`,
      `/?lang=${encodeURIComponent(EVIL)}`,
      `/signin?to=${encodeURIComponent(EVIL)}`,
    ].map(path => [path, (at: string) => server.get(at, page)] as [string, (path: string) => Promise<Reply>]),
    ...['', `/complaints/${filed.id}`, '/figures', '/settings'].map(
      path => [`/merchant${path}`, (at: string) => clerk.get(at, page)] as [string, (path: string) => Promise<Reply>],
    ),
    ...['', `/complaints/${filed.id}`, '/alerts', '/messages', `/batch?case=${filed.id}`].map(
      path => [`/desk${path}`, (at: string) => officer.get(at, page)] as [string, (path: string) => Promise<Reply>],
    ),
    ['/desk/supervisor', at => supervisor.get(at, page)],
  ]
  for (const [path, get] of views) expectHarmless(`${language} ${path}`, await get(path))
})

test('no form that comes back runs it', async () => {
  const page = { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'text/html' }
  const too = EVIL + 'x'.repeat(6000)
  const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString()
  expectHarmless('pickup', await server.send('/pickup', form({ code: EVIL, last4: EVIL }), page))
  expectHarmless('resend', await server.send('/pickup/resend', form({ orderId: EVIL, phone: EVIL }), page))
  expectHarmless('new', await server.send('/new', form({ form: EVIL, statement: EVIL }), page))
  for (const act of ['messages', 'dispute', 'offer-refusal', 'withdrawal', EVIL])
    expectHarmless(
      act,
      await server.send(
        `${filed.room}/${encodeURIComponent(act)}`,
        form({ text: too, reason: too, 'counter.kind': EVIL, seen: EVIL }),
        page,
      ),
    )
  for (const act of ['responses', 'extensions', 'messages'])
    expectHarmless(
      act,
      await clerk.post(`/merchant/complaints/${filed.id}/${act}`, {
        statement: too,
        text: too,
        reason: too,
        due: EVIL,
        'offer.by': EVIL,
        answer: 'offer',
      }),
    )
  for (const act of ['rulings', 'refusal', 'redactions', 'assignment', 'handoffs'])
    expectHarmless(
      act,
      await officer.post(`/desk/complaints/${filed.id}/${act}`, {
        facts: too,
        rule: too,
        reasons: too,
        reason: too,
        due: EVIL,
        target: EVIL,
        toDesk: too,
        officer: too,
      }),
    )
  expectHarmless('webhook', await clerk.post('/merchant/webhooks', { url: EVIL }))
  expectHarmless('contact', await clerk.post('/merchant/settings/contact', { phone: EVIL }))
  expectHarmless('contacts', await supervisor.post('/desk/contacts', { phone: EVIL }))
  const late = { ...page, 'Sec-Fetch-Site': 'same-origin', Origin: 'https://t.tousu.example' }
  expectHarmless(
    'expired',
    await server.send(`/desk/complaints/${filed.id}/rulings`, form({ facts: EVIL, [EVIL]: EVIL }), late),
  )
})

test('a ruling with markup is a ruling with text', async () => {
  const it = await scenes.escalated(server)
  const ruling = { ...scenes.RULING, facts: EVIL, rule: EVIL, reasons: EVIL, officer: EVIL }
  made(await server.asPlatform(it, 'rulings', ruling))
  expectHarmless('ruled', await server.get(it.room, { Accept: 'text/html' }))
})
