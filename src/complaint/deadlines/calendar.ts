// Working days: weekends, public holidays and make-up days (调休) of mainland China, by the policy's own table.

import * as v from 'valibot'
import { DAY, HOUR, isDate, shanghaiDate, startOfDate, startOfDay } from '../time.ts'

export const date = v.pipe(v.string(), v.check(isDate, 'is no day like 2026-11-11'))

export const isUnique = <T>(list: readonly T[]): boolean => new Set(list).size === list.length
const days = v.pipe(v.array(date), v.check(isUnique, 'names a day twice'))

/** Public holidays and make-up working days, as far as they are announced. */
export const calendar = v.pipe(
  v.strictObject({ source: v.string(), coveredUntil: date, holidays: days, workdays: days }),
  v.forward(
    v.check(
      ({ holidays, workdays }) => !workdays.some(day => holidays.includes(day)),
      'names a day that is a holiday too',
    ),
    ['workdays'],
  ),
  v.forward(
    v.check(
      ({ coveredUntil, holidays, workdays }) => [...holidays, ...workdays].every(day => day <= coveredUntil),
      'lies before the last day of the table',
    ),
    ['coveredUntil'],
  ),
)
type Calendar = v.InferOutput<typeof calendar>

/**
 * The end of the n-th working day after `from`, UTC ms. The day of receipt is day zero, and the last day counts to its
 * midnight in Shanghai. After the table's `coveredUntil` only weekends are known; see `isProvisional`.
 */
export const afterWorkingDays = (from: number, n: number, calendar: Calendar): number => {
  let day = startOfDay(from)
  for (let left = n; left > 0; ) {
    day += DAY
    if (isWorkingDay(shanghaiDate(day), calendar)) left--
  }
  return day + DAY
}

const isWorkingDay = (date: string, calendar: Calendar): boolean => {
  if (calendar.workdays.includes(date)) return true
  if (calendar.holidays.includes(date)) return false
  const weekday = new Date(date).getUTCDay()
  return weekday !== 0 && weekday !== 6
}

/** The date lies beyond the announced holidays, and may move once they are announced. */
export const isProvisional = (due: number, calendar: Calendar): boolean => shanghaiDate(due - 1) > calendar.coveredUntil

/** What a figure of a policy rests on: a law, the platform's own rule, or a default of this software. */
export const basis = v.strictObject({
  basis: v.picklist(['law', 'platform_rule', 'default']),
  source: v.pipe(v.string(), v.minLength(1)),
})
export type Basis = v.InferOutput<typeof basis>

const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(1))
/** At most ten years: a larger figure is a typing error. */
export const hours = v.strictObject({ hours: v.pipe(whole, v.maxValue(87_600)), ...basis.entries })
export const workingDays = v.strictObject({ workingDays: v.pipe(whole, v.maxValue(250)), ...basis.entries })
export const count = v.strictObject({ count: whole, ...basis.entries })

// Surges: announced days of many complaints (双十一, 618, 春节), on which deadlines are longer. Part of a policy document.

/** Hard limits, which no policy document can exceed. */
const LIMITS = { hours: 24, daysInYear: 20, noticeDays: 7 } as const

const endOf = (day: string): number => startOfDate(day) + DAY
const daysBetween = (earlier: string, later: string): number => (startOfDate(later) - startOfDate(earlier)) / DAY

const surge = v.pipe(
  v.strictObject({
    name: v.pipe(v.string(), v.minLength(1), v.maxLength(40)),
    announced: date,
    /** First and last day, both inclusive. */
    from: date,
    until: date,
    hours: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(LIMITS.hours)),
    ...basis.entries,
  }),
  v.forward(
    v.check(({ from, until }) => until >= from, 'lies before its first day'),
    ['until'],
  ),
  v.forward(
    v.check(
      ({ announced, from }) => daysBetween(announced, from) >= LIMITS.noticeDays,
      'is not 7 days after announced',
    ),
    ['from'],
  ),
)
/** A time that begins on one of these days is longer by `hours`. */
export type Surge = v.InferOutput<typeof surge>

const overlap = (a: Surge, b: Surge): boolean => a.from <= b.until && b.from <= a.until
const isDisjoint = (list: readonly Surge[]): boolean =>
  list.every((surge, i) => !list.slice(i + 1).some(other => overlap(surge, other)))

const daysOf = ({ from, until }: Surge): string[] =>
  Array.from({ length: daysBetween(from, until) + 1 }, (_, i) =>
    new Date(Date.parse(from) + i * DAY).toISOString().slice(0, 10),
  )

/** The first year in which surges take more than 20 days, or undefined. A day that two surges name counts once. */
const crowdedYear = (list: readonly Surge[]): string | undefined => {
  const years = Map.groupBy(new Set(list.flatMap(daysOf)), day => day.slice(0, 4))
  return [...years].find(([, days]) => days.length > LIMITS.daysInYear)?.[0]
}

export const surges = v.pipe(
  v.array(surge),
  v.maxLength(100),
  v.check(list => isDisjoint(list), 'overlap'),
  v.check(list => crowdedYear(list) === undefined, 'are more than 20 days a year'),
)

type WithSurges = { surges?: readonly Surge[] }

/** The surge within which an instant lies, or undefined. */
export const surgeAt = ({ surges = [] }: WithSurges, at: number): Surge | undefined =>
  surges.find(({ from, until }) => at >= startOfDate(from) && at < endOf(until))

export const surgeLength = ({ hours }: Surge): number => hours * HOUR

const isSame = (a: Surge, b: Surge): boolean => a.from === b.from && a.until === b.until && a.hours === b.hours

/**
 * Why a document cannot be adopted at this instant, in one line; null if it can. A surge is public seven days before it
 * begins: the adoption publishes it, by a leaf with that instant. Surges that an earlier document declared were public
 * then, and those that are over lengthen nothing. The 20 days a year hold for all documents together, since complaints
 * pin the earlier ones.
 */
export const surgeProblem = (next: WithSurges, earlier: readonly WithSurges[], at: number): string | null => {
  const known = earlier.flatMap(({ surges = [] }) => surges)
  const fresh = (next.surges ?? []).filter(surge => endOf(surge.until) > at && !known.some(old => isSame(old, surge)))
  const late = fresh.find(({ from }) => startOfDate(from) < at + LIMITS.noticeDays * DAY)
  if (late) return `the surge ${late.name} begins on ${late.from}, less than 7 days after the policy is adopted`
  const year = crowdedYear([...known, ...fresh])
  return year === undefined ? null : `with the policies adopted before, surges are more than 20 days in ${year}`
}
