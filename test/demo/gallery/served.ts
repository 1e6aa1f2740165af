import { existsSync, readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { LOCALES, type Locale } from '../../../src/complaint/words.ts'
import { SPECIMENS } from '../../../src/demo/gallery/specimens.ts'
import { MESSAGES } from '../../../src/i18n/languages.ts'
import { languages } from '../../../src/views/context.ts'
import { qrFile } from '../../../src/views/qr.ts'

const pages = languages(MESSAGES, { verifyUrl: '/verify' })
const PUBLIC = new URL('../../../public', import.meta.url)
const TYPES: Record<string, string> = { css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml' }

/** Where a tab finds a specimen once `serveGallery` was called for it. */
export const addressOf = (name: string, locale: Locale): string => `http://gallery.test/${locale}/${name}`

/** Answers a tab's requests with the gallery's pages and what they load; no server has a part in it. */
export const serveGallery = (tab: Page): Promise<unknown> =>
  tab.route('**/*', route => {
    const { pathname } = new URL(route.request().url())
    const [, locale, name] = pathname.split('/')
    if (pathname.includes('/files/')) return route.fulfill({ contentType: 'image/png', body: PHOTO })
    if (pathname.endsWith('/share.svg'))
      return route.fulfill({ contentType: 'image/svg+xml', body: String(qrFile(pathname)) })
    const known = LOCALES.find(each => each === locale)
    const specimen = SPECIMENS.find(each => each.name === name)
    if (known && specimen)
      return route.fulfill({ contentType: 'text/html', body: specimen.draw(pages(known), pathname) })
    const file = new URL(`public${pathname}`, new URL('.', PUBLIC))
    const type = TYPES[pathname.split('.').at(-1) ?? '']
    if (type && existsSync(file)) return route.fulfill({ contentType: type, body: readFileSync(file) })
    return route.fulfill({ status: 404, body: '' })
  })

const PHOTO = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAIAAAD8GO2jAAAAY0lEQVR42mPYeeUZTRHDqAVD3oJPB/0giPoWwI1GRkPHAqymY7VjxFow9COZHvlgtCyCo/jebPyITAsImkukTQxUMRqPNQxUNBqrNQxUNxrNGgbamQ5BDDQ1fdSCUQtGLQAjAL5O3Rj0y74yAAAAAElFTkSuQmCC',
  'base64',
)
