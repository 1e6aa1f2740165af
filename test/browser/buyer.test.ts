import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { phone } from '../support/browser.ts'
import { browser, demo, origin, useDemoInBrowser } from '../support/demo-browser.ts'

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

useDemoInBrowser()

const story = (name: string) => {
  const found = demo.facts.stories.find(each => each.name === name)
  if (!found) throw new Error(`no story ${name}`)
  return { act: new URL(found.trackingUrl).pathname, view: new URL(found.shareUrl).pathname }
}

/** A cheap phone whose web view runs no script. */
const openPhone = async (path: string): Promise<Page> => {
  const context = await browser.newContext({ viewport: phone, javaScriptEnabled: false, locale: 'zh-CN' })
  const page = await context.newPage()
  await page.goto(origin + path)
  return page
}

describe('the tracking page on a phone without scripts', () => {
  test('says who must act, by when and how long is left on the first screen', async () => {
    const page = await openPhone(story('silent-merchant').act)
    const first = await page.locator('h1').innerText()
    expect(first).toMatch(/^等平台裁定，您要求/)
    for (const words of [first, '平台还有', '谁要处理', '最晚', '接下来']) {
      const box = await page.getByText(words, { exact: true }).first().boundingBox()
      expect(box && box.y + box.height, words).toBeLessThanOrEqual(phone.height)
    }
  })

  test('takes a dispute', async () => {
    const { act } = story('closed-without-buyer')
    const page = await openPhone(act)
    await page.locator('#dispute > summary').click()
    await page.locator('#dispute textarea[name=reason]').fill('钱还是没有收到。')
    await page.locator('#dispute button').click()
    expect(new URL(page.url()).pathname).toBe(act)
    expect(await page.locator('body').innerText()).toContain('钱还是没有收到。')
    expect(await page.locator('h1, h2').first().innerText()).toMatch(/^等平台裁定，您要求/)
  })

  test('gives a form with a mistake back as it was typed', async () => {
    const page = await openPhone(story('silent-merchant').act)
    const words = '杯子漏水，'.repeat(1100)
    await page.locator('#messages > summary').click()
    await page.locator('#messages textarea[name=text]').fill(words)
    await page.locator('#messages button').click()
    expect(await page.locator('#messages textarea[name=text]').inputValue()).toBe(words)
    expect(await page.locator('#messages [aria-invalid=true]').count()).toBe(1)
  })

  test('takes a photo as evidence and shows it again', async () => {
    const page = await openPhone(story('silent-merchant').act)
    const png = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    )
    await page.locator('#evidence > summary').click()
    await page.locator('#evidence textarea[name=text]').fill('漏水的照片')
    await page
      .locator('#evidence input[type=file]')
      .setInputFiles({ name: '漏水.png', mimeType: 'image/png', buffer: png })
    await page.locator('#evidence form > button').click()
    const href = await page.locator('a[href*="/files/"]').first().getAttribute('href')
    const file = await page.request.get(`${origin}${href}`)
    expect(file.headers()['content-type']).toBe('image/png')
    expect(Buffer.compare(await file.body(), png)).toBe(0)
  })

  test('shows those it is shared with the same steps, and nothing to press', async () => {
    const page = await openPhone(story('dress-unlike-picture').view)
    expect(await page.locator('form').count()).toBe(0)
    const text = (await page.locator('body').textContent()) ?? ''
    expect(text).toContain('平台裁定')
    expect(text).toContain('林**')
    for (const secret of ['林晓雨', '13800010001', '****0001']) expect(text).not.toContain(secret)
  })
})

describe('every page', () => {
  const pages = () => [
    '/',
    '/demo',
    '/demo/phone',
    '/t/nothing',
    '/verify',
    ...demo.facts.stories.flatMap(({ trackingUrl, shareUrl }) =>
      [trackingUrl, shareUrl].map(url => new URL(url).pathname),
    ),
  ]

  test('fits a narrow phone without sideways scrolling', async () => {
    const context = await browser.newContext({ viewport: { width: 320, height: 640 }, locale: 'zh-CN' })
    const page = await context.newPage()
    for (const path of pages()) {
      await page.goto(origin + path)
      const overflow = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth')
      expect([path, overflow]).toEqual([path, 0])
    }
  })

  test('gives axe nothing to find', async () => {
    // The page's own policy lets no foreign script in; the test's is put in past it.
    const context = await browser.newContext({ viewport: phone, bypassCSP: true, locale: 'zh-CN' })
    const page = await context.newPage()
    for (const path of pages()) {
      await page.goto(origin + path)
      await page.addScriptTag({ path: AXE })
      const found = await page.evaluate("axe.run().then(r => r.violations.map(v => v.id + ': ' + v.nodes[0]?.html))")
      expect([path, found]).toEqual([path, []])
    }
  })

  test('waits for nothing but itself and its style sheet before it is seen', async () => {
    const context = await browser.newContext({ viewport: phone, locale: 'zh-CN' })
    const page = await context.newPage()
    const asked: string[] = []
    page.on('request', request => asked.push(new URL(request.url()).pathname))
    const { act } = story('robot-replies')
    await page.goto(origin + act)
    // Under the hash of its bytes: `/app.1a2b3c4d.css`.
    const names = asked.map(path => path.replace(/\.[\w-]{8}(\.\w+)$/, '$1'))
    const scripts = ['/htmx.min.js', '/track.js', '/sign.js']
    expect(names.filter(path => path !== '/icon.svg')).toEqual([act, '/app.css', ...scripts])
    const waitedFor = await page.evaluate(
      "performance.getEntriesByType('resource').filter(e => e.renderBlockingStatus === 'blocking').map(e => new URL(e.name).pathname)",
    )
    expect(waitedFor).toEqual([expect.stringMatching(/^\/app\.[\w-]{8}\.css$/)])
  })
})
