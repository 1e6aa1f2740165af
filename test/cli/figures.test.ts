import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Hono } from 'hono'
import { afterAll, beforeAll, expect, test } from 'vitest'
import document from '../../db/policies/cn-2026-3.json' with { type: 'json' }
import { main } from '../../src/cli/tousu.ts'
import type { PublicIndex } from '../../src/complaint/figures/public-index.ts'
import { openNodeHost } from '../../src/hosts/node/sqlite.ts'
import { MESSAGES } from '../../src/i18n/languages.ts'
import { LocalLedger } from '../../src/ledger/local-ledger.ts'
import { makeSecrets, readSecrets, type Secrets } from '../../src/ledger/log/secrets.ts'
import type { Deps } from '../../src/routes/deps.ts'
import { indexRoutes } from '../../src/routes/figures/routes.ts'
import { logRoutes } from '../../src/routes/log/routes.ts'
import { languages } from '../../src/views/context.ts'
import {
  buyer,
  DAY,
  done,
  fullOffer,
  HOUR,
  intake,
  merchant,
  officer,
  rejection,
  ruling,
  START,
  shop,
} from '../ledger/fixture.ts'
import { serve } from '../support/serve.ts'

/** Three shards of one site, and a season of complaints on them. */
const SHARDS = 3
let folder: string
let site: string
let ledgers: LocalLedger[]
let server: Awaited<ReturnType<typeof serve>>
let now = START

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tousu-figures-'))
  // One key for all logs of a site, as on both hosts.
  const secrets = await readSecrets(await makeSecrets())
  ledgers = Array.from({ length: SHARDS }, (_, shard) => open(shard, secrets))
  for (let day = 0; day < 40; day++) await live(day)
  // So that what was published last covers everything.
  for (const ledger of ledgers) {
    const [item] = await ledger.inbox({ now, limit: 1 })
    await ledger.statement(item!.id)
  }
  const deps = { ledgers, clock: { now: () => now }, pages: languages(MESSAGES) } as unknown as Deps
  server = await serve(new Hono().route('/', indexRoutes(deps)).route('/log', logRoutes(deps)))
  site = server.origin
  const keys = await Promise.all(ledgers.map(ledger => ledger.log.identity()))
  for (const [i, key] of keys.entries())
    writeFileSync(join(folder, `trust-${i}.txt`), `log ${key.verifierKey}\nquorum none\n`)
})
afterAll(async () => {
  server.server.close()
  for (const ledger of ledgers) await ledger.close()
  rmSync(folder, { recursive: true })
})

const open = (shard: number, secrets: Secrets): LocalLedger => {
  const host = openNodeHost(join(folder, `shard-${shard}`))
  const options = { shard, clock: { now: () => now }, origin: `figures.test/log/${shard}`, signEveryMs: 0 }
  return new LocalLedger({ host, secrets, policy: document, ...options })
}

/** A day: what is old goes on by itself, and three complaints come, of merchants that answer each in its own way. */
const live = async (day: number): Promise<void> => {
  now = START + day * DAY
  for (const ledger of ledgers) await ledger.tick()
  for (let i = 0; i < 3; i++) {
    const number = day * 3 + i
    const id = `m-${number % 4}`
    const ledger = ledgers[(number % 4) % SHARDS]!
    const submit = intake({ merchantId: id, category: number % 5 ? 'quality' : 'service' })
    const { id: complaint } = done(await ledger.execute({ act: 'submit', complaint: null, by: shop, body: submit }))
    now += (number % 7) * HOUR + 1_234
    const owner = merchant(id)
    if (number % 4 === 3 && day % 2) continue
    if (number % 4 === 2) {
      done(await ledger.execute({ act: 'responses', complaint, by: owner, body: rejection }))
      if (day % 3 === 0) continue
      done(await ledger.execute({ act: 'escalation', complaint, by: buyer, body: { reason: '不同意' } }))
      now += HOUR
      const body = ruling({ outcome: 'for_merchant', remedy: undefined })
      done(await ledger.execute({ act: 'rulings', complaint, by: officer(), body }))
      done(await ledger.execute({ act: 'rating', complaint, by: buyer, body: { score: 1 + (day % 2) } }))
      continue
    }
    done(await ledger.execute({ act: 'responses', complaint, by: owner, body: fullOffer }))
    const proof = { statement: '已退款', proof: '退款单' }
    done(await ledger.execute({ act: 'fulfilment', complaint, by: owner, body: proof }))
    if (day % 4 === 0) continue
    done(await ledger.execute({ act: 'confirmation', complaint, by: buyer, body: {} }))
    if (number % 3)
      done(await ledger.execute({ act: 'rating', complaint, by: buyer, body: { score: 3 + (number % 3) } }))
  }
}

