import { createRequire } from 'node:module'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { HOUR } from '../../src/complaint/time.ts'
import { LOCALES } from '../../src/complaint/words.ts'
import { phone } from '../support/browser.ts'
import { browser, demo, origin, useDemoInBrowser } from '../support/demo-browser.ts'

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

useDemoInBrowser()
beforeAll(async () => {
  for (let i = 0; i < 6; i++) await submit(i)
})

const submit = async (i: number) => {
  const response = await fetch(`${origin}/api/v1/complaints`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${demo.facts.apiKeys.platform}` },
    body: JSON.stringify({
      orderId: `20261122-${i}`,
      item: `保温杯 ${i}`,
      merchantId: demo.facts.merchantId,
      merchantName: '花间集',
      buyer: { name: '林晓雨', phone: '13800010001' },
      category: 'quality',
      statement: '漏水。',
      remedySought: { kind: 'refund', amount: { value: '89.00', currency: 'CNY' } },
    }),
  })
  expect(response.status).toBe(201)
}

/** The merchant's clerk, signed in by the demo's role chooser. */
const openDesk = async (path: string, options: BrowserContextOptions = {}): Promise<Page> => {
  const context = await browser.newContext({ locale: 'zh-CN', ...options })
  const page = await context.newPage()
  await page.request.post(`${origin}/demo/signin`, { form: { role: 'merchant' }, headers: { Origin: origin } })
  await page.goto(origin + path)
  return page
}

/** Found by keyboard alone. */
const openFound = async (order: string): Promise<Page> => {
  const page = await openDesk('/merchant')
  await page.keyboard.press('/')
  await page.keyboard.type(order)
  await page.keyboard.press('Enter')
  await page.waitForURL(/complaints\/[0-9A-Z]{10}$/)
  return page
}

const FIRST = 'tbody th a'
const offer = (page: Page) => page.locator('#offer form[method=post]')

describe('the inbox', () => {
  test('is worked through by keyboard', async () => {
    const page = await openDesk('/merchant?turn=mine')
    const rows = page.locator(FIRST)
    await rows.first().focus()
    for (const key of ['j', 'ArrowDown', 'j', 'k']) await page.keyboard.press(key)
    const third = await rows.nth(2).getAttribute('href')
    expect(await page.evaluate('document.activeElement.getAttribute("href")')).toBe(third)
    await page.keyboard.press('Enter')
    await page.waitForURL(origin + third)
  })
})

describe('the list, without a mouse', () => {
  test('/ finds: one key, the order, Enter', async () => {
    const page = await openFound('20261122-3')
    expect(await page.locator('main').innerText()).toContain('20261122-3')
    await page.goto(`${origin}/merchant`)
    await page.keyboard.press('j')
    expect(await page.evaluate('document.activeElement.matches("tbody th a")')).toBe(true)
  })

  test('agrees with the next complaint in three keys, without a Tab', async () => {
    const page = await openFound('20261122-4')
    await page.keyboard.press('a')
    await page.keyboard.press('Enter')
    await page.waitForURL(/done=2/)
    expect(await page.locator('.notice.good').innerText()).toContain('商家同意买家的要求')
    await page.keyboard.press('n')
    await page.waitForURL(/complaints\/[0-9A-Z]{10}$/)
  })

  test('r writes, Ctrl+Enter sends, / goes back to the box that finds', async () => {
    const page = await openFound('20261122-5')
    await page.keyboard.press('r')
    expect(await page.evaluate('document.activeElement.name')).toBe('offer.kind')
    await offer(page).locator('select[name="offer.kind"]').selectOption('partial_refund')
    await offer(page).locator('input[name="offer.amount.value"]').fill('40.00')
    await offer(page).locator('textarea').fill('退一部分，r 和 n 在这里只是字母。')
    await page.keyboard.press('n')
    await page.keyboard.press('Control+Enter')
    await page.waitForURL(/done=2/)
    expect(await page.locator('.notice.good').innerText()).toContain('部分退款 40.00 元')
    await page.keyboard.press('/')
    await page.waitForURL(/merchant#find$/)
    expect(await page.evaluate('document.activeElement.id')).toBe('find')
  })

  test('counts each minute, and renews its own list in place once it has changed', async () => {
    const page = await openDesk('/merchant')
    await page.clock.install()
    await page.reload()
    const mine = page.locator('[data-count=mine]')
    const before = Number(await mine.innerText())
    expect(await page.locator('[data-news]').isVisible()).toBe(false)
    await submit(before + 100)
    await page.evaluate('window.stayed = true')
    await page.clock.runFor(61_000)
    await expect.poll(() => mine.innerText()).toBe(String(before + 1))
    await page.locator('[data-news] a').click()
    await expect.poll(() => page.locator('caption small').innerText()).toContain(`共 ${before + 1} 件`)
    expect(await page.evaluate('window.stayed')).toBe(true)
  })
})

describe.each([true, false])('the switch of single-letter keys, with scripts: %s', javaScriptEnabled => {
  test('is a form of the page, and stays as it was left, on every page', async () => {
    const page = await openDesk('/merchant?turn=mine', { javaScriptEnabled })
    await page.getByRole('button', { name: '关闭单键快捷键' }).click()
    await page.waitForURL(`${origin}/merchant?turn=mine`)
    expect(await page.locator('footer.switch').innerText()).toContain('单键快捷键已关')
    expect(await page.locator('.keys:visible').count()).toBe(0)
    await page.locator(FIRST).first().click()
    await page.waitForURL(/complaints/)
    expect(await page.locator('[aria-keyshortcuts], .keys:visible').count()).toBe(0)
    if (javaScriptEnabled) {
      for (const key of ['r', 'a', 'n', 'j', '/']) await page.keyboard.press(key)
      expect(await page.evaluate('document.activeElement.tagName')).toBe('BODY')
      expect(page.url()).toMatch(/complaints/)
    }
    await page.getByRole('button', { name: '打开单键快捷键' }).click()
    await page.waitForURL(/complaints/)
    await expect.poll(() => page.locator('[data-shortcuts]').count()).toBe(0)
    if (javaScriptEnabled) {
      await page.keyboard.press('r')
      expect(await page.evaluate('document.activeElement.form.method')).toBe('post')
    }
  })
})

describe('a draft', () => {
  test('survives a reload, is no more once it was sent, and is not kept past the session', async () => {
    await submit(700)
    const page = await openFound('20261122-700')
    page.setDefaultTimeout(4000)
    const reject = page.locator('#rejection')
    const text = reject.locator('textarea[name=statement]')
    await reject.locator('summary').click()
    await reject.locator('select[name=ground]').selectOption('misuse')
    await text.fill('包装完好，')
    await text.pressSequentially('摔过。')
    await page.reload()
    expect(await text.isVisible()).toBe(true)
    expect([await text.inputValue(), await reject.locator('select[name=ground]').inputValue()]).toEqual([
      '包装完好，摔过。',
      'misuse',
    ])
    // Moved meanwhile: refused, and still there.
    const id = page.url().split('/').pop() ?? ''
    const due = new Date(demo.clock.now() + 60 * HOUR).toISOString()
    const moved = await fetch(`${origin}/api/v1/complaints/${id}/extensions`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${demo.facts.apiKeys.merchant}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ due, reason: '等检测结果', operator: '02' }),
    })
    expect(moved.status).toBe(201)
    await text.press('Control+Enter')
    await page.waitForURL(/responses$/)
    expect(await page.locator('.notice.bad').innerText()).toContain('之后')
    await page.goto(`${origin}/merchant/complaints/${id}`)
    expect(await text.inputValue()).toBe('包装完好，摔过。')
    await text.press('Control+Enter')
    await page.waitForURL(/done=3/)
    const message = page.locator('#messages textarea')
    await page.locator('#messages summary').click()
    await message.fill('还没写完')
    await page.goto(page.url().replace(/\?.*/, ''))
    expect(await message.inputValue()).toBe('还没写完')
    expect(await page.evaluate('Object.values(sessionStorage).join()')).not.toContain('摔过')
    await page.getByRole('button', { name: '退出登录' }).click()
    await page.waitForURL(/signout/)
    expect(await page.evaluate('sessionStorage.length')).toBe(0)
  })
})

describe.each([true, false])('an answer, with scripts: %s', javaScriptEnabled => {
  test('is begun from a ready text, read as the buyer will, and sent', async () => {
    const page = await openDesk('/merchant?turn=mine&state=awaiting_merchant', { javaScriptEnabled, viewport: phone })
    await page
      .getByRole('link', { name: /^保温杯 \d$/ })
      .first()
      .click()
    await page.waitForURL(/complaints/)
    await page.locator('#offer select[name=ready]').selectOption('agree')
    await page.locator('#offer .ready button').click()
    await expect.poll(() => offer(page).locator('textarea').inputValue()).toContain('仅退款 89.00 元')
    expect(await offer(page).locator('select[name="offer.kind"]').inputValue()).toBe('refund')
    await offer(page).locator('button[name=preview]').click()
    expect(await page.locator('.preview').innerText()).toContain('商家同意您的要求：仅退款 89.00 元')
    expect(await page.locator('h1').innerText()).toContain('轮到您：等商家答复')
    await offer(page).locator('button:not([name])').click()
    await page.waitForURL(/done=2/)
    expect(await page.locator('.notice.good').innerText()).toContain('商家同意买家的要求')
    expect(await page.locator('h1').innerText()).toContain('轮到您：等兑现处理方案')
  })
})

test('a double click sends once, however slow the way', async () => {
  const page = await openDesk('/merchant/settings')
  const posts: string[] = []
  await page.route('**/settings/keys', async route => {
    posts.push(route.request().method())
    await new Promise(resolve => setTimeout(resolve, 400))
    await route.continue()
  })
  await page.locator('form[action$=keys] input[name=name]').fill('ERP')
  await page.locator('form[action$=keys] button').click({ clickCount: 2, delay: 60, noWaitAfter: true })
  await page.locator('.notice.good .key').waitFor()
  expect(posts).toEqual(['POST'])
})

test('a ready text keeps what was typed before it', async () => {
  const page = await openDesk('/merchant?turn=mine&state=awaiting_merchant')
  await page.locator(FIRST).first().click()
  await offer(page).locator('textarea').fill('王女士您好。')
  await page.locator('#offer .ready button').click()
  expect(await offer(page).locator('textarea').inputValue()).toMatch(/^王女士您好。\n您好/)
})

test('every page gives axe nothing to find and fits 320 px, in every language; so it does in the dark', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const viewport = { width: 320, height: 640 }
    const page = await openDesk('/merchant?turn=mine', { bypassCSP: true, viewport, colorScheme })
    const paths = await page.locator(FIRST).evaluateAll(links => links.map(link => link.getAttribute('href') ?? ''))
    const stories = demo.facts.stories.slice(0, 2).map(({ id }) => `/merchant/complaints/${id}`)
    const cases = [
      paths[0] ?? '',
      `/merchant/bulk?case=${paths[0]?.split('/').at(-1)}`,
      `${paths[0]}?form=offer&ready=return`,
      ...stories,
    ]
    for (const path of ['/merchant', '/merchant/figures', '/merchant/settings', ...cases]) {
      for (const lang of colorScheme === 'light' ? LOCALES : (['zh-CN'] as const)) {
        await page.goto(`${origin}${path}${path.includes('?') ? '&' : '?'}lang=${lang}`)
        await page.addScriptTag({ path: AXE })
        const found = await page.evaluate("axe.run().then(r => r.violations.map(v => v.id + ': ' + v.nodes[0]?.html))")
        const overflow = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth')
        expect([path, lang, colorScheme, found, overflow]).toEqual([path, lang, colorScheme, [], 0])
      }
    }
  }
}, 120_000)
