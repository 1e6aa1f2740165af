import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Locale } from '../../src/complaint/words.ts'
import { SPECIMENS } from '../../src/demo/gallery/specimens.ts'
import { MESSAGES } from '../../src/i18n/languages.ts'
import { languages } from '../../src/views/context.ts'
import { addressOf, serveGallery } from '../demo/gallery/served.ts'
import { launchBrowser, phone } from '../support/browser.ts'

const pages = languages(MESSAGES, { verifyUrl: '/verify' })
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
  await page.goto(addressOf('home', 'zh-CN'))
  await page.evaluate(AXE)
})
afterAll(() => browser?.close())

/** Writes a page over the last one: the window stays, and axe with it, which takes longer to load than to run. */
const SHOW = (html: string) =>
  new Promise(shown => {
    document.open()
    addEventListener('load', shown, { once: true })
    document.write(html)
    document.close()
  })
const OVERFLOW = 'document.documentElement.scrollWidth - window.innerWidth'

type Rules = 'all' | 'colours' | 'words'
/** Colours do not depend on the language, nor words on the colours: the dearest rule runs once for each scheme. */
const OPTIONS: Record<Rules, object> = {
  all: { runOnly: TAGS },
  colours: { runOnly: ['color-contrast', 'link-in-text-block'] },
  words: { runOnly: TAGS, rules: { 'color-contrast': { enabled: false } } },
}
const run = (rules: Rules) =>
  `axe.run(document, ${JSON.stringify({ ...OPTIONS[rules], resultTypes: ['violations'] })})
    .then(found => found.violations.map(each => each.id + ': ' + each.nodes.map(node => node.html).join(' ')))`

/** What axe finds in each specimen, and how far each reaches beyond a narrow phone; nothing is none. */
const findings = async (locale: Locale, rules: Rules): Promise<Record<string, unknown[]>> => {
  const found: Record<string, unknown[]> = {}
  for (const { name, draw } of SPECIMENS) {
    await page.setViewportSize(phone)
    await page.evaluate(SHOW, draw(pages(locale), `/${locale}/${name}`))
    const wrong = (await page.evaluate(run(rules))) as string[]
    await page.setViewportSize(NARROW)
    const over = (await page.evaluate(OVERFLOW)) as number
    if (wrong.length > 0 || over > 0) found[name] = over > 0 ? [...wrong, `${over} px too wide`] : wrong
  }
  return found
}

test.each([
  ['zh-CN', 'light', 'all'],
  ['zh-CN', 'dark', 'colours'],
  ['zh-TW', 'light', 'words'],
  ['en', 'light', 'words'],
] as const)(
  'every specimen in %s, %s, by %s: axe finds nothing, and nothing scrolls sideways',
  async (locale, colorScheme, rules) => {
    await page.emulateMedia({ colorScheme })
    expect(await findings(locale, rules)).toEqual({})
  },
  120_000,
)

test('a page that is wrong would be found', async () => {
  const [specimen] = SPECIMENS.filter(({ name }) => name === 'home')
  await page.evaluate(SHOW, specimen?.draw(pages('en'), '/') ?? '')
  await page.evaluate(
    "document.querySelector('h1').style.color = document.querySelectorAll('label')[0].remove() ?? '#ccc'",
  )
  const wrong = (await page.evaluate(run('all'))) as string[]
  expect(wrong.map(each => each.split(':')[0])).toContain('label')
})
