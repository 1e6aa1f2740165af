import { describe, expect, test } from 'vitest'
import { expectProblem, type Filed, made, useServer } from '../support/server.ts'
import * as scenes from './scenes.ts'
import { JPEG, PNG, upload } from './uploads.ts'

const house = useServer()

/** What the page that the buyer has before them was drawn from. */
const seenOn = (page: string): string => /name="seen" value="([^"]+)"/.exec(page)?.[1] ?? ''
const seen = async ({ room }: Filed) => seenOn((await house.get(room)).text)
const steps = async (filed: Filed) => (await house.view(filed)).steps

describe('the same form twice', () => {
  test('is one step, whatever the first one moved', async () => {
    const filed = await scenes.fulfilled(house)
    const fields = { seen: await seen(filed), reason: '没有收到' }
    for (let i = 0; i < 3; i++) expect((await house.form(filed, 'dispute', fields)).status).toBe(303)
    expect((await steps(filed)).filter(({ kind }) => kind === 'disputed')).toHaveLength(1)
  })

  test('is one step when both arrive at once', async () => {
    const filed = await house.submit()
    const fields = { seen: await seen(filed), text: '在吗' }
    const replies = await Promise.all(Array.from({ length: 20 }, () => house.form(filed, 'messages', fields)))
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([303]))
    expect(await steps(filed)).toHaveLength(2)
  })

  test('is two steps when the page between was new, or the words were others', async () => {
    const filed = await house.submit()
    const first = await seen(filed)
    await house.form(filed, 'messages', { seen: first, text: '在吗' })
    await house.form(filed, 'messages', { seen: first, text: '请回复' })
    await house.form(filed, 'messages', { seen: await seen(filed), text: '在吗' })
    expect(await steps(filed)).toHaveLength(4)
  })

  test('with the same photo is one step, with another photo two', async () => {
    const filed = await house.submit()
    const fields = { seen: await seen(filed), text: '照片' }
    const send = async (photo: Uint8Array<ArrayBuffer>) => {
      const { body, headers } = await upload([['a.png', photo]], fields)
      return house.send(`${filed.room}/evidence`, body, { ...headers, Accept: 'text/html' })
    }
    for (const photo of [PNG, PNG, JPEG]) expect((await send(photo)).status).toBe(303)
    expect(await steps(filed)).toHaveLength(3)
  })

  test('of somebody else is theirs', async () => {
    const [a, b] = [await house.submit(), await house.submit()]
    const fields = { seen: await seen(a), text: '在吗' }
    await house.form(a, 'messages', fields)
    expect((await house.form(b, 'messages', fields)).status).toBe(303)
    expect(await steps(b)).toHaveLength(2)
  })
})

describe('a page that is no longer true', () => {
  test('is told what changed, with what was typed and a fresh page to send it from', async () => {
    const filed = await scenes.offered(house)
    const old = await seen(filed)
    made(await house.asMerchant(filed, 'responses', { ...scenes.OFFER, statement: '退八成' }))
    const page = await house.form(filed, 'offer-refusal', { seen: old, reason: '太少<b>' })
    expect([page.status, page.headers.get('content-type')]).toEqual([409, expect.stringMatching(/^text\/html/)])
    expect(page.text).toContain('您打开这一页之后')
    const told = page.text.slice(page.text.indexOf('class="changed"'), page.text.indexOf('</section>'))
    expect(told).toContain('部分退款 40.00 元')
    expect(page.text).toContain('太少&lt;b&gt;</textarea>')
    expect(await steps(filed)).toHaveLength(3)
    expect((await house.form(filed, 'offer-refusal', { seen: seenOn(page.text), reason: '太少' })).status).toBe(303)
    expect((await steps(filed)).at(-1)?.kind).toBe('offer_refused')
  })

  test('is told of a deadline that was extended since', async () => {
    const filed = await scenes.submitted(house)
    const old = await seen(filed)
    const due = new Date(Date.parse(filed.due ?? '') + 12 * 3_600_000).toISOString()
    made(await house.asMerchant(filed, 'extensions', { due, reason: '仓库盘点', operator: '客服' }))
    const form = { seen: old, reason: 'changed_mind', confirm: 'yes' }
    expect((await house.form(filed, 'withdrawal', form)).status).toBe(409)
  })

  test('is told of what fell due that very moment', async () => {
    const filed = await house.submit()
    const old = await seen(filed)
    await house.advance(49)
    const page = await house.form(filed, 'withdrawal', { seen: old, reason: 'changed_mind', confirm: 'yes' })
    expect(page.status).toBe(409)
    expect(page.text.slice(page.text.indexOf('class="changed"'))).toContain('商家没有在')
    expect((await steps(filed)).map(({ kind }) => kind)).not.toContain('withdrawn')
  })

  test.each([
    ['messages', { text: '在吗' }],
    ['evidence', { text: '水洗标' }],
    ['human-request', {}],
    ['conduct-report', { seq: '1', text: '骂人' }],
    ['share-links', { texts: 'yes' }],
  ])('never keeps %s out', async (act, fields) => {
    const filed = await scenes.rejected(house)
    const old = await seen(filed)
    made(await house.asBuyer(filed, 'escalation', { reason: '不同意' }))
    expect((await house.form(filed, act, { seen: old, ...fields })).status).toBe(303)
  })

  test('is as good as new after words that moved nothing', async () => {
    const filed = await scenes.fulfilled(house)
    const old = await seen(filed)
    made(await house.asMerchant(filed, 'messages', { text: '请查收', operator: '李娜' }))
    expect((await house.form(filed, 'confirmation', { seen: old })).status).toBe(303)
  })

  test('that no page of this complaint ever was is old', async () => {
    const filed = await scenes.fulfilled(house)
    const page = await house.form(filed, 'confirmation', { seen: 'A'.repeat(43) })
    expect(page.status).toBe(409)
    expect((await steps(filed)).at(-1)?.kind).toBe('fulfilled')
  })

  test.each(['', 'x', 'A'.repeat(44), '<script>'])('a form that says %j of its page is taken as before', async seen => {
    const filed = await scenes.fulfilled(house)
    expect((await house.form(filed, 'confirmation', { seen })).status).toBe(303)
  })

  test('a program that says nothing of pages is asked for none', async () => {
    const filed = await scenes.offered(house)
    made(await house.asMerchant(filed, 'responses', { ...scenes.OFFER, statement: '退八成' }))
    made(await house.asBuyer(filed, 'offer-refusal', { reason: '太少' }))
  })

  test('whose desk it is on moves it for those who work there, and for nobody else', async () => {
    const filed = await scenes.escalated(house)
    const old = await seen(filed)
    made(await house.asPlatform(filed, 'assignment', { officer: 'A17' }))
    const form = (who: 'platform' | 'merchant', act: string, fields: Record<string, string>) =>
      house.send(`/api/v1/complaints/${filed.id}/${act}`, new URLSearchParams({ seen: old, ...fields }).toString(), {
        'Content-Type': 'application/x-www-form-urlencoded',
        ...house.bearer(who),
      })
    expectProblem(await form('platform', 'assignment', { officer: 'B20', reason: '休假' }), 409, 'stale')
    const offer = { 'offer.kind': 'partial_refund', 'offer.amount.value': '50', statement: '退五十', operator: '李娜' }
    expect((await form('merchant', 'responses', { answer: 'offer', ...offer })).status).toBe(201)
    expect((await house.form(filed, 'withdrawal', { seen: old, reason: 'other', confirm: 'yes' })).status).toBe(409)
  })
})
