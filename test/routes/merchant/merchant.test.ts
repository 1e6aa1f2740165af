import { describe, expect, test } from 'vitest'
import { type Signed, signIn } from '../../support/people.ts'
import { expectDiscreet, type Filed, useServer } from '../../support/server.ts'
import * as scenes from '../scenes.ts'
import { PNG } from '../uploads.ts'

const house = useServer()

const room = ({ id }: { id: string }) => `/merchant/complaints/${id}`
const hashIn = (text: string): string => {
  const [, hash] = /name="seen" value="([\w-]{43})"/.exec(text) ?? []
  if (hash === undefined) throw new Error('the page has no form')
  return hash
}
const seen = async (clerk: Signed, filed: { id: string }) => hashIn((await clerk.get(room(filed))).text)
const kindsOf = async (filed: Filed) =>
  (await house.viewAs('platform', filed)).steps.map(({ kind }) => kind).filter(kind => kind !== 'notice_sent')

const OFFER = {
  answer: 'offer',
  'offer.kind': 'partial_refund',
  'offer.amount.value': '40.00',
  'offer.amount.currency': 'CNY',
  statement: '退一半，衣服您留着',
}
const REJECTION = { answer: 'reject', ground: 'misuse', statement: '洗涤方式不当' }

describe('who may come in', () => {
  test('a stranger is asked to sign in, an officer is told that the room is not theirs', async () => {
    const stranger = await house.get('/merchant?turn=mine', { Accept: 'text/html' })
    expect([stranger.status, stranger.headers.get('location')]).toEqual([303, '/signin?to=%2Fmerchant%3Fturn%3Dmine'])
    const officer = await signIn(house, 'platform')
    const filed = await scenes.submitted(house)
    for (const path of ['/merchant', '/merchant/figures', '/merchant/settings', room(filed)]) {
      expect([path, (await officer.get(path)).status]).toEqual([path, 403])
    }
    expect((await officer.post(`${room(filed)}/responses`, OFFER)).status).toBe(403)
    expect(await kindsOf(filed)).toEqual(['submitted'])
  })

  test('another merchant’s complaint is not there on any route, and knows of no visit', async () => {
    const filed = await scenes.submitted(house)
    const form = new FormData()
    form.set('text', '照片')
    form.append('files', new File([PNG], 'a.png'))
    const sent = await house.send(`/api/v1/complaints/${filed.id}/evidence`, form, house.bearer('platform'))
    const [, sha = ''] = /"sha256":"([0-9a-f]{64})"/.exec(sent.text) ?? []
    const [ours, other] = [await signIn(house, 'merchant'), await signIn(house, 'merchant', { merchant: 'm2' })]
    const paths = [room(filed), `${room(filed)}/receipt.json`, `${room(filed)}/files/${sha}`]
    for (const path of paths) {
      expect([path, (await ours.get(path)).status]).toEqual([path, 200])
      const reply = await other.get(path)
      expect([path, reply.status]).toEqual([path, 404])
      expectDiscreet(reply.text)
    }
    for (const act of ['responses', 'messages', 'evidence', 'fulfilment', 'extensions', 'appeals', 'return-receipt']) {
      const reply = await other.post(`${room(filed)}/${act}`, { ...OFFER, text: 'x', preview: 'yes' })
      expect([act, reply.status]).toEqual([act, 404])
    }
    expect((await other.get('/merchant')).text).not.toContain(filed.id)
    expect(await kindsOf(filed)).toEqual(['submitted', 'evidence_supplied'])
  })

  test('an unknown or misspelt id is not found', async () => {
    const clerk = await signIn(house, 'merchant')
    for (const id of ['0000000000', 'ZZZZZZZZZZ', '%00', '１２']) {
      expect((await clerk.get(`/merchant/complaints/${id}`)).status).toBe(404)
    }
  })

  test('a form that another site posts is not the merchant’s wish', async () => {
    const clerk = await signIn(house, 'merchant')
    const filed = await scenes.submitted(house)
    const foreign = { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }
    expect((await clerk.post(`${room(filed)}/responses`, REJECTION, foreign)).status).toBe(403)
    expect(await kindsOf(filed)).toEqual(['submitted'])
  })

  test('its pages are kept nowhere', async () => {
    const clerk = await signIn(house, 'merchant')
    const filed = await scenes.submitted(house)
    for (const path of ['/merchant', room(filed)]) {
      expect((await clerk.get(path)).headers.get('cache-control')).toBe('no-store')
    }
  })
})

