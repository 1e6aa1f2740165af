import { describe, expect, test } from 'vitest'
import document from '../../../db/policies/cn-2026-2.json' with { type: 'json' }
import { parsePolicy } from '../../../src/complaint/deadlines/policy.ts'
import { signIn } from '../../support/people.ts'
import { made, type Reply, useServer } from '../../support/server.ts'
import * as scenes from '../scenes.ts'

const house = useServer()

const stepsOf = async (filed: { id: string }) => (await house.viewAs('platform', filed)).steps
const last = async (filed: { id: string }) => (await stepsOf(filed)).findLast(({ kind }) => kind !== 'notice_sent')
/** What the page's own form would send, with these fields. */
const formOf = ({ text }: Reply, fields: Record<string, string>): Record<string, string> => ({
  ...Object.fromEntries(
    [...text.matchAll(/name="(c[0-9A-Z]{10}\.seen)" value="([\w-]*)"/g)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  ),
  ...fields,
})

describe('one act on many complaints', () => {
  test('take: each becomes an act of its own, and those that can’t be taken are left out', async () => {
    const officer = await signIn(house, 'platform')
    const [one, two, waiting] = [
      await scenes.escalated(house),
      await scenes.escalated(house),
      await scenes.submitted(house),
    ]
    const page = await officer.get(`/desk/bulk?act=take&case=${one.id}&case=${two.id}&case=${waiting.id}`)
    expect(page.status).toBe(200)
    const fields = formOf(page, { act: 'take' })
    expect(Object.keys(fields)).toEqual([`c${one.id}.seen`, `c${two.id}.seen`, 'act'])
    const done = await officer.post('/desk/bulk', fields)
    expect([done.status, done.text.match(/已记下/g)?.length]).toEqual([200, 2])
    for (const filed of [one, two])
      expect(await last(filed)).toMatchObject({ kind: 'officer_assigned', fields: { officer: 'A17' } })
    // The same form twice is one act.
    expect((await officer.post('/desk/bulk', fields)).status).toBe(200)
    expect((await stepsOf(one)).filter(({ kind }) => kind === 'officer_assigned')).toHaveLength(1)
  })

  test('a complaint that moved meanwhile has a result of its own; no other is lost', async () => {
    const officer = await signIn(house, 'platform')
    const [one, two] = [await scenes.escalated(house), await scenes.escalated(house)]
    const page = await officer.get(`/desk/bulk?act=handoffs&case=${one.id}&case=${two.id}`)
    const fields = formOf(page, { act: 'handoffs', toDesk: '家电组', reason: '都是家电，归那边' })
    made(await house.asPlatform(one, 'assignment', { officer: 'B22' }))
    const done = await officer.post('/desk/bulk', fields)
    expect(done.status).toBe(409)
    expect(done.text).toContain('都是家电，归那边</textarea>')
    expect((await last(one))?.kind).toBe('officer_assigned')
    expect((await last(two))?.kind).toBe('handoff_offered')
  })

  test('rows beyond a page of the list are refused, each with a result of its own', async () => {
    const officer = await signIn(house, 'platform')
    const one = await scenes.escalated(house)
    const unknown = Array.from({ length: 40 }, (_, i) => `U${String(i).padStart(9, '0')}`)
    const fields = Object.fromEntries([...unknown, one.id].map(id => [`c${id}.seen`, '']))
    const done = await officer.post('/desk/bulk', { ...fields, act: 'take' })
    expect([done.status, done.text.match(/"bad">没有办成/g)?.length]).toEqual([409, 41])
    expect(done.text).toContain('短时间内发得太多了')
    expect((await last(one))?.kind).toBe('escalated')
  })

  test('ask: the same question to many', async () => {
    const officer = await signIn(house, 'platform')
    const [one, two] = [await scenes.escalated(house), await scenes.escalated(house)]
    const page = await officer.get(`/desk/bulk?act=evidence-requests&case=${one.id}&case=${two.id}`)
    const fields = formOf(page, { act: 'evidence-requests', from: 'buyer', request: '请补充全景照片' })
    expect((await officer.post('/desk/bulk', fields)).status).toBe(200)
    for (const filed of [one, two]) expect((await last(filed))?.fields.request).toBe('请补充全景照片')
  })

  test('a missing field is named before anything is recorded; only a supervisor names another officer', async () => {
    const [officer, supervisor] = [await signIn(house, 'platform'), await signIn(house, 'supervisor')]
    const filed = await scenes.escalated(house)
    const page = await officer.get(`/desk/bulk?act=handoffs&case=${filed.id}`)
    const back = await officer.post('/desk/bulk', formOf(page, { act: 'handoffs' }))
    expect([back.status, back.text.includes('href="#bulk-toDesk"'), back.text.includes('href="#bulk-reason"')]).toEqual(
      [422, true, true],
    )
    expect((await officer.get('/desk')).text).not.toContain('value="assignment"')
    expect((await supervisor.get('/desk')).text).toContain('value="assignment"')
    const own = formOf(page, { act: 'assignment', officer: 'B22' })
    expect((await officer.post('/desk/bulk', own)).status).toBe(200)
    expect(await last(filed)).toMatchObject({ kind: 'officer_assigned', fields: { officer: 'A17' } })
    expect((await supervisor.get('/desk/bulk?act=rulings')).status).toBe(404)
  })
})

describe('the list of the desk', () => {
  test('by amount: no page is longer than what a bulk act takes, and none is missed', async () => {
    const officer = await signIn(house, 'platform')
    const submit = async (count: number, kind: 'refund' | 'apology') => {
      const amount = kind === 'refund' && { amount: { value: '777.00', currency: 'CNY' } }
      for (let i = 0; i < count; i++) await house.submit({ merchantId: 'm-amount', remedySought: { kind, ...amount } })
    }
    for (const [count, kind] of [
      [10, 'refund'],
      [30, 'apology'],
      [50, 'refund'],
    ] as const) {
      await submit(count, kind)
      await house.advance(2)
    }
    const pages: string[][] = []
    for (let next: string | undefined = '/desk?turn=merchant&merchant=m-amount&amount=700'; next !== undefined; ) {
      const { text }: Reply = await officer.get(next)
      pages.push([...text.matchAll(/<a href="\/desk\/complaints\/([0-9A-Z]{10})">/g)].map(([, id = '']) => id))
      next = /href="(\/desk\?[^"]*after=[\d-]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&')
    }
    expect(pages.map(page => page.length)).toEqual([40, 20])
    expect(new Set(pages.flat()).size).toBe(60)
  })

  test('is filtered by merchant, category, officer, desk, age and amount', async () => {
    const officer = await signIn(house, 'platform')
    const filed = await scenes.escalated(house)
    await officer.post(`/desk/complaints/${filed.id}/assignment`, { take: 'yes' })
    const has = async (query: string) => (await officer.get(`/desk?${query}`)).text.includes(`>${filed.id}</a>`)
    expect([await has('officer=A17'), await has('officer=Z9')]).toEqual([true, false])
    expect([await has('merchant=m1&amount=89'), await has('amount=89.01')]).toEqual([true, false])
    const { complaint } = await house.viewAs('platform', filed)
    expect([await has(`category=${complaint.category}`), await has('category=service')]).toEqual([true, false])
    expect([await has('days=30'), await has('desk=%E5%AE%B6%E7%94%B5%E7%BB%84')]).toEqual([false, false])
    made(await house.asPlatform(filed, 'handoffs', { toDesk: '家电组', reason: '家电', operator: 'A17' }))
    made(await house.asPlatform(filed, 'handoff-acceptance', { officer: 'B22' }))
    expect([await has('desk=%E5%AE%B6%E7%94%B5%E7%BB%84'), await has('officer=B22'), await has('officer=A17')]).toEqual(
      [true, true, false],
    )
  })
})

test('a policy may list its desks, and then knows no other', () => {
  const policy = parsePolicy({ ...document, name: 'with-desks', desks: ['家电组', '物流组'] })
  expect(policy.desks).toEqual(['家电组', '物流组'])
  expect(() => parsePolicy({ ...document, desks: ['家电组', '家电组'] })).toThrow(/desks/)
})

test('a supervisor sees who has how much, and each name leads to that list', async () => {
  const [officer, supervisor] = [await signIn(house, 'platform'), await signIn(house, 'supervisor')]
  const filed = await scenes.escalated(house)
  await officer.post(`/desk/complaints/${filed.id}/assignment`, { take: 'yes' })
  const { text } = await supervisor.get('/desk/supervisor')
  expect(text).toContain('href="/desk?officer=A17"')
  expect((await supervisor.get('/desk?officer=A17')).text).toContain(filed.id)
})
