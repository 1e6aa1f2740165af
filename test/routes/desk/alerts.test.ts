import { expect, test } from 'vitest'
import { signIn } from '../../support/people.ts'
import { expectDiscreet, made, SECRET, useServer } from '../../support/server.ts'
import * as scenes from '../scenes.ts'

const house = useServer()

test('what asks for an officer’s eye is listed with its step until somebody saw to it', async () => {
  const officer = await signIn(house, 'platform')
  const rude = await scenes.rejected(house)
  made(await house.asBuyer(rude, 'conduct-report', { seq: 1, text: '骂人' }))
  const pressed = await scenes.submitted(house)
  made(await house.asBuyer(pressed, 'withdrawal', { reason: 'asked_by_merchant', confirm: 'yes' }))
  const erased = await scenes.erasureAsked(house)
  const human = await scenes.escalated(house)
  made(await house.asBuyer(human, 'human-request'))

  const { text } = await officer.get('/desk/alerts')
  for (const word of ['举报不当言行', '商家要求买家撤回', '申请删除内容', '要求人工处理', '骂人'])
    expect(text).toContain(word)
  for (const { id } of [rude, pressed, erased, human]) expect(text).toContain(id)
  expect(text).toContain(`/desk/complaints/${erased.id}?erase=0.statement#redactions`)
  expect((await officer.get('/desk')).text).toContain('<b class="count">4</b>')

  const [, alert = ''] =
    new RegExp(`name="complaint" value="${rude.id}"><input type="hidden" name="alert" value="(\\d+)"`).exec(text) ?? []
  const settled = await officer.post('/desk/alerts/settlements', { complaint: rude.id, alert })
  expect([settled.status, settled.headers.get('location')]).toEqual([303, '/desk/alerts?settled'])
  const after = await officer.get('/desk/alerts')
  expect([after.text.includes(rude.id), after.text.includes(human.id)]).toEqual([false, true])
})

test('one open alert for each complaint and kind, however often it is asked for', async () => {
  const officer = await signIn(house, 'platform')
  const count = async (id: string) =>
    (await officer.get('/desk/alerts')).text.split(`name="complaint" value="${id}"`).length - 1
  const flooded = await scenes.rejected(house)
  for (let i = 0; i < 5; i++) made(await house.asBuyer(flooded, 'conduct-report', { seq: 1, text: `骂人 ${i}` }))
  expect(await count(flooded.id)).toBe(1)
  const { text } = await officer.get('/desk/alerts')
  const [, alert = ''] =
    new RegExp(`value="${flooded.id}"><input type="hidden" name="alert" value="(\\d+)"`).exec(text) ?? []
  await officer.post('/desk/alerts/settlements', { complaint: flooded.id, alert })
  made(await house.asBuyer(flooded, 'conduct-report', { seq: 1, text: '又骂人' }))
  expect(await count(flooded.id)).toBe(1)
})

test('a settlement of nothing is refused', async () => {
  const officer = await signIn(house, 'platform')
  expect((await officer.post('/desk/alerts/settlements', { complaint: 'x', alert: '1' })).status).toBe(422)
  expect((await officer.post('/desk/alerts/settlements', {})).status).toBe(422)
  const merchant = await signIn(house, 'merchant')
  expect((await merchant.post('/desk/alerts/settlements', { complaint: '0000000000', alert: '1' })).status).toBe(403)
})

test('the list of messages that did not arrive shows neither numbers nor texts', async () => {
  const officer = await signIn(house, 'platform')
  const { status, text } = await officer.get('/desk/messages')
  expect([status, text.includes(SECRET.phone)]).toEqual([200, false])
  expectDiscreet(text)
})

test('every complaint leads to the rules that its dates follow, which anybody may read', async () => {
  const officer = await signIn(house, 'platform')
  const filed = await scenes.escalated(house)
  const { text } = await officer.get(`/desk/complaints/${filed.id}`)
  const [, path = ''] = /href="(\/rules\/[\w-]{43})"/.exec(text) ?? []
  const rules = await house.get(path)
  expect([rules.status, rules.text.includes('消费者权益保护法')]).toEqual([200, true])
  for (const wrong of ['/rules/x', `/rules/${'A'.repeat(43)}`]) {
    expect((await house.get(wrong, { Accept: 'text/html' })).status).toBe(404)
  }
})

test('the desk reads in three languages', async () => {
  const officer = await signIn(house, 'platform')
  const filed = await scenes.escalated(house)
  const words = { 'zh-CN': '作出裁定', 'zh-TW': '作出裁定', en: 'What you can do' }
  for (const [lang, word] of Object.entries(words)) {
    const { text } = await officer.get(`/desk/complaints/${filed.id}?lang=${lang}`)
    expect([lang, text.includes(`<html lang="${lang}">`), text.includes(word)]).toEqual([lang, true, true])
  }
})