describe('an answer', () => {
  test('is recorded in the person’s own name, and said so on the page', async () => {
    const clerk = await signIn(house, 'merchant', { name: '李娜' })
    const filed = await scenes.submitted(house)
    const reply = await clerk.post(`${room(filed)}/responses`, { ...REJECTION, seen: await seen(clerk, filed) })
    expect([reply.status, reply.headers.get('location')]).toEqual([303, `${room(filed)}?done=2`])
    const { steps } = await house.viewAs('merchant', filed)
    expect(steps[1]).toMatchObject({ kind: 'merchant_responded', by: { automated: false, name: '花间集' } })
    expect(steps[1]?.fields.operator).toBe('李娜')
    const page = await clerk.get(`${room(filed)}?done=2`)
    expect(page.text).toMatch(/class="notice good"[^>]*>.*已经记下.*第 2 步/)
    // Nobody can be told of a step that there is not.
    expect((await clerk.get(`${room(filed)}?done=9`)).text).not.toContain('已经记下')
  })

  test('can be read as the buyer will read it, and is not sent by that', async () => {
    const clerk = await signIn(house, 'merchant')
    const filed = await house.submit({ locale: 'zh-CN' })
    const reply = await clerk.post(`${room(filed)}/responses`, { ...OFFER, preview: 'yes' })
    expect(reply.status).toBe(200)
    const [, preview = ''] = /<section class="preview"(.*?)<\/section>/s.exec(reply.text) ?? []
    expect(preview).toContain('商家提出处理方案：部分退款 40.00 元')
    expect(preview).toContain('退一半，衣服您留着')
    expect(preview).toContain('接受方案')
    expect(reply.text).toContain('value="40.00"')
    expect(await kindsOf(filed)).toEqual(['submitted'])
    // What was shown is what the buyer's page then says.
    await clerk.post(`${room(filed)}/responses`, OFFER)
    expect((await house.get(filed.room, { Accept: 'text/html' })).text).toContain('商家提出处理方案：部分退款 40.00 元')
  })

  test('comes back as typed, with the error beside the field', async () => {
    const clerk = await signIn(house, 'merchant')
    const filed = await scenes.submitted(house)
    const wrong = { ...OFFER, 'offer.amount.value': '四十', 'offer.by': 'soon' }
    for (const more of [{}, { preview: 'yes' }]) {
      const reply = await clerk.post(`${room(filed)}/responses`, { ...wrong, ...more })
      expect(reply.status).toBe(422)
      expect(reply.text).toMatch(/id="offer-offer-amount-value"[^>]*aria-invalid="true"[^>]*value="四十"/)
      expect(reply.text).toMatch(/id="offer-offer-by-problem">[^<]*2026-03-05 18:00/)
      expect(reply.text).toContain('退一半，衣服您留着')
    }
    expect(await kindsOf(filed)).toEqual(['submitted'])
  })

  test('goods that go back need an address; nothing at all needs a kind', async () => {
    const clerk = await signIn(house, 'merchant')
    const filed = await scenes.submitted(house)
    const back = await clerk.post(`${room(filed)}/responses`, { ...OFFER, 'offer.kind': 'return_refund' })
    expect([back.status, back.text]).toEqual([422, expect.stringContaining('id="offer-offer-returnTo-problem"')])
    const nothing = await clerk.post(`${room(filed)}/responses`, { answer: 'offer', statement: '好' })
    expect([nothing.status, nothing.text]).toEqual([422, expect.stringContaining('id="offer-offer-kind-problem"')])
  })

  test('a promised date is Shanghai’s, and none beyond the cap is taken', async () => {
    const clerk = await signIn(house, 'merchant')
    const filed = await scenes.submitted(house)
    const at = new Date(house.door.now() + 48 * 3_600_000 + 8 * 3_600_000).toISOString().slice(0, 16)
    const beyond = await clerk.post(`${room(filed)}/responses`, { ...OFFER, 'offer.by': '2031-01-01T10:00' })
    expect(beyond.status).toBe(409)
    expect(beyond.text).toContain('role="alert"')
    expect((await clerk.post(`${room(filed)}/responses`, { ...OFFER, 'offer.by': at })).status).toBe(303)
    const { steps } = await house.viewAs('merchant', filed)
    const due = new Date(Math.floor((house.door.now() + 48 * 3_600_000) / 60_000) * 60_000).toISOString()
    expect(steps[1]?.fields.offer).toMatchObject({ by: due })
  })

  test('sent twice from one page is one step', async () => {
    const clerk = await signIn(house, 'merchant')
    const filed = await scenes.submitted(house)
    const form = { text: '正在核查', seen: await seen(clerk, filed) }
    const replies = [
      await clerk.post(`${room(filed)}/messages`, form),
      await clerk.post(`${room(filed)}/messages`, form),
    ]
    expect(replies.map(({ headers }) => headers.get('location'))).toEqual([
      `${room(filed)}?done=2`,
      `${room(filed)}?done=2`,
    ])
    expect(await kindsOf(filed)).toEqual(['submitted', 'message_added'])
  })

  test('of an old page is told what happened meanwhile, and keeps its words', async () => {
    const clerk = await signIn(house, 'merchant')
    const filed = await scenes.submitted(house)
    const old = await seen(clerk, filed)
    await house.asMerchant(filed, 'responses', scenes.REJECTION)
    const reply = await clerk.post(`${room(filed)}/responses`, { ...OFFER, seen: old })
    expect(reply.status).toBe(409)
    expect(reply.text).toMatch(/class="notice bad".*商家不同意买家的要求/s)
    expect(reply.text).toContain('退一半，衣服您留着')
    expect(hashIn(reply.text)).not.toBe(old)
    expect(await kindsOf(filed)).toEqual(['submitted', 'merchant_responded'])
  })
})

