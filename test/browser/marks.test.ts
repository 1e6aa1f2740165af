// Towers of combining marks that the log holds from before they were refused: they stay in their box, on every page.

import { createHash } from 'node:crypto'
import type { BrowserContext, Page } from 'playwright-core'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { formatId } from '../../src/link/id.ts'
import { linkUrl } from '../../src/routes/deps.ts'
import { phone } from '../support/browser.ts'
import { browser, demo, origin, useDemoInBrowser } from '../support/demo-browser.ts'

const TIBETAN = `ཧ${'\u0f74'.repeat(2000)}`
const ACUTE = `a${'\u0301'.repeat(2000)}`
const ENCLOSING = `o${'\u20dd'.repeat(500)}${'\u0489'.repeat(500)}`
const TOWER = `${TIBETAN} ${ACUTE}\n${ENCLOSING}`
const TOWN = `${TIBETAN} ${ACUTE}`

let context: BrowserContext
let id: number

useDemoInBrowser()
beforeAll(async () => {
  id = await towers()
})
afterEach(() => context?.close())
/** Past the schemas, as an earlier version took it. */
const towers = async (): Promise<number> => {
  const { ledger } = demo
  const merchantId = demo.facts.merchantId
  const buyer = { role: 'buyer', automated: false } as const
  const shop = { role: 'merchant', automated: false, person: TOWN, merchant: merchantId } as const
  const done = await ledger.execute({
    act: 'submit',
    complaint: null,
    by: buyer,
    body: {
      orderId: TOWN,
      item: TOWN,
      merchantId,
      merchantName: TOWN,
      buyer: { name: TOWN, phone: '13800010001' },
      category: 'quality',
      statement: TOWER,
      locale: 'zh-CN',
    },
  })
  if ('refused' in done) throw new Error(done.refused)
  const complaint = done.id
  await ledger.execute({ act: 'messages', complaint, by: shop, body: { text: TOWER } })
  const answer = { answer: 'reject', ground: 'other', statement: TOWER } as const
  await ledger.execute({ act: 'responses', complaint, by: shop, body: answer })
  await ledger.execute({ act: 'escalation', complaint, by: buyer, body: { reason: TOWER } })
  return complaint
}

const open = async (path: string, role?: 'merchant' | 'platform'): Promise<Page> => {
  context = await browser.newContext({ viewport: phone, locale: 'zh-CN' })
  const page = await context.newPage()
  if (role) {
    await page.goto(`${origin}/signin?to=${encodeURIComponent(path)}`)
    await page.locator(`button[name=role][value=${role}]`).click()
    await page.waitForURL(url => url.href.startsWith(origin + path))
  } else await page.goto(origin + path)
  return page
}

const SCROLL = 'document.documentElement.scrollWidth - window.innerWidth'
const track = () => new URL(linkUrl(demo.deps, id, 'act', 0)).pathname
const pages = (): [path: string, role?: 'merchant' | 'platform'][] => [
  [track()],
  [new URL(linkUrl(demo.deps, id, 'view', 0)).pathname],
  [`/merchant/complaints/${formatId(id)}`, 'merchant'],
  ['/merchant?turn=all', 'merchant'],
  [`/desk/complaints/${formatId(id)}`, 'platform'],
  ['/desk?turn=platform', 'platform'],
]

test('no page scrolls sideways on a narrow phone', async () => {
  const found = []
  for (const [path, role] of pages()) {
    const page = await open(path, role)
    // What the page is about is on it, or the test sees another page.
    expect([path, await page.content()]).toEqual([
      path,
      expect.stringContaining(path.includes('?') ? formatId(id) : '\u0f74\u0f74'),
    ])
    found.push([path, await page.evaluate(SCROLL)])
    await context.close()
  }
  expect(found).toEqual(pages().map(([path]) => [path, 0]))
})

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Everything around a box, which a text may not paint on. */
const around = async (page: Page, box: { x: number; y: number; width: number; height: number }) => {
  const height = await page.evaluate<number>('document.documentElement.scrollHeight')
  const [top, bottom] = [Math.floor(box.y), Math.ceil(box.y + box.height)]
  const [left, right] = [Math.floor(box.x), Math.ceil(box.x + box.width)]
  const width = phone.width
  const clips = [
    { x: 0, y: 0, width, height: top },
    { x: 0, y: bottom, width, height: height - bottom },
    { x: 0, y: top, width: left, height: bottom - top },
    { x: right, y: top, width: width - right, height: bottom - top },
  ]
  const shots = []
  for (const clip of clips) shots.push(sha256(await page.screenshot({ clip, fullPage: true })))
  return shots
}

test.each(['.quote > p', '.by bdi'])('a text in %s paints nothing outside of its own box', async selector => {
  const page = await open(track())
  await page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
  const texts = page.locator(selector, { hasText: '\u0f74\u0f74' })
  expect(await texts.count()).toBeGreaterThan(1)
  const text = texts.nth(1)
  const box = await text.boundingBox()
  if (!box) throw new Error('the text has no box')
  const shown = await around(page, box)
  await text.evaluate(each => {
    each.style.visibility = 'hidden'
  })
  expect(await around(page, box)).toEqual(shown)
})
