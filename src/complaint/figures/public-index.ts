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

/** Intervals of equal length, counted back from the last day; the first one may be shorter. */
export const trendOf = (days: readonly DayCounts[], from: number, until: number): TrendStep[] => {
  const length = Math.ceil((until - from + 1) / TREND_STEPS)
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
  /** By the merchant's tag, over the period: complaints whose leaf names it. */
  merchants: ReadonlyMap<string, Counts>
}

/** Merchants in the order of their tags: no rank. Who reads it sorts as they like. */
export const indexOf = ({ period, until, days, before, merchants }: Counted): PublicIndex => {
  const from = firstDay(until, period)
  const platform = recordOf(sumOf(days))
  return {
    v: 1,
    period,
    from,
    until,
    minimum: MINIMUM,
    platform,
    older: { open: before.open ?? 0, overdue: before.overdue ?? 0 },
    categories: byCategory(days),
    trend: trendOf(days, from, until),
    merchants: [...merchants].sort(([a], [b]) => (a < b ? -1 : 1)).map(([m, counts]) => compared(m, counts, platform)),
  }
}

const compared = (m: string, counts: Counts, platform: FigureRecord): MerchantFigures => {
  const record = recordOf(counts)
  return { m, comparison: comparisonOf(record, platform), ...record }
}

/** A difference counts only where the merchant's whole interval lies on one side of the platform's share. */
const comparisonOf = ({ opened, answered }: FigureRecord, platform: FigureRecord): Comparison => {
  if (opened < MINIMUM || answered === null || platform.answered === null) return 'few'
  if (answered.low > platform.answered.share) return 'better'
  return answered.high < platform.answered.share ? 'worse' : 'same'
}
