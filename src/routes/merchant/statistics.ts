// A merchant's own figures: page, JSON and CSV, of the counts that are kept with the steps.

import { type Period, periodOf, sumOf, trendOf } from '../../complaint/figures/public-index.ts'
import { recordOf, secondsUntil } from '../../complaint/figures/record.ts'
import type { Ledger } from '../../ledger/contract/ledger.ts'
import { dateOf } from '../../views/figures/sections.ts'
import { type OwnFigures, statisticsPage } from '../../views/merchant/statistics.ts'
import type { Deps } from '../deps.ts'
import { CSV_HEADERS, daysOf, readDays, recordsCsv } from '../figures/counts.ts'
import { Problem } from '../problem.ts'
import { deskOf, merchantOf, type Visitor } from './context.ts'

/** The share of deadlines that a merchant kept in 90 days; null before there was one, and while old complaints wait to be counted. */
export const onTimeShare = async (ledger: Ledger, merchant: string, now: number): Promise<number | null> => {
  const { days, whole } = await ledger.figures.days(merchant, daysOf(now, 90))
  const { kept, missed } = recordOf(sumOf(days)).deadlines
  return kept + missed === 0 || !whole ? null : kept / (kept + missed)
}

export const showFigures = async (c: Visitor, deps: Deps) => {
  const period = readDaysQuery(c)
  return c.html(String(statisticsPage(deskOf(c, deps), await readOwn(c, deps, period), period)))
}

export const figuresJson = async (c: Visitor, deps: Deps) => {
  const { whole, record, trend } = await readOwn(c, deps, readDaysQuery(c))
  return c.json({ whole, record, trend })
}

export const figuresCsv = async (c: Visitor, deps: Deps) => {
  const period = readDaysQuery(c)
  const { record, trend } = await readOwn(c, deps, period)
  const rows = trend.map(({ from, until, ...record }) => ({
    lead: { from: dateOf(from), until: dateOf(until) },
    record,
  }))
  return c.body(
    recordsCsv([{ lead: { from: null, until: null }, record }, ...rows]),
    200,
    CSV_HEADERS(`figures-${period}d`),
  )
}

const readDaysQuery = (c: Visitor) => {
  const period = periodOf(c.req.query('days') ?? '90')
  if (period === undefined) throw new Problem('invalid', [{ field: 'days', code: 'choose' }])
  return period
}

/** All shards are asked: a merchant's complaints of before it had one shard may lie elsewhere. */
const readOwn = async (c: Visitor, { ledgers, clock }: Deps, period: Period): Promise<OwnFigures> => {
  const now = clock.now()
  const days = daysOf(now, period)
  const counted = await readDays(ledgers, merchantOf(c.var.person), days)
  const counts = sumOf(counted.days)
  const trend = trendOf(counted.days, days.from, days.until)
  const { whole } = counted
  return { whole, from: days.from, record: recordOf(counts), seconds: secondsUntil(now, counts), trend }
}
