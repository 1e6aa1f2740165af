import { once } from 'node:events'
import { createAdaptorServer, type ServerType } from '@hono/node-server'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { JPEG } from '../routes/uploads.ts'
import { launchBrowser, phone } from '../support/browser.ts'
import { openTestHost } from '../support/server.ts'
import type { View } from '../support/shapes.ts'

let browser: Browser
let house: Awaited<ReturnType<typeof openTestHost>>
let server: ServerType
let origin: string
let orders = 0

beforeAll(async () => {
  server = createAdaptorServer({ fetch: request => house.app.fetch(request) })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  origin = `http://127.0.0.1:${address.port}`
  house = await openTestHost(undefined, { baseUrl: origin })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  server?.close()
  await house?.close()
})

const ticketFor = (orderId: string) => {
  const order = { orderId, merchantId: 'm1', merchantName: '花间集', amount: { value: '129.00', currency: 'CNY' } }
  return house.deps.tickets?.issue?.({ ...order, phone: '13912348765', name: '林晓雨' })
}
const newOrder = () => `B-${orders++}`
const open = async (context: BrowserContext, orderId: string): Promise<Page> => {
  const page = await context.newPage()
  await page.goto(`${origin}/new?ticket=${await ticketFor(orderId)}`)
  return page
}
const STATEMENT = '第三颗扣子掉了'
const fill = async (page: Page) => {
  await page.selectOption('[name=category]', 'quality')
  await page.fill('[name=statement]', STATEMENT)
  await page.selectOption('[name="remedySought.kind"]', 'repair')
}
const submit = async (page: Page) => {
  // Answered in place, or by another page where no script runs.
  await page.$eval('main', main => main.setAttribute('data-old', ''))
  await page.click('form[data-draft] > button')
  await page.waitForSelector('main:not([data-old])')
}
const kept = (page: Page) => page.evaluate(() => JSON.stringify({ ...localStorage }))

