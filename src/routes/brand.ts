import { type Context, Hono } from 'hono'
import { encodePng } from '../files/png-writer.ts'
import { type Brand, brandManifest, brandStyle, brandUrls, channelsOf } from '../views/brand.ts'
import { privacyPage } from '../views/intake/home.ts'
import type { Deps } from './deps.ts'
import { pageOf } from './language.ts'

const FOREVER = 'public, max-age=31536000, immutable'

/** The privacy page, and the files of the operator's brand where there is one. */
export const brandRoutes = (deps: Deps) => {
  const app = new Hono().get('/privacy', c => c.html(String(privacyPage(pageOf(c, deps)))))
  const { brand } = deps.pages('zh-CN')
  return brand ? app.route('/', brandFiles(brand)) : app
}

/** The style sheet, logo, manifest and preview picture of a brand, under the path that they are mounted at. */
export const brandFiles = (brand: Brand) => {
  const send = (c: Context, body: string | Uint8Array<ArrayBuffer>, type: string) =>
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
    .get('/brand.png', async c => send(c, await drawPreview(brand.colour ?? OUR_COLOUR), 'image/png'))
}

const OUR_COLOUR = '#0b57a8'
/** The least that WeChat shows beside a link, in pixels; shapes are in the units of public/icon.svg. */
const [SIDE, UNITS] = [300, 32]
/** What public/icon.svg shows: a line with three stations, each with its words. */
const STATIONS = [
  [8, 4, 10],
  [17, 2.6, 8],
  [25, 2.6, 6],
] as const

/** Link preview of a brand: our sign in its colour, since chats draw no SVG. No text, and the same for every link. */
const drawPreview = (colour: string) => {
  const ground = channelsOf(colour)
  const isSign = (x: number, y: number): boolean =>
    (Math.abs(x - 11) < 0.6 && y > 6 && y < 26) ||
    STATIONS.some(
      ([at, radius, length]) =>
        (x - 11) ** 2 + (y - at) ** 2 < radius ** 2 ||
        (Math.abs(y - at) < 1.5 && Math.hypot(Math.max(18.5 - x, x - 15.5 - length, 0), y - at) < 1.5),
    )
  return encodePng(SIDE, SIDE, (x, y) =>
    isSign(((x + 0.5) * UNITS) / SIDE, ((y + 0.5) * UNITS) / SIDE) ? [255, 255, 255] : ground,
  )
}

/** Opened by itself a logo runs nothing either. */
const LOGO_POLICY = { 'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox" }
