// Deadlines: which steps the clock owes a complaint. Pure. A scheduler that appends them late changes no deadline.

import { type Complaint, isStuck } from '../complaint.ts'
import type { NewStep, NewStepOf, Params } from '../step.ts'
import { shanghaiDate } from '../time.ts'
import type { Holder, LapseAfter, StepKind } from '../words.ts'

/** A step of the clock: appended now, in effect since the missed instant. */
const clockStep = <K extends StepKind>(kind: K, now: number, on: number, p: Params[K]): NewStepOf<K> => ({
  kind,
  by: 'system',
  auto: true,
  who: null,
  at: now,
  on,
  p,
  content: {},
})

/** The instant of the clocks beside the holder's that comes next: the whole case's, or a third party's. Null for none. */
export const nextSideDueAt = (c: Complaint): number | null =>
  c.statements.reduce((next, { due }) => earlier(next, due), totalDueAt(c))

const totalDueAt = ({ total, totalMissed }: Complaint): number | null => (totalMissed ? null : total)

const sideStep = (c: Complaint, holder: Holder, now: number, due: number): NewStep => {
  const silent = totalDueAt(c) === due ? undefined : c.statements.find(each => each.due === due)
  return silent
    ? clockStep('statement_absent', now, due, { party: silent.party, of: silent.of, due })
    : clockStep('total_missed', now, due, { party: holder, due })
}

/** When the scheduler must come back to this complaint; null for never. */
export const nextDueAt = (c: Complaint): number | null => {
  return earlier(isStuck(c) ? null : c.due, nextSideDueAt(c))
}

/** The earlier of two instants, of which either may be none. */
export const earlier = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b)

/**
 * Silence closes a complaint only after accepted notices on several days (rule 5). A failed notice counts against both
 * the number of notices and the number of days.
 */
const wasNotified = (c: Complaint, failed: number): boolean =>
  c.notices.length - failed >= c.policy.lapse.notices.count &&
  new Set(c.notices.map(shanghaiDate)).size - failed >= c.policy.lapse.days.count

/** What silence closes in this state; null for nothing. */
export const lapseAfter = (c: Complaint): LapseAfter | null => {
  switch (c.state) {
    case 'awaiting_buyer':
      return c.answer === 'offer' ? 'offer' : 'rejection'
    case 'awaiting_return':
      return 'return'
    case 'awaiting_confirmation':
      return 'proof'
    default:
      return null
  }
}

/**
 * The clock's next steps at `now`: none, one, or a miss with the lapse that follows it. Fold them and call again until
 * there are none. `failed`: how many notices of this stay the provider reported as undelivered.
 */
export const dueSteps = (c: Complaint, now: number, failed = 0): NewStep[] => {
  const { due, holder } = c
  if (due === null || holder === null) return []
  const side = nextSideDueAt(c)
  // Of two at one instant the whole case's comes first: its party is who let it come to that.
  if (side !== null && now >= side && (isStuck(c) || side <= due)) return [sideStep(c, holder, now, side)]
  if (now < due || isStuck(c)) return []
  if (c.state === 'evidence_requested')
    return [clockStep('evidence_absent', now, due, { party: c.evidenceFrom ?? 'buyer', due })]
  if (holder === 'both') return []
  const after = lapseAfter(c)
  if (after === null || !wasNotified(c, failed)) return [clockStep('deadline_missed', now, due, { party: holder, due })]
  return [
    clockStep('deadline_missed', now, due, { party: holder, due, lapses: true }),
    clockStep('lapsed', now, due, { after }),
  ]
}
