import { describe, expect, test } from 'vitest'
import { signIn } from '../../support/people.ts'
import { expectDiscreet, made, useServer } from '../../support/server.ts'
import * as scenes from '../scenes.ts'

const house = useServer()
const room = ({ id }: { id: string }) => `/merchant/complaints/${id}`
const NOTE = '仓库说周四补货'

describe('what colleagues share', () => {
  test('a note and an assignment are seen by the same shop alone, and are in no leaf, receipt or API', async () => {
    const [li, wang] = [await signIn(house, 'merchant'), await signIn(house, 'merchant', { name: '王姐' })]
    const [other, officer] = [await signIn(house, 'other'), await signIn(house, 'platform')]
    const filed = await scenes.submitted(house)
    expect((await li.post(`${room(filed)}/notes`, { text: NOTE })).status).toBe(303)
    expect((await li.post(`${room(filed)}/assignee`, { person: '王姐' })).status).toBe(303)
    const page = (await wang.get(room(filed))).text
    expect(page).toContain(NOTE)
    expect(page).toMatch(/由谁跟进: <b>您<\/b>/)
    expect((await wang.get('/merchant?assignee=me')).text).toContain(filed.id)
    expect((await li.get('/merchant?assignee=me')).text).not.toContain(filed.id)
    expect((await li.get('/merchant?assignee=nobody')).text).not.toContain(filed.id)
    for (const text of [
      (await officer.get(`/desk/complaints/${filed.id}`)).text,
      (await house.get(filed.room)).text,
      (await li.get(`${room(filed)}/receipt.json`)).text,
      (await house.get(`/api/v1/complaints/${filed.id}`, house.bearer('platform'))).text,
    ])
      expect([text.includes(NOTE), text.includes('王姐')]).toEqual([false, false])
    for (const act of ['notes', 'assignee', 'note-removals', 'here']) {
      const reply = await (act === 'here'
        ? other.get(`${room(filed)}/${act}`)
        : other.post(`${room(filed)}/${act}`, { text: 'x', note: '1' }))
      expect([act, reply.status]).toEqual([act, 404])
      expectDiscreet(reply.text)
    }
    const [, note = ''] = /name="note" value="(\d+)"/.exec(page) ?? []
    await wang.post(`${room(filed)}/note-removals`, { note })
    expect((await li.get(room(filed))).text).not.toContain(NOTE)
  })

  test('a note without words comes back; a stranger to the shop is given nothing', async () => {
    const li = await signIn(house, 'merchant')
    const filed = await scenes.submitted(house)
    expect((await li.post(`${room(filed)}/notes`, { text: ' ' })).status).toBe(422)
    expect((await li.post(`${room(filed)}/assignee`, { person: '路人' })).status).toBe(422)
    expect((await li.get(room(filed))).text).toContain('还没有人')
  })

  test('two who have the same complaint open are told of each other', async () => {
    const [li, wang] = [await signIn(house, 'merchant'), await signIn(house, 'merchant', { name: '王姐' })]
    const filed = await scenes.submitted(house)
    expect((await li.get(room(filed))).text).toMatch(/data-here="[^"]*" hidden/)
    expect((await wang.get(room(filed))).text).toContain('李娜 也打开着这件投诉')
    expect((await li.get(`${room(filed)}/here`)).text).toContain('王姐 也打开着这件投诉')
  })

  test('officers have notes of their own, which no merchant reads', async () => {
    const [officer, li] = [await signIn(house, 'platform'), await signIn(house, 'merchant')]
    const filed = await scenes.escalated(house)
    const desk = `/desk/complaints/${filed.id}`
    expect((await officer.post(`${desk}/notes`, { text: '疑似批量' })).status).toBe(303)
    expect((await officer.get(desk)).text).toContain('疑似批量')
    expect((await li.get(room(filed))).text).not.toContain('疑似批量')
    expect((await officer.post('/desk/complaints/ZZZZZZZZZ0/notes', { text: 'x' })).status).toBe(404)
  })
})

