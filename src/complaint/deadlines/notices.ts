import type { Complaint } from '../complaint.ts'
import type { Step } from '../step.ts'

type Recipient = 'buyer' | 'merchant' | 'platform' | 'supervisor'

/** A message to plan with a step: to whom, what it says, and when it is to go out (UTC ms). */
interface PlannedNotice {
  party: Recipient
  template: string
  at: number
}

/** Steps that a buyer is told of, whoever took them. */
const NOTIFIED_KINDS: readonly Step['kind'][] = [
  'submitted',
  'merchant_responded',
  'offer_accepted',
  'ruled',
  'appeal_ruled',
  'return_received',
  'return_disputed',
  'deadline_extended',
  'fulfilled',
  'confirmed',
  'withdrawn',
  'lapsed',
  'refused',
  'link_rotated',
]

const isNotified = (step: Step): boolean => {
  if (step.kind === 'deadline_missed') return step.p.party !== 'buyer'
  // The buyer's own appeal is no news to the buyer.
  if (step.kind === 'appealed') return step.by === 'merchant'
  if (step.kind === 'evidence_requested') return step.p.pauses && step.p.from !== 'merchant'
  return NOTIFIED_KINDS.includes(step.kind)
}

const holders = (c: Complaint): Recipient[] => {
  if (c.holder === null || c.due === null) return []
  return c.holder === 'both' ? ['buyer', 'merchant'] : [c.holder]
}

/** Nothing has changed for this party: it had the same time before. */
const hadSameTime = (party: Recipient, before: Complaint | null, { enteredSeq: stay, due }: Complaint): boolean =>
  before !== null && before.enteredSeq === stay && before.due === due && holders(before).includes(party)

/** At the policy's parts of the time that each holder has from now on, so that nobody loses by what was overlooked. */
const reminders = (step: Step, before: Complaint | null, c: Complaint): PlannedNotice[] => {
  const { due } = c
  // A supervisor's own miss leaves `due` past: there is no time to remind of.
  if (due === null || due <= step.on) return []
  const parties = holders(c).filter(party => !hadSameTime(party, before, c))
  return parties.flatMap(party =>
    c.policy.reminders.map(part => ({ party, template: 'reminder', at: Math.round(step.on + (due - step.on) * part) })),
  )
}

/** Messages that a step brings; `before` and `after` are the complaint without it and with it. */
export const noticesFor = (step: Step, before: Complaint | null, after: Complaint): PlannedNotice[] => [
  ...(isNotified(step) ? [{ party: 'buyer' as const, template: step.kind, at: step.at }] : []),
  ...reminders(step, before, after),
]
