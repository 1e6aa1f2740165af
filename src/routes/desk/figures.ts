// A supervisor's figures: page, CSV and JSON of one reading.

import type { Context } from 'hono'
import { byCategory, condensed, sumOf, trendOf } from '../../complaint/figures/public-index.ts'
import type { Counts } from '../../complaint/figures/reckon.ts'
import { medianHours, recordOf } from '../../complaint/figures/record.ts'
import { HOUR } from '../../complaint/time.ts'
import { type DeskFigures, deskFiguresPage } from '../../views/desk/figures.ts'
import { dateOf } from '../../views/figures/chart.ts'
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
const SOON = [4, 24]
const OURS = ['platform', 'supervisor']

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
  const [all, desks, officers, merchants, within] = await Promise.all([
    readDays(ledgers, null, days),
    readDesks(ledgers, days),
    readOfficers(ledgers, days),
    readMerchants(ledgers, days, MERCHANTS),
    Promise.all(SOON.map(hours => openAtUs(deps, now, now + hours * HOUR))),
  ])
  const [first] = within
  const cells = condensed(all.days, days.from, days.until)
  return {
    period,
    whole: all.whole,
    load: {
      held: first?.held ?? 0,
      late: first?.late ?? 0,
      within: SOON.map((hours, i) => ({ hours, count: within[i]?.soon ?? 0 })),
    },
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

const openAtUs = async ({ ledgers }: Deps, now: number, until: number) => {
  const tallies = await Promise.all(ledgers.map(ledger => ledger.tally({ now, until })))
  const ours = tallies.flatMap(({ open }) => open).filter(({ holder }) => OURS.includes(holder))
  const sum = (of: (each: (typeof ours)[number]) => number) => ours.reduce((total, each) => total + of(each), 0)
  return { held: sum(each => each.total), late: sum(each => each.late), soon: sum(each => each.today) }
}