/** What the tool reads: the site, or somebody's version of it. */
type Forge = (path: string, body: string) => string
const tousu = async (args: readonly string[], forge: Forge = (_, body) => body) => {
  const out: string[] = []
  const err: string[] = []
  const code = await main(['figures', ...args], {
    out: line => void out.push(line),
    err: text => void err.push(text),
    tty: false,
    now: () => now,
    fetch: async url => {
      const answer = await fetch(url)
      if (!url.includes('/index.json')) return answer
      return new Response(forge(url, await answer.text()), { status: answer.status })
    },
  })
  return { code, out: out.join('\n'), err: err.join('') }
}
const policies = () => Array.from({ length: SHARDS }, (_, i) => join(folder, `trust-${i}.txt`))
const trust = () => policies().flatMap(file => ['--policy', file])
const changed =
  (change: (said: PublicIndex & { logs: { size: number }[] }) => void): Forge =>
  (_, body) => {
    const said = JSON.parse(body)
    change(said)
    return JSON.stringify(said)
  }

const python = async (...args: string[]) => {
  const script = fileURLToPath(new URL('../../docs/figures.py', import.meta.url))
  const child = spawn('python3', [script, ...args])
  let out = ''
  child.stdout.on('data', chunk => {
    out += chunk
  })
  const [code] = await once(child, 'close')
  return { code, out }
}

test('the index of three shards follows from their logs, in each period, by two programs', {
  timeout: 120_000,
}, async () => {
  for (const period of ['30', '90', '365']) {
    expect(await tousu([site, ...trust(), '--period', `${period}d`])).toMatchObject({
      code: 0,
      out: expect.stringContaining('✓ figures: all of them follow from the log'),
    })
  }
  expect(await python(site, ...policies(), '30')).toMatchObject({
    code: 0,
    out: expect.stringContaining('✓ figures: 0 differ'),
  })
})

test('there is something in it: open ones, ends, misses, both kinds of ratings, and comparisons', async () => {
  const said: PublicIndex & { merchants: { name: string }[] } = await (await fetch(`${site}/index.json`)).json()
  const { platform } = said
  const ends = Object.values(platform.ended).reduce((a, b) => a + b)
  expect(platform.opened).toBe(120)
  expect(platform.open + ends).toBe(120)
  for (const number of [platform.open, platform.ended.confirmed, platform.ended.ruled, platform.missed.merchant])
    expect(number).toBeGreaterThan(0)
  expect(platform.satisfaction.own.mean).toBeGreaterThan(platform.satisfaction.other.mean ?? 5)
  expect(said.merchants.map(({ comparison }) => comparison).sort()).toEqual(['better', 'better', 'better', 'worse'])
})

test.each<[string, (said: PublicIndex) => void, RegExp]>([
  [
    'a count',
    said => said.platform.ended.confirmed++,
    /✗ platform\.ended\.confirmed: \d+ by the log, \d+ on the server/,
  ],
  ['a median', said => Object.assign(said.platform, { answerHours: 0 }), /✗ platform\.answerHours: /],
  [
    'a merchant left out',
    said => said.merchants.shift(),
    /✗ merchants\.[\w-]{16}: .* by the log, nothing on the server/,
  ],
  [
    'a merchant made up',
    said => said.merchants.push({ ...said.merchants[0]!, m: 'A'.repeat(16) }),
    /nothing by the log/,
  ],
  [
    'a friend called better',
    said => Object.assign(said.merchants.find(({ comparison }) => comparison === 'worse')!, { comparison: 'better' }),
    /✗ merchants\.[\w-]{16}\.comparison: "worse" by the log, "better" on the server/,
  ],
  ['a step of the trend', said => said.trend[11]!.opened--, /✗ trend\.\d+\.opened/],
  ['a day of its own', said => Object.assign(said, { from: said.from + 1 }), /✗ from: /],
])('%s is named', async (_, change, line) => {
  const { code, out } = await tousu([site, ...trust()], changed(change))
  expect(code).toBe(1)
  expect(out).toMatch(line)
})

test('figures of an earlier log than is served, and of more than is signed', { timeout: 60_000 }, async () => {
  const fewer = changed(said => {
    said.logs[0]!.size -= 3
  })
  expect((await tousu([site, ...trust()], fewer)).code).toBe(1)
  const more = changed(said => {
    said.logs[0]!.size += 3
  })
  expect(await tousu([site, ...trust()], more)).toMatchObject({ code: 1, out: expect.stringContaining('are signed') })
})

test('a log that no policy names is not believed', async () => {
  const [first = ''] = policies()
  expect(await tousu([site, '--policy', first])).toMatchObject({ code: 1, out: expect.stringContaining('✗ log: ') })
  expect(await python(site, first)).toMatchObject({ code: 1, out: expect.stringContaining('✗ log: ') })
})

test.each([
  [[], 'give the URL of one site'],
  [['ftp://x', '--policy', 'x'], 'give the URL of a site'],
  [['http://127.0.0.1:9'], '--policy is missing'],
])('%j is trouble', async (args, words) => {
  expect(await tousu(args)).toMatchObject({ code: 2, err: expect.stringContaining(words) })
})
test('a period that there is none of, and what is no index', async () => {
  expect(await tousu([site, ...trust(), '--period', '7d'])).toMatchObject({ code: 2 })
  for (const body of ['{}', 'null', '<html>', '{"until":1,"logs":[{"path":"//evil.example","origin":"x","size":1}]}'])
    expect(await tousu([site, ...trust()], () => body), body).toMatchObject({
      code: 2,
      err: expect.stringContaining('not an index'),
    })
})
