import { describe, expect, test } from 'vitest'
import { signIn } from '../support/people.ts'
import { expectProblem, useServer } from '../support/server.ts'
import * as scenes from './scenes.ts'

const house = useServer()
const adopt = (body: object, who: 'platform' | 'supervisor' | 'merchant' = 'supervisor') =>
  house.post('/api/v1/rules', body, house.bearer(who))
const version = (code: string, n: number, more: object = {}) => ({
  ...{ code, version: n, title: `规则 ${code}`, text: `${code} 第 ${n} 版全文`, ...more },
})
const adopted = async (code: string, n: number, more: object = {}) => {
  const answer = await adopt(version(code, n, more))
  expect(answer.status, answer.text).toBe(201)
  return JSON.parse(answer.text)
}

describe('the rule library', () => {
  test('a supervisor adopts versions in order; anyone reads them, by a permanent address and from the log', async () => {
    const first = await adopted('return-7d', 1)
    expect(first).toMatchObject({ name: 'return-7d@1', locale: 'zh-CN' })
    expect(await adopted('return-7d', 1)).toEqual(first)
    const second = await adopted('return-7d', 2, { text: '七天内可以退货' })
    expectProblem(await adopt(version('return-7d', 2)), 409, 'rule_version')
    expectProblem(await adopt(version('return-7d', 5)), 409, 'rule_version')
    const { rules } = JSON.parse((await house.get('/api/v1/rules', house.bearer('merchant'))).text)
    expect(rules.filter(({ code }: { code: string }) => code === 'return-7d')).toEqual([
      { ...first, inForce: false },
      { ...second, inForce: true },
    ])
    const all = (await house.get('/rules', { Accept: 'text/html' })).text
    expect(all).toContain('七天内可以退货')
    expect(all).not.toContain('return-7d 第 1 版全文')
    const old = (await house.get(`/rules/${first.digest}`, { Accept: 'text/html' })).text
    expect(old).toContain('return-7d 第 1 版全文')
    expect(old).toContain(`href="/rules/${second.digest}"`)
    const served = await house.get(`/log/0/rules/${second.digest}`)
    expect([served.status, JSON.parse(served.text).text]).toEqual([200, '七天内可以退货'])
    expectProblem(await house.get(`/log/0/rules/${'A'.repeat(43)}`), 404, 'not_found')
  })

  test('nobody else adds to it, and a bad version names its fields', async () => {
    for (const who of ['merchant', 'platform'] as const)
      expectProblem(await adopt(version('mine', 1), who), 403, 'not_yours')
    expectProblem(await house.get('/api/v1/rules'), 401, 'unauthorized')
    const { errors } = expectProblem(
      await adopt({ code: 'Not A Code', version: 0, title: '', text: 'x' }),
      422,
      'invalid',
    )
    expect(errors?.map(({ field }) => field)).toEqual(['code', 'version', 'title'])
    expectProblem(await adopt({ ...version('mine', 1), status: 'draft' }), 422, 'unknown_field')
  })
})

describe('a ruling cites it', () => {
  test('as it stood, on the page, the record and in JSON, also after the next version', async () => {
    const filed = await scenes.escalated(house)
    await adopted('late', 1, { text: '后来才有的规则' })
    await house.asPlatform(filed, 'rulings', { ...scenes.RULING, rule: undefined, cites: ['late@1'] })
    await adopted('late', 2, { text: '又改了' })
    const { steps } = await house.view(filed)
    const [cited] = steps.at(-1)?.cites ?? []
    expect(cited).toMatchObject({ code: 'late', version: 1, text: '后来才有的规则', afterOpening: true })
    for (const path of ['', '/record']) {
      const { text } = await house.get(`${filed.room}${path}`, { Accept: 'text/html' })
      expect(text).toContain('后来才有的规则')
      expect(text).not.toContain('又改了')
    }
    const { rules } = JSON.parse((await house.get(`${filed.room}/receipt.json`)).text)
    expect(rules).toHaveLength(1)
  })

  test('a ruling without words and rules, with an unknown version or too many, is 422', async () => {
    await adopted('known', 1)
    const filed = await scenes.escalated(house)
    const rule = (body: object) => house.as('platform', filed, 'rulings', { ...scenes.RULING, ...body })
    expect(expectProblem(await rule({ rule: undefined }), 422, 'invalid').errors).toEqual([
      { field: 'rule', code: 'required' },
    ])
    expectProblem(await rule({ cites: ['known@2'] }), 422, 'unknown_rule')
    for (const cites of [[], ['known'], 'known@1', Array(4).fill('known@1')])
      expectProblem(await rule({ cites }), 422, 'invalid')
    await house.asPlatform(filed, 'refusal', {
      ground: 'duplicate',
      facts: '同一件事',
      operator: 'A17',
      cites: ['known@1'],
    })
    const { steps } = await house.view(filed)
    expect(steps.at(-1)).toMatchObject({ kind: 'refused', cites: [{ code: 'known' }] })
  })
})