describe('replies and addresses of the shop', () => {
  const save = (kind: string, name: string, text: string) => ({ kind, name, text })

  test('a saved reply stands in every form of words, its variables filled; an unknown one is refused', async () => {
    const clerk = await signIn(house, 'merchant', { merchant: 'm1' })
    const wrong = await clerk.post('/merchant/settings/texts', save('reply', '缺货', '{item} 缺货，{buyer} 您好'))
    expect([wrong.status, wrong.text.includes('没有变量 {buyer}')]).toEqual([422, true])
    expect(wrong.text).toContain('{item} 缺货，{buyer} 您好</textarea>')
    const right = await clerk.post('/merchant/settings/texts', save('reply', '缺货', '{item}（{order}）缺货'))
    expect(right.status).toBe(303)
    const filed = await house.submit({ item: '保温杯', orderId: 'TEAM-1' })
    const [, name = ''] = /<option value="(own-\d+)"/.exec((await clerk.get(room(filed))).text) ?? []
    const page = await clerk.get(`${room(filed)}?form=messages&ready=${name}`)
    expect(page.text).toContain('保温杯（TEAM-1）缺货</textarea>')
    const [, id = ''] = /name="id" value="(\d+)"/.exec((await clerk.get('/merchant/settings')).text) ?? []
    const other = await signIn(house, 'other')
    expect((await other.post('/merchant/settings/text-removals', { id })).status).toBe(404)
    expect((await clerk.post('/merchant/settings/text-removals', { id })).status).toBe(303)
  })

  test('an address may be typed on several lines; a form of the settings that comes back is the one with the focus', async () => {
    const clerk = await signIn(house, 'other')
    const wrong = await clerk.post('/merchant/settings/texts', save('address', '主仓', ' '))
    expect(wrong.status).toBe(422)
    expect(wrong.text).toMatch(/<section class="plain" id="address" [^>]*tabindex="-1" autofocus>/)
    expect(wrong.text.match(/autofocus/g)).toHaveLength(1)
    const saved = await clerk.post(
      '/merchant/settings/texts',
      save('address', '主仓', '\n小陈 0571-1\r\n  杭州市余杭区 8 号仓\n'),
    )
    expect(saved.status).toBe(303)
    expect((await clerk.get('/merchant/settings')).text).toContain('>小陈 0571-1 杭州市余杭区 8 号仓<')
  })

  test('with an address, agreeing to a return is one click; without one the form asks for it, and says where to save one', async () => {
    const clerk = await signIn(house, 'merchant')
    const sought = { remedySought: { kind: 'return_refund', amount: scenes.cny('59.90') } } as const
    const filed = await house.submit(sought)
    const [, asking = ''] = /<form class="plain agree"(.*?)<\/form>/s.exec((await clerk.get(room(filed))).text) ?? []
    expect(asking).toContain('<input id="agree-offer-returnTo" name="offer.returnTo" required')
    expect(asking).toContain('href="/merchant/settings#address"')
    // Nothing says that the buyer need not accept.
    for (const said of ['不用再等买家同意', '就直接办理；提出'])
      expect((await clerk.get(room(filed))).text).not.toContain(said)
    await clerk.post('/merchant/settings/texts', save('address', '主仓', '杭州市余杭区 8 号仓'))
    const page = (await clerk.get(room(filed))).text
    const [, form = ''] = /<form class="plain agree"(.*?)<\/form>/s.exec(page) ?? []
    const fields = Object.fromEntries(
      [...form.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
    )
    expect((await clerk.post(`${room(filed)}/responses`, fields)).status).toBe(303)
    const { steps, complaint } = await house.viewAs('merchant', filed)
    expect(complaint.state).toBe('awaiting_buyer')
    expect(JSON.stringify(steps.at(-1)?.fields)).toContain('杭州市余杭区 8 号仓')
    const other = await house.submit()
    expect((await clerk.get(room(other))).text).toContain('不用再等买家同意')
    // The address of the form says nothing where no goods go back.
    const refund = await house.submit()
    made(await house.asMerchant(refund, 'messages', { text: 'x', operator: '李娜' }))
    const sent = { answer: 'offer', 'offer.kind': 'refund', 'offer.returnTo': '杭州市余杭区 8 号仓', statement: '退' }
    expect((await clerk.post(`${room(refund)}/responses`, sent)).status).toBe(303)
    expect(JSON.stringify((await house.viewAs('merchant', refund)).steps)).not.toContain('8 号仓')
  })
})
