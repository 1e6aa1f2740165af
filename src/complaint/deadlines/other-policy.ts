// Policy dry run: how an open complaint would stand had it been submitted under another document. Pure; nothing is appended.
// Acts and dates stay as they are: a promised date, one that was set by hand and a deadline that was missed remain.

import type { Complaint } from '../complaint.ts'
import { shanghaiDate } from '../time.ts'
import { startClock } from '../transitions.ts'
import { isMoney, isReview, type State } from '../words.ts'
import { lapseAfter } from './due-steps.ts'
import { afterWorkingDays, clauseIn, lengthOf, type Policy, timeOf } from './policy.ts'

/** What the other document would change; a complaint may have several. */
export const POLICY_EFFECTS = [
  // Of the deadline that runs now: its instant, and whether it is past.
  ...(['earlier', 'later', 'overdue', 'in_time'] as const),
  /** The whole-case clock ends elsewhere, or there is one, or none. */
  'total',
  /** It lies with a desk that the document doesn't have. */
  'desk',
  /** So many handoffs or nudges make a supervisor its holder. */
  'supervisor',
  /** The date that was promised for its remedy lies beyond the cap. */
  'remedy',
  // Whether silence would close it with the notices that the buyer has so far.
  ...(['lapses', 'stays_open'] as const),
  /** Its category is not taken. */
  'category',
] as const
export type PolicyEffect = (typeof POLICY_EFFECTS)[number]

/** The notices of this stay that count, by instant, under either document. */
export interface CountedNotices {
  now: readonly number[]
  other: readonly number[]
}

/** `due` is what it would be; null for a closed complaint. */
export const effectsOf = (
  c: Complaint,
  other: Policy,
  now: number,
  notices: CountedNotices = { now: c.notices, other: c.notices },
): { due: number | null; effects: PolicyEffect[] } => {
  const due = dueUnder(c, other)
  const lapsed = [mayLapse(c, c.policy, notices.now), mayLapse(c, other, notices.other)]
  const found: Record<PolicyEffect, boolean> = {
    earlier: c.due !== null && due !== null && due < c.due,
    later: c.due !== null && due !== null && due > c.due,
    overdue: c.due !== null && due !== null && due <= now && c.due > now,
    in_time: c.due !== null && due !== null && due > now && c.due <= now,
    total: hasOtherTotal(c, other),
    desk: hasNoDesk(c, other),
    supervisor: isSupervised(c, other),
    remedy: isBeyondCap(c, other),
    lapses: lapsed[0] === false && lapsed[1] === true,
    stays_open: lapsed[0] === true && lapsed[1] === false,
    category: !other.categories.includes(c.category),
  }
  return { due, effects: POLICY_EFFECTS.filter(name => found[name]) }
}

/** From the same beginning, with the other document's time; what a pause added is added again. */
const dueUnder = (c: Complaint, other: Policy): number | null => {
  const { due, holder, rule, since, policy } = c
  const clause = clauseIn(policy, rule)
  if (due === null || holder === null || clause === null || c.extended) return due
  if (clause === 'appeal_review') {
    const end = (of: Policy) => afterWorkingDays(since, of.times.appeal_review.workingDays, of.calendar)
    return due + end(other) - end(policy)
  }
  const usual = c.dueWithoutSurge ?? due
  const paused = usual - since - timeOf(policy, clause)
  const then = { ...c, policy: other }
  if (
    c.state === 'fulfilment' &&
    c.shippedAt !== null &&
    c.receivedAt !== null &&
    clause.startsWith('fulfilment_after')
  )
    return Math.min(
      c.shippedAt + timeOf(other, 'fulfilment_after_shipment'),
      c.receivedAt + timeOf(other, 'fulfilment_after_receipt'),
    )
  return startClock(then, holder, clause, since).due + paused
}

/** Not where an interim report or a reopening set it anew: the fold keeps its end alone. */
const hasOtherTotal = ({ policy, total, openedAt }: Complaint, other: Policy): boolean => {
  const [now, then] = [policy.total, other.total].map(each => (each ? openedAt + lengthOf(each) : null))
  return total === now && now !== then
}

const hasNoDesk = (c: Complaint, { desks }: Policy): boolean =>
  deskOf(c) !== '' && desks !== undefined && !desks.includes(deskOf(c))

/** The desk that it was offered to, else the one that has it; '' for none. */
const deskOf = ({ desk, handoff }: Complaint): string => decodeURIComponent(handoff?.desk ?? desk ?? '')

