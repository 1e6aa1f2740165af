import type { BrowserContext, Locator, Page } from 'playwright-core'
import { afterEach, describe, expect, test } from 'vitest'
import { phone } from '../support/browser.ts'
import { browser, demo, origin, useDemoInBrowser } from '../support/demo-browser.ts'

let context: BrowserContext

useDemoInBrowser()

afterEach(() => context?.close())

const story = (name: string) => {
  const found = demo.facts.stories.find(each => each.name === name)
  if (!found) throw new Error(`no story ${name}`)
  return new URL(found.trackingUrl).pathname
}

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const complaints: string[] = []

/** A phone whose browser runs scripts; whatever it complains of is a failure. */
const open = async (path: string): Promise<Page> => {
  context = await browser.newContext({ viewport: phone, locale: 'zh-CN' })
  const page = await context.newPage()
  complaints.length = 0
  page.on('console', line => ['error', 'warning'].includes(line.type()) && complaints.push(line.text()))
  page.on('pageerror', error => complaints.push(String(error)))
  await page.goto(origin + path)
  return page
}

const say = (path: string, text: string) =>
  demo.app.request(`${path}/messages`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify({ text }),
  })

/** The officer gives the buyer a new link, because a thief has the old one. */
const rotate = async (name: string) => {
  const { id } = demo.facts.stories.find(each => each.name === name) ?? {}
  const sent = await demo.app.request(`/api/v1/complaints/${id}/link-rotation`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${demo.facts.apiKeys.platform}` },
    body: JSON.stringify({ reason: 'theft', operator: '承办人 1' }),
  })
  expect(sent.status).toBe(201)
}

/** Asks for news now, as the page does every twenty seconds; answers with what came. */
const poll = async (page: Page): Promise<number> => {
  const answered = page.waitForResponse(response => response.request().headers()['hx-source'] === 'div#now')
  await page.evaluate("htmx.trigger(document.getElementById('now'), 'poll')")
  const response = await answered
  await response.finished()
  // The swap follows the answer by two microtasks and a timer.
  await page.waitForTimeout(100)
  return response.status()
}
/** The page says something, to eyes and ears. */
const heard = (page: Page, words: string | RegExp = /./) => page.locator('#news', { hasText: words }).waitFor()
const text = (page: Page, selector: string) => page.locator(selector).innerText()

describe('a page that stays open', () => {
  test('learns of a new step, and of nothing when there is nothing', async () => {
    const path = story('silent-merchant')
    const page = await open(path)
    // That the device bound itself is a step, and no news.
    await page.locator('#device [data-when=bound]').waitFor()
    expect(await poll(page)).toBe(200)
    expect(await text(page, '#news')).toBe('')
    expect(await poll(page)).toBe(304)
    expect(await text(page, '#news')).toBe('')
    await say(path, '杯子还在漏水')
    expect(await poll(page)).toBe(200)
    expect(await text(page, '.steps > .newest')).toContain('杯子还在漏水')
    expect(await text(page, '#news')).toContain('有新进展')
    expect(await poll(page)).toBe(304)
    expect(complaints).toEqual([])
  })

  test('keeps what somebody is writing, and what they opened', async () => {
    const path = story('silent-merchant')
    const page = await open(path)
    await page.locator('#more-acts > summary').click()
    await page.locator('#evidence > summary').click()
    const field = page.locator('#evidence textarea')
    await field.pressSequentially('漏水的')
    await say(path, '再问一次')
    expect(await poll(page)).toBe(200)
    await field.pressSequentially('照片')
    expect(await field.inputValue()).toBe('漏水的照片')
    expect(await text(page, '.steps > .newest')).toContain('再问一次')
    expect(await page.locator('#more-acts').getAttribute('open')).toBe('')
    await page.locator('#evidence form > button').click()
    await page.locator('.steps > .newest', { hasText: '漏水的照片' }).waitFor()
    expect(complaints).toEqual([])
  })

  test('counts the time down by the server’s clock', async () => {
    const path = story('silent-merchant')
    const page = await open(path)
    const spanOf = async () => (await text(page, '.left strong')).replace(/\s+/g, ' ')
    const right = await spanOf()
    expect(right).toMatch(/\d+ (天|小时|分钟)/)
    // A phone whose clock is five hours wrong.
    await page.clock.install({ time: demo.clock.now() + 5 * 3_600_000 })
    await page.goto(origin + path)
    await page.clock.runFor(1500)
    expect(await spanOf()).toBe(right)
    await page.clock.runFor(61 * 60_000)
    expect(await spanOf()).not.toBe(right)
  })
})

describe('a page that is old', () => {
  test('is asked for anew when somebody goes back to it', async () => {
    const path = story('silent-merchant')
    const page = await open(path)
    const drawn = await page.locator('.left').getAttribute('data-now')
    await page.goto(`${origin}/`)
    // Past the minute for which the server keeps a page; no hour need turn.
    demo.clock.moveTo(demo.clock.now() + 61_000)
    await page.goBack()
    await page.waitForFunction(old => document.querySelector('.left')?.getAttribute('data-now') !== old, drawn, {
      timeout: 20_000,
    })
    expect(complaints).toEqual([])
  })

  test('hears at once when the phone is online again', async () => {
    const path = story('silent-merchant')
    const page = await open(path)
    await context.setOffline(true)
    await say(path, '有人吗')
    await context.setOffline(false)
    await page.locator('.steps > .newest', { hasText: '有人吗' }).waitFor({ timeout: 20_000 })
  })

  test('says so when its link was replaced, and asks no more', async () => {
    const path = story('two-day-refund')
    const page = await open(path)
    await rotate('two-day-refund')
    const answered = page.waitForResponse(response => response.status() === 404)
    await page.evaluate("htmx.trigger(document.getElementById('now'), 'poll')")
    await answered
    await heard(page, '链接')
    expect(await page.locator('#now').getAttribute('data-news')).toBeNull()
    expect(await text(page, 'h1')).toContain('已解决')
  })
})

describe('an act', () => {
  test('is answered in place: the step, the words for it, and the focus on them', async () => {
    const path = story('closed-without-buyer')
    const page = await open(path)
    await page.locator('#dispute > summary').click()
    await page.locator('#dispute textarea').fill('钱还是没有收到。')
    await page.locator('#dispute button').click()
    await heard(page)
    expect(new URL(page.url()).pathname).toBe(path)
    expect(await text(page, '#news')).toContain('已记入进度')
    await page.waitForSelector('#news:focus')
    expect(await text(page, 'h1')).toMatch(/^等平台裁定，您要求/)
    expect(await page.title()).toContain('平台审理中')
    expect(await text(page, '.steps > .newest')).toContain('钱还是没有收到。')
    expect(complaints).toEqual([])
  })

  test('with a mistake comes back as typed, and the focus is on what was wrong', async () => {
    const page = await open(story('robot-replies'))
    const words = '杯子漏水，'.repeat(1100)
    await page.locator('#messages > summary').click()
    await page.locator('#messages textarea').fill(words)
    await page.locator('#messages button').click()
    await page.waitForSelector('[role=alert]')
    expect(await page.locator('#messages textarea').inputValue()).toBe(words)
    expect(await page.evaluate("document.activeElement.getAttribute('role')")).toBe('alert')
  })

  test('that reaches nobody leaves the form as it is and says so', async () => {
    const page = await open(story('robot-replies'))
    await page.locator('#messages > summary').click()
    await page.locator('#messages textarea').fill('在吗')
    await context.setOffline(true)
    await page.locator('#messages button').click()
    await page.locator('#messages .failed', { hasText: '没有发出去' }).waitFor()
    expect(await page.locator('#messages textarea').inputValue()).toBe('在吗')
    // Tried again, it says so, until it is known what came of it.
    await page.route('**/messages', async route => {
      await page.locator('#messages .failed', { hasText: '正在再发一次' }).waitFor()
      await route.continue()
    })
    await context.setOffline(false)
    await page.locator('#messages button').click()
    await heard(page, '已记入进度')
  })

  test('with a large photo sends a smaller one and its thumbnail, and shows it large when opened', async () => {
    const page = await open(story('passed-around'))
    await page.locator('#evidence > summary').click()
    await page.locator('#evidence textarea').fill('面板的照片')
    // As a camera makes it: 3000 by 2000 pixels, none like the other.
    const camera = await page.evaluate(() => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 3000, height: 2000 })
      const pen = canvas.getContext('2d')
      if (!pen) throw new Error('no canvas')
      const pixels = pen.createImageData(3000, 2000)
      let seed = 1
      for (let i = 0; i < pixels.data.length; i++) {
        seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
        pixels.data[i] = i % 4 === 3 ? 255 : (seed >> 16) % 256
      }
      pen.putImageData(pixels, 0, 0)
      return canvas.toDataURL('image/jpeg', 0.9).split(',')[1] ?? ''
    })
    const input = page.locator('#evidence input[name=files]')
    await input.setInputFiles([
      { name: '面板.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(camera, 'base64') },
      { name: '耳机.png', mimeType: 'image/png', buffer: PNG },
    ])
    const preview = page.locator('#evidence .chosen canvas')
    await preview.nth(1).waitFor()
    const sizes = () => input.evaluate(each => [...((each as HTMLInputElement).files ?? [])].map(({ size }) => size))
    const whole = Buffer.from(camera, 'base64').length
    expect((await sizes())[0]).toBeLessThan(whole / 2)
    await page.locator('#evidence .chosen input[type=checkbox]').check()
    expect((await sizes())[0]).toBe(whole)
    await page.locator('#evidence .chosen input[type=checkbox]').uncheck()
    await page.locator('#evidence form > button').click()
    const shown = page.locator('.steps > .newest .files img')
    await shown.nth(1).waitFor()
    const bytes = (src: string | null) =>
      page.evaluate(async address => (await (await fetch(address)).blob()).size, origin + src)
    expect(await bytes(await shown.first().getAttribute('src'))).toBeLessThan(16 * 1024)
    await shown.first().click()
    const opened = page.locator('dialog.photo img')
    await opened.evaluate(each => (each as HTMLImageElement).decode())
    expect(await opened.evaluate(each => (each as HTMLImageElement).naturalWidth)).toBe(1600)
    await page.keyboard.press('ArrowRight')
    expect(await opened.getAttribute('alt')).toBe('耳机.png')
    await page.keyboard.press('Escape')
    await opened.waitFor({ state: 'detached' })
    expect(await page.evaluate(() => document.activeElement?.hasAttribute('data-photo'))).toBe(true)
    expect(complaints).toEqual([])
  })

  test('with a photo shows it among the steps', async () => {
    const page = await open(story('robot-replies'))
    await page.locator('#evidence > summary').click()
    await page.locator('#evidence textarea').fill('耳机的照片')
    await page
      .locator('#evidence input[type=file]')
      .setInputFiles({ name: '耳机.png', mimeType: 'image/png', buffer: PNG })
    await page.locator('#evidence form > button').click()
    await page.waitForSelector('.steps > .newest img')
    const width =
      "document.querySelector('.newest img').decode().then(() => document.querySelector('.newest img').naturalWidth)"
    expect(await page.evaluate(width)).toBe(1)
    expect(complaints).toEqual([])
  })

  test('of each kind under 更多 is answered in place', async () => {
    const page = await open(story('robot-replies'))
    const acts: [string, (form: Locator) => Promise<unknown>, string][] = [
      [
        'conduct-report',
        async form => {
          await form.locator('select').selectOption({ index: 1 })
          await form.locator('textarea').fill('辱骂')
        },
        '您举报',
      ],
      [
        'redaction-request',
        async form => {
          await form.locator('[name=seq]').selectOption('0')
          await form.locator('[name=field]').selectOption('statement')
          await form.locator('textarea').fill('写了姓名')
        },
        '申请删除',
      ],
    ]
    for (const [act, fill, said] of acts) {
      await page.locator('#more-acts:not([open]) > summary').click()
      await page.locator(`a#${act}`).click()
      const form = page.locator(`details#${act}`)
      await fill(form)
      await form.locator('form > button').click()
      await heard(page, said)
    }
    expect(complaints).toEqual([])
  })

  test('of sharing shows the link, its code to scan, and a button that copies it', async () => {
    const page = await open(story('robot-replies'))
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.locator('.more > summary').click()
    await page.locator('a#share-links').click()
    await page.locator('#share-links [name=texts]').check()
    await page.locator('#share-links button').click()
    await page.waitForFunction(
      () => ((document.querySelector('img.qr') as HTMLImageElement | null)?.naturalWidth ?? 0) > 0,
    )
    // The focus follows the swap.
    await page.waitForSelector('#share:focus')
    await page.locator('[data-copy]').click()
    await heard(page, '已复制')
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(await page.locator('#share-link').inputValue())
    expect(complaints).toEqual([])
  })
})

