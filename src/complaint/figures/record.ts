// A record: counts as the figures that are published (docs/figures.md). Arithmetic of integers and one square root, rounded to
// four places, so that another language gets the same numbers.

import { type Counts, hoursOf } from './reckon.ts'

/** A share of so many cases with its 95 % confidence interval (Wilson score); null where there was no case. */
export interface Share {
  cases: number
  share: number
  low: number
  high: number
}
interface Rating {
  cases: number
  /** Of 1 to 5; null without a case. */
  mean: number | null
}

export interface FigureRecord {
  opened: number
  open: number
  overdue: number
  /** First answers before the first deadline, among those that were given or missed. */
  answered: Share | null
  /** Medians in hours. Of the first answer null where as many were missed; of the handling of those that ended. */
  answerHours: number | null
  handlingHours: number | null
  /** Where the complaints of the period are that ended; a lapse and a withdrawal are no solutions. */
  ended: Record<'confirmed' | 'ruled' | 'refused' | 'lapsed' | 'withdrawn', number>
  rulings: Record<'for_buyer' | 'partly' | 'for_merchant', number>
  missed: Record<'buyer' | 'merchant' | 'platform', number>
  /** The merchant's own dates, evidence that it was asked for among them. */
  deadlines: Record<'kept' | 'missed', number>
  escalated: number
  appealed: number
  reopened: number
  /** Ratings of complaints that the buyer ended, and of those that others ended; how many of all ends were rated. */
  satisfaction: { own: Rating; other: Rating; response: Share | null }
  /** Really solved, of those who answered a week after the end. */
  solved: { own: Share | null; other: Share | null }
  /** Seconds by whose turn it was, of turns that are over. */
  seconds: Record<'buyer' | 'merchant' | 'platform' | 'courier', number>
}

export const recordOf = (counts: Counts): FigureRecord => {
  const of = (name: string): number => counts[name] ?? 0
  const answers = bucketsOf(counts, 'answer.')
  const inTime = sum(answers)
  const [own, other] = [ratingOf(counts, 'own'), ratingOf(counts, 'other')]
  return {
    opened: of('opened'),
    open: of('open'),
    overdue: of('overdue'),
    answered: shareOf(inTime, inTime + of('unanswered')),
    answerHours: medianOf(answers, of('unanswered')),
    handlingHours: medianOf(bucketsOf(counts, 'handling.'), 0),
    ended: {
      confirmed: of('closed_confirmed'),
      ruled: of('closed_ruled'),
      refused: of('refused'),
      lapsed: of('closed_lapsed'),
      withdrawn: of('closed_withdrawn'),
    },
    rulings: { for_buyer: of('ruled.for_buyer'), partly: of('ruled.partly'), for_merchant: of('ruled.for_merchant') },
    missed: { buyer: of('missed.buyer'), merchant: of('missed.merchant'), platform: of('missed.platform') },
    deadlines: { kept: of('kept'), missed: of('missed.merchant') + of('absent.merchant') + of('absent.both') },
    escalated: of('escalated'),
    appealed: of('appealed'),
    reopened: of('reopened'),
    satisfaction: { own, other, response: shareOf(own.cases + other.cases, of('endings')) },
    solved: { own: solvedOf(counts, 'own'), other: solvedOf(counts, 'other') },
    seconds: {
      buyer: of('seconds.buyer'),
      merchant: of('seconds.merchant'),
      platform: of('seconds.platform'),
      courier: of('seconds.courier'),
    },
  }
}

/** Seconds by whose turn it was or is: those of the record, and the turns under way until `now`. */
export const secondsUntil = (now: number, counts: Counts): FigureRecord['seconds'] => {
  const { seconds } = recordOf(counts)
  const running = (party: string) =>
    (counts[`turns.${party}`] ?? 0) * Math.floor(now / 1000) - (counts[`since.${party}`] ?? 0)
  // Of two who were asked together, half each.
  const half = Math.floor(running('both') / 2)
  return {
    buyer: seconds.buyer + running('buyer') + half,
    merchant: seconds.merchant + running('merchant') + running('both') - half,
    platform: seconds.platform + running('platform'),
    courier: seconds.courier + running('courier'),
  }
}

type Buckets = [bucket: number, count: number][]

const bucketsOf = (counts: Counts, prefix: string): Buckets => {
  const buckets: Buckets = []
  // Not Object.entries: an index has ten thousand of these.
  for (const name in counts)
    if (name.startsWith(prefix)) buckets.push([Number(name.slice(prefix.length)), counts[name] ?? 0])
  return buckets.sort(([a], [b]) => a - b)
}

const sum = (buckets: Buckets): number => buckets.reduce((total, [, count]) => total + count, 0)

/** The lower median, in whole hours; `never` are cases that lasted longer than all others. Null where it is one of them. */
const medianOf = (buckets: Buckets, never: number): number | null => {
  const rank = Math.ceil((sum(buckets) + never) / 2)
  if (rank === 0) return null
  let seen = 0
  for (const [bucket, count] of buckets) {
    seen += count
    if (seen >= rank) return hoursOf(bucket)
  }
  return null
}

/** The median of a histogram in hours; null where nothing was counted. */
export const medianHours = (counts: Counts, prefix: string): number | null => medianOf(bucketsOf(counts, prefix), 0)

const SCORES = [1, 2, 3, 4, 5]

const ratingOf = (counts: Counts, whose: 'own' | 'other'): Rating => {
  const given = SCORES.map(score => counts[`score.${whose}.${score}`] ?? 0)
  const cases = given.reduce((total, count) => total + count, 0)
  const points = given.reduce((total, count, i) => total + count * (i + 1), 0)
  return { cases, mean: cases === 0 ? null : rounded(points / cases) }
}

const solvedOf = (counts: Counts, whose: 'own' | 'other'): Share | null => {
  const yes = counts[`solved.${whose}.yes`] ?? 0
  return shareOf(yes, yes + (counts[`solved.${whose}.no`] ?? 0))
}

/** z of 95 %. */
const Z = 1.96

/** Wilson score interval (1927): honest for few cases, and never beyond 0 and 1. */
export const shareOf = (hits: number, cases: number): Share | null => {
  if (cases === 0) return null
  const p = hits / cases
  const zz = (Z * Z) / cases
  const middle = (p + zz / 2) / (1 + zz)
  const half = (Z * Math.sqrt((p * (1 - p)) / cases + zz / (4 * cases))) / (1 + zz)
  return {
    cases,
    share: rounded(p),
    low: rounded(Math.max(0, middle - half)),
    high: rounded(Math.min(1, middle + half)),
  }
}

const rounded = (x: number): number => Math.floor(x * 10_000 + 0.5) / 10_000
