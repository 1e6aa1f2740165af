import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import document from '../../../db/policies/cn-2026-1.json' with { type: 'json' }
import { createDeps } from '../../../src/hosts/create-deps.ts'
import { folderStore } from '../../../src/hosts/node/file-store.ts'
import { openNodeHost } from '../../../src/hosts/node/sqlite.ts'
import type { Ledger } from '../../../src/ledger/contract/ledger.ts'
import type { Host } from '../../../src/ledger/host.ts'
import { LocalLedger } from '../../../src/ledger/local-ledger.ts'
import { parseSms } from '../../../src/notify/sms/vendors/config.ts'
import { createApp } from '../../../src/routes/app.ts'
import { done, people, START } from '../../ledger/fixture.ts'
import { newFolder, newSecrets, ORIGIN } from '../../ledger/node-host.ts'
import { GATEWAY, sms } from '../../notify/sms/vendors/world.ts'
import { captureLogs } from '../../support/log-lines.ts'
import { parseMetrics } from '../../support/metrics.ts'
import { openTestHost, TestServer } from '../../support/server.ts'
import { WitnessFixture } from '../../witness/fixture.ts'

// Each fault is mounted in earnest, is seen at `/readyz` or at a gauge of `/metrics`, and is gone once it is mended.

const [MINUTE, DAY] = [60_000, 86_400_000]

afterEach(() => {
  vi.restoreAllMocks()
})

/** `/readyz` and `/metrics` over a ledger, and the lines about it. */
const watch = async (ledger: Ledger) => {
  const said = captureLogs()
  const files = folderStore(newFolder())
  const settings = { demo: true, baseUrl: 'https://t.tousu.example', secrets: await newSecrets(), policy: document }
  const app = createApp(createDeps({ ledgers: [ledger], files, clock: { now: () => START }, uploadBytes: 1 }, settings))
  const scrape = async () => parseMetrics(await (await app.request('/metrics')).text())
  return {
    /** The status of `/readyz`, and its reason. */
    ready: async (): Promise<unknown[]> => {
      const answer = await app.request('/readyz')
      const { reason }: { reason?: string } = JSON.parse(await answer.text())
      // What alerts go by says the same.
      const unready = [...(await scrape())].filter(
        ([series, value]) => series.startsWith('tousu_unready') && value === 1,
      )
      expect(unready.map(([series]) => series)).toEqual(reason ? [`tousu_unready{shard="0",reason="${reason}"}`] : [])
      return reason ? [answer.status, reason] : [answer.status]
    },
    gauge: async (name: string, labels = ''): Promise<number | undefined> =>
      (await scrape()).get(`${name}{shard="0"${labels}}`),
    /** What the log says of the ledger's health, in order. */
    told: () => said.lines().map(({ msg, reason = '' }) => `${msg} ${reason}`.trim()),
  }
}

/** A wall clock and a monotonic one, both in the test's hands. */
const clocks = () => {
  let [wall, monotonic] = [START, 0]
  return {
    now: () => wall,
    monotonic: () => monotonic,
    pass: (ms: number) => {
      wall += ms
      monotonic += ms
    },
    leap: (ms: number) => {
      wall += ms
    },
  }
}

const open = async (wrap = (host: Host): Host => host) => {
  const host = openNodeHost(newFolder())
  const clock = clocks()
  const options = { secrets: await newSecrets(), policy: document, origin: ORIGIN, clock, signEveryMs: 0 }
  const ledger = new LocalLedger({ ...options, host: wrap(host) })
  onTestFinished(() => ledger.close())
  const { id } = done(await people(ledger).submit())
  await ledger.receipt(id, 'buyer')
  const say = (text = '在吗') => people(ledger).say(id, text)
  return { ledger, sqlite: host.sqlite, clock, say, submit: people(ledger).submit, ...(await watch(ledger)) }
}

test('a full disk: storage_full until a write fits again', async () => {
  const { ready, gauge, say, sqlite, told } = await open()
  expect([await ready(), await gauge('tousu_write_failures_total')]).toEqual([[200], 0])
  sqlite.pragma(`max_page_count = ${Number(sqlite.pragma('page_count', { simple: true })) + 2}`)
  const answers = await Promise.allSettled(Array.from({ length: 20 }, () => say('很长的话'.repeat(200))))
  expect(answers.some(({ status }) => status === 'rejected')).toBe(true)
  expect(await ready()).toEqual([503, 'storage_full'])
  expect(await gauge('tousu_write_failures_total')).toBeGreaterThan(0)
  sqlite.pragma('max_page_count = 1000000')
  await say()
  await expect.poll(ready).toEqual([200])
  expect(told()).toEqual(['ledger fails storage_full', 'ledger works again'])
})

