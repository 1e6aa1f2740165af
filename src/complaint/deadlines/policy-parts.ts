import * as v from 'valibot'
import { isDate } from '../time.ts'

/** Where a figure comes from: a law, the platform's own rule, or a default of this software. */
export const basis = v.strictObject({
  basis: v.picklist(['law', 'platform_rule', 'default']),
  source: v.pipe(v.string(), v.minLength(1)),
})
export type Basis = v.InferOutput<typeof basis>

const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(1))
/** A figure of more than ten years is a slip of the pen. */
export const hours = v.strictObject({ hours: v.pipe(whole, v.maxValue(87_600)), ...basis.entries })
export const workingDays = v.strictObject({ workingDays: v.pipe(whole, v.maxValue(250)), ...basis.entries })
export const count = v.strictObject({ count: whole, ...basis.entries })

export const date = v.pipe(v.string(), v.check(isDate, 'is no day like 2026-11-11'))

export const isOnce = <T>(list: readonly T[]): boolean => new Set(list).size === list.length
const days = v.pipe(v.array(date), v.check(isOnce, 'names a day twice'))

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
