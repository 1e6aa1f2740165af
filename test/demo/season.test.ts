import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import document from '../../db/policies/cn-2026-3.json' with { type: 'json' }
import { sumOf } from '../../src/complaint/figures/public-index.ts'
import { recordOf } from '../../src/complaint/figures/record.ts'
import { DAY, HOUR } from '../../src/complaint/time.ts'
import { storiesBegin } from '../../src/demo/replay.ts'
import { DEMO_ORIGIN, demoSecrets } from '../../src/hosts/node/demo.ts'
import { seedSeasonIn } from '../../src/hosts/node/demo-season.ts'
import { recountFigures } from '../../src/hosts/node/recount-figures.ts'
import { openNodeHost } from '../../src/hosts/node/sqlite.ts'
import { LocalLedger } from '../../src/ledger/local-ledger.ts'
import { checkLog } from '../ledger/check-log.ts'

/** In the sale of June, so that few days have many lives. */
const NOW = Date.parse('2026-07-01T12:00:00+08:00')
const DAYS = 12
const EVER = { from: 0, until: 100_000 }
let folder: string
let dataDir: string
let count: number

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tousu-season-'))
  dataDir = join(folder, 'data')
  count = await seedSeasonIn(dataDir, NOW, DAYS)
})
afterAll(() => rmSync(folder, { recursive: true }))

const opened = async <T>(look: (ledger: LocalLedger) => Promise<T>): Promise<T> => {
  const secrets = await demoSecrets(dataDir)
  const ledger = new LocalLedger({
    ...{ host: openNodeHost(dataDir), secrets, policy: document, origin: DEMO_ORIGIN },
    ...{ clock: { now: () => NOW }, signEveryMs: 0 },
  })
  try {
    return await look(ledger)
  } finally {
    await ledger.close()
  }
}

/** Rows have no order of their own. */
const indexOf = async (ledger: LocalLedger) => {
  const { days, merchants, ...index } = await ledger.figures.index(EVER)
  const byKey = <T>(rows: T[], keyOf: (row: T) => string) => rows.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  return {
    ...index,
    days: byKey(days, ({ day, category }) => `${day} ${category}`),
    merchants: byKey(merchants, ({ m }) => m),
  }
}

test('a season is a true log, and its figures are those of its leaves', async () => {
  expect(count).toBeGreaterThan(100)
  expect(existsSync(`${dataDir}.part`)).toBe(false)
  await opened(async ledger => {
    await checkLog(ledger, NOW)
    const { days, merchants, whole } = await ledger.figures.index(EVER)
    const { opened, open, ended, missed, satisfaction, appealed, escalated, ...record } = recordOf(sumOf(days))
    expect([whole, opened]).toEqual([true, count])
    expect(merchants.length).toBeGreaterThan(8)
    // What the plots are to tell: each way to end, and both kinds of ratings.
    for (const [what, n] of Object.entries({ open, escalated, ...missed, ...ended }))
      if (!['buyer', 'refused', 'platform', 'lapsed'].includes(what)) expect(n, what).toBeGreaterThan(0)
    expect(satisfaction.own.cases).toBeGreaterThan(0)
    expect(record.answered?.share).toBeGreaterThan(0.5)
  })
})

test('a season told at any hour of the day sends its messages', async () => {
  for (const hours of [6, 12, 18]) {
    const later = join(folder, `later-${hours}`)
    await seedSeasonIn(later, NOW + hours * HOUR, 5)
    const host = openNodeHost(later)
    const waiting = host.sqlite
      .prepare("select count(*) from outbox where template = 'submitted' and next_at is not null and created_at < ?")
      .pluck()
      .get(storiesBegin(NOW) - 2 * DAY)
    await host.close()
    expect(waiting, `${hours} hours later`).toBe(0)
  }
})

test('figures:recount: what is counted anew from the leaves is what was kept', async () => {
  const { kept, desks, officers } = await opened(async ledger => {
    await ledger.tick()
    const { figures } = ledger
    return { kept: await indexOf(ledger), desks: await figures.desks(EVER), officers: await figures.officers(EVER) }
  })
  expect([desks.length, officers.length].every(length => length > 0)).toBe(true)
  expect(recountFigures(dataDir)).toBe(count)
  await opened(async ledger => {
    expect(await ledger.figures.index(EVER)).toMatchObject({ whole: false, days: [], merchants: [] })
    while (!(await ledger.figures.index(EVER)).whole) await ledger.tick()
    expect(await indexOf(ledger)).toEqual(kept)
    expect(await ledger.figures.desks(EVER)).toEqual(desks)
    expect(await ledger.figures.officers(EVER)).toEqual(officers)
  })
})