test('a database that takes no writes: write_failing until it does', async () => {
  const { ready, gauge, say, sqlite, told } = await open()
  const commits = await gauge('tousu_commit_seconds_count')
  sqlite.pragma('query_only = on')
  await expect(say()).rejects.toThrow()
  expect(await ready()).toEqual([503, 'write_failing'])
  expect([await gauge('tousu_write_failures_total'), await gauge('tousu_commit_seconds_count')]).toEqual([1, commits])
  sqlite.pragma('query_only = off')
  await say()
  await expect.poll(ready).toEqual([200])
  expect(await gauge('tousu_commit_seconds_count')).toBeGreaterThan(commits ?? 0)
  expect(told()).toEqual(['ledger fails write_failing', 'ledger works again'])
})

test('a bug of one command is no fault of the storage', async () => {
  const { ready, say, sqlite } = await open()
  sqlite.exec(`create trigger fault before insert on disclosures begin select raise(abort, 'a fault'); end`)
  await expect(say()).rejects.toThrow('a fault')
  expect(await ready()).toEqual([200])
})

test('a checkpoint that can’t be published: signer_failing and unsigned leaves', async () => {
  const store = { isBroken: false }
  const { ready, gauge, say, clock, told } = await open(host => ({
    ...host,
    checkpointFile: {
      read: () => host.checkpointFile.read(),
      write: note => {
        if (store.isBroken) throw new Error('EROFS')
        return host.checkpointFile.write(note)
      },
    },
  }))
  expect(await gauge('tousu_unsigned_leaves')).toBe(0)
  store.isBroken = true
  await say()
  await expect.poll(ready).toEqual([503, 'signer_failing'])
  clock.pass(5 * MINUTE)
  expect([await gauge('tousu_unsigned_leaves'), await gauge('tousu_checkpoint_age_seconds')]).toEqual([1, 300])
  store.isBroken = false
  await say()
  await expect.poll(ready).toEqual([200])
  expect([await gauge('tousu_unsigned_leaves'), await gauge('tousu_checkpoint_age_seconds')]).toEqual([0, 0])
  expect(told()).toEqual(['ledger fails signer_failing', 'ledger works again'])
})

test('a scheduler that does not run: deadlines_late, and how late', async () => {
  const { ready, gauge, ledger, clock, told } = await open()
  clock.pass(2 * DAY - MINUTE)
  expect([await ready(), await gauge('tousu_deadline_lag_seconds')]).toEqual([[200], 0])
  clock.pass(7 * MINUTE)
  expect([await ready(), await gauge('tousu_deadline_lag_seconds')]).toEqual([[503, 'deadlines_late'], 360])
  await ledger.tick()
  expect([await ready(), await gauge('tousu_deadline_lag_seconds')]).toEqual([[200], 0])
  expect(told()).toEqual(['ledger fails deadlines_late', 'ledger works again'])
})

test('a clock ahead is named, and no age is made up by it; a clock behind is named', async () => {
  const { ready, gauge, clock, say, told } = await open()
  clock.leap(30 * DAY)
  expect(await ready()).toEqual([503, 'clock_ahead'])
  expect([await gauge('tousu_deadline_lag_seconds'), await gauge('tousu_outbox_oldest_seconds')]).toEqual([NaN, NaN])
  expect(await say()).toEqual({ refused: 'clock_ahead' })
  clock.leap(-30 * DAY)
  expect([await ready(), await gauge('tousu_deadline_lag_seconds')]).toEqual([[200], 0])
  clock.leap(-10 * MINUTE)
  expect(await ready()).toEqual([503, 'clock_behind'])
  clock.leap(10 * MINUTE)
  expect(await ready()).toEqual([200])
  expect(told()).toEqual([
    ...['ledger fails clock_ahead', 'ledger works again'],
    ...['ledger fails clock_behind', 'ledger works again'],
  ])
})

