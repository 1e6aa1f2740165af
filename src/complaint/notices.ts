import type { Complaint } from './complaint.ts'
import type { Step } from './step.ts'

/** A message to plan with a step: what it says, and when it is to go out (UTC ms). */
export interface PlannedNotice {
  template: string
  at: number
}

/** Steps that a buyer is told of, whoever took them. */
const TOLD: readonly Step['kind'][] = [
  'submitted',
  'merchant_responded',
  'offer_accepted',
  'ruled',
  'appeal_ruled',
  'fulfilled',
  'confirmed',
  'withdrawn',
  'lapsed',
  'refused',
  'link_rotated',
]

const isTold = (step: Step): boolean => {
  if (step.kind === 'deadline_missed') return step.p.party !== 'buyer'
  if (step.kind === 'evidence_requested') return step.p.pauses && step.p.from !== 'merchant'
  return TOLD.includes(step.kind)
}

/** While the buyer holds it: at the policy's parts of the time, so that nobody loses by an SMS that was missed. */
const reminders = (c: Complaint): PlannedNotice[] => {
  if (c.due === null || (c.holder !== 'buyer' && c.holder !== 'both')) return []
  const length = c.due - c.since
  return c.policy.reminders.map(part => ({ template: 'reminder', at: Math.round(c.since + length * part) }))
}

/** Messages to the buyer that a step brings; `after` is the complaint with the step folded in. */
export const noticesFor = (step: Step, after: Complaint): PlannedNotice[] => [
  ...(isTold(step) ? [{ template: step.kind, at: step.at }] : []),
  ...(after.stay === after.seq && step.kind !== 'deadline_extended' ? reminders(after) : []),
]
