// Figures (docs/figures.md): what one leaf of a complaint adds to the counts. It reads public fields of leaves alone, so that
// the ledger, `tousu figures` and a stranger's program count the same. Pure; never add a count that needs a text.

import { DAY, dayNumber, HOUR } from '../time.ts'
import { CLOSED_STATES } from '../words.ts'

/** How often each thing was counted. A count can fall: an ended complaint that is opened again ended once less. */
export type Counts = Record<string, number>

/** What counting needs of a leaf. */
export interface CountedLeaf {
  readonly kind: string
  readonly by: string
  readonly on: number
  readonly state: string | null
  readonly holder: string | null
  readonly due: number | null
  readonly rule: string | null
  readonly p: { readonly [name: string]: unknown }
}

/** In the order of the numbers that rows know them by (`ledger/figures/figure-rows.ts`). */
export const PARTIES = ['buyer', 'merchant', 'both', 'platform', 'courier'] as const
type Party = (typeof PARTIES)[number]

/** What is remembered of a complaint between two of its leaves. Plain JSON; the same object where nothing changed. */
export interface Standing {
  /** `on` of its submission: its day is the complaint's in all periods. */
  readonly opened: number
  /** Its leaf names the merchant: it counts in that merchant's public record. */
  readonly listed: boolean
  readonly state: string
  /** `on` of the leaf that ended it; null while it is open. */
  readonly ended: number | null
  /** It never left the state that it was submitted to. */
  readonly first: boolean
  readonly party: Party | null
  readonly since: number
  /** The date is the merchant's, alone or with the buyer's. */
  readonly merchantDue: boolean
  /** Held by a supervisor who missed the date as well: no clock runs any more. */
  readonly overdue: boolean
  /** `on` of the leaf that began the review that is under way. */
  readonly review: number | null
  readonly desk: string
}

/** What a leaf adds: to the record of its complaint's day, and to that of the desk on the leaf's own day. */
export interface Reckoned {
  after: Standing
  counts: Counts
  desk: Counts | null
}

/** `before` is null for a submission. */
export const reckon = (before: Standing | null, leaf: CountedLeaf): Reckoned => {
  const counts: Counts = {}
  const after = before === null ? begun(leaf) : moved(before, leaf)
  if (before === null) add(counts, 'opened')
  else charge(counts, before, after, leaf.on)
  place(counts, before, after)
  event(counts, before ?? after, after, leaf)
  return { after, counts, desk: deskWork(before ?? after, leaf) }
}

const begun = (leaf: CountedLeaf): Standing => ({
  opened: leaf.on,
  listed: typeof leaf.p.m === 'string',
  state: leaf.state ?? '',
  ended: null,
  first: true,
  party: partyOf(leaf),
  since: leaf.on,
  merchantDue: isMerchantDue(leaf.holder),
  overdue: false,
  review: null,
  desk: '',
})

const moved = (before: Standing, leaf: CountedLeaf): Standing => {
  const state = leaf.state ?? ''
  const party = partyOf(leaf)
  // Only where the clock has run out for good does a date stay in the past.
  const overdue = leaf.due !== null && leaf.due <= leaf.on && leaf.p.lapses !== true
  const desk = typeof leaf.p.desk === 'string' && DESK_KINDS.includes(leaf.kind) ? leaf.p.desk : before.desk
  // In the same state neither its end nor its review is another.
  if (state === before.state && party === before.party && overdue === before.overdue && desk === before.desk)
    return before
  const ended = !isEnd(state) ? null : state === before.state ? before.ended : leaf.on
  return {
    opened: before.opened,
    listed: before.listed,
    state,
    ended,
    first: before.first && state === before.state,
    party,
    since: party === before.party ? before.since : leaf.on,
    merchantDue: isMerchantDue(leaf.holder),
    overdue,
    review: isReview(state)
      ? isReview(before.state) || isPaused(before.state)
        ? before.review
        : leaf.on
      : pausedReview(before, state),
    desk,
  }
}

const DESK_KINDS = ['officer_assigned', 'handoff_accepted']
const isEnd = (state: string): boolean => CLOSED_STATES.some(end => end === state)
const isReview = (state: string): boolean => state === 'platform_review' || state === 'appeal_review'
const isPaused = (state: string): boolean => state === 'evidence_requested'
const pausedReview = (before: Standing, state: string): number | null => (isPaused(state) ? before.review : null)

export const isMerchantDue = (holder: string | null): boolean => holder === 'merchant' || holder === 'both'

/** Whose time runs: a parcel on its way back is the courier's until it is reported as received. */
export const partyOf = ({ holder, rule }: Pick<CountedLeaf, 'holder' | 'rule'>): Party | null => {
  if (rule === 'times.fulfilment_after_shipment') return 'courier'
  if (holder === 'supervisor') return 'platform'
  return holder === 'buyer' || holder === 'merchant' || holder === 'both' || holder === 'platform' ? holder : null
}

const add = (counts: Counts, name: string, n = 1): void => {
  if (n !== 0) counts[name] = (counts[name] ?? 0) + n
}

/** Seconds of the party that held it, once it holds it no longer; of two who were asked together, half each. */
const charge = (counts: Counts, before: Standing, after: Standing, on: number): void => {
  if (before.party === null || after.party === before.party) return
  const seconds = Math.floor(on / 1000) - Math.floor(before.since / 1000)
  if (before.party !== 'both') add(counts, `seconds.${before.party}`, seconds)
  else {
    const half = Math.floor(seconds / 2)
    add(counts, 'seconds.buyer', half)
    add(counts, 'seconds.merchant', seconds - half)
  }
}