test('a draft stays on this phone until it is sent, for its order alone', async () => {
  const context = await browser.newContext({ viewport: phone, locale: 'zh-CN' })
  const [one, other] = [newOrder(), newOrder()]
  const begun = await open(context, one)
  await fill(begun)
  // Its key is a hash, and neither order, phone nor ticket is kept; the shop's ticket has left the address.
  expect(await kept(begun)).toMatch(/^\{"draft [0-9a-f]{24}":/)
  expect(await kept(begun)).not.toMatch(/B-\d|1391234|eyJ/)
  expect(new URL(begun.url()).searchParams.get('ticket')?.split('.')).toHaveLength(5)

  expect(await (await open(context, other)).inputValue('[name=statement]')).toBe('')
  const back = await open(context, one)
  expect(await back.inputValue('[name=statement]')).toBe(STATEMENT)
  expect(await back.isVisible('#draft')).toBe(true)
  await back.reload()
  expect(await back.inputValue('[name=statement]')).toBe(STATEMENT)

  await submit(back)
  expect(await back.textContent('h1')).toBe('投诉已提交')
  expect(await kept(back)).toBe('{}')
  expect(back.url()).not.toContain('ticket')
  await context.close()
})

test('a draft that nobody came back for within a week leaves the phone', async () => {
  const context = await browser.newContext({ viewport: phone, locale: 'zh-CN' })
  const begun = await open(context, newOrder())
  await fill(begun)
  await begun.evaluate(() => {
    for (const [key, text] of Object.entries(localStorage)) {
      localStorage.setItem(key, JSON.stringify({ ...JSON.parse(text), at: Date.now() - 8 * 86_400_000 }))
    }
    localStorage.setItem('draft of another time', 'not JSON')
    localStorage.setItem('another’s', 'kept')
  })
  expect(await kept(await open(context, newOrder()))).toBe('{"another’s":"kept"}')
  await context.close()
})

test('where nothing can be stored the form works as ever', async () => {
  const context = await browser.newContext({ viewport: phone, locale: 'zh-CN' })
  await context.addInitScript(() => {
    const denied = () => {
      throw new DOMException('denied', 'SecurityError')
    }
    Object.defineProperty(globalThis, 'localStorage', { get: denied })
  })
  const page = await open(context, newOrder())
  await fill(page)
  await submit(page)
  expect(await page.textContent('h1')).toBe('投诉已提交')
  await context.close()
})

test('the language can be changed, and what was typed is there again', async () => {
  const context = await browser.newContext({ viewport: phone, locale: 'zh-CN' })
  const page = await open(context, newOrder())
  await fill(page)
  for (const lang of ['en', 'zh-TW']) {
    await page.click(`a[hreflang="${lang}"]`)
    await page.waitForSelector(`html[lang="${lang}"]`)
    expect(await page.inputValue('[name=statement]')).toBe(STATEMENT)
    expect(await page.inputValue('[name="remedySought.kind"]')).toBe('repair')
  }
  await context.close()
})

test('a draft can be thrown away', async () => {
  const context = await browser.newContext({ viewport: phone, locale: 'zh-CN' })
  const order = newOrder()
  await fill(await open(context, order))
  const back = await open(context, order)
  await back.click('#draft button')
  expect([await back.inputValue('[name=statement]'), await kept(back), await back.isVisible('#draft')]).toEqual([
    '',
    '{}',
    false,
  ])
  await context.close()
})

test('too many files are told before they travel', async () => {
  const context = await browser.newContext({ viewport: phone, locale: 'zh-CN' })
  const page = await open(context, newOrder())
  const file = (i: number) => ({ name: `${i}.jpg`, mimeType: 'image/jpeg', buffer: Buffer.from(JPEG) })
  const problem = () => page.$eval('[name=files]', input => (input as HTMLInputElement).validationMessage)
  await page.setInputFiles(
    '[name=files]',
    Array.from({ length: 11 }, (_, i) => file(i)),
  )
  expect(await problem()).toBe('最多选 10 个文件')
  await page.getByRole('button', { name: '去掉 3.jpg' }).click()
  expect(await problem()).toBe('')
  expect(await page.$eval('[name=files]', input => (input as HTMLInputElement).files?.length)).toBe(10)
  await context.close()
})

test('a complaint that reaches nobody keeps its text and photo, and is sent the second time', async () => {
  const context = await browser.newContext({ viewport: phone, locale: 'zh-CN' })
  const page = await open(context, newOrder())
  await fill(page)
  await page.selectOption('[name="remedySought.kind"]', 'refund')
  await page.setInputFiles('[name=files]', { name: 'a.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(JPEG) })
  await context.setOffline(true)
  await page.click('form[data-draft] > button')
  await page.locator('form .failed', { hasText: '没有发出去' }).waitFor()
  expect(await page.inputValue('[name=statement]')).toBe(STATEMENT)
  await context.setOffline(false)
  await submit(page)
  await page.locator('h1', { hasText: '投诉已提交' }).waitFor()
  expect(await page.evaluate(() => Object.keys(localStorage))).toEqual([])
  await context.close()
})

test('without a script a mistake comes back, and the complaint with its photo goes through', async () => {
  const context = await browser.newContext({ viewport: phone, locale: 'zh-CN', javaScriptEnabled: false })
  const page = await open(context, newOrder())
  await fill(page)
  await page.selectOption('[name="remedySought.kind"]', 'refund')
  await page.fill('[name="remedySought.amount.value"]', '999')
  await submit(page)
  expect(await page.textContent('.notice.bad')).toContain('金额（元）：最多 129.00 元')
  expect(await page.inputValue('[name=statement]')).toBe(STATEMENT)
  await page.fill('[name="remedySought.amount.value"]', '100')
  await page.setInputFiles('[name=files]', { name: 'a.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(JPEG) })
  await submit(page)
  expect(await page.textContent('h1')).toBe('投诉已提交')
  await page.click('a.button')
  expect(await page.textContent('main')).toContain(STATEMENT)
  expect(await page.locator('img').count()).toBeGreaterThan(0)
  await context.close()
})

test('the device that files signs what it files, photos and all, and is bound by it', async () => {
  const context = await browser.newContext({ viewport: phone, locale: 'zh-CN' })
  const page = await open(context, newOrder())
  await fill(page)
  await page.setInputFiles('[name=files]', { name: 'a.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(JPEG) })
  await submit(page)
  await page.locator('#device [data-when=bound]').waitFor()
  await page.locator('a.button[href*="/t/"]:not([download])').click()
  await page.locator('#device [data-when=bound]').waitFor()
  const room = page.url()
  await page.locator('#messages > summary').click()
  await page.locator('#messages textarea').fill('请尽快')
  await page.locator('#messages button:not([type])').click()
  await page.locator('.steps > .newest', { hasText: '请尽快' }).waitFor()
  const view: View = await (await fetch(room, { headers: { Accept: 'application/json' } })).json()
  const marks = view.steps.map(({ kind, signed }) => [kind, signed !== null])
  expect(marks).toEqual([
    ['submitted', true],
    ['evidence_supplied', true],
    ['message_added', true],
  ])
  // An SMS opens it in another tab; the answer to the form may never have come.
  const later = await context.newPage()
  await later.goto(room)
  await later.locator('#device [data-when=bound]').waitFor()
  await context.close()
})
