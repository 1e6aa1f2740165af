// Deadline policy: the published document of all times, caps, windows and limits, and how it is parsed.

import * as v from 'valibot'
import { DAY, HOUR, isDate, shanghaiDate, startOfDate, startOfDay } from '../time.ts'

// Working days: weekends, public holidays and make-up days (调休) of mainland China, by the policy's own table.

const date = v.pipe(v.string(), v.check(isDate, 'is no day like 2026-11-11'))

const isUnique = <T>(list: readonly T[]): boolean => new Set(list).size === list.length
const days = v.pipe(v.array(date), v.check(isUnique, 'names a day twice'))

/** Public holidays and make-up working days, as far as they are announced. */
const calendar = v.pipe(
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
const basis = v.strictObject({
  basis: v.picklist(['law', 'platform_rule', 'default']),
  source: v.pipe(v.string(), v.minLength(1)),
})
export type Basis = v.InferOutput<typeof basis>

const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(1))
/** At most ten years: a larger figure is a typing error. */
const hours = v.strictObject({ hours: v.pipe(whole, v.maxValue(87_600)), ...basis.entries })
const workingDays = v.strictObject({ workingDays: v.pipe(whole, v.maxValue(250)), ...basis.entries })
const count = v.strictObject({ count: whole, ...basis.entries })

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