const isSupervised = ({ state, holder, handoffs, nudges }: Complaint, other: Policy): boolean =>
  isReview(state) &&
  holder === 'platform' &&
  (handoffs >= other.limits.handoffs.count || (other.nudges !== undefined && nudges >= other.nudges.count))

const isBeyondCap = ({ state, rule, remedy, due, since, policy }: Complaint, other: Policy): boolean => {
  if (state !== 'fulfilment' || rule !== 'promised' || remedy === null || due === null) return false
  const cap = ({ caps }: Policy) => since + lengthOf(isMoney(remedy.kind) ? caps.promise_money : caps.promise_goods)
  return due > cap(other) && due <= cap(policy)
}

/** Null where silence closes nothing in this state. */
const mayLapse = (c: Complaint, { lapse }: Policy, notices: readonly number[]): boolean | null =>
  lapseAfter(c) === null
    ? null
    : notices.length >= lapse.notices.count && new Set(notices.map(shanghaiDate)).size >= lapse.days.count

type Counts = { open: number } & Partial<Record<PolicyEffect, number>>

/** What was found, of one shard or of several. Plain data: it crosses RPC. */
export interface PolicyTrialTally {
  /** Open complaints that were looked at, those of which something would differ, and those whose row can't be believed. */
  open: number
  changed: number
  unreadable: number
  effects: Partial<Record<PolicyEffect, number>>
  states: Partial<Record<State, Counts>>
  /** By name; '' for those with no desk. */
  desks: Record<string, Counts>
  /** By the name of the document that they are bound to. */
  policies: Record<string, number>
  /** A few for each effect. */
  examples: { effect: PolicyEffect; id: number; due: number | null; would: number | null }[]
}

export const emptyTally = (): PolicyTrialTally => ({
  open: 0,
  changed: 0,
  unreadable: 0,
  effects: {},
  states: {},
  desks: {},
  policies: {},
  examples: [],
})

const EXAMPLES = 3
const MOST_DESKS = 200

const bump = (counts: Partial<Record<PolicyEffect, number>>, effects: readonly PolicyEffect[]): void => {
  for (const name of effects) counts[name] = (counts[name] ?? 0) + 1
}
const countsIn = <K extends string>(all: Partial<Record<K, Counts>>, name: K): Counts => {
  const counts: Counts = all[name] ?? { open: 0 }
  all[name] = counts
  return counts
}

/** Adds one complaint; changes `tally`. */
export const addToTally = (tally: PolicyTrialTally, id: number, c: Complaint, other: ReturnType<typeof effectsOf>) => {
  const { effects, due } = other
  const named = deskOf(c)
  const desk = named in tally.desks || Object.keys(tally.desks).length < MOST_DESKS ? named : ''
  tally.open++
  if (effects.length > 0) tally.changed++
  bump(tally.effects, effects)
  for (const counts of [countsIn(tally.states, c.state), countsIn(tally.desks, desk)]) {
    counts.open++
    bump(counts, effects)
  }
  tally.policies[c.policy.name] = (tally.policies[c.policy.name] ?? 0) + 1
  for (const effect of effects)
    if ((tally.effects[effect] ?? 0) <= EXAMPLES) tally.examples.push({ effect, id, due: c.due, would: due })
}

const sums = (a: Counts | undefined, b: Counts): Counts => {
  const sum: Counts = { ...a, open: (a?.open ?? 0) + b.open }
  for (const name of POLICY_EFFECTS) if (b[name]) sum[name] = (a?.[name] ?? 0) + b[name]
  return sum
}

export const mergeTallies = (a: PolicyTrialTally, b: PolicyTrialTally): PolicyTrialTally => {
  const { open: _, ...effects } = sums({ open: 0, ...a.effects }, { open: 0, ...b.effects })
  const merged: PolicyTrialTally = {
    open: a.open + b.open,
    changed: a.changed + b.changed,
    unreadable: a.unreadable + b.unreadable,
    effects,
    states: { ...a.states },
    desks: { ...a.desks },
    policies: { ...a.policies },
    examples: [...a.examples],
  }
  // Cast: the keys are those of `states`.
  for (const [state, counts] of Object.entries(b.states) as [State, Counts][])
    merged.states[state] = sums(merged.states[state], counts)
  for (const [desk, counts] of Object.entries(b.desks)) merged.desks[desk] = sums(merged.desks[desk], counts)
  for (const [name, count] of Object.entries(b.policies)) merged.policies[name] = (merged.policies[name] ?? 0) + count
  for (const each of b.examples)
    if (merged.examples.filter(({ effect }) => effect === each.effect).length < EXAMPLES) merged.examples.push(each)
  return merged
}
