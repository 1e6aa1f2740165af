import { describe, expect, test } from 'vitest'
import { iso } from '../../src/complaint/time.ts'
import { expectProblem, made, useServer } from '../support/server.ts'
import * as scenes from './scenes.ts'

const house = useServer()
const soon = (hours: number) => iso(house.door.now() + hours * 3_600_000)
const declare = (body: object, who: 'platform' | 'supervisor' | 'merchant' = 'platform') =>
  house.post('/api/v1/incidents', body, house.bearer(who))
const pageOf = async (room: string, headers = {}) => (await house.get(room, { Accept: 'text/html', ...headers })).text
const end = async (incident: string) =>
  expect((await declare({ incident, what: '已经恢复', ended: true })).status).toBe(201)

describe('an incident', () => {
  test('stands on every page that it touches, with its history, and moves no clock', async () => {
    const [filed, other] = [await scenes.submitted(house), await house.submit({ category: 'service' })]
    const before = await house.view(filed)
    const first = await declare({ what: '顺丰华东停运', until: soon(20), categories: ['quality'] })
    expect(first.status).toBe(201)
    const { incident } = JSON.parse(first.text)
    expect(await pageOf(filed.room)).toContain('顺丰华东停运')
    expect(await pageOf(other.room)).not.toContain('顺丰华东停运')
    await house.advance(1)
    expect((await declare({ incident, what: '停运延长到周末', until: soon(60) })).status).toBe(201)
    const page = await pageOf(filed.room)
    expect(page).toContain('停运延长到周末')
    expect(page).toContain('顺丰华东停运')
    const after = await house.view(filed)
    expect([after.complaint.due, after.steps.length]).toEqual([before.complaint.due, before.steps.length])
    await end(incident)
    expect(await pageOf(filed.room)).toContain('已经恢复')
    // Filed after its end, a complaint is not touched.
    await house.advance(1)
    expect(await pageOf((await scenes.submitted(house)).room)).not.toContain('停运')
  })

  test('stands on the page of a third party who was asked, and not in its JSON', async () => {
    const filed = await scenes.submitted(house)
    const body = { party: 'courier', request: '由谁签收？', operator: '李娜' }
    const { statementUrl = '' } = made(await house.as('merchant', filed, 'statements-requests', body))
    const { pathname } = new URL(statementUrl)
    expect(await pageOf(pathname)).not.toContain('分拨中心停运')
    const { incident } = JSON.parse((await declare({ what: '分拨中心停运', until: soon(5), merchants: ['m1'] })).text)
    expect(await pageOf(pathname)).toContain('分拨中心停运')
    expect((await house.get(pathname, { Accept: 'application/json' })).text).not.toContain('停运')
    await end(incident)
  })

  test('a cached page and an entity tag know of it', async () => {
    const filed = await scenes.submitted(house)
    await pageOf(filed.room)
    const { headers } = await house.get(filed.room, { Accept: 'text/html' })
    const tag = headers.get('etag') ?? ''
    expect((await house.get(filed.room, { Accept: 'text/html', 'If-None-Match': tag })).status).toBe(304)
    const { incident } = JSON.parse((await declare({ what: '支付系统故障', until: soon(3) })).text)
    expect((await house.get(filed.room, { Accept: 'text/html', 'If-None-Match': tag })).status).toBe(200)
    expect(await pageOf(filed.room)).toContain('支付系统故障')
    await end(incident)
  })

  test('by the platform alone; an end that has passed, and an unknown or ended one, are refused', async () => {
    expectProblem(await declare({ what: 'x', until: soon(1) }, 'merchant'), 403, 'not_yours')
    expectProblem(await house.post('/api/v1/incidents', { what: 'x' }), 401, 'unauthorized')
    expect(expectProblem(await declare({ what: '停运' }), 422, 'invalid').errors).toEqual([
      { field: 'until', code: 'required' },
    ])
    expectProblem(await declare({ what: '停运', until: soon(-1) }), 422, 'invalid')
    expectProblem(await declare({ what: '', until: soon(1) }), 422, 'invalid')
    expectProblem(await declare({ what: '停运', until: soon(1), who: 'me' }), 422, 'unknown_field')
    expectProblem(await declare({ incident: 'AAAAAAAAAAAA', what: '停运', until: soon(1) }), 404, 'not_found')
    const { incident } = JSON.parse((await declare({ what: '停运', until: soon(1) }, 'supervisor')).text)
    await end(incident)
    expectProblem(await declare({ incident, what: '又停运', until: soon(1) }), 404, 'not_found')
  })

  test('are listed with all that was said', async () => {
    const { incident } = JSON.parse((await declare({ what: '短信延迟', until: soon(2), merchants: ['m1'] })).text)
    await end(incident)
    const { incidents } = JSON.parse((await house.get('/api/v1/incidents', house.bearer('platform'))).text)
    const found = incidents.find(({ id }: { id: string }) => id === incident)
    expect(found.news.map(({ what }: { what: string }) => what)).toEqual(['短信延迟', '已经恢复'])
    expect(found.endedAt).not.toBeNull()
    expect(found.news[1].merchants).toEqual(['m1'])
  })

  test('what was written in it is text, on any page', async () => {
    const filed = await scenes.submitted(house)
    const { incident } = JSON.parse((await declare({ what: '<script>alert(1)</script>', until: soon(2) })).text)
    const page = await pageOf(filed.room)
    expect(page).not.toContain('<script>alert(1)')
    expect(page).toContain('&lt;script&gt;alert(1)')
    await end(incident)
    made(await house.asBuyer(filed, 'messages', { text: '收到' }))
  })
})
