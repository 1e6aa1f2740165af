import { randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, brotliDecompressSync, gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { LOCALES } from '../../../src/complaint/words.ts'
import { SPECIMENS } from '../../../src/demo/gallery/specimens.ts'
import { compressPage, openStaticFiles } from '../../../src/hosts/node/static-files.ts'
import { MESSAGES } from '../../../src/i18n/languages.ts'
import { languages } from '../../../src/views/context.ts'
import * as scenes from '../../routes/scenes.ts'
import { useServer } from '../../support/server.ts'

const house = useServer()

/** The answer as it is on the wire. */
const ask = async (path: string, headers: Record<string, string> = {}) => {
  const answer = await house.door.fetch(path, { headers: { Accept: 'text/html', ...headers } })
  return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) }
}
const withoutPad = (html: Buffer) => html.toString().replace(/<!--[\w-]*-->$/, '')

test('a tracking page is compressed for those who take it, drawn or known', async () => {
  const { room } = await scenes.offered(house)
  // Asked for twice it is kept, and from then on it is the same page.
  await ask(room)
  await ask(room)
  const plain = await ask(room)
  for (let i = 0; i < 4; i++) {
    const br = await ask(room, { 'Accept-Encoding': 'gzip, deflate, br' })
    expect([br.status, br.headers.get('content-encoding')]).toEqual([200, 'br'])
    expect(br.headers.get('vary')).toContain('Accept-Encoding')
    expect(withoutPad(brotliDecompressSync(br.bytes))).toBe(plain.bytes.toString())
    const gz = await ask(room, { 'Accept-Encoding': 'gzip' })
    expect([gz.headers.get('content-encoding'), withoutPad(gunzipSync(gz.bytes))]).toEqual([
      'gzip',
      plain.bytes.toString(),
    ])
    expect((await ask(room)).headers.get('content-encoding')).toBe(null)
    const etag = br.headers.get('etag') ?? ''
    expect((await ask(room, { 'Accept-Encoding': 'br', 'If-None-Match': etag })).status).toBe(304)
  }
})

describe('weight on the wire', () => {
  const sizes = new Map<string, number>()
  /** What a browser loads by itself for this page: bytes of all style sheets, and of these with scripts and icon. */
  const loadedBy = async (html: string) => {
    const files = [...html.matchAll(/ (?:href|src)="(\/[\w.-]+\.(?:css|js|svg))"/g)].map(([, path = '']) => path)
    for (const path of files)
      if (!sizes.has(path)) sizes.set(path, (await ask(path, { 'Accept-Encoding': 'br' })).bytes.length)
    const sum = (paths: string[]) => paths.reduce((bytes, path) => bytes + (sizes.get(path) ?? Number.NaN), 0)
    return { styles: sum(files.filter(path => path.endsWith('.css'))), all: sum(files) }
  }
  /** Of the longest padding (`padded` in page-cache.ts). */
  const PADDING = 43 + '<!---->'.length
  const weigh = async (html: string) => {
    const page = (await compressPage(new TextEncoder().encode(html), 'br')).length + PADDING
    const { styles, all } = await loadedBy(html)
    return { first: page + styles, all: page + all }
  }

  test.each(LOCALES)(
    'each state of the gallery: page and style sheet 10 KB, with all that loads untouched 30: %s',
    async locale => {
      const { urls } = openStaticFiles('public')
      const page = languages(MESSAGES, {
        verifyUrl: '/verify',
        image: `${house.door.deps.baseUrl}/icon-512.png`,
        files: urls,
      })(locale)
      const tracking = SPECIMENS.filter(({ name }) => name.startsWith('track-'))
      expect(tracking.length).toBeGreaterThan(40)
      const heavy: Record<string, unknown> = {}
      for (const { name, draw } of tracking) {
        const weight = await weigh(draw(page, `/t/${'x'.repeat(25)}`))
        if (weight.first > 10_000 || weight.all > 30_000) heavy[name] = weight
      }
      expect(heavy).toEqual({})
    },
  )

  test('a page as the server sends it, and a script that waits until it is touched', async () => {
    const { room } = await scenes.offered(house)
    const page = await ask(room, { 'Accept-Encoding': 'gzip, deflate, br' })
    const html = brotliDecompressSync(page.bytes).toString()
    const { styles, all } = await loadedBy(html)
    expect([...sizes.keys()].some(path => path.startsWith('/sign.'))).toBe(true)
    expect(page.bytes.length + styles).toBeLessThan(10_000)
    expect(page.bytes.length + all).toBeLessThan(30_000)
    expect(html).toMatch(/ data-photos="\/photos\.[\w-]{8}\.js"/)
    expect(html).not.toMatch(/ src="\/photos/)
  })
})

test('BREACH: what stands behind a cookie, a ticket or a program’s key is never compressed', async () => {
  const { room } = await house.submit()
  const wire = { 'Accept-Encoding': 'gzip, deflate, br' }
  for (const path of ['/signin?to=/merchant', '/new?ticket=x', '/merchant', `${room}/receipt.json`])
    expect([path, (await ask(path, wire)).headers.get('content-encoding')]).toEqual([path, null])
  const json = await ask(room, { ...wire, Accept: 'application/json' })
  expect(json.headers.get('content-encoding')).toBe(null)
})

test('BREACH: the length is padded, by the same bytes until there is a new step', async () => {
  const filed = await house.submit()
  const padOf = async ({ room }: { room: string }) => {
    const { bytes } = await ask(room, { 'Accept-Encoding': 'br' })
    return /<!--([\w-]*)-->$/.exec(brotliDecompressSync(bytes).toString())?.[1]
  }
  const pad = await padOf(filed)
  expect(pad).toBeDefined()
  await house.advance(1)
  expect(await padOf(filed)).toBe(pad)
  await house.asBuyer(filed, 'messages', { text: '在吗' })
  expect(await padOf(filed)).not.toBe(pad)
  const lengths = new Set([pad?.length])
  for (let i = 0; i < 6; i++) lengths.add((await padOf(await house.submit()))?.length)
  expect(lengths.size).toBeGreaterThan(1)
})

test('compression takes one turn of the event loop, where zlib’s own function takes two', async () => {
  const text = new Uint8Array(16_000).fill(120)
  const turnsOf = async (work: () => Promise<unknown>): Promise<number> => {
    let [turns, isDone] = [0, false]
    const done = work().then(() => {
      isDone = true
    })
    while (!isDone) {
      await new Promise(resolve => setImmediate(resolve))
      turns++
      // A busy turn, in which a thread has time for a job.
      const until = performance.now() + 10
      while (performance.now() < until);
    }
    await done
    return turns
  }
  const fewest = async (work: () => Promise<unknown>): Promise<number> => {
    const tries = []
    for (let i = 0; i < 20; i++) tries.push(await turnsOf(work))
    return Math.min(...tries)
  }
  const usual = promisify(brotliCompress)
  expect(await fewest(() => compressPage(text, 'br'))).toBeLessThan(await fewest(() => usual(text)))
})

test.each([0, 1, 15, 65_535, 65_536, 1 << 20])('%i bytes that nothing compresses come back', async length => {
  const bytes = new Uint8Array(randomBytes(length))
  expect(brotliDecompressSync(await compressPage(bytes, 'br'))).toEqual(Buffer.from(bytes))
  expect(gunzipSync(await compressPage(bytes, 'gzip'))).toEqual(Buffer.from(bytes))
})
