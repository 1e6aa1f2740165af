// State machine: how a complaint enters each state, who must act there, and until when. evolve.ts chooses which.

import type { Complaint, Remedy, ReviewCause } from './complaint.ts'
import { afterWorkingDays, type HourClause, SURGED, surgeAt, surgeLength, timeOf } from './deadlines/policy.ts'
import type { RemedyTerms, Step } from './step.ts'
import { type Holder, isGoods, isMoney, isReview, needsReturn, type State } from './words.ts'

type Changes = Partial<Complaint>

/** Begins a stay in a state. Its clock starts at `step.on`, which for clock steps is the missed instant. */
const enter = (c: Complaint, step: Step, state: State, clock: Clock, more: Changes = {}): Complaint => ({
  ...c,
  state,
  ...clock,
  since: step.on,
  enteredSeq: c.seq,
  extended: false,
  missed: 0,
  paused: null,
  evidenceFrom: null,
  notices: [],
  nudges: 0,
  ...more,
})

export const toMerchant = (c: Complaint, step: Step): Complaint =>
  enter(c, step, 'awaiting_merchant', startClock(c, 'merchant', 'awaiting_merchant', step.on), {
    answer: null,
    offer: null,
  })

export const toBuyer = (c: Complaint, step: Step): Complaint =>
  enter(c, step, 'awaiting_buyer', startClock(c, 'buyer', 'awaiting_buyer', step.on))

/** The merits are ruled on once: a review of a ruled remedy only enforces it (rule 1). */
const isEnforcement = (c: Complaint): boolean => c.remedy?.source === 'ruling'

export const toReview = (c: Complaint, step: Step, cause: ReviewCause): Complaint =>
  enter(c, step, 'platform_review', startClock(c, 'platform', 'platform_review', step.on), {
    review: { cause, enforcement: isEnforcement(c), pauses: 0 },
    assigned: c.officer !== null,
    handoff: null,
    closedAt: null,
    after: null,
  })

/** The platform missed what it owes itself: the case goes to a supervisor at once, past its desks. */
export const toSupervisedReview = (c: Complaint, step: Step): Complaint => ({
  ...toReview(c, step, 'missed'),
  ...clockOf(c, 'supervisor', 'supervisor', step.on),
  missed: 1,
})

export const toAppeal = (c: Complaint, step: Step, of: 'ruling' | 'refusal'): Complaint =>
  enter(
    c,
    step,
    'appeal_review',
    {
      holder: 'platform',
      due: afterWorkingDays(step.on, c.policy.times.appeal_review.workingDays, c.policy.calendar),
      dueWithoutSurge: null,
      rule: 'times.appeal_review',
    },
    {
      appealing: of,
      review: { cause: 'escalated', enforcement: false, pauses: 0 },
      officer: null,
      desk: null,
      assigned: false,
      handoff: null,
      closedAt: null,
    },
  )

const toReturn = (c: Complaint, step: Step, remedy: Remedy): Complaint =>
  enter(c, step, 'awaiting_return', startClock({ ...c, remedy }, 'buyer', 'awaiting_return', step.on), {
    remedy,
    closedAt: null,
    after: null,
  })

const remedyClock = (c: Complaint, step: Step, remedy: Remedy): Clock => {
  const { by, owedBy, kind } = remedy
  // A promised date stays as it was promised: a surge does not lengthen it.
  if (by !== undefined && by > step.on) return { holder: owedBy, due: by, dueWithoutSurge: null, rule: 'promised' }
  return startClock({ ...c, remedy }, owedBy, isMoney(kind) ? 'fulfilment_money' : 'fulfilment_goods', step.on)
}

const toFulfilment = (c: Complaint, step: Step, remedy: Remedy): Complaint =>
  enter(c, step, 'fulfilment', remedyClock(c, step, remedy), { remedy, closedAt: null, after: null })

/** Carries out an agreed or ruled remedy. Goods go back first, unless they were shipped already. */
export const toRemedy = (c: Complaint, step: Step, terms: RemedyTerms, source: Remedy['source']): Complaint => {
  const remedy: Remedy = { ...terms, source, seq: c.seq }
  const fresh = { ...c, offer: null, disputed: false }
  return needsReturn(terms.kind) && c.shippedAt === null
    ? toReturn(fresh, step, remedy)
    : toFulfilment(fresh, step, remedy)
}

/** Starts the refund's clock at shipment (fifteen days, by the default policy); `afterReceipt` may shorten it. */
export const afterShipment = (c: Complaint, step: Step, remedy: Remedy): Complaint =>
  enter(c, step, 'fulfilment', clockOf(c, remedy.owedBy, 'fulfilment_after_shipment', step.on), {
    shippedAt: step.on,
    receivedAt: null,
    returnDisputed: false,
  })

