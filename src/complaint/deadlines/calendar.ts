// Working days: weekends, public holidays and make-up days (调休) of mainland China, by the policy's own table.

import * as v from 'valibot'
import { DAY, isDate, shanghaiDate, startOfDay } from '../time.ts'

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
