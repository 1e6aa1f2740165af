// Statistics of a merchant, from the timelines of its complaints.

import type { Complaint } from '../complaint.ts'
import { evolve } from '../evolve.ts'
import type { Step } from '../step.ts'
import { type ChargedRole, responsibility } from './responsibility.ts'
import { projectDueSteps } from './timeline.ts'

/** Time that other parties took is counted apart (rule 15). */
export interface Statistics {
  complaints: number
  /** The merchant's own deadlines: kept, and missed. */
  onTime: number
  missed: number
  /** Open time by the party that held it, over all complaints; a supervisor's counts as the platform's. */
  seconds: Record<'merchant' | 'buyer' | 'platform' | 'courier', number>
  confirmed: number
  /** A `partly` ruling counts for neither. */
  ruledForBuyer: number
  ruledForMerchant: number
  lapsed: number
}

interface Transition {
  step: Step
  before: Complaint | null
  after: Complaint
}

export const noStatistics = (): Statistics => ({
  complaints: 0,
  onTime: 0,
  missed: 0,
  seconds: { merchant: 0, buyer: 0, platform: 0, courier: 0 },
  confirmed: 0,
  ruledForBuyer: 0,
  ruledForMerchant: 0,
  lapsed: 0,
})

/** Adds one complaint: its steps so far, and the clock steps that are due but not appended yet. */
export const addComplaint = (statistics: Statistics, steps: readonly Step[], now: number): void => {
  const transitions = transitionsOf(steps)
  const newest = transitions.at(-1)?.after
  if (!newest) return
  statistics.complaints++
  for (const kept of [...transitions, ...projectedTransitions(newest, now)].map(keptDeadline)) {
    if (kept !== null) statistics[kept ? 'onTime' : 'missed']++
  }
  addSeconds(statistics, transitions, now)
  addEnding(statistics, newest)
}

const transitionsOf = (steps: readonly Step[]): Transition[] => {
  let before: Complaint | null = null
  return steps.map(step => {
    const transition: Transition = { step, before, after: evolve(before, step) }
    before = transition.after
    return transition
  })
}

const projectedTransitions = (newest: Complaint, now: number): Transition[] => {
  let before = newest
  return projectDueSteps(newest, now).map(({ step, after }) => {
    const transition = { step, before, after }
    before = after
    return transition
  })
}

/** Whether this step kept or missed a deadline of the merchant; null for neither, such as a withdrawal. */
const keptDeadline = ({ step, before, after }: Transition): boolean | null => {
  if (before?.holder !== 'merchant' && before?.holder !== 'both') return null
  if (step.kind === 'deadline_missed' || step.kind === 'evidence_absent') return false
  // A confirmation says that the merchant did its part; an appeal or a dispute only moves the case.
  if (step.kind === 'confirmed') return true
  return step.by === 'merchant' && KEEPING.includes(step.kind) && hasMoved(before, after) ? true : null
}

const KEEPING: readonly Step['kind'][] = ['merchant_responded', 'evidence_supplied', 'fulfilled']

const hasMoved = (before: Complaint, after: Complaint): boolean =>
  after.holder !== before.holder || after.state !== before.state || after.enteredSeq !== before.enteredSeq

const addSeconds = ({ seconds }: Statistics, transitions: readonly Transition[], now: number): void => {
  const states = transitions.map(({ step, after }) => ({ on: step.on, after }))
  for (const share of responsibility(states, now)) seconds[reportedRole(share.role)] += share.seconds
}

const reportedRole = (role: ChargedRole) => (role === 'supervisor' ? 'platform' : role)

const addEnding = (statistics: Statistics, { state, ruling }: Complaint): void => {
  if (state === 'closed_confirmed') statistics.confirmed++
  if (state === 'closed_lapsed') statistics.lapsed++
  if (ruling?.outcome === 'for_buyer') statistics.ruledForBuyer++
  if (ruling?.outcome === 'for_merchant') statistics.ruledForMerchant++
}
