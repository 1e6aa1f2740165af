import * as v from 'valibot'

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
