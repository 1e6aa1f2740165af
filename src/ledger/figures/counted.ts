// What is kept of a complaint between two of its leaves, beside its fold: where its figures stand, and the counts that no row has yet.
// Write-behind in the row that a step saves anyway: a step of an open complaint touches no row of figures.

import type { Complaint } from '../../complaint/complaint.ts'
import { type Counts, isMerchantDue, PARTIES, type Standing } from '../../complaint/figures/reckon.ts'

/** Plain data, never changed; the same object where a leaf changed nothing. */
export interface Counted {
  readonly standing: Standing
  /** While a clock runs (`due`), all that was counted since one began to; empty otherwise. */
  readonly pending: Counts
}

/** Tuple of what the fold doesn't tell; instants in ms after `opened`. Short, since the row is written with most steps. */
type Encoded = [
  opened: number,
  flags: number,
  since: number,
  pending: Counts,
  desk: string | null,
  review: number | null,
  ended: number | null,
]

const LISTED = 1
const FIRST = 2
const OVERDUE = 4
/** Above the three: 0 for no party, else one more than its place in `PARTIES`. */
const PARTY_UNIT = 8
const partyFlags = ({ party }: Standing): number => (party === null ? 0 : (PARTIES.indexOf(party) + 1) * PARTY_UNIT)
const partyIn = (flags: number) => PARTIES[Math.floor(flags / PARTY_UNIT) - 1] ?? null

/** `complaint`: the fold of the same leaves. */
export const encodeCounted = ({ standing, pending }: Counted, complaint: Pick<Complaint, 'desk'>): string => {
  const { opened, since, review, ended } = standing
  // A name in Chinese would double the bytes of the whole string, and the fold mostly has it.
  const desk = standing.desk === (complaint.desk ?? '') ? null : standing.desk
  const flags =
    (standing.listed ? LISTED : 0) |
    (standing.first ? FIRST : 0) |
    (standing.overdue ? OVERDUE : 0) |
    partyFlags(standing)
  const after = (at: number | null) => (at === null ? null : at - opened)
  const encoded: Encoded = [opened, flags, since - opened, pending, desk, after(review), after(ended)]
  // Most end in what is absent.
  let length = encoded.length
  while (length > 3 && isAbsent(encoded[length - 1])) length--
  return JSON.stringify(length === encoded.length ? encoded : encoded.slice(0, length))
}

const isAbsent = (part: unknown): boolean => {
  if (part === null) return true
  if (typeof part !== 'object') return false
  for (const _ in part) return false
  return true
}

const parsed = (text: string): Encoded => {
  const [opened, flags, since, pending = {}, desk = null, review = null, ended = null] = JSON.parse(text)
  return [opened, flags, since, pending, desk, review, ended]
}

export const decodeCounted = (text: string, { desk: own, state, holder }: Complaint): Counted => {
  const [opened, flags, since, pending, desk, review, ended] = parsed(text)
  const standing: Standing = {
    opened,
    listed: (flags & LISTED) !== 0,
    state,
    ended: ended === null ? null : opened + ended,
    first: (flags & FIRST) !== 0,
    party: partyIn(flags),
    since: opened + since,
    merchantDue: isMerchantDue(holder),
    overdue: (flags & OVERDUE) !== 0,
    review: review === null ? null : opened + review,
    desk: desk ?? own ?? '',
  }
  return { standing, pending }
}

/** Without the fold: what sums need of it. */
export const pendingIn = (
  text: string,
): Pick<Counted, 'pending'> & Pick<Standing, 'opened' | 'listed' | 'party' | 'since'> => {
  const [opened, flags, since, pending] = parsed(text)
  return { opened, listed: (flags & LISTED) !== 0, party: partyIn(flags), since: opened + since, pending }
}