describe('the desk', () => {
  test('a supervisor publishes by form, and gets it back with what was wrong; an officer reads and cites', async () => {
    const [boss, officer] = [await signIn(house, 'supervisor'), await signIn(house, 'platform')]
    const form = { code: 'desk-rule', version: '1', title: '桌面规则', text: '全文在此' }
    const wrong = await boss.post('/desk/rules', { ...form, title: '' })
    expect([wrong.status, wrong.text]).toEqual([422, expect.stringContaining('全文在此')])
    expect((await boss.post('/desk/rules', form)).headers.get('location')).toBe('/desk/rules#rule-desk-rule')
    const taken = await boss.post('/desk/rules', { ...form, text: '另一份' })
    expect([taken.status, taken.text]).toEqual([409, expect.stringContaining('另一份')])
    expect((await officer.post('/desk/rules', { ...form, version: '2' })).status).toBe(403)
    const library = await officer.get('/desk/rules')
    expect(library.text).toContain('全文在此')
    expect(library.text).not.toContain('action="/desk/rules"')

    const filed = await scenes.escalated(house)
    const page = await officer.get(`/desk/complaints/${filed.id}`)
    expect(page.text).toContain('<option value="desk-rule@1">')
    const ruling = {
      ...{ outcome: 'for_merchant', facts: '相符', reasons: '证据充分', 'remedy.kind': 'none' },
      'cites.first': 'desk-rule@1',
      'cites.second': '',
    }
    const path = `/desk/complaints/${filed.id}/rulings`
    const preview = await officer.post(path, { ...ruling, preview: 'yes' })
    expect([preview.status, preview.text.match(/全文在此/g)?.length]).toEqual([200, 1])
    expect((await officer.post(path, { ...ruling, 'cites.first': 'desk-rule@9', preview: 'yes' })).status).toBe(409)
    const none = await officer.post(path, { ...ruling, 'cites.first': '', preview: 'yes' })
    expect([none.status, none.text]).toEqual([422, expect.stringContaining('href="#rulings-rule"')])
    expect((await officer.post(path, { ...ruling, confirm: 'yes' })).status).toBe(303)
    expect((await house.view(filed)).steps.at(-1)?.cites).toMatchObject([{ code: 'desk-rule', version: 1 }])
  })

  test('many rulings share what they cite, and a version repealed before is not offered', async () => {
    const [boss, officer] = [await signIn(house, 'supervisor'), await signIn(house, 'platform')]
    await adopted('shared', 1)
    await adopted('gone', 1)
    await house.advance(1)
    await boss.post('/desk/rules', { code: 'gone', version: '2', title: '停用', text: '停用', repealed: 'yes' })
    const filed = await scenes.escalated(house)
    const page = await officer.get(`/desk/batch?case=${filed.id}`)
    expect(page.text).toContain('value="shared@1"')
    expect(page.text).not.toContain('value="gone@')
    const prefix = `c${filed.id}.`
    const own = { include: 'yes', facts: '相符', outcome: 'for_merchant', 'remedy.kind': 'none' }
    const fields = Object.fromEntries(Object.entries(own).map(([name, value]) => [prefix + name, value]))
    const shared = { 'cites.first': 'shared@1', reasons: '证据充分', confirm: 'yes' }
    expect((await officer.post('/desk/batch', { ...shared, ...fields })).status).toBe(200)
    expect((await house.view(filed)).steps.at(-1)?.cites).toMatchObject([{ code: 'shared' }])
  })
})
