import * as v from 'valibot'
import { expect, test } from 'vitest'
import { readKid, verifyStatement } from '../../../src/log/statement.ts'
import { expectDiscreet, expectProblem, made, parseAs, SECRET, useServer } from '../../support/server.ts'
import type { View } from '../../support/shapes.ts'
import * as scenes from '../scenes.ts'

const house = useServer()
const Jwks = v.object({ keys: v.array(v.looseObject({ kid: v.string(), x: v.string(), kty: v.literal('OKP') })) })

const totals = ({ responsibility }: View) => responsibility.reduce((sum, { seconds }) => sum + seconds, 0)

test('the JSON of a complaint, from the first step to the last', async () => {
  const filed = await scenes.escalated(house)
  await house.advance(5)
  made(await house.asPlatform(filed, 'rulings', scenes.RULING))
  const view = await house.view(filed)
  expect(view.complaint).toMatchObject({
    id: filed.id,
    state: 'fulfilment',
    after: null,
    holder: { role: 'merchant', name: '花间集' },
    overdue: false,
    merchant: { id: 'm1', name: '花间集' },
    category: 'quality',
    remedySought: { kind: 'refund', amount: { value: '89.00', currency: 'CNY' } },
    handoffs: 0,
    reopened: 0,
  })
  expect(view.steps.map(({ seq, kind }) => [seq, kind])).toEqual([
    [0, 'submitted'],
    [1, 'merchant_responded'],
    [2, 'escalated'],
    [3, 'ruled'],
  ])
  expect(view.steps[3]?.fields).toMatchObject({ facts: scenes.RULING.facts, officer: 'A17', outcome: 'for_buyer' })
  expect(view.next).toEqual({ ifActs: expect.any(String), ifSilent: expect.any(String), at: view.complaint.due })
  expect(view.actions).toContain('confirmation')
  expect(view.actions).not.toContain('rulings')
})

test('responsibility sums to the open time, and what passed after due is late', async () => {
  const filed = await house.submit()
  await house.advance(50)
  const opened = Date.parse((await house.view(filed)).complaint.openedAt)
  const view = await house.view(filed)
  expect(Math.abs(totals(view) - (house.door.now() - opened) / 1000)).toBeLessThan(2)
  expect(view.responsibility).toMatchObject([
    { role: 'merchant', seconds: 48 * 3600, lateSeconds: 0 },
    { role: 'platform', lateSeconds: 0 },
  ])
  await house.advance(72 + 24 + 10)
  const stuck = await house.view(filed)
  expect(stuck.complaint).toMatchObject({ state: 'platform_review', holder: { role: 'supervisor' }, overdue: true })
  const supervisor = stuck.responsibility.find(({ role }) => role === 'supervisor')
  expect(supervisor?.lateSeconds).toBeGreaterThan(11 * 3600)
})

test('silence is a step that names the party and the instant missed', async () => {
  const filed = await house.submit()
  await house.advance(49)
  const { steps } = await house.view(filed)
  const missed = steps.find(({ kind }) => kind === 'deadline_missed')
  expect(missed).toMatchObject({ on: filed.due, by: { role: 'system', automated: true } })
  expect(missed?.fields).toEqual({ party: 'merchant', due: filed.due })
})

test('a ruling after its due is late', async () => {
  const filed = await scenes.escalated(house)
  await house.advance(73)
  expect(made(await house.as('supervisor', filed, 'rulings', scenes.RULING)).step.late).toBe(true)
})

test('the statement verifies against the published keys and names the newest step', async () => {
  const filed = await scenes.rejected(house)
  const { statement, steps } = await house.view(filed)
  const { keys } = parseAs(Jwks, await house.get('/.well-known/jwks.json'))
  const key = keys.find(({ kid }) => kid === readKid(statement))
  const claim = await verifyStatement(statement, key?.x ?? '')
  expect(claim).toMatchObject({ head_seq: 1, head_leaf: steps[1]?.leaf })
})

test('a closed complaint has no holder, no due and nothing next', async () => {
  const filed = await scenes.confirmed(house)
  const view = await house.view(filed)
  expect(view).toMatchObject({
    next: null,
    complaint: { state: 'closed_confirmed', holder: null, due: null, overdue: false },
  })
  const before = totals(view)
  await house.advance(100)
  expect(totals(await house.view(filed))).toBe(before)
})

test('each reader sees their own: the buyer no phone, the merchant no full name', async () => {
  const filed = await house.submit()
  const [buyer, merchant, platform] = [
    await house.view(filed),
    await house.viewAs('merchant', filed),
    await house.viewAs('platform', filed),
  ].map(({ steps }) => steps[0]?.fields)
  expect(buyer).toMatchObject({ buyerName: SECRET.name, statement: SECRET.text })
  expect(buyer).not.toHaveProperty('buyerPhone')
  expect(merchant).toMatchObject({ buyerNameMasked: '欧**', statement: SECRET.text })
  // The digits would answer for who was forwarded the link.
  for (const fields of [buyer, merchant]) expect(fields).not.toHaveProperty('buyerPhoneMasked')
  expect(merchant).not.toHaveProperty('buyerName')
  expect(merchant).not.toHaveProperty('buyerPhone')
  expect(platform).toMatchObject({ buyerPhone: SECRET.phone })
})

test('a share link masks names and shows texts only where they were ticked', async () => {
  const filed = await house.submit()
  const share = async (body: object) =>
    new URL(made(await house.asBuyer(filed, 'share-links', body)).shareUrl ?? '').pathname
  const room = await share({})
  for (const path of ['', '/receipt.json']) {
    const json = await house.get(`${room}${path}`, { Accept: 'application/json' })
    expectDiscreet(json.text)
  }
  expectDiscreet((await house.get(room)).text)
  const { complaint, steps, actions } = await house.view({ room })
  expect([complaint.buyer, actions]).toEqual(['欧**', []])
  expect(JSON.stringify(steps)).not.toContain('8765')
  expect(await share({ texts: 'yes' })).toBe(room)
  expect((await house.view({ room })).steps[0]?.fields.statement).toBe(SECRET.text)
  const page = await house.get(room)
  expect(page.text).toContain(SECRET.text)
  for (const hidden of [SECRET.name, SECRET.phone, SECRET.order, '8765', '<form'])
    expect(page.text).not.toContain(hidden)
  expectProblem(await house.post(`${room}/share-links`, {}), 403, 'not_yours')
})

test('a receipt discloses to a share link what its page shows, and no more', async () => {
  const filed = await house.submit()
  const { shareUrl = '' } = made(await house.asBuyer(filed, 'share-links', { texts: 'yes' }))
  const reply = await house.get(`${new URL(shareUrl).pathname}/receipt.json`)
  const names = JSON.parse(reply.text)
    .steps.flatMap((step: { disclosures: string[] }) => step.disclosures)
    .map((text: string) => JSON.parse(Buffer.from(text, 'base64url').toString())[1])
  expect(names).toContain('statement')
  for (const name of ['buyerName', 'buyerPhone', 'buyerPhoneMasked', 'orderId']) expect(names).not.toContain(name)
})

test('reading changes nothing', async () => {
  const filed = await scenes.fulfilled(house)
  const before = (await house.view(filed)).steps
  const more = ['', '/receipt.json', '/confirmation', '/withdrawal', `/files/${'0'.repeat(64)}`]
  for (const path of more)
    for (const method of ['GET', 'HEAD']) await house.door.fetch(`${filed.room}${path}`, { method })
  expect((await house.view(filed)).steps).toEqual(before)
})
