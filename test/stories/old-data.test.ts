import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FINE, type Io } from '../../src/cli/io.ts'
import { main } from '../../src/cli/tousu.ts'
import { DEMO_PEOPLE } from '../../src/demo/stories.ts'
import { type DemoServer, openDemo } from '../../src/hosts/node/demo.ts'
import { parseId } from '../../src/link/id.ts'

const OLD = fileURLToPath(new URL('../data/v0.1.0', import.meta.url))
/** Within the hour in which it was made, so that nothing fell due since. */
const NOW = Date.parse('2026-11-28T05:52:00Z')
const folder = mkdtempSync(join(tmpdir(), 'tousu-old-'))
let server: DemoServer

beforeAll(async () => {
  cpSync(OLD, folder, { recursive: true })
  writeFileSync(join(folder, 'ledger.db'), gunzipSync(readFileSync(join(OLD, 'ledger.db.gz'))))
  server = await openDemo(folder, 'http://localhost:8899', NOW)
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

const json = { headers: { Accept: 'application/json' } }
const viewOf = async (url: string) => {
  const response = await server.app.request(new URL(url).pathname, json)
  expect(response.status).toBe(200)
  return (await response.json()) as { complaint: { state: string }; steps: { kind: string; leaf: string }[] }
}

const QUIET: Io = { out: () => undefined, err: () => undefined, now: () => NOW, tty: false, fetch }
const verify = (receipt: string, ...more: string[]): Promise<number> =>
  main(['verify', receipt, '--policy', join(OLD, 'trust.txt'), ...more], QUIET)

test.each(['receipt-1.json', 'receipt-2.json'])('%s, taken from 0.1.0, verifies', async name => {
  expect(await verify(join(OLD, name))).toBe(FINE)
})

test('its links show the steps that the old receipts prove', async () => {
  const views = await Promise.all(server.facts.stories.map(({ trackingUrl }) => viewOf(trackingUrl)))
  const leaves = new Set(views.flatMap(({ steps }) => steps.map(({ leaf }) => leaf)))
  expect(views).toHaveLength(6)
  for (const name of ['receipt-1.json', 'receipt-2.json']) {
    const { statement } = JSON.parse(readFileSync(join(OLD, name), 'utf8')) as { statement: string }
    const claims = JSON.parse(Buffer.from(statement.split('.')[1] ?? '', 'base64url').toString()) as {
      head_leaf: string
    }
    expect(leaves).toContain(claims.head_leaf)
  }
})

test('its officers are known by their name, also when they sign in', async () => {
  const ids = server.facts.stories.map(({ id }) => parseId(id) ?? 0)
  const named = (name: string) => ids.map(id => server.ledger.read(id, undefined, { name, subject: 'demo platform' }))
  const known = async (name: string) =>
    (await Promise.all(named(name))).flatMap(
      timeline =>
        timeline?.entries.filter(
          ({ step }) => step.kind === 'ruled' && step.who !== null && timeline.ownTags?.includes(step.who),
        ) ?? [],
    )
  expect((await known(DEMO_PEOPLE.platform.name)).length).toBeGreaterThan(0)
  expect(await known('承办人 9999')).toEqual([])
})

test('it takes new acts, and a new receipt continues the old one', async () => {
  const [story] = server.facts.stories
  const path = new URL(story?.trackingUrl ?? '').pathname
  const before = await viewOf(story?.trackingUrl ?? '')
  const act = {
    method: 'POST',
    headers: { ...json.headers, 'Content-Type': 'application/json' },
    body: '{"text":"还在吗"}',
  }
  expect((await server.app.request(`${path}/messages`, act)).status).toBe(201)
  const { steps } = await viewOf(story?.trackingUrl ?? '')
  expect(steps.length).toBeGreaterThan(before.steps.length)
  const receipt = join(folder, 'new.json')
  writeFileSync(receipt, await (await server.app.request(`${path}/receipt.json`)).text())
  expect(await verify(receipt, '--earlier', join(OLD, 'receipt-1.json'))).toBe(FINE)
})

test('an evidence file of then is served', async () => {
  const shown = await viewOf(server.facts.stories[2]?.trackingUrl ?? '')
  const sha256 = /"sha256":"([0-9a-f]{64})"/.exec(JSON.stringify(shown))?.[1]
  const path = new URL(server.facts.stories[2]?.trackingUrl ?? '').pathname
  const file = await server.app.request(`${path}/files/${sha256}`)
  expect([file.status, file.headers.get('content-type')]).toEqual([200, 'image/png'])
})
