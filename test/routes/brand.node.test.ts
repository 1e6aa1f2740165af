import { inflateSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { DEMO_BRAND } from '../../src/demo/stories.ts'
import { openTestHost } from '../support/server.ts'

let plain: Awaited<ReturnType<typeof openTestHost>>
let shop: Awaited<ReturnType<typeof openTestHost>>
beforeAll(async () => {
  plain = await openTestHost()
  shop = await openTestHost(undefined, { brand: DEMO_BRAND })
})
afterAll(async () => {
  await plain.close()
  await shop.close()
})

const get = async ({ app }: typeof plain, path: string, headers = {}) => {
  const answer = await app.request(path, { headers: { 'Accept-Language': 'zh-CN', ...headers } })
  return { status: answer.status, text: await answer.text(), header: (name: string) => answer.headers.get(name) }
}

test('the default stays 透诉, without files of a brand', async () => {
  const { text } = await get(plain, '/')
  expect(text).toContain('透诉 · 投诉进度')
  expect(text).toContain('href="/privacy"')
  expect(text).not.toContain('/brand')
  expect((await get(plain, '/brand.css')).status).toBe(404)
})

test('a brand stands on every page, in its language, with its legal lines', async () => {
  const { text } = await get(shop, '/')
  expect(text).not.toContain('透诉')
  for (const part of [
    '小满商城',
    'tel:4000000000',
    '演ICP备00000000号',
    '用户协议',
    'og:title" content="小满商城 · 投诉进度"',
    '#7a2e8e',
  ])
    expect(text).toContain(part)
  expect((await get(shop, '/', { 'Accept-Language': 'en' })).text).toContain('Xiaoman Mall')
  expect((await get(shop, '/signin')).text).toContain('小满商城')
  expect((await get(shop, '/no-such-page', { Accept: 'text/html' })).text).toContain('小满商城')
})

test('its files: style, logo and manifest, kept for good under their version', async () => {
  const { text } = await get(shop, '/')
  for (const [type, inside] of [
    ['css', '--go:#7a2e8e'],
    ['svg', '<svg'],
    ['json', '小满商城'],
  ]) {
    const address = new RegExp(`/brand\\.${type}\\?v=[\\w-]{8}`).exec(text)?.[0] ?? ''
    const file = await get(shop, address)
    expect([file.status, file.header('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable'])
    expect(file.text).toContain(inside)
  }
  expect((await get(shop, '/brand.svg')).header('content-security-policy')).toBe(
    "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  )
})

test('a chat that previews a link draws a picture in the colour of the brand, the same for every page', async () => {
  const imageOf = (text: string) => /og:image" content="([^"]+)"/.exec(text)?.[1] ?? ''
  const [front, privacy] = [await get(shop, '/'), await get(shop, '/privacy')]
  expect(imageOf(front.text)).toMatch(/^https:\/\/[^/]+\/brand\.png\?v=[\w-]{8}$/)
  expect(imageOf(privacy.text)).toBe(imageOf(front.text))
  const answer = await shop.app.request(new URL(imageOf(front.text)).pathname)
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/png'])
  const picture = Buffer.from(await answer.arrayBuffer())
  expect([picture.readUInt32BE(16), picture.readUInt32BE(20), picture.length < 8 * 1024]).toEqual([300, 300, true])
  const rows = inflateSync(picture.subarray(picture.indexOf('IDAT') + 4))
  // A corner is the brand's colour, the middle of the first station white.
  const pixel = (x: number, y: number) => rows.subarray(y * 901 + 1 + x * 3, y * 901 + 4 + x * 3).toString('hex')
  expect([pixel(0, 0), pixel(103, 75)]).toEqual(['7a2e8e', 'ffffff'])
})

test.each(['zh-CN', 'zh-TW', 'en'])('the privacy page in %s', async language => {
  const { status, text } = await get(plain, '/privacy', { 'Accept-Language': language })
  expect(status).toBe(200)
  expect(text.match(/<h2>/g)).toHaveLength(8)
})
