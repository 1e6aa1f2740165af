import { type Period, periodOf, sumOf, trendOf } from '../../complaint/figures/public-index.ts'
import { recordOf } from '../../complaint/figures/record.ts'
import { DAY, MINUTE } from '../../complaint/time.ts'
import type { Ledger } from '../../ledger/contract/ledger.ts'
import { dateOf } from '../../views/figures/chart.ts'
import { type Kept, statisticsPage } from '../../views/merchant/statistics.ts'
import type { Deps } from '../deps.ts'
import { CSV_HEADERS, daysOf, readDays, recordsCsv } from '../figures/counts.ts'
import { Problem } from '../problem.ts'
import { deskOf, merchantOf, ownLedger, type Visitor } from './context.ts'

const RECORD_MS = 90 * DAY
const FRESH_MS = 5 * MINUTE
const KEPT = 500

/**
 * The share of deadlines that a merchant kept in 90 days; null before there was one. It is counted over all of their
 * complaints, so that a list which is opened all day long asks for it only now and then.
 */
export class OnTimeShares {
  readonly #known = new Map<string, { at: number; share: number | null }>()

  async of(ledger: Ledger, merchant: string, now: number): Promise<number | null> {
    const known = this.#known.get(merchant)
    if (known && now - known.at < FRESH_MS) return known.share
    const { onTime, missed } = await ledger.statistics(merchant, now - RECORD_MS)
    const share = onTime + missed === 0 ? null : onTime / (onTime + missed)
    this.#known.delete(merchant)
    this.#known.set(merchant, { at: now, share })
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= KEPT) break
      this.#known.delete(oldest)
    }
    return share
  }
}

export const showFigures = async (c: Visitor, deps: Deps) => {
  const desk = deskOf(c, deps)
  const period = readDaysQuery(c)
  const since = desk.now - period * DAY
  const ledger = await ownLedger(deps, c.var.person)
  const counted = await ledger.statistics(merchantOf(c.var.person), since)
  return c.html(
    String(statisticsPage(desk, counted, period, new Date(since).toISOString(), await readKept(c, deps, period))),
  )
}

export const figuresJson = async (c: Visitor, deps: Deps) => c.json(await readKept(c, deps, readDaysQuery(c)))

export const figuresCsv = async (c: Visitor, deps: Deps) => {
  const period = readDaysQuery(c)
  const { record, trend } = await readKept(c, deps, period)
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
const readKept = async (c: Visitor, { ledgers, clock }: Deps, period: Period): Promise<Kept> => {
  const days = daysOf(clock.now(), period)
  const counted = await readDays(ledgers, merchantOf(c.var.person), days)
  return { record: recordOf(sumOf(counted.days)), trend: trendOf(counted.days, days.from, days.until) }
}
