import { type Context, Hono } from 'hono'
import { type Brand, brandManifest, brandStyle, brandUrls } from '../views/brand.ts'
import { privacyPage } from '../views/privacy.ts'
import type { Deps } from './deps.ts'
import { pageOf } from './language.ts'

const FOREVER = 'public, max-age=31536000, immutable'

/** The privacy page, and the files of the operator's brand where there is one. */
export const brandRoutes = (deps: Deps) => {
  const app = new Hono().get('/privacy', c => c.html(String(privacyPage(pageOf(c, deps)))))
  const { brand } = deps.pages('zh-CN')
  return brand ? app.route('/', brandFiles(brand)) : app
}

/** The style sheet, logo and manifest of a brand, under the path that they are mounted at. */
export const brandFiles = (brand: Brand) => {
  const send = (c: Context, body: string, type: string) =>
    c.body(body, 200, { 'Content-Type': type, 'Cache-Control': FOREVER, ...(type.includes('svg') && LOGO_POLICY) })
  return new Hono()
    .get('/brand.css', c => send(c, brandStyle(brand), 'text/css; charset=utf-8'))
    .get('/brand.json', c =>
      send(
        c,
        JSON.stringify(brandManifest(brand, brandUrls(brand, c.req.path.replace(/\.json$/, '')))),
        'application/json',
      ),
    )
    .get('/brand.svg', c => (brand.logo === undefined ? c.notFound() : send(c, brand.logo, 'image/svg+xml')))
}

/** Opened by itself a logo runs nothing either. */
const LOGO_POLICY = { 'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox" }
