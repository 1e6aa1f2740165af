import { readdirSync, readFileSync } from 'node:fs'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { transformSync } from 'esbuild'
import { beforeAll, expect, test } from 'vitest'
import { useServer } from '../../support/server.ts'

const house = useServer()
/** As it is sent, for who takes it uncompressed. */
let css: Buffer
beforeAll(async () => {
  css = (await ask('/app.css')).bytes
})
/** What a style sheet says, however it is written. */
const meaning = (sheet: string) => transformSync(sheet, { loader: 'css', minify: true }).code

/** The answer as it is on the wire. */
const ask = async (path: string, headers: Record<string, string> = {}) => {
  const answer = await house.door.fetch(path, { headers })
  return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) }
}

const addressOf = async (name: string): Promise<string> => {
  const { text } = await house.get('/', { Accept: 'text/html' })
  return /href="(\/app\.[^"]+\.css)"/.exec(text)?.[1] ?? name
}

test('a page names its style sheet by a hash, and that address is kept for good', async () => {
  const address = await addressOf('app.css')
  expect(address).toMatch(/^\/app\.[\w-]{8}\.css$/)
  const { status, headers, bytes } = await ask(address)
  expect([status, headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable'])
  expect(bytes).toEqual(css)
  expect(headers.get('content-type')).toBe('text/css; charset=utf-8')
})

test.each(readdirSync('public').filter(name => name.endsWith('.css')))(
  '%s is sent without what no browser reads, and says the same',
  async name => {
    const [source, sent] = [readFileSync(`public/${name}`, 'utf8'), (await ask(`/${name}`)).bytes.toString()]
    expect(meaning(sent)).toBe(meaning(source))
    expect(sent).not.toMatch(/\/\*|\n/)
  },
)

test('comments stay here, and what others built is served byte for byte', async () => {
  for (const name of ['track.js', 'sign.js', 'photos.js', 'new.js', 'console.js']) {
    const { bytes } = await ask(`/${name}`)
    const source = readFileSync(`public/${name}`, 'utf8').split('\n')
    expect(bytes.toString()).toBe(source.filter(line => !/^\s*(\/\/|\/\*\*.*\*\/$)/.test(line)).join('\n'))
  }
  for (const name of ['htmx.min.js', 'verify.js'])
    expect((await ask(`/${name}`)).bytes).toEqual(readFileSync(`public/${name}`))
})

test('without its hash, or with that of another version, a file is not kept for good', async () => {
  for (const path of ['/app.css', '/app.00000000.css']) {
    const { status, headers, bytes } = await ask(path)
    expect([path, status, headers.get('cache-control')]).toEqual([path, 200, 'public, max-age=3600'])
    expect(bytes).toEqual(css)
  }
})

test('compressed for those who take it, never for those who do not', async () => {
  const of = async (accepted: string) => {
    const { headers, bytes } = await ask('/app.css', { 'Accept-Encoding': accepted })
    expect(headers.get('vary')).toBe('Accept-Encoding')
    return { encoding: headers.get('content-encoding'), bytes }
  }
  for (const accepted of ['gzip, deflate, br, zstd', 'br', 'br;q=0.5, gzip']) {
    const { encoding, bytes } = await of(accepted)
    expect([accepted, encoding, brotliDecompressSync(bytes)]).toEqual([accepted, 'br', css])
  }
  const { encoding, bytes } = await of('br;q=0, gzip')
  expect([encoding, gunzipSync(bytes)]).toEqual(['gzip', css])
  for (const accepted of ['identity', 'br;q=0', 'gzip;q=0.0', 'bro', '*'])
    expect([accepted, (await of(accepted)).encoding]).toEqual([accepted, null])
})

test('a file that is known is not sent again', async () => {
  for (const accepted of ['br', 'gzip', 'identity']) {
    const first = await ask('/app.css', { 'Accept-Encoding': accepted })
    const etag = first.headers.get('etag') ?? ''
    const again = await ask('/app.css', { 'Accept-Encoding': accepted, 'If-None-Match': etag })
    expect([again.status, again.bytes.length]).toEqual([304, 0])
    expect((await ask('/app.css', { 'If-None-Match': '"other"' })).status).toBe(200)
  }
})

test('only files of the site are served', async () => {
  for (const path of ['/_headers', '/app', '/app.12345678.png', '/../package.json', '/app.css/'])
    expect([path, (await ask(path)).status]).toEqual([path, 404])
})