test('50,000 messages that wait are counted, and 400,000 that ended or lie ahead are not', async () => {
  const { gauge, sqlite, clock } = await open()
  const insert = `insert into outbox (complaint, party, seq, stay, template, next_at, attempts, outcome, created_at)
    with recursive n(i) as (select 1 union all select i + 1 from n where i < ?)
    select 1, 'buyer', 0, 0, 'reminder', ? , 0, ?, 0 from n`
  sqlite.prepare(insert).run(200_000, null, 'accepted')
  sqlite.prepare(insert).run(200_000, START + DAY, null)
  const before = (await gauge('tousu_outbox_pending')) ?? 0
  expect(before).toBeLessThan(5)
  sqlite.prepare(insert).run(50_000, START - MINUTE, null)
  expect([await gauge('tousu_outbox_pending'), await gauge('tousu_outbox_oldest_seconds')]).toEqual([
    before + 50_000,
    60,
  ])
  clock.pass(DAY)
  // Counted so far, and no further.
  expect(await gauge('tousu_outbox_pending')).toBe(100_000)
  sqlite.exec('update outbox set next_at = null')
  expect([await gauge('tousu_outbox_pending'), await gauge('tousu_outbox_oldest_seconds')]).toEqual([0, 0])
})

test('an SMS gateway that is down: a line, and an age that grows until it is mended', async () => {
  const said = captureLogs()
  const answer = { status: 503 }
  vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response('{"reference":"r"}', answer))
  const host = await openTestHost(START, { provider: undefined, sms: parseSms(sms(GATEWAY)) })
  onTestFinished(() => host.close())
  const server = new TestServer(host)
  const oldest = async () =>
    parseMetrics((await server.get('/metrics')).text).get('tousu_outbox_oldest_seconds{shard="0"}')
  await server.submit()
  await host.scheduler.runOnce()
  for (let hour = 1; hour <= 3; hour++) {
    await host.advance(1)
    expect(await oldest()).toBeCloseTo(3600 * hour, -1)
  }
  // A message that waits for its next attempt counts as well; one that is planned for later does not.
  expect(parseMetrics((await server.get('/metrics')).text).get('tousu_outbox_pending{shard="0"}')).toBe(1)
  answer.status = 200
  await host.advance(2)
  expect(await oldest()).toBe(0)
  expect((await server.get('/readyz')).status).toBe(200)
  expect(said.lines()).toMatchObject([
    { msg: 'sms vendor fails', vendor: 'gateway', reason: 'http_503' },
    { msg: 'sms vendor works again', vendor: 'gateway' },
  ])
})

test('a witness that falls silent: its cosignature ages; one that never signed has no age', async () => {
  const town = await WitnessFixture.found({ quorum: 'any' })
  town.two.dead()
  await town.isWritable()
  const { gauge, ready } = await watch(town.ledger)
  const age = (name: string) => gauge('tousu_witness_cosignature_age_seconds', `,witness="${name}"`)
  await town.ledger.asked()
  expect([await age('association'), await age('university')]).toEqual([0, Number.POSITIVE_INFINITY])
  town.one.dead()
  for (let minutes = 10; minutes <= 30; minutes += 10) {
    await town.later(10 * MINUTE)
    expect(await age('association')).toBe(minutes * 60)
  }
  town.one.well()
  await town.later(10 * MINUTE)
  await town.ledger.asked()
  expect([await age('association'), await ready()]).toEqual([0, [200]])
  // A start before any of the quorum answers.
  town.one.dead()
  await town.restart()
  const again = await watch(town.ledger)
  expect(await again.ready()).toEqual([503, 'waiting_for_witnesses'])
  expect(await again.gauge('tousu_witness_cosignature_age_seconds', ',witness="association"')).toBe(0)
  town.one.well()
  await expect.poll(() => town.later(MINUTE).then(again.ready)).toEqual([200])
})

test('a restored backup that a witness knows better: fork, for good', async () => {
  const town = await WitnessFixture.found({ witnesses: 1 })
  await town.isWritable()
  await town.backUp()
  await town.isWritable()
  const { id } = done(await people(town.ledger).submit())
  await town.witnessed(id, 1)
  await town.restore()
  await town.start()
  await town.isReadOnly(/another history/)
  const { ready, told } = await watch(town.ledger)
  expect(await ready()).toEqual([503, 'fork'])
  await town.later(30 * MINUTE)
  expect([await ready(), told()]).toEqual([[503, 'fork'], ['ledger fails fork']])
})
