import type { Complaint, Remedy, ReviewCause } from './complaint.ts'
import { afterWorkingDays } from './deadlines/calendar.ts'
import { type HourClause, SURGED, timeOf } from './deadlines/policy.ts'
import { surgeAt, surgeLength } from './deadlines/surge.ts'
import type { RemedyTerms, Step } from './step.ts'
import { type Holder, isGoods, isMoney, isReview, needsReturn, type State } from './words.ts'

type Changes = Partial<Complaint>

/** A new stay in a state; its clock starts at `step.on`, the missed instant for clock steps. */
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
  ...more,
})

export const toMerchant = (c: Complaint, step: Step): Complaint =>
  enter(c, step, 'awaiting_merchant', startClock(c, 'merchant', 'awaiting_merchant', step.on), {
    answer: null,
    offer: null,
  })

export const toBuyer = (c: Complaint, step: Step): Complaint =>
  enter(c, step, 'awaiting_buyer', startClock(c, 'buyer', 'awaiting_buyer', step.on))

/** What was ruled is never reopened: a review of a ruled remedy enforces it (rule 1). */
const isEnforcement = (c: Complaint): boolean => c.remedy?.source === 'ruling'

export const toReview = (c: Complaint, step: Step, cause: ReviewCause): Complaint =>
  enter(c, step, 'platform_review', startClock(c, 'platform', 'platform_review', step.on), {
    review: { cause, enforcement: isEnforcement(c), pauses: 0 },
    assigned: c.officer !== null,
    handoff: null,
    closedAt: null,
    after: null,
  })

/** The platform missed what it owes itself: no desk of it holds this any more. */
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
  // A date that was named is the date, surge or not.
  if (by !== undefined && by > step.on) return { holder: owedBy, due: by, dueWithoutSurge: null, rule: 'promised' }
  return startClock({ ...c, remedy }, owedBy, isMoney(kind) ? 'fulfilment_money' : 'fulfilment_goods', step.on)
}

const toFulfilment = (c: Complaint, step: Step, remedy: Remedy): Complaint =>
  enter(c, step, 'fulfilment', remedyClock(c, step, remedy), { remedy, closedAt: null, after: null })

/** An agreed or ruled remedy: goods go back first, unless they are on their way or there already. */
export const toRemedy = (c: Complaint, step: Step, terms: RemedyTerms, source: Remedy['source']): Complaint => {
  const remedy: Remedy = { ...terms, source, seq: c.seq }
  const fresh = { ...c, offer: null, disputed: false }
  return needsReturn(terms.kind) && c.shippedAt === null
    ? toReturn(fresh, step, remedy)
    : toFulfilment(fresh, step, remedy)
}

/** After a return the money is due seven days from receipt, at latest fifteen from shipment. */
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

/** After an exchange or repair the buyer has goods again; against a refund they were returned for good. */
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
  handoff: null,
  ...more,
})

/** The review stands still while evidence is awaited; what is left of its time is kept. */
export const pause = (c: Complaint, step: Step, from: 'buyer' | 'merchant' | 'both'): Complaint => {
  const { state, holder, due, dueWithoutSurge: usualDue, rule, since, enteredSeq: stay, extended, missed } = c
  if (!isReview(state) || holder === null || due === null || rule === null) return c
  const usual = usualDue === null ? {} : { usual: usualDue - step.on }
  const paused = { state, holder, remaining: due - step.on, ...usual, rule, since, stay, extended, missed }
  const asked = enter(c, step, 'evidence_requested', startClock(c, from, 'evidence_requested', step.on), {
    paused,
    evidenceFrom: from,
  })
  return { ...asked, review: c.review && { ...c.review, pauses: c.review.pauses + 1 } }
}

export const resume = (c: Complaint, step: Step): Complaint => {
  if (c.paused === null) return c
  const { remaining, usual, stay, ...before } = c.paused
  const usualDue = usual === undefined ? null : step.on + usual
  return {
    ...c,
    ...before,
    enteredSeq: stay,
    due: step.on + remaining,
    dueWithoutSurge: usualDue,
    paused: null,
    evidenceFrom: null,
    notices: [],
  }
}

/** The platform's time is up: the supervisor has the next 24 hours, and after that `due` stays past (rule 4). */
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

/** The times that a surge lengthens: everybody's alike, but never an appeal's, a payment's or a supervisor's. */
const LENGTHENED: readonly HourClause[] = [
  'awaiting_merchant',
  'awaiting_buyer',
  'platform_review',
  'evidence_requested',
  'awaiting_return',
  'fulfilment_goods',
  'awaiting_confirmation',
]

/** Nothing about an appeal or about money that was agreed or ruled waits longer, whatever state it is in. */
const maySurge = ({ appealing, remedy }: Complaint): boolean =>
  appealing === null && (remedy === null || isGoods(remedy.kind))

/** The clock of a stay that begins: longer if it begins within a surge of the pinned policy. */
const startClock = (c: Complaint, holder: Holder, clause: HourClause, from: number): Clock => {
  const usual = clockOf(c, holder, clause, from)
  const surge = LENGTHENED.includes(clause) && maySurge(c) ? surgeAt(c.policy, from) : undefined
  if (!surge) return usual
  return { ...usual, due: usual.due + surgeLength(surge), dueWithoutSurge: usual.due, rule: `${usual.rule}${SURGED}` }
}
