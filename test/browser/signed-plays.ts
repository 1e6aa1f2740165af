import { expect } from 'vitest'
import type { ComplaintView } from '../../src/complaint/view/types.ts'
import type { Cast, Screen } from './stage.ts'

let orders = 0
const LAST4 = '7007'

/** A complaint of the shop's system, and the path of the link in its SMS, in the morning, when that goes out. */
const filed = async (cast: Cast): Promise<string> => {
  await cast.untilMorning()
  return filedNow(cast)
}
const filedNow = async ({ origin, platformKey }: Cast): Promise<string> => {
  const body = {
    orderId: `SIGNED-${orders++}`,
    merchantId: 'm-1001',
    merchantName: '花间集女装旗舰店',
    buyer: { name: '林晓雨', phone: `1370000${LAST4}` },
    category: 'quality',
    statement: '漏水。',
  }
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${platformKey}` }
  const made = await fetch(`${origin}/api/v1/complaints`, { method: 'POST', headers, body: JSON.stringify(body) })
  const { trackingUrl } = (await made.json()) as { trackingUrl: string }
  return new URL(trackingUrl).pathname
}

const JSON_HEADERS = { Accept: 'application/json', 'Content-Type': 'application/json' }
const viewOf = async ({ origin }: Cast, room: string): Promise<ComplaintView> =>
  (await fetch(origin + room, { headers: { Accept: 'application/json' } })).json()

/** What the buyer did, and whether it is signed. */
const acts = async (cast: Cast, room: string) =>
  (await viewOf(cast, room)).steps.flatMap(({ kind, by, signed }) =>
    by.role === 'buyer' && kind !== 'submitted' ? [`${kind} ${signed ? 'signed' : 'unsigned'}`] : [],
  )
const become = (cast: Cast, room: string, expected: string[]) =>
  expect.poll(() => acts(cast, room), { timeout: 20_000 }).toEqual(expected)

const opens = async (cast: Cast, room: string, before?: string): Promise<Screen> => {
  const buyer = await cast.buyer()
  if (before) await buyer.page.addInitScript(before)
  await buyer.page.goto(cast.origin + room)
  return buyer
}
const state = ({ page }: Screen, when: 'bound' | 'further' | 'cannot') =>
  page.locator(`#device [data-when=${when}]`).waitFor()

const texts = async (cast: Cast) => {
  await cast.pass(0.1)
  const buyer = await cast.buyer()
  await buyer.page.goto(`${cast.origin}/demo/phone`)
  return buyer.page.locator('section', { hasText: `1370000${LAST4}` }).locator('.bubbles > li')
}

/** The first device, a second one, one whose storage was cleared, and one that the buyer never saw. */
export const devices = async (cast: Cast) => {
  const room = await filed(cast)
  const first = await opens(cast, room)
  if (!cast.scripts) {
    await state(first, 'cannot')
    await first.does('messages', { text: '没有脚本' })
    await become(cast, room, ['message_added unsigned'])
    expect(await first.page.locator('#device form[data-when]').isHidden()).toBe(true)
    expect(await first.page.locator('.mark').count()).toBe(0)
    return cast.leave()
  }
  await state(first, 'bound')
  await first.does('messages', { text: '请尽快\n谢谢' })
  const begun = ['key_bound signed', 'message_added signed']
  await become(cast, room, begun)
  const mark = first.page.locator('.steps > .newest .mark')
  await mark.locator('summary').click()
  expect(await mark.innerText()).toContain('平台做不出这个签名')

  // What can't be undone asks for the digits: they bind the second device as well.
  const second = await opens(cast, room)
  await state(second, 'further')
  await second.does('confirmation', { last4: '0000' })
  const digits = second.page.locator('#confirmation [name=last4]')
  await expect
    .poll(() => digits.evaluate(each => (each as HTMLInputElement).validationMessage))
    .toContain('和提交投诉时的手机号不一致')
  await second.does('confirmation', { last4: LAST4 })
  const closed = [...begun, 'key_bound signed', 'confirmed signed']
  await become(cast, room, closed)
  await (await texts(cast)).filter({ hasText: '又绑定一台设备' }).first().waitFor()
  await first.looks()
  // While a page is swapped, both stand there for a moment.
  const list = first.page.locator('#device li')
  await expect
    .poll(() => list.allInnerTexts())
    .toEqual([expect.stringMatching(/设备 1 本机/), expect.stringMatching(/设备 2\n/)])
  await mark.locator('summary').click()
  expect(await mark.innerText()).toContain('设备 2：由买家自己的设备签名')

  await first.page.evaluate("new Promise(done => { indexedDB.deleteDatabase('tousu').onsuccess = done })")
  await first.page.reload()
  await state(first, 'further')
  const form = first.page.locator('#device form[data-when]')
  await form.locator('[name=last4]').fill(LAST4)
  await form.locator('button').click()
  await state(first, 'bound')
  await first.does('reopening', { reason: '还没有收到' })
  const reopened = [...closed, 'key_bound signed', 'reopened signed']
  await become(cast, room, reopened)

  // A younger device can't put an older one out of use at once: one tap there keeps it.
  const retires = async ({ page }: Screen, n: number) => {
    await page.reload()
    const device = page.locator(`#device li:nth-child(${n})`)
    await device.locator('summary').click()
    await device.locator('[name=last4]').fill(LAST4)
    await device.locator('button').click()
  }
  await retires(first, 2)
  await become(cast, room, [...reopened, 'key_retired signed'])
  await second.page.reload()
  await second.page.getByRole('button', { name: '不是我，保留这台设备' }).click()
  const kept = [...reopened, 'key_retired signed', 'conduct_reported signed']
  await become(cast, room, kept)

  // The older one can; the device that was retired binds itself anew, by another key.
  await retires(second, 3)
  await become(cast, room, [...kept, 'key_retired signed'])
  await first.page.reload()
  await state(first, 'further')
  await first.looks()
  await form.locator('[name=last4]').fill(LAST4)
  await form.locator('button').click()
  await state(first, 'bound')
  await become(cast, room, [...kept, 'key_retired signed', 'key_bound signed'])
  await cast.leave()
}

const UNABLE = [
  "Object.defineProperty(crypto, 'subtle', { value: undefined })",
  "Object.defineProperty(globalThis, 'indexedDB', { value: undefined })",
  "IDBFactory.prototype.open = () => { throw new DOMException('denied', 'SecurityError') }",
]

/** Old web views, and private windows that store nothing: all works, unsigned, and the page says so. */
export const unable = async (cast: Cast) => {
  const room = await filed(cast)
  for (const [i, before] of UNABLE.entries()) {
    const buyer = await opens(cast, room, before)
    await state(buyer, 'cannot')
    await buyer.does('messages', { text: `旧手机 ${i}` })
    await buyer.newest(`旧手机 ${i}`)
  }
  await become(cast, room, Array(UNABLE.length).fill('message_added unsigned'))
  await cast.leave()
}

/** findings A1: the operator mints the buyer's link, knows the digits, and confirms. */
export const forgedConfirmation = async (cast: Cast) => {
  const room = await filed(cast)
  const buyer = await opens(cast, room)
  if (cast.scripts) await state(buyer, 'bound')
  const headers = { ...JSON_HEADERS, Origin: cast.origin }
  const body = JSON.stringify({ last4: LAST4 })
  expect((await fetch(`${cast.origin}${room}/confirmation`, { method: 'POST', headers, body })).status).toBe(201)
  const newest = (await texts(cast)).first()
  if (!cast.scripts) {
    // No key was bound: nothing tells it from the buyer's own.
    await buyer.page.reload()
    expect(await buyer.page.locator('.notice.bad').count()).toBe(0)
    return cast.leave()
  }
  await newest.filter({ hasText: '无您设备签名' }).waitFor()
  await buyer.looks()
  await buyer.page.locator('.steps > .newest .mark', { hasText: '未签名' }).waitFor()
  await buyer.page.locator('.notice.bad button').click()
  await become(cast, room, ['key_bound signed', 'confirmed unsigned', 'reopened signed'])
  await expect.poll(() => buyer.page.locator('.notice.bad').count(), { timeout: 20_000 }).toBe(0)
  await cast.leave()
}

/** A clerk and an officer, one complaint or several by one press: with scripts each act is signed by their browser, without it is taken unsigned. */
export const consoles = async (cast: Cast) => {
  const rooms = [await filedNow(cast), await filedNow(cast), await filedNow(cast)]
  const ids = await Promise.all(rooms.map(async room => (await viewOf(cast, room)).complaint.id))
  const [one = '', ...others] = ids
  const query = others.map(id => `case=${id}`).join('&')
  const said = async (screen: Screen, words: string) => cast.scripts && screen.page.getByText(words).waitFor()
  const registers = async ({ page }: Screen) => {
    if (!cast.scripts) return expect(await page.locator('[data-noscript]').isVisible()).toBe(true)
    await page.getByRole('button', { name: '登记这个浏览器' }).click()
    await page.getByText('这个浏览器已登记，会自动签名。').waitFor()
  }

  const clerk = await cast.worker('merchant', '/merchant/keys')
  await registers(clerk)
  await clerk.page.goto(`${cast.origin}/merchant/complaints/${one}`)
  await said(clerk, '这个浏览器会为您的操作签名。')
  await clerk.does('rejection', { ground: 'misuse', statement: '使用不当，不退。' })
  await clerk.page.locator('.notice.good[role=status]').waitFor()
  await clerk.page.goto(`${cast.origin}/merchant/bulk?${query}`)
  await clerk.page.locator('[name=answer][value=reject]').check()
  await clerk.page.locator('[name=ground]').selectOption('misuse')
  await clerk.page.locator('[name=text]').fill('{id}：\n使用不当。')
  await clerk.page.locator('button[name=preview]').click()
  await said(clerk, '这个浏览器会为每一件分别签名。')
  await clerk.page.locator('.preview form button').click()
  await clerk.page.locator('.notice.good[role=status]').waitFor()

  for (const room of rooms) {
    const sent = { method: 'POST', headers: JSON_HEADERS, body: '{"reason":"没有用错"}' }
    expect((await fetch(`${cast.origin}${room}/escalation`, sent)).status).toBe(201)
  }
  const officer = await cast.worker('platform', '/desk/keys')
  await registers(officer)
  await officer.page.goto(`${cast.origin}/desk/bulk?act=take&${query}`)
  await said(officer, '这个浏览器会为每一件分别签名。')
  await officer.page.locator('form.batch button').click()
  await officer.page.locator('.notice.good[role=status]').waitFor()
  await officer.page.goto(`${cast.origin}/desk/complaints/${one}`)
  await said(officer, '这个浏览器会为您的操作签名。')
  await officer.does('take')
  await officer.page.locator('.notice.good[role=status]').waitFor()

  const keys = new Set<string | undefined>()
  for (const room of rooms) {
    const { steps } = await viewOf(cast, room)
    for (const kind of ['merchant_responded', 'officer_assigned']) {
      const step = steps.find(each => each.kind === kind)
      expect([kind, step?.signed != null]).toEqual([kind, cast.scripts])
      keys.add(step?.signed?.key)
    }
  }
  // One of the clerk and one of the officer.
  expect(keys.size).toBe(cast.scripts ? 2 : 1)
  await cast.leave()
}
