import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { LOCALES, type Locale } from '../../src/complaint/words.ts'
import { SPECIMENS } from '../../src/gallery/specimens.ts'
import { addressOf, serveGallery } from '../gallery/served.ts'
import { launchBrowser, phone } from '../support/browser.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
/** WCAG 2.2, 1.4.10: 320 CSS pixels, which is also 1280 at 400 % and 640 at 200 %. */
const NARROW = { width: 320, height: 640 }

let browser: Browser
let page: Page

beforeAll(async () => {
  browser = await launchBrowser()
  page = await browser.newPage({ viewport: phone })
  await serveGallery(page)
})
afterAll(() => browser?.close())

const RUN = `axe.run(document, { runOnly: ${JSON.stringify(TAGS)}, resultTypes: ['violations'] })
  .then(found => found.violations.map(each => each.id + ': ' + each.nodes.map(node => node.html).join(' ')))`
const OVERFLOW = 'document.documentElement.scrollWidth - window.innerWidth'

/** What axe finds in each specimen, and how far each reaches beyond a narrow phone; nothing is none. */
const findings = async (locale: Locale, scheme: 'light' | 'dark'): Promise<Record<string, unknown[]>> => {
  const found: Record<string, unknown[]> = {}
  await page.emulateMedia({ colorScheme: scheme })
  for (const { name } of SPECIMENS) {
    await page.setViewportSize(phone)
    await page.goto(addressOf(name, locale))
    await page.evaluate(AXE)
    const wrong = (await page.evaluate(RUN)) as string[]
    await page.setViewportSize(NARROW)
    const over = (await page.evaluate(OVERFLOW)) as number
    if (wrong.length > 0 || over > 0) found[name] = over > 0 ? [...wrong, `${over} px too wide`] : wrong
  }
  return found
}

test.each([...LOCALES.map(locale => [locale, 'light'] as const), ['zh-CN', 'dark'] as const])(
  'every specimen in %s, %s: axe finds nothing, and nothing scrolls sideways',
  async (locale, scheme) => expect(await findings(locale, scheme)).toEqual({}),
  120_000,
)
