import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ComplaintView } from '../../src/complaint/view/types.ts'
import { verifyReceipt } from '../../src/log/verify.ts'
import { phone } from '../support/browser.ts'
import { type BrowserStage, openStage } from './stage.ts'

let stage: BrowserStage
let orders = 0
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

const submit = async (): Promise<string> => {
  const body = {
    orderId: `SIGNED-${orders++}`,
    merchantId: 'm-signed',
    merchantName: '花间集',
    buyer: { name: '王小明', phone: '13800001234' },
    category: 'quality',
    statement: '裙子和图片不一样',
  }
  const headers = { Authorization: `Bearer ${stage.platformKey}`, 'Content-Type': 'application/json' }
  const reply = await fetch(`${stage.origin}/api/v1/complaints`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  })
  return new URL((await reply.json()).trackingUrl).pathname
}
const viewOf = async (room: string): Promise<ComplaintView> =>
  (await fetch(stage.origin + room, { headers: { Accept: 'application/json' } })).json()
const kindsOf = async (room: string) =>
  (await viewOf(room)).steps.flatMap(({ kind, signed, by }) =>
    by.role === 'buyer' ? [`${kind} ${signed ? 'signed' : 'unsigned'}`] : [],
  )
const opened = async (room: string, javaScriptEnabled = true): Promise<Page> => {
  const context = await stage.browser.newContext({ viewport: phone, locale: 'zh-CN', javaScriptEnabled })
  const page = await context.newPage()
  await page.goto(stage.origin + room)
  return page
}
const writes = async (page: Page, text: string) => {
  const form = page.locator('details#messages')
  if (!(await form.getAttribute('open').then(open => open !== null))) {
    if (!(await form.isVisible())) await page.locator('#more-acts > summary').click()
    await form.locator('summary').click()
  }
  await form.locator('textarea').fill(text)
  await form.locator('button:not([type])').click()
}
const becomes = (room: string, kinds: string[]) => expect.poll(() => kindsOf(room), { timeout: 20_000 }).toEqual(kinds)

test('a phone binds itself at the first opening and signs; the next one knows the digits; without a script all is unsigned', async () => {
  const room = await submit()
  const first = await opened(room)
  await becomes(room, ['submitted unsigned', 'key_bound signed'])
  await writes(first, '请尽快处理\n谢谢')
  await becomes(room, ['submitted unsigned', 'key_bound signed', 'message_added signed'])

  const second = await opened(room)
  const ask = second.locator('#device form')
  await ask.locator('[name=last4]').fill('1234')
  await ask.locator('button').click()
  await expect.poll(async () => (await kindsOf(room)).length, { timeout: 20_000 }).toBe(4)
  await expect.poll(() => second.locator('#device form').isHidden(), { timeout: 20_000 }).toBe(true)
  await writes(second, '换了手机')
  await becomes(room, [
    'submitted unsigned',
    'key_bound signed',
    'message_added signed',
    'key_bound signed',
    'message_added signed',
  ])

  const plain = await opened(room, false)
  expect(await plain.locator('#device form').isHidden()).toBe(true)
  await writes(plain, '没有脚本')
  await expect.poll(async () => (await viewOf(room)).steps.at(-1)?.unsignedThoughBound, { timeout: 20_000 }).toBe(true)
  expect(await plain.locator('.steps .newest .tag.bad').textContent()).toBe('未签名')

  const receipt = await (await fetch(`${stage.origin}${room}/receipt.json`)).json()
  const { checks } = await verifyReceipt(receipt, await (await fetch(`${stage.origin}/log/0/policy`)).text())
  expect(checks.filter(({ ok }) => !ok)).toEqual([])
}, 120_000)

test('somebody else closes it by the link: the page warns, and one tap reopens it', async () => {
  const room = await submit()
  const page = await opened(room)
  await becomes(room, ['submitted unsigned', 'key_bound signed'])
  const headers = { Accept: 'application/json', 'Content-Type': 'application/json', Origin: stage.origin }
  const forged = await fetch(`${stage.origin}${room}/confirmation`, {
    method: 'POST',
    headers,
    body: '{"last4":"1234"}',
  })
  expect(forged.status).toBe(201)
  await page.reload()
  await page.locator('.notice.bad a.button').click()
  await page.locator('#reopening textarea').fill('不是我确认的')
  await page.locator('#reopening button:not([type])').click()
  await expect.poll(async () => (await kindsOf(room)).at(-1), { timeout: 20_000 }).toBe('reopened signed')
  await page.reload()
  expect(await page.locator('.notice.bad').count()).toBe(0)
}, 120_000)