describe('a form that few need', () => {
  test('comes in place of its link, keeps what was begun, and the page is as new as the form', async () => {
    const path = story('closed-without-buyer')
    const page = await open(path)
    await page.locator('#more-acts > summary').click()
    // The page does not know of it yet, the form will.
    await say(path, '还有人在吗')
    await page.locator('a#conduct-report').click()
    await page.locator('.steps > .newest', { hasText: '还有人在吗' }).waitFor({ timeout: 20_000 })
    const text = page.locator('details#conduct-report[open] textarea')
    await text.fill('逼我撤回')
    await say(path, '再问一次')
    expect(await poll(page)).toBe(200)
    expect(await text.inputValue()).toBe('逼我撤回')
    await page.reload()
    await page.locator('#more-acts > summary').click()
    await context.setOffline(true)
    await page.locator('a#conduct-report').click()
    await heard(page, '没有打开')
    await context.setOffline(false)
    await page.locator('a#conduct-report').click()
    await page.waitForFunction(() => document.activeElement?.textContent === '举报不当言行')
    expect(await text.inputValue()).toBe('逼我撤回')
  })

  test('without scripts stands open on the page that its link leads to', async () => {
    context = await browser.newContext({ viewport: phone, javaScriptEnabled: false, locale: 'zh-CN' })
    const page = await context.newPage()
    await page.goto(origin + story('robot-replies'))
    await page.locator('#more-acts > summary').click()
    await page.locator('a#nudges').click()
    await page.locator('details#nudges[open] button').click()
    expect(await text(page, '.steps > .newest')).toContain('催办')
  })
})

