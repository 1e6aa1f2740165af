// A supervisor's figures: page, CSV and JSON of one reading.

import type { Context } from 'hono'
import { byCategory, condensed, sumOf, trendOf } from '../../complaint/figures/public-index.ts'
import type { Counts } from '../../complaint/figures/reckon.ts'
import { medianHours, recordOf } from '../../complaint/figures/record.ts'
import { type DeskFigures, deskFiguresPage } from '../../views/desk/figures.ts'
import { dateOf } from '../../views/figures/sections.ts'
import type { Deps } from '../deps.ts'
import {
  CSV_HEADERS,
  type CsvRow,
  daysOf,
  readDays,
  readDesks,
  readMerchants,
  readOfficers,
  readPeriod,
  recordsCsv,
} from '../figures/counts.ts'
import type { Signed } from '../signin/session.ts'
import { deskPageOf } from './case.ts'

const MERCHANTS = 50

export const showDeskFigures = async (c: Context<Signed>, deps: Deps) =>
  c.html(String(deskFiguresPage(await readFigures(c, deps), await deskPageOf(c, deps))))

export const deskFiguresJson = async (c: Context<Signed>, deps: Deps) => c.json(await readFigures(c, deps))

export const deskFiguresCsv = async (c: Context<Signed>, deps: Deps) => {
  const { period, record, categories, merchants, trend } = await readFigures(c, deps)
  const rows: CsvRow[] = [
    { lead: { scope: 'platform', name: null }, record },
    ...Object.entries(categories).map(([name, record]) => ({ lead: { scope: 'category', name }, record })),
    ...merchants.map(({ name, record }) => ({ lead: { scope: 'merchant', name }, record })),
    ...trend.map(({ from, until, ...record }) => ({
      lead: { scope: 'days', name: `${dateOf(from)}/${dateOf(until)}` },
      record,
    })),
  ]
  return c.body(recordsCsv(rows), 200, CSV_HEADERS(`figures-${period}d`))
}

const readFigures = async (c: Context<Signed>, deps: Deps): Promise<DeskFigures> => {
  const { ledgers, clock } = deps
  const period = readPeriod(c.req.query('period'))
  const now = clock.now()
  const days = daysOf(now, period)
  const [all, desks, officers, merchants, load] = await Promise.all([
    readDays(ledgers, null, days),
    readDesks(ledgers, days),
    readOfficers(ledgers, days),
    readMerchants(ledgers, days, MERCHANTS),
    openAtUs(deps, now),
  ])
  const cells = condensed(all.days, days.from, days.until)
  return {
    period,
    whole: all.whole,
    load,
    record: recordOf(sumOf(cells)),
    older: { open: all.before.open ?? 0 },
    trend: trendOf(cells, days.from, days.until),
    desks: desks.map(({ desk, counts }) => ({ desk, ...workOf(counts), missed: counts.missed ?? 0 })),
    officers: officers.map(({ officer, counts }) => ({ officer, ...workOf(counts) })),
    categories: byCategory(cells),
    merchants: merchants.map(({ name, counts }) => ({ name, record: recordOf(counts) })),
  }
}

const workOf = (counts: Counts) => ({
  decided: counts.decided ?? 0,
  hours: medianHours(counts, 'decision.'),
  taken: counts.taken ?? 0,
})

/** What the platform and its supervisors hold: those that an officer has, and the rest. */
const openAtUs = async ({ ledgers }: Deps, now: number) => {
  const loads = (await Promise.all(ledgers.map(ledger => ledger.loads(now)))).flatMap(({ officers }) => officers)
  const sum = (what: 'total' | 'late' | 'soon' | 'day') => loads.reduce((total, each) => total + each[what], 0)
  return {
    held: sum('total'),
    late: sum('late'),
    within: [
      { hours: 4, count: sum('soon') },
      { hours: 24, count: sum('day') },
    ],
  }
}