export const afterReceipt = (c: Complaint, step: Step): Complaint => {
  const due = after(c, 'fulfilment_after_receipt', step.on)
  const sooner = c.rule === 'times.fulfilment_after_shipment' && c.due !== null && due < c.due
  return { ...c, receivedAt: step.on, ...(sooner ? { due, rule: 'times.fulfilment_after_receipt' } : {}) }
}

/** After an exchange or repair the buyer has goods again and may return them; after a refund they stay returned. */
export const toConfirmation = (c: Complaint, step: Step): Complaint =>
  enter(
    c,
    step,
    'awaiting_confirmation',
    startClock(c, 'buyer', 'awaiting_confirmation', step.on),
    c.remedy && isGoods(c.remedy.kind) ? { shippedAt: null, receivedAt: null } : {},
  )

export const close = (c: Complaint, step: Step, state: State, more: Changes = {}): Complaint => ({
  ...c,
  state,
  holder: null,
  due: null,
  dueWithoutSurge: null,
  rule: null,
  since: step.on,
  enteredSeq: c.seq,
  paused: null,
  evidenceFrom: null,
  notices: [],
  closedAt: step.on,
  appealing: null,
  rated: false,
  followedUp: false,
  handoff: null,
  statements: [],
  ...more,
})

/** Pauses a review to ask for evidence: its clock stops, and `resume` goes on with the time that remained. */
export const pause = (c: Complaint, step: Step, from: 'buyer' | 'merchant' | 'both'): Complaint => {
  const { state, holder, due, dueWithoutSurge, rule, since, enteredSeq: stay, extended, missed } = c
  if (!isReview(state) || holder === null || due === null || rule === null) return c
  const usual = dueWithoutSurge === null ? {} : { usual: dueWithoutSurge - step.on }
  const paused = { state, holder, remaining: due - step.on, ...usual, rule, since, stay, extended, missed }
  const waiting = enter(c, step, 'evidence_requested', startClock(c, from, 'evidence_requested', step.on), {
    paused,
    evidenceFrom: from,
  })
  return { ...waiting, review: c.review && { ...c.review, pauses: c.review.pauses + 1 } }
}

export const resume = (c: Complaint, step: Step): Complaint => {
  if (c.paused === null) return c
  const { remaining, usual, stay, ...before } = c.paused
  return {
    ...c,
    ...before,
    enteredSeq: stay,
    due: step.on + remaining,
    dueWithoutSurge: usual === undefined ? null : step.on + usual,
    paused: null,
    evidenceFrom: null,
    notices: [],
  }
}

/** Escalates a missed review: the supervisor has the next 24 hours; after those `due` stays in the past (rule 4). */
export const missReview = (c: Complaint, step: Step): Complaint =>
  c.missed === 0
    ? { ...c, ...clockOf(c, 'supervisor', 'supervisor', step.on), missed: 1, extended: false }
    : { ...c, missed: c.missed + 1 }

/** Who must act in a stay, until when, and by which rule. */
interface Clock {
  holder: Holder
  due: number
  dueWithoutSurge: number | null
  rule: string
}

const after = (c: Complaint, clause: HourClause, from: number): number => from + timeOf(c.policy, clause)

const clockOf = (c: Complaint, holder: Holder, clause: HourClause, from: number): Clock => ({
  holder,
  due: after(c, clause, from),
  dueWithoutSurge: null,
  rule: `times.${clause}`,
})

/** The times that a surge lengthens, for all parties alike; never an appeal's, a payment's or a supervisor's. */
const LENGTHENED: readonly HourClause[] = [
  'awaiting_merchant',
  'awaiting_buyer',
  'platform_review',
  'evidence_requested',
  'awaiting_return',
  'fulfilment_goods',
  'awaiting_confirmation',
]

/** An appeal, and money that was agreed or ruled, never wait longer, whatever the state. */
const maySurge = ({ appealing, remedy }: Complaint): boolean =>
  appealing === null && (remedy === null || isGoods(remedy.kind))

/** The clock of a stay that begins at `from`: longer if that lies within a surge of the pinned policy. */
export const startClock = (c: Complaint, holder: Holder, clause: HourClause, from: number): Clock => {
  const usual = clockOf(c, holder, clause, from)
  const surge = LENGTHENED.includes(clause) && maySurge(c) ? surgeAt(c.policy, from) : undefined
  if (!surge) return usual
  return { ...usual, due: usual.due + surgeLength(surge), dueWithoutSurge: usual.due, rule: `${usual.rule}${SURGED}` }
}
