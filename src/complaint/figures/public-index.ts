// The public index (docs/figures.md): the figures of a period, for the platform and each merchant, from counts by day.

import { addCounts, type Counts } from './reckon.ts'
import { type FigureRecord, recordOf } from './record.ts'

/** Days back from the last day of a period, that day included. */
export const PERIODS = [30, 90, 365] as const
export type Period = (typeof PERIODS)[number]
export const periodOf = (text: string): Period | undefined => PERIODS.find(days => String(days) === text)

/** Minimum sample: a merchant with fewer complaints is shown, and compared with no other. */
export const MINIMUM = 20

/** How a merchant's share of timely answers stands to the platform's; `same` is all that the numbers can't tell apart. */
export type Comparison = 'better' | 'same' | 'worse' | 'few'

export interface MerchantFigures extends FigureRecord {
  m: string
  comparison: Comparison
}
/** A part of the period, by days since 1970 in Shanghai, both included. */
export interface TrendStep extends FigureRecord {
  from: number
  until: number
}
export interface PublicIndex {
  v: 1
  period: Period
  /** Days since 1 January 1970 in Shanghai, both included. */
  from: number
  until: number
  minimum: number
  platform: FigureRecord
  /** Complaints of before the period that are still open. */
  older: { open: number; overdue: number }
  categories: Record<string, FigureRecord>
  trend: TrendStep[]
  merchants: MerchantFigures[]
}

/** Counts of the complaints of one day and category. */
export interface DayCounts {
  day: number
  category: string
  counts: Counts
}

export const firstDay = (until: number, period: Period): number => until - period + 1

const TREND_STEPS = 12
const stepLength = (from: number, until: number): number => Math.ceil((until - from + 1) / TREND_STEPS)

/** Fewer rows of the same sums, by step of the trend and category: what all tables of a period are made of. */
export const condensed = (days: Iterable<DayCounts>, from: number, until: number): DayCounts[] => {
  const length = stepLength(from, until)
  const cells = new Map<string, DayCounts>()
  for (const { day, category, counts } of days) {
    const end = until - Math.floor((until - day) / length) * length
    const known = cells.get(`${end} ${category}`)
    if (known) addCounts(known.counts, counts)
    else cells.set(`${end} ${category}`, { day: end, category, counts: { ...counts } })
  }
  return [...cells.values()]
}

/** Intervals of equal length, counted back from the last day; the first one may be shorter. */
export const trendOf = (days: readonly DayCounts[], from: number, until: number): TrendStep[] => {
  const length = stepLength(from, until)
  const steps: TrendStep[] = []
  for (let end = until; end >= from; end -= length) {
    const begin = Math.max(end - length + 1, from)
    const counts = sumOf(days.filter(({ day }) => day >= begin && day <= end))
    steps.unshift({ from: begin, until: end, ...recordOf(counts) })
  }
  return steps
}

export const sumOf = (days: Iterable<{ counts: Counts }>): Counts => {
  const total: Counts = {}
  for (const { counts } of days) addCounts(total, counts)
  return total
}

export const byCategory = (days: readonly DayCounts[]): Record<string, FigureRecord> =>
  Object.fromEntries(
    [...new Set(days.map(({ category }) => category))]
      .sort()
      .map(category => [category, recordOf(sumOf(days.filter(day => day.category === category)))]),
  )

interface Counted {
  period: Period
  until: number
  /** Of all complaints: days of the period. */
  days: readonly DayCounts[]
  /** Of complaints of before the period: `open` and `overdue` are read. */
  before: Counts
}

/** All but the merchants, whose records are reckoned for whom they are shown. */
export type Summary = Omit<PublicIndex, 'merchants'>
export const summaryOf = ({ period, until, days, before }: Counted): Summary => {
  const from = firstDay(until, period)
  const cells = condensed(days, from, until)
  return {
    v: 1,
    period,
    from,
    until,
    minimum: MINIMUM,
    platform: recordOf(sumOf(cells)),
    older: { open: before.open ?? 0, overdue: before.overdue ?? 0 },
    categories: byCategory(cells),
    trend: trendOf(cells, from, until),
  }
}

/** Merchants in the order of their tags: no rank. Who reads it sorts as they like. `merchants`: of the period, where a leaf names it. */
export const indexOf = ({
  merchants,
  ...counted
}: Counted & { merchants: ReadonlyMap<string, Counts> }): PublicIndex => {
  const summary = summaryOf(counted)
  return {
    ...summary,
    merchants: byTag(merchants).map(([m, counts]) => compared(m, recordOf(counts), summary.platform)),
  }
}

export const byTag = (merchants: ReadonlyMap<string, Counts>): [m: string, counts: Counts][] =>
  [...merchants].sort(([a], [b]) => (a < b ? -1 : 1))

export const compared = (m: string, record: FigureRecord, platform: FigureRecord): MerchantFigures => ({
  m,
  comparison: comparisonOf(record, platform),
  ...record,
})

/** A difference counts only where the merchant's whole interval lies on one side of the platform's share. */
export const comparisonOf = ({ opened, answered }: FigureRecord, platform: FigureRecord): Comparison => {
  if (opened < MINIMUM || answered === null || platform.answered === null) return 'few'
  if (answered.low > platform.answered.share) return 'better'
  return answered.high < platform.answered.share ? 'worse' : 'same'
}
