import * as v from 'valibot'

/** Where a figure comes from: a law, the platform's own rule, or a default of this software. */
const basis = v.strictObject({
  basis: v.picklist(['law', 'platform_rule', 'default']),
  source: v.pipe(v.string(), v.minLength(1)),
})
const hours = v.strictObject({ hours: v.pipe(v.number(), v.integer(), v.minValue(1)), ...basis.entries })
const workingDays = v.strictObject({ workingDays: v.pipe(v.number(), v.integer(), v.minValue(1)), ...basis.entries })
const count = v.strictObject({ count: v.pipe(v.number(), v.integer(), v.minValue(1)), ...basis.entries })
const date = v.pipe(v.string(), v.isoDate())

/** A deadline policy with its calendar. Its hash is pinned at submission (rule 14), so a published document never changes. */
export const PolicySchema = v.strictObject({
  v: v.literal(1),
  name: v.pipe(v.string(), v.regex(/^[a-z0-9.-]{1,40}$/)),
  categories: v.pipe(v.array(v.pipe(v.string(), v.regex(/^[a-z_]{1,40}$/))), v.minLength(1)),
  times: v.strictObject({
    awaiting_merchant: hours,
    awaiting_buyer: hours,
    platform_review: hours,
    supervisor: hours,
    evidence_requested: hours,
    awaiting_return: hours,
    fulfilment_money: hours,
    fulfilment_goods: hours,
    fulfilment_after_receipt: hours,
    fulfilment_after_shipment: hours,
    awaiting_confirmation: hours,
    appeal_review: workingDays,
  }),
  caps: v.strictObject({ promise_money: hours, promise_goods: hours }),
  windows: v.strictObject({ appeal: hours, reopening: hours, offer_after_lapse: hours, link_after_close: hours }),
  limits: v.strictObject({ better_offers: count, handoffs: count, pausing_requests: count }),
  lapse: v.strictObject({ notices: count, days: count }),
  reminders: v.pipe(
    v.array(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
    v.description('parts of the time at which the holder is reminded'),
  ),
  calendar: v.strictObject({
    source: v.string(),
    coveredUntil: date,
    holidays: v.array(date),
    workdays: v.array(date),
  }),
})
export type PolicyDocument = v.InferOutput<typeof PolicySchema>

/** A policy document and the base64url SHA-256 of its bytes. */
export interface Policy extends PolicyDocument {
  hash: string
}

export type TimeClause = keyof PolicyDocument['times']
export type HourClause = Exclude<TimeClause, 'appeal_review'>

const HOUR = 3_600_000
/** Length of a figure in milliseconds. */
export const lengthOf = (figure: { hours: number }): number => figure.hours * HOUR
export const timeOf = (policy: PolicyDocument, clause: HourClause): number => lengthOf(policy.times[clause])