test('words whose form is gone can still be copied', async () => {
  const clerk = await signIn(house, 'merchant')
  const filed = await scenes.rejected(house)
  const reply = await clerk.post(`${room(filed)}/responses`, { ...REJECTION, statement: '第二次写的理由' })
  expect(reply.status).toBe(409)
  expect(reply.text).toMatch(/现在不能提交了.*第二次写的理由/s)
})

describe('the other acts', () => {
  test('an extension is bounded, and the page says by what', async () => {
    const clerk = await signIn(house, 'merchant')
    const filed = await scenes.submitted(house)
    expect((await clerk.get(room(filed))).text).toMatch(/现在的时限是 [^<]*最晚可以延到/)
    const late = await clerk.post(`${room(filed)}/extensions`, { due: '2031-01-01T10:00', reason: '等快递' })
    expect([late.status, late.text]).toEqual([409, expect.stringContaining('等快递')])
    const at = new Date(Date.parse(filed.due ?? '') + 8 * 3_600_000 + 3_600_000).toISOString().slice(0, 16)
    expect((await clerk.post(`${room(filed)}/extensions`, { due: at, reason: '等快递' })).status).toBe(303)
    expect(await kindsOf(filed)).toEqual(['submitted', 'deadline_extended'])
  })

  test('proof comes with its photo, which the page then shows', async () => {
    const clerk = await signIn(house, 'merchant')
    const filed = await scenes.submitted(house)
    const form = new FormData()
    for (const [name, value] of Object.entries({ statement: '已退款', proof: '流水 RF1' })) form.set(name, value)
    form.append('files', new File([PNG], '回单.png'))
    expect((await clerk.post(`${room(filed)}/fulfilment`, form)).status).toBe(303)
    const page = await clerk.get(room(filed))
    const [, href = ''] = new RegExp(`href="(${room(filed)}/files/[0-9a-f]{64})"`).exec(page.text) ?? []
    const file = await clerk.get(href)
    expect([file.status, file.headers.get('content-type')]).toEqual([200, 'image/png'])
    expect(await kindsOf(filed)).toEqual(['submitted', 'fulfilled'])
  })

  test('a return is received, and a ruling appealed', async () => {
    const clerk = await signIn(house, 'merchant')
    const shipped = await scenes.shipped(house)
    expect((await clerk.post(`${room(shipped)}/return-receipt`, {})).status).toBe(303)
    const ruled = await scenes.ruled(house)
    expect((await clerk.post(`${room(ruled)}/appeals`, { reason: '洗过一次' })).status).toBe(303)
    expect((await house.viewAs('merchant', ruled)).complaint.state).toBe('appeal_review')
  })

  test('nobody else’s act is the merchant’s', async () => {
    const clerk = await signIn(house, 'merchant')
    const filed = await scenes.escalated(house)
    for (const act of ['rulings', 'confirmation', 'withdrawal']) {
      expect([act, (await clerk.post(`${room(filed)}/${act}`, scenes.RULING as never)).status]).toEqual([act, 403])
    }
    expect((await clerk.post(`${room(filed)}/nothing`, {})).status).toBe(404)
  })

  test('what is not open now has no form', async () => {
    const clerk = await signIn(house, 'merchant')
    const { text } = await clerk.get(room(await scenes.confirmed(house)))
    expect(text).not.toContain('name="seen"')
    expect(text).toContain('现在没有需要您做的')
  })
})

describe('ready texts', () => {
  test('are not sent with their blanks', async () => {
    const clerk = await signIn(house, 'merchant')
    const filed = await scenes.submitted(house)
    const blank = { ...OFFER, statement: '金额是这样考虑的：【写明理由】' }
    const reply = await clerk.post(`${room(filed)}/responses`, blank)
    expect([reply.status, reply.text]).toEqual([422, expect.stringContaining('还有没填的地方：【写明理由】')])
    expect((await clerk.post(`${room(filed)}/responses`, { ...blank, preview: 'yes' })).status).toBe(200)
    const own = { ...blank, statement: '【加急】退一半' }
    expect((await clerk.post(`${room(filed)}/responses`, own)).status).toBe(303)
  })

  test('fill the form without a script, in the buyer’s language', async () => {
    const clerk = await signIn(house, 'merchant')
    const filed = await house.submit({ locale: 'en', item: 'Dress' })
    const { text } = await clerk.get(`${room(filed)}?form=offer&ready=return`)
    expect(text).toContain('please send “Dress” back')
    expect(text).toMatch(/<option value="return_refund" selected>/)
    expect((await clerk.get(`${room(filed)}?form=offer&ready=__proto__`)).status).toBe(200)
  })
})