/**
 * The turn that is under way, as counts that sum up: `turns` at `now` lasted `turns * now - since`, in seconds. They leave with the turn,
 * so no figure of an ended complaint has them.
 */
export const turnOf = ({ party, since }: Pick<Standing, 'party' | 'since'>): Counts =>
  party === null ? {} : { [`turns.${party}`]: 1, [`since.${party}`]: Math.floor(since / 1000) }

/** Where every complaint is, in exactly one place: `open`, or the state that ended it. */
const place = (counts: Counts, before: Standing | null, after: Standing): void => {
  const was = before === null ? null : placeOf(before)
  if (was === placeOf(after) && before?.ended === after.ended) return
  if (before !== null && was !== null) leave(counts, before, was, -1)
  leave(counts, after, placeOf(after), 1)
  if (after.ended !== null) add(counts, 'endings')
}
const placeOf = ({ state, ended }: Standing): string => (ended === null ? 'open' : state)
const leave = (counts: Counts, { opened, ended }: Standing, at: string, n: number): void => {
  add(counts, at, n)
  if (ended !== null) add(counts, `handling.${bucketOf(ended - opened)}`, n)
}

const event = (counts: Counts, before: Standing, after: Standing, { kind, by, on, p }: CountedLeaf): void => {
  if (before !== after) add(counts, 'overdue', Number(after.overdue) - Number(before.overdue))
  if (before.first && by === 'merchant' && ANSWERS.includes(kind)) add(counts, `answer.${bucketOf(on - before.opened)}`)
  if (kind === 'deadline_missed') {
    if (before.first) add(counts, 'unanswered')
    add(counts, `missed.${p.party === 'supervisor' ? 'platform' : p.party}`)
  }
  if (kind === 'evidence_absent') add(counts, `absent.${p.party}`)
  if (keepsDate(before, after, kind, by)) add(counts, 'kept')
  if (isDecision(kind, p)) add(counts, `ruled.${p.outcome}`)
  if (COUNTED.includes(kind)) add(counts, kind)
  const whose = OWN_ENDS.includes(after.state) ? 'own' : 'other'
  if (kind === 'rated') add(counts, `score.${whose}.${p.score}`)
  if (kind === 'followed_up') add(counts, `solved.${whose}.${p.solved === true ? 'yes' : 'no'}`)
}

/** What a merchant answers a complaint with; a machine's reply is none. */
const ANSWERS = ['merchant_responded', 'fulfilled']
const KEEPING = [...ANSWERS, 'evidence_supplied']
/** A confirmation says that the merchant did its part. A word that moves nothing keeps no date, nor does an appeal or a dispute. */
const keepsDate = (before: Standing, after: Standing, kind: string, by: string): boolean =>
  before.merchantDue &&
  (kind === 'confirmed' ||
    (by === 'merchant' && KEEPING.includes(kind) && (after.state !== before.state || after.party !== before.party)))
const COUNTED = ['escalated', 'appealed', 'reopened']
/** Ended by the buyer, whose ratings count apart from those of what others ended. */
const OWN_ENDS = ['closed_confirmed', 'closed_withdrawn']

/** A decision about the complaint: not a new date for a remedy, nor the grant of an appeal against a refusal. */
const isDecision = (kind: string, { enforcement, granted }: CountedLeaf['p']): boolean =>
  (kind === 'ruled' && enforcement !== true) || (kind === 'appeal_ruled' && granted === undefined)

const deskWork = (before: Standing, { kind, on, p }: CountedLeaf): Counts | null => {
  if (['ruled', 'appeal_ruled', 'refused'].includes(kind))
    return { decided: 1, [`decision.${bucketOf(on - (before.review ?? before.opened))}`]: 1 }
  if (kind === 'deadline_missed' && (p.party === 'platform' || p.party === 'supervisor')) return { missed: 1 }
  if (kind === 'handoff_accepted') return { taken: 1 }
  return null
}

/** The work of the officer whom a leaf's disclosure names: decisions, and complaints that were given to them. */
export const officerWork = (before: Standing | null, leaf: CountedLeaf): Counts | null => {
  if (before === null) return null
  if (leaf.kind === 'officer_assigned' || leaf.kind === 'handoff_accepted') return { taken: 1 }
  return deskWork(before, leaf)
}

/**
 * Histogram: whole hours below two days, then whole days, numbered on without a gap. Coarse enough to be few, and a median
 * tells hours where hours matter.
 */
export const bucketOf = (ms: number): number => {
  const hours = Math.floor(Math.max(ms, 0) / HOUR)
  return hours < 48 ? hours : 46 + Math.floor(ms / DAY)
}
/** The hours at which a bucket begins. */
export const hoursOf = (bucket: number): number => (bucket < 48 ? bucket : (bucket - 46) * 24)

/** The day of a complaint in all periods, counted in Shanghai. */
export const dayOf = ({ opened }: Standing): number => dayNumber(opened)

export const isEmpty = (counts: Counts): boolean => {
  for (const _ in counts) return false
  return true
}

export const negative = (counts: Counts): Counts =>
  Object.fromEntries(Object.entries(counts).map(([name, n]) => [name, -n]))

export const addCounts = (into: Counts, more: Counts): Counts => {
  for (const name in more) {
    const sum = (into[name] ?? 0) + (more[name] ?? 0)
    if (sum === 0) delete into[name]
    else into[name] = sum
  }
  return into
}
