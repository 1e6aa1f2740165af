// Deadline policy: the published document of all times, caps, windows and limits, and how it is parsed.

import * as v from 'valibot'
import { DAY, HOUR } from '../time.ts'
import { basis, calendar, count, hours, isUnique, surges, workingDays } from './calendar.ts'

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
