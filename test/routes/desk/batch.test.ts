import { describe, expect, test } from 'vitest'
import { signIn } from '../../support/people.ts'
import { made, useServer } from '../../support/server.ts'
import * as scenes from '../scenes.ts'

const house = useServer()

const SHARED = { rule: '规则第四条', reasons: '同一批次的面料不符' }
const own = (id: string, over: Record<string, string> = {}) => {
  const fields: Record<string, string> = {
    include: 'yes',
    facts: `投诉 ${id} 的照片`,
    outcome: 'for_buyer',
    'remedy.kind': 'refund',
    'remedy.owedBy': 'merchant',
    ...over,
  }
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [`c${id}.${name}`, value]))
}
const stepsOf = async (filed: { id: string }) => (await house.viewAs('platform', filed)).steps
const ruling = async (filed: { id: string }) => (await stepsOf(filed)).find(({ kind }) => kind === 'ruled')

describe('ruling on many complaints together', () => {
  test('one rule, own facts: each gets a ruling of its own, after a preview of each', async () => {
    const officer = await signIn(house, 'platform')
    const [one, two] = [await scenes.escalated(house), await scenes.escalated(house)]
    const page = await officer.get(`/desk/batch?case=${one.id}&case=${two.id}`)
    expect([page.status, page.text.match(/name="rule"/g)?.length]).toEqual([200, 1])
    const fields = { ...SHARED, ...own(one.id), ...own(two.id, { outcome: 'for_merchant', 'remedy.kind': 'none' }) }
    const preview = await officer.post('/desk/batch', fields)
    expect([preview.status, preview.text.match(/class="newest/g)?.length]).toEqual([200, 2])
    expect(await ruling(one)).toBeUndefined()
    const done = await officer.post('/desk/batch', { ...fields, confirm: 'yes' })
    expect([done.status, done.text.match(/已裁定/g)?.length]).toEqual([200, 2])
    expect(await ruling(one)).toMatchObject({
      by: { automated: false },
      fields: { officer: 'A17', rule: '规则第四条', facts: `投诉 ${one.id} 的照片`, outcome: 'for_buyer' },
    })
    expect(await ruling(two)).toMatchObject({ fields: { facts: `投诉 ${two.id} 的照片`, outcome: 'for_merchant' } })
  })

  test('a whole page of the queue, every field filled in, is ruled on at once', async () => {
    const officer = await signIn(house, 'platform')
    const filed = await Promise.all(Array.from({ length: 40 }, () => scenes.escalated(house)))
    const all = {
      seen: '',
      'remedy.kind': 'return_refund',
      'remedy.amount.value': '20.00',
      'remedy.amount.currency': 'CNY',
      'remedy.returnTo': '杭州市余杭区 8 号仓',
      'remedy.freightPaidBy': 'merchant',
      due: '',
      leave: '',
    }
    const fields = Object.assign({ ...SHARED, confirm: 'yes' }, ...filed.map(({ id }) => own(id, all)))
    const done = await officer.post('/desk/batch', fields)
    expect([done.status, done.text.match(/已裁定/g)?.length]).toEqual([200, 40])
    // The same form after its session ended comes back as it was typed.
    const late = await house.send('/desk/batch', new URLSearchParams(fields).toString(), {
      'Content-Type': 'application/x-www-form-urlencoded',
      'Sec-Fetch-Site': 'same-origin',
      Accept: 'text/html',
    })
    expect([late.status, late.text.includes(`投诉 ${filed[39]?.id} 的照片`)]).toEqual([403, true])
  })

  test('a missing field stops all of them, and everything comes back as typed', async () => {
    const officer = await signIn(house, 'platform')
    const [one, two] = [await scenes.escalated(house), await scenes.escalated(house)]
    const fields = { ...SHARED, ...own(one.id), ...own(two.id, { facts: '' }), confirm: 'yes' }
    const reply = await officer.post('/desk/batch', fields)
    expect(reply.status).toBe(422)
    expect(reply.text).toContain(`id="batch-c${two.id}-facts-problem"`)
    expect(reply.text).toContain(`投诉 ${one.id} 的照片`)
    expect(await ruling(one)).toBeUndefined()
  })

  test('what one refuses, the others don’t feel: it is listed and stays, as it was typed', async () => {
    const officer = await signIn(house, 'platform')
    const [one, gone, late] = [
      await scenes.escalated(house),
      await scenes.escalated(house),
      await scenes.escalated(house),
    ]
    const seen = (await stepsOf(late)).at(-1)?.leaf ?? ''
    made(await house.asBuyer(gone, 'confirmation'))
    made(await house.asMerchant(late, 'responses', scenes.OFFER))
    const fields = { ...SHARED, ...own(one.id), ...own(gone.id), ...own(late.id, { seen }), confirm: 'yes' }
    const reply = await officer.post('/desk/batch', fields)
    expect(reply.status).toBe(409)
    expect(reply.text.match(/已裁定/g)).toHaveLength(1)
    expect(reply.text).toContain('投诉已经结束')
    expect(reply.text).toContain('您打开页面之后，进度变了')
    for (const { id } of [gone, late]) expect(reply.text).toContain(`投诉 ${id} 的照片`)
    expect(reply.text).toContain('同一批次的面料不符')
    expect([await ruling(one), await ruling(gone), await ruling(late)].map(Boolean)).toEqual([true, false, false])
  })

  test('twice is once, and a complaint can be left for later', async () => {
    const officer = await signIn(house, 'platform')
    const [one, later] = [await scenes.escalated(house), await scenes.escalated(house)]
    const seen = (await stepsOf(one)).at(-1)?.leaf ?? ''
    const fields = {
      ...SHARED,
      ...own(one.id, { seen }),
      ...own(later.id, { leave: 'yes', facts: '' }),
      confirm: 'yes',
    }
    for (let i = 0; i < 2; i++) expect((await officer.post('/desk/batch', fields)).status).toBe(200)
    expect((await stepsOf(one)).filter(({ kind }) => kind === 'ruled')).toHaveLength(1)
    expect(await ruling(later)).toBeUndefined()
  })

  test('what can’t be ruled on is named, what is unknown is not there', async () => {
    const officer = await signIn(house, 'platform')
    const filed = await scenes.submitted(house)
    const { text } = await officer.get(`/desk/batch?case=${filed.id}&case=nonsense`)
    expect(text).toContain('下面这些现在不能裁定')
    expect(text).not.toContain('name="rule"')
    expect((await officer.get('/desk/batch?case=0000000000')).status).toBe(404)
    expect((await officer.post('/desk/batch', { confirm: 'yes' })).status).toBe(200)
  })

  test('a merchant rules on nothing', async () => {
    const filed = await scenes.escalated(house)
    const merchant = await signIn(house, 'merchant')
    const reply = await merchant.post('/desk/batch', { ...SHARED, ...own(filed.id), confirm: 'yes' })
    expect([reply.status, await ruling(filed)]).toEqual([403, undefined])
  })
})
