import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import type { ComplaintView } from '../../src/complaint/view/types.ts'
import { verifyReceipt } from '../../src/log/verify.ts'
import { browser, demo, origin, useDemoInBrowser } from '../support/demo-browser.ts'

// People of the consoles sign with a key of their browser: registered with one click, used by every form, retired in the list.

useDemoInBrowser()
const api = async (path: string, body?: object) => {
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${demo.facts.apiKeys.platform}` }
  const init = { method: body ? 'POST' : 'GET', headers, ...(body && { body: JSON.stringify(body) }) }
  const reply = await fetch(`${origin}/api/v1/complaints${path}`, init)
  expect(reply.ok, await reply.clone().text()).toBe(true)
  return reply.json()
}
let orders = 0
const submitted = async (): Promise<{ id: string; room: string }> => {
  const { id, trackingUrl } = await api('', {
    orderId: `KEYS-${orders++}`,
    item: '保温杯',
    merchantId: demo.facts.merchantId,
    merchantName: '花间集',
    buyer: { name: '林晓雨', phone: '13800010001' },
    category: 'quality',
    statement: '漏水。',
    remedySought: { kind: 'refund', amount: { value: '89.00', currency: 'CNY' } },
  })
  return { id, room: new URL(trackingUrl).pathname }
}
const stepsOf = async (id: string): Promise<ComplaintView['steps']> => (await api(`/${id}`)).steps
const signersOf = async (id: string, kind: string) =>
  (await stepsOf(id)).flatMap(step => (step.kind === kind ? [step.signed?.key ?? null] : []))

/** A browser of its own, signed in by the demo's role chooser. */
const signedIn = async (role: string, options: BrowserContextOptions = {}): Promise<BrowserContext> => {
  const context = await browser.newContext({ locale: 'zh-CN', ...options })
  await context.request.post(`${origin}/demo/signin`, { form: { role }, headers: { Origin: origin } })
  return context
}
const open = async (context: BrowserContext, path: string): Promise<Page> => {
  const page = await context.newPage()
  await page.goto(origin + path)
  return page
}
/** One click on the page of keys; answers the thumbprint. */
const registered = async (context: BrowserContext, room: string): Promise<string> => {
  const page = await open(context, `${room}/keys`)
  await page.getByRole('button', { name: '登记这个浏览器' }).click()
  await page.getByText('这个浏览器已登记，会自动签名。').waitFor()
  const own = page.locator('[data-key-here]:not([hidden])')
  expect(await own.textContent()).toBe('这个浏览器')
  return (await own.getAttribute('data-key-here')) ?? ''
}
/** Escalated to the platform by a buyer whose merchant said no. */
const escalated = async (): Promise<string> => {
  const { id, room } = await submitted()
  const merchant = { Authorization: `Bearer ${demo.facts.apiKeys.merchant}`, 'Content-Type': 'application/json' }
  const answer = { answer: 'reject', ground: 'misuse', statement: '使用不当', operator: '07' }
  const responses = `${origin}/api/v1/complaints/${id}/responses`
  expect((await fetch(responses, { method: 'POST', headers: merchant, body: JSON.stringify(answer) })).ok).toBe(true)
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json' }
  const asked = { method: 'POST', headers, body: '{"reason":"不是"}' }
  expect((await fetch(`${origin}${room}/escalation`, asked)).ok).toBe(true)
  return id
}
const sendOffer = async (page: Page) => {
  const form = page.locator('#offer form[method=post]')
  await form.locator('[name="offer.kind"]').selectOption('partial_refund')
  await form.locator('[name="offer.amount.value"]').fill('20.00')
  await form.locator('[name=statement]').fill('退一部分，\n可以吗？')
  await form.locator('button:not([name])').click()
}
const verified = async (id: string) => {
  const policy = await (await fetch(`${origin}/log/0/policy`)).text()
  const { checks } = await verifyReceipt(await api(`/${id}/receipt.json`), policy)
  return checks.filter(({ ok }) => !ok)
}

test('a clerk registers the browser, and every form of a complaint’s page is signed', async () => {
  const clerk = await signedIn('merchant')
  const before = await submitted()
  const unsigned = await open(clerk, `/merchant/complaints/${before.id}`)
  await unsigned.locator('[data-when=cannot]').waitFor()
  await sendOffer(unsigned)
  await unsigned.waitForURL(/done=/)
  expect(await signersOf(before.id, 'merchant_responded')).toEqual([null])

  const key = await registered(clerk, '/merchant')
  const { id } = await submitted()
  const page = await open(clerk, `/merchant/complaints/${id}`)
  await page.getByText('这个浏览器会为您的操作签名。').waitFor()
  await sendOffer(page)
  await page.waitForURL(/done=/)
  expect(await signersOf(id, 'merchant_responded')).toEqual([key])
  await page.locator('#messages summary').first().click()
  await page.locator('#messages textarea[name=text]').fill('今天发出')
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  )
  await page
    .locator('#messages input[type=file]')
    .first()
    .setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: png })
  await page.locator('#messages form[method=post] .buttons button').click()
  await page.waitForURL(/done=3/)
  expect(await signersOf(id, 'message_added')).toEqual([key])
  // The mark, with its sentence behind it.
  await page.locator('#step-2 .mark summary').click()
  expect(await page.locator('#step-2 .mark').textContent()).toContain('别人做不出这个签名')

  const agreed = await submitted()
  const again = await open(clerk, `/merchant/complaints/${agreed.id}`)
  await again.getByText('这个浏览器会为您的操作签名。').waitFor()
  await again.locator('form.agree button').click()
  await again.waitForURL(/done=/)
  expect(await signersOf(agreed.id, 'merchant_responded')).toEqual([key])
  for (const each of [id, agreed.id, before.id]) expect(await verified(each)).toEqual([])
})

test('an officer takes a complaint and rules on it with the key of their browser', async () => {
  const officer = await signedIn('platform')
  const key = await registered(officer, '/desk')
  const id = await escalated()
  const page = await open(officer, `/desk/complaints/${id}`)
  await page.getByText('这个浏览器会为您的操作签名。').waitFor()
  await page.locator('#take > summary').click()
  await page.locator('#take form button').click()
  await page.waitForURL(/did=/)
  expect(await signersOf(id, 'officer_assigned')).toEqual([key])
  await page.getByText('这个浏览器会为您的操作签名。').waitFor()
  await page.locator('#rulings > summary').click()
  const form = page.locator('#rulings form[method=post]')
  await form.locator('[name=outcome][value=for_buyer]').check()
  for (const [name, text] of [
    ['facts', '漏水'],
    ['rule', '5.2'],
    ['reasons', '不符'],
  ])
    await form.locator(`[name=${name}]`).fill(text ?? '')
  await form.locator('button').last().click()
  await page.locator('.preview form button').click()
  await page.waitForURL(/did=/)
  expect(await signersOf(id, 'ruled')).toEqual([key])
  expect(await verified(id)).toEqual([])
})

const EACH = '这个浏览器会为每一件分别签名。'

test('many rows, one press: each gets a signature of its own, and what can’t be done stays', async () => {
  const clerk = await signedIn('merchant')
  const key = await registered(clerk, '/merchant')
  const filed = await Promise.all([submitted(), submitted(), submitted()])
  const [one, two, moved] = filed
  const page = await open(clerk, `/merchant/bulk?${filed.map(({ id }) => `case=${id}`).join('&')}`)
  await page.locator('textarea[name=text]').fill('{item}（{id}）：\n同意，今天退款')
  await page.locator('button[name=preview]').click()
  await page.getByText(EACH).waitFor()
  const away = { reason: 'changed_mind', confirm: 'yes', last4: '0001' }
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json' }
  const withdrawal = `${origin}${moved?.room}/withdrawal`
  expect((await fetch(withdrawal, { method: 'POST', headers, body: JSON.stringify(away) })).ok).toBe(true)
  await page.locator('button[data-key=a]').click()
  await page.locator('section.notice.bad li').nth(2).waitFor()
  expect(await page.locator('section.notice li').allTextContents()).toEqual([
    expect.stringContaining('已发送'),
    expect.stringContaining('已发送'),
    expect.stringContaining('没有办成'),
  ])
  for (const each of [one, two]) {
    expect(await signersOf(each?.id ?? '', 'merchant_responded')).toEqual([key])
    expect(await verified(each?.id ?? '')).toEqual([])
  }
  const { fields } = (await stepsOf(two?.id ?? '')).find(({ kind }) => kind === 'merchant_responded') ?? {}
  expect(fields?.statement).toBe(`保温杯（${two?.id}）：\n同意，今天退款`)
})

test('an officer takes two and rules on two by one press each, signed row by row', async () => {
  const officer = await signedIn('platform')
  const key = await registered(officer, '/desk')
  const cases = [await escalated(), await escalated()]
  const query = cases.map(id => `case=${id}`).join('&')
  const take = await open(officer, `/desk/bulk?act=take&${query}`)
  await take.getByText(EACH).waitFor()
  await take.locator('form.batch button').click()
  await take.locator('section.notice.good').waitFor()

  const batch = await open(officer, `/desk/batch?${query}`)
  for (const [name, text] of [
    ['rule', '5.2'],
    ['reasons', '不符，\n同一批次'],
    ...cases.map(id => [`c${id}.facts`, '漏水']),
  ])
    await batch.locator(`[name="${name}"]`).fill(text ?? '')
  for (const id of cases) await batch.locator(`[name="c${id}.outcome"][value=for_buyer]`).check()
  await batch.locator('button[name=preview]').click()
  await batch.getByText(EACH).waitFor()
  await batch.locator('.preview form button').click()
  await batch.locator('section.notice.good').waitFor()
  for (const id of cases) {
    expect([await signersOf(id, 'officer_assigned'), await signersOf(id, 'ruled')]).toEqual([[key], [key]])
    expect(await verified(id)).toEqual([])
  }
})

test('a merchant who requires signatures: other browsers and pages without a script are told, until it is released', async () => {
  const clerk = await signedIn('merchant')
  const key = await registered(clerk, '/merchant')
  const keys = await open(clerk, '/merchant/keys')
  await keys.getByRole('button', { name: '要求签名' }).click()
  await keys.getByText('从现在起要求签名。').waitFor()

  const { id } = await submitted()
  for (const options of [{}, { javaScriptEnabled: false }]) {
    const page = await open(await signedIn('merchant', options), `/merchant/complaints/${id}`)
    await sendOffer(page)
    await page.getByText('本店要求签名').waitFor()
    // What was written is still there.
    expect(await page.locator('#offer [name=statement]').inputValue()).toContain('退一部分')
  }
  const page = await open(clerk, `/merchant/complaints/${id}`)
  await page.getByText('这个浏览器会为您的操作签名。').waitFor()
  await sendOffer(page)
  await page.waitForURL(/done=/)
  expect(await signersOf(id, 'merchant_responded')).toEqual([key])
  const other = await open(await signedIn('merchant'), '/merchant/keys')
  await other.getByRole('button', { name: '登记这个浏览器' }).click()
  await other.getByText('没有成功').waitFor()

  await keys.reload()
  await keys.getByRole('button', { name: '不再要求签名' }).click()
  await keys.getByText('目前不要求签名。').waitFor()
  // A retired key never comes back: the browser makes another.
  await keys
    .locator('tr', { has: keys.locator(`[data-key-here="${key}"]`) })
    .getByRole('button')
    .click()
  await keys.getByText('已停用。').waitFor()
  expect(await registered(clerk, '/merchant')).not.toBe(key)
})