const surges = v.pipe(
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

/** A body outside the platform that a buyer can turn to, how, and within how many hours of the complaint. */
const remedyOutside = v.strictObject({
  name: v.pipe(v.string(), v.regex(/^[a-z0-9_]{1,40}$/)),
  phone: v.exactOptional(v.pipe(v.string(), v.regex(/^\+?[0-9 -]{3,20}$/))),
  url: v.exactOptional(v.pipe(v.string(), v.regex(/^https:\/\/[^\s"<>]{4,200}$/))),
  hours: v.exactOptional(hours.entries.hours),
  ...basis.entries,
})
type RemedyOutside = v.InferOutput<typeof remedyOutside>

/** A deadline policy with its calendar. A complaint pins its hash (rule 14), so a published document never changes. */
export const PolicySchema = v.strictObject({
  v: v.literal(1),
  name: v.pipe(v.string(), v.regex(/^[a-z0-9.-]{1,40}$/)),
  categories: v.pipe(
    v.array(v.pipe(v.string(), v.regex(/^[a-z_]{1,40}$/))),
    v.minLength(1),
    v.check(isUnique, 'names a category twice'),
  ),
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
  caps: v.strictObject({ promise_money: hours, promise_goods: hours, interim: v.exactOptional(hours) }),
  windows: v.strictObject({ appeal: hours, reopening: hours, offer_after_lapse: hours, link_after_close: hours }),
  limits: v.strictObject({
    better_offers: count,
    handoffs: count,
    pausing_requests: count,
    /** Quotas, absent in documents older than they are: `quotasOf` has the defaults. */
    steps_per_day: v.exactOptional(count),
    bytes_per_day: v.exactOptional(count),
    evidence_bytes: v.exactOptional(count),
  }),
  /** Desks of the platform, by the names that steps show. Absent: a desk is whatever a handoff calls it. */
  desks: v.exactOptional(
    v.pipe(v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(40))), v.check(isUnique, 'names a desk twice')),
  ),
  lapse: v.strictObject({
    notices: count,
    days: count,
    /** A notice counts only with the vendor's proof (`proof` of `notice_sent`); absent in documents older than proofs. */
    proofs: v.exactOptional(v.literal(true)),
  }),
  reminders: v.pipe(
    v.array(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
    v.description('parts of the time at which the holder is reminded'),
  ),
  /** The whole-case clock, from the complaint to its end; absent in documents older than it: no such clock runs. */
  total: v.exactOptional(hours),
  /** A nudge by the buyer in so many hours; the n-th of a stay goes to a supervisor. Absent: the buyer can't nudge. */
  nudges: v.exactOptional(v.strictObject({ ...hours.entries, count: count.entries.count })),
  /** A third party's time for a statement, and how many each side may ask for. Absent: no third party can be asked. */
  statements: v.exactOptional(v.strictObject({ ...hours.entries, count: count.entries.count })),
  /** Days after its end in which a complaint's content is kept; then it is erased. Absent: nothing is erased by itself. */
  retention: v.exactOptional(
    v.strictObject({
      afterEndDays: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(36_525)),
      ...basis.entries,
    }),
  ),
  /** Remedies outside the platform; absent in documents older than they are: `outsideOf` has the default. */
  outside: v.exactOptional(v.array(remedyOutside)),
  /** Public index: `merchants` has each submission name its merchant by a tag. Absent in documents older than the index. */
  index: v.exactOptional(v.picklist(['merchants'])),
  /** Absent in documents that declare none: they keep their bytes and their hash. */
  surges: v.exactOptional(surges),
  calendar,
})
export type PolicyDocument = v.InferOutput<typeof PolicySchema>

type Grouped = 'times' | 'caps' | 'windows' | 'limits' | 'lapse' | 'calendar'
/** Keys of all clauses, those in a group behind its name and a dot. Each has a name in every language (`policy.names`). */
export type Clause = {
  [K in Exclude<keyof PolicyDocument, 'v' | 'name'>]-?: K extends Grouped
    ? `${K}.${keyof PolicyDocument[K] & string}`
    : K
}[Exclude<keyof PolicyDocument, 'v' | 'name'>]

/** A policy document and the base64url SHA-256 of its bytes. */
export interface Policy extends PolicyDocument {
  hash: string
}

/** An invalid policy document. The message names the first wrong place, in one line. */
export class DeadlinePolicyError extends Error {}

/** Throws DeadlinePolicyError. */
export const parsePolicy = (document: unknown): PolicyDocument => {
  const { success, output, issues } = v.safeParse(PolicySchema, document, { abortPipeEarly: true })
  if (success) {
    const wrong = keptTooShortly(output)
    if (wrong === null) return output
    throw new DeadlinePolicyError(`deadline policy ${output.name}: ${KEPT}: ${wrong}`)
  }
  const [issue] = issues
  const name = nameIn(document)
  const place = v.getDotPath(issue) ?? 'the document'
  throw new DeadlinePolicyError(`deadline policy${name && ` ${name}`}: ${place}: ${issue.message}`.replace(/\s+/g, ' '))
}

/** A place in a document that is not as the schema says; `path` with dots, '' for the document itself. */
export interface PolicyFault {
  path: string
  kind: 'missing' | 'unknown' | 'wrong'
  message: string
}

/** All faults of a document at once; none for a valid one. */
export const policyFaults = (document: unknown): PolicyFault[] => {
  const { success, output, issues } = v.safeParse(PolicySchema, document)
  if (success) {
    const message = keptTooShortly(output)
    return message === null ? [] : [{ path: KEPT, kind: 'wrong', message }]
  }
  return issues.map(issue => ({
    path: v.getDotPath(issue) ?? '',
    kind: issue.expected === 'never' ? 'unknown' : issue.received === 'undefined' ? 'missing' : 'wrong',
    message: issue.message,
  }))
}

/** Retention: at least the longest window, else texts are erased while a party may still appeal, rate or read them. What is wrong, or null. */
const keptTooShortly = ({ retention, windows }: PolicyDocument): string | null =>
  retention && retention.afterEndDays * DAY < Math.max(...Object.values(windows).map(lengthOf))
    ? 'ends before one of the windows'
    : null
const KEPT = 'retention.afterEndDays'

const nameIn = (document: unknown): string => {
  const named = v.safeParse(v.object({ name: PolicySchema.entries.name }), document)
  return named.success ? named.output.name : ''
}

type TimeClause = keyof PolicyDocument['times']
export type HourClause = Exclude<TimeClause, 'appeal_review'>

/** Length of a figure in milliseconds. */
export const lengthOf = (figure: { hours: number }): number => figure.hours * HOUR
export const timeOf = (policy: PolicyDocument, clause: HourClause): number => lengthOf(policy.times[clause])

/**
 * Quotas: steps and bytes of text that a party adds to a complaint in 24 hours besides the acts that move its state, and
 * bytes of files that a complaint holds.
 */
export const quotasOf = ({ limits }: PolicyDocument): { steps: number; bytes: number; evidence: number } => ({
  steps: limits.steps_per_day?.count ?? 50,
  bytes: limits.bytes_per_day?.count ?? 200_000,
  evidence: limits.evidence_bytes?.count ?? 200_000_000,
})

/** How far ahead an interim report may put the end: its cap, or the whole time once more. */
export const interimCap = ({ caps, total }: PolicyDocument): number => lengthOf(caps.interim ?? total ?? { hours: 0 })

const HOTLINE: RemedyOutside = {
  name: 'hotline_12315',
  phone: '12315',
  url: 'https://www.12315.cn/',
  basis: 'default',
  source: 'The consumer hotline in China',
}
export const outsideOf = ({ outside = [HOTLINE] }: PolicyDocument): readonly RemedyOutside[] => outside

/** Suffix of a step's `rule` where a surge lengthened the time. */
export const SURGED = '+surge'

/** The clause that a step's `rule` names (`times.` and the clause, perhaps with SURGED); null for any other rule. */
export const clauseIn = (policy: PolicyDocument, rule: string | null): TimeClause | null => {
  const named = Object.keys(policy.times).find(name => rule === `times.${name}` || rule === `times.${name}${SURGED}`)
  return isClause(policy, named) ? named : null
}
const isClause = (policy: PolicyDocument, name: string | undefined): name is TimeClause =>
  name !== undefined && Object.hasOwn(policy.times, name)
export const isHourClause = (clause: TimeClause | null): clause is HourClause =>
  clause !== null && clause !== 'appeal_review'
