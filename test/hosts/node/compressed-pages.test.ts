import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
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

test('page and style sheet take 10 KB at most, and with all scripts 30', async () => {
  const { room } = await scenes.offered(house)
  const wire = { 'Accept-Encoding': 'gzip, deflate, br' }
  const page = await ask(room, wire)
  const html = brotliDecompressSync(page.bytes).toString()
  const files = [...html.matchAll(/(?:href|src)="(\/[\w.-]+\.(?:css|js|svg))"/g)].map(([, path = '']) => path)
  expect(files.filter(path => /\.(?:css|js)$/.test(path)).length).toBeGreaterThan(2)
  const sizes = new Map<string, number>()
  for (const path of files) sizes.set(path, (await ask(path, wire)).bytes.length)
  const sign = files.find(path => path.startsWith('/sign.')) ?? ''
  expect(sizes.get(sign)).toBeLessThan(3 * 1024)
  const css = files.find(path => path.endsWith('.css')) ?? ''
  expect(page.bytes.length + (sizes.get(css) ?? Number.NaN)).toBeLessThan(10 * 1024)
  expect([...sizes.values()].reduce((sum, size) => sum + size, page.bytes.length)).toBeLessThan(30 * 1024)
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
