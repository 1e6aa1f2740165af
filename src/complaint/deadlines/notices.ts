// Notifications: which messages a step plans, and when reminders go out. src/notify words and sends them.

import type { Complaint } from '../complaint.ts'
import type { Step } from '../step.ts'
import { DAY } from '../time.ts'
import type { State } from '../words.ts'

type Recipient = 'buyer' | 'merchant' | 'platform' | 'supervisor'

/** A message planned with a step: recipient, template, and when it goes out (UTC ms). */
interface PlannedNotice {
  party: Recipient
  template: string
  at: number
}

/** Kinds of which the buyer is notified, whichever party acted. */
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
  'redaction_refused',
  'interim_reported',
  'total_missed',
  'statement_given',
  'statement_absent',
]

const isNotified = (step: Step): boolean => {
  if (step.kind === 'deadline_missed') return step.p.party !== 'buyer'
  // The buyer needs no message about the buyer's own appeal.
  if (step.kind === 'appealed') return step.by === 'merchant'
  if (step.kind === 'evidence_requested') return step.p.pauses && step.p.from !== 'merchant'
  return NOTIFIED_KINDS.includes(step.kind)
}

const holders = (c: Complaint): Recipient[] => {
  if (c.holder === null || c.due === null) return []
  return c.holder === 'both' ? ['buyer', 'merchant'] : [c.holder]
}

/** Whether this party had the same deadline before the step: then its reminders are planned already. */
const hadSameTime = (party: Recipient, before: Complaint | null, { enteredSeq: stay, due }: Complaint): boolean =>
  before !== null && before.enteredSeq === stay && before.due === due && holders(before).includes(party)

/** Reminders for each holder, at the policy's fractions of the time that is left. */
const reminders = (step: Step, before: Complaint | null, c: Complaint): PlannedNotice[] => {
  const { due } = c
  // After a supervisor's miss `due` stays in the past: there is nothing to remind of.
  if (due === null || due <= step.on) return []
  const parties = holders(c).filter(party => !hadSameTime(party, before, c))
  return parties.flatMap(party =>
    c.policy.reminders.map(part => ({ party, template: 'reminder', at: Math.round(step.on + (due - step.on) * part) })),
  )
}

/** A nudge: the holder after it gets a message at once. */
const nudge = (step: Step, after: Complaint): PlannedNotice[] =>
  step.kind === 'nudged' ? holders(after).map(party => ({ party, template: 'reminder', at: step.at })) : []

/**
 * Security notices: an SMS to the buyer when a further device is bound or one is retired, and when the complaint was closed, accepted or withdrawn
 * without a signature although a key was bound. Sent even where the buyer did it, since a thief acts as the buyer.
 */
const authorship = (step: Step, before: Complaint | null, after: Complaint): PlannedNotice[] => {
  const isFurtherDevice = step.kind === 'key_bound' && before !== null && before.keys.length > 0
  const told = isFurtherDevice || step.kind === 'key_retired' ? step.kind : null
  const template = after.unsigned === after.seq ? 'unsigned' : told
  return template === null ? [] : [{ party: 'buyer', template, at: step.at }]
}

/** After an end: the rating is asked for once more where it was not given, and a week later whether it was really solved. */
export const FOLLOW_UP_AFTER = 7 * DAY
const [RATING_AFTER, RATING_REMINDER_AFTER] = [DAY, 4 * DAY]

export const isFollowedUp = (state: State): boolean =>
  state === 'closed_confirmed' || state === 'closed_ruled' || state === 'closed_lapsed'

/** Who confirms is asked for the rating on the page that answers; all others by message. */
const satisfaction = (step: Step, before: Complaint | null, { state, closedAt }: Complaint): PlannedNotice[] => {
  if (closedAt === null || closedAt === before?.closedAt) return []
  const asked = step.kind === 'confirmed' ? [RATING_REMINDER_AFTER] : [RATING_AFTER, RATING_REMINDER_AFTER]
  const ratings = asked.map(after => ({ party: 'buyer' as const, template: 'rating', at: step.on + after }))
  const followUp = { party: 'buyer' as const, template: 'follow_up', at: step.on + FOLLOW_UP_AFTER }
  return isFollowedUp(state) ? [...ratings, followUp] : ratings
}

/** The messages that a step plans; `before` and `after` are the complaint without it and with it. */
export const noticesFor = (step: Step, before: Complaint | null, after: Complaint): PlannedNotice[] => [
  // Of a step that is told as unsigned, that alone.
  ...(isNotified(step) && after.unsigned !== after.seq
    ? [{ party: 'buyer' as const, template: step.kind, at: step.at }]
    : []),
  ...authorship(step, before, after),
  ...nudge(step, after),
  ...reminders(step, before, after),
  ...satisfaction(step, before, after),
]
