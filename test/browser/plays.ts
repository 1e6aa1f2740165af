import { expect } from 'vitest'
import { JPEG } from '../routes/uploads.ts'
import type { Cast, Screen } from './stage.ts'

const RULING = {
  facts: '买家的照片与商品页不符，商家没有答复。',
  rule: '平台规则 4.2',
  reasons: '商家没有相反的证据。',
  outcome: 'for_buyer',
  'remedy.kind': 'refund',
  'remedy.amount.value': '89.00',
  'remedy.owedBy': 'merchant',
}
let orders = 0

/** As the platform's shop system files it; the buyer hears of it by SMS. */
const filed = async ({ origin, platformKey, pass, untilMorning }: Cast): Promise<{ id: string; phone: string }> => {
  await untilMorning()
  orders += 1
  const phone = `1390001000${orders}`
  const body = {
    orderId: `S-${orders}`,
    item: '保温杯',
    merchantId: 'm-1001',
    merchantName: '花间集女装旗舰店',
    buyer: { name: '林晓雨', phone },
    category: 'quality',
    statement: '漏水。',
    remedySought: { kind: 'refund', amount: { value: '89.00', currency: 'CNY' } },
  }
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${platformKey}` }
  const made = await fetch(`${origin}/api/v1/complaints`, { method: 'POST', headers, body: JSON.stringify(body) })
  expect(made.status).toBe(201)
  const { id } = (await made.json()) as { id: string }
  await pass(0.1)
  return { id, phone }
}

/** The SMS that lie on somebody's phone. */
const received = async ({ page }: Screen, { origin }: Cast, phone: string) => {
  await page.goto(`${origin}/demo/phone`)
  return page.locator('section', { hasText: phone }).locator('.bubbles > li')
}

/** Opens the link of the newest SMS. */
const opensSms = async (buyer: Screen, cast: Cast, phone: string) => {
  await (await received(buyer, cast, phone)).first().locator('a').first().click()
  await buyer.page.waitForURL(/\/t\/[\w-]{25}$/)
}

const stepsOf = async ({ page }: Screen): Promise<string[]> => {
  const answer = await page.request.get(page.url(), { headers: { Accept: 'application/json' } })
  const { steps } = (await answer.json()) as { steps: { kind: string }[] }
  return steps.map(({ kind }) => kind)
}
const count = (kinds: readonly string[], kind: string) => kinds.filter(each => each === kind).length

/** An officer takes the case, reads what the buyer will read, and rules. */
const rules = async (cast: Cast, id: string) => {
  const officer = await cast.worker('platform', '/desk')
  await officer.page.locator(`a[href="/desk/complaints/${id}"]`).first().click()
  await officer.does('take')
  await officer.page.locator('.notice.good[role=status]').waitFor()
  await officer.does('rulings', RULING, 'button[name=preview]')
  await officer.page.locator('.preview', { hasText: RULING.reasons }).waitFor()
  await officer.page.locator('.preview form button').dblclick()
  await officer.page.locator('.notice.good[role=status]').waitFor()
}

const pays = async (cast: Cast, id: string) => {
  const merchant = await cast.worker('merchant', `/merchant/complaints/${id}`)
  await merchant.does('fulfilment', { statement: '已原路退款', proof: '流水 RF1' })
  await merchant.page.locator('.notice.good[role=status]').waitFor()
}

/** Only the buyer can say so, and once is enough however often it is pressed. */
const confirms = async (buyer: Screen, digits?: string) => {
  await buyer.looks()
  await buyer.newest('兑现')
  const form = await buyer.form('confirmation')
  // Who came by the link alone is asked for the phone's last four digits.
  if (digits !== undefined) await form.locator('[name=last4]').fill(digits)
  await form.locator('form button').dblclick()
  await buyer.reads('已解决')
  expect(count(await stepsOf(buyer), 'confirmed')).toBe(1)
}

/** A merchant is silent, the platform rules, and the refund comes. */
export const silentMerchant = async (cast: Cast): Promise<void> => {
  const buyer = await cast.buyer()
  const { page } = buyer
  await page.goto(`${cast.origin}/demo/shop`)
  await page
    .locator('form button')
    .nth(cast.scripts ? 0 : 1)
    .click()
  await page.selectOption('[name=category]', 'not_as_described')
  await page.fill('[name=statement]', '大衣的颜色不对。')
  await page.selectOption('[name="remedySought.kind"]', 'refund')
  await page.locator('form[data-draft] > button').click()
  expect(await page.locator('code.pickup').innerText()).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/)
  await page.locator('a.button[href*="/t/"]:not([download])').click()
  await buyer.reads('等商家答复')
  const id = /[0-9A-Z]{10}/.exec(await page.title())?.[0] ?? ''
  await cast.pass(48)
  await buyer.looks()
  await buyer.reads('等平台裁定')
  await buyer.newest(/商家.*(没有|未|逾期)/)
  await rules(cast, id)
  await buyer.looks()
  await buyer.newest('平台裁定')
  await pays(cast, id)
  await confirms(buyer)
  await cast.leave()
}

/** An unfair rejection is overruled. */
export const unfairRejection = async (cast: Cast): Promise<void> => {
  const { id, phone } = await filed(cast)
  const merchant = await cast.worker('merchant', `/merchant/complaints/${id}`)
  await merchant.does('rejection', { ground: 'misuse', statement: '使用不当，不退。' })
  await merchant.page.locator('.notice.good[role=status]').waitFor()
  await cast.pass(1)

  const buyer = await cast.buyer()
  await opensSms(buyer, cast, phone)
  await buyer.newest('商家')
  // While the buyer writes, the merchant thinks better of it a little.
  const escalation = await buyer.form('escalation')
  const reason = escalation.locator('[name=reason]')
  await reason.pressSequentially('第一天就漏，')
  const better = { 'offer.kind': 'partial_refund', 'offer.amount.value': '9.00', statement: '补偿 9 元。' }
  await merchant.does('offer', better)
  await merchant.page.locator('.notice.good[role=status]').waitFor()
  if (cast.scripts) await buyer.looks()
  await reason.pressSequentially('不是使用不当。')
  expect(await reason.inputValue()).toBe('第一天就漏，不是使用不当。')
  await escalation.locator('form button').click()
  const told = buyer.page.locator('[role=alert]')
  await told.waitFor()
  expect(await told.innerText()).toContain('9')
  expect(await reason.inputValue()).toBe('第一天就漏，不是使用不当。')
  await escalation.locator('form button').click()
  await buyer.reads('等平台裁定')

  const evidence = await buyer.form('evidence')
  await evidence.locator('[name=text]').fill('漏水的照片')
  const photo = { name: '漏水.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(JPEG) }
  await evidence.locator('input[type=file]').setInputFiles(photo)
  await evidence.locator('form button:not([type=button])').click()
  await buyer.page.locator('.steps > .newest img').waitFor()

  const officer = await cast.worker('platform', `/desk/complaints/${id}`)
  await officer.does('evidence-requests', { from: 'merchant', request: '请提供出厂检验记录。' })
  await officer.page.locator('.notice.good[role=status]').waitFor()
  await merchant.page.goto(`${cast.origin}/merchant/complaints/${id}`)
  await merchant.page.locator('#acts', { hasText: '请提供出厂检验记录。' }).waitFor()
  await merchant.does('evidence', { text: '没有检验记录。' })
  await merchant.page.locator('.notice.good[role=status]').waitFor()

  await rules(cast, id)
  await pays(cast, id)
  await confirms(buyer, phone.slice(-4))
  const kinds = await stepsOf(buyer)
  expect(['escalated', 'evidence_requested', 'ruled'].map(kind => count(kinds, kind))).toEqual([1, 1, 1])
  await cast.leave()
}

/** A lapse is prevented on the last day. */
export const preventedLapse = async (cast: Cast): Promise<void> => {
  const { id, phone } = await filed(cast)
  const merchant = await cast.worker('merchant', `/merchant/complaints/${id}`)
  await merchant.does('offer', {
    'offer.kind': 'partial_refund',
    'offer.amount.value': '20.00',
    statement: '补偿 20 元。',
  })
  await merchant.page.locator('.notice.good[role=status]').waitFor()
  await cast.pass(6.5 * 24)

  const buyer = await cast.buyer()
  const messages = await received(buyer, cast, phone)
  expect(await messages.count()).toBeGreaterThanOrEqual(4)
  await opensSms(buyer, cast, phone)
  await buyer.reads('商家提出退款 20.00 元，您接受吗？')
  await buyer.does('offer-refusal', { reason: '修不好，要退全款。' })
  await buyer.reads('等平台裁定')
  await cast.pass(24)
  await buyer.looks()
  expect(await stepsOf(buyer)).not.toContain('lapsed')
  await buyer.reads('等平台裁定')
  await cast.leave()
}