describe('without scripts', () => {
  test('a form sent twice from one page is one step', async () => {
    context = await browser.newContext({ viewport: phone, javaScriptEnabled: false, locale: 'zh-CN' })
    const page = await context.newPage()
    const path = story('passed-around')
    for (let i = 0; i < 2; i++) {
      await page.goto(origin + path)
      if (i === 1) break
      await page.locator('#messages > summary').click()
      await page.locator('#messages textarea').fill('请快一点')
      const request = page.waitForRequest(each => each.method() === 'POST')
      await page.locator('#messages button').click()
      const sent = await request
      const again = await page.request.post(sent.url(), {
        data: sent.postDataBuffer() ?? '',
        headers: { 'Content-Type': sent.headers()['content-type'] ?? '', Accept: 'text/html' },
        maxRedirects: 0,
      })
      expect(again.status()).toBe(303)
    }
    expect(await page.getByText('请快一点').count()).toBe(1)
  })
})

test('what was being written is there after a reload, and gone once it was sent', async () => {
  const path = story(demo.facts.stories[3]!.name)
  const page = await open(path)
  const summary = page.locator('#messages > summary')
  await summary.click()
  await page.fill('#messages-text', '快递单号写错了，正确的是')
  await page.reload()
  expect(await page.inputValue('#messages-text')).toBe('快递单号写错了，正确的是')
  await summary.click()
  await page.locator('#messages button').click()
  await page.locator('#news:not(:empty)').waitFor()
  await page.reload()
  expect(await page.inputValue('#messages-text')).toBe('')
  expect(complaints).toEqual([])
})
