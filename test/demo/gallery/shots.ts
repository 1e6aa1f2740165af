// Draws every specimen as a picture under screenshots/: `npm run gallery:shots [-- part of a name…]`. For eyes, not a test.
// Three languages, light and dark, on a cheap phone and on a desk; sheets of them side by side stand in screenshots/sheets/.
import { mkdirSync, writeFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { LOCALES, type Locale } from '../../../src/complaint/words.ts'
import { SPECIMENS } from '../../../src/demo/gallery/specimens.ts'
import { launchBrowser, phone } from '../../support/browser.ts'
import { addressOf, serveGallery } from './served.ts'

const FOLDER = new URL('../../../screenshots/', import.meta.url).pathname
const SCREENS = { phone, desk: { width: 1280, height: 800 } } as const
const SCHEMES = ['light', 'dark'] as const
/** So many pages side by side, no taller than a screen and a half of them can be read. */
const SHEET = { phone: 8, desk: 4 } as const
const TALLEST = 2200

interface Look {
  screen: keyof typeof SCREENS
  locale: Locale
  scheme: (typeof SCHEMES)[number]
}

const looks = Object.keys(SCREENS).flatMap(screen =>
  LOCALES.flatMap(locale => SCHEMES.map(scheme => ({ screen, locale, scheme }) as Look)),
)

const shoot = async (page: Page, name: string, { screen, locale, scheme }: Look): Promise<string> => {
  await page.goto(addressOf(name, locale))
  const file = `${name}-${screen}-${locale}-${scheme}.jpg`
  const height = await page.evaluate(() => document.documentElement.scrollHeight)
  const clip = { x: 0, y: 0, width: SCREENS[screen].width, height: Math.min(height, TALLEST) }
  await page.screenshot({ path: FOLDER + file, type: 'jpeg', quality: 70, fullPage: true, clip })
  return file
}

const sheet = async (browser: Browser, name: string, files: readonly string[]): Promise<void> => {
  const cells = files.map(file => `<figure><figcaption>${file}</figcaption><img src="../${file}"></figure>`)
  const style = 'body{display:flex;gap:8px;align-items:start;margin:8px;font:12px sans-serif}figure{margin:0}'
  const path = `${FOLDER}sheets/${name}`
  writeFileSync(`${path}.html`, `<style>${style}</style>${cells.join('')}`)
  const page = await browser.newPage({ viewport: { width: 3200, height: 100 } })
  await page.goto(`file://${path}.html`)
  const [width, height] = await page.evaluate(() => [document.body.scrollWidth, document.body.scrollHeight])
  await page.setViewportSize({ width: (width ?? 0) + 16, height: (height ?? 0) + 16 })
  await page.screenshot({ path: `${path}.jpg`, type: 'jpeg', quality: 60 })
  await page.close()
}

const wanted = process.argv.slice(2)
const chosen = SPECIMENS.filter(({ name }) => wanted.length === 0 || wanted.some(part => name.includes(part)))
const which = process.env.SHOTS ?? ''
mkdirSync(`${FOLDER}sheets`, { recursive: true })
const browser = await launchBrowser()
for (const look of looks.filter(each => `${each.screen} ${each.locale} ${each.scheme}`.startsWith(which))) {
  const page = await browser.newPage({ viewport: SCREENS[look.screen], colorScheme: look.scheme })
  await serveGallery(page)
  const files: string[] = []
  for (const { name } of chosen) files.push(await shoot(page, name, look))
  await page.close()
  const size = SHEET[look.screen]
  for (let i = 0; i < files.length; i += size) {
    const number = String(i / size + 1).padStart(2, '0')
    await sheet(browser, `${look.screen}-${look.locale}-${look.scheme}-${number}`, files.slice(i, i + size))
  }
}
await browser.close()
