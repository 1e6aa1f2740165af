import { type Complaint, isStuck } from '../complaint.ts'
import type { NewStep, NewStepOf, Params } from '../step.ts'
import { shanghaiDate } from '../time.ts'
import type { LapseAfter, StepKind } from '../words.ts'

/** A clock step: appended now, effective at the missed instant. */
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

/** The next instant at which the clock must act on it, or null. */
export const nextDueAt = (c: Complaint): number | null => (isStuck(c) ? null : c.due)

/** Silence closes a complaint only after real notices (rule 5); of failed ones each counts as a day of its own. */
const wasNotified = (c: Complaint, failed: number): boolean =>
  c.notices.length - failed >= c.policy.lapse.notices.count &&
  new Set(c.notices.map(shanghaiDate)).size - failed >= c.policy.lapse.days.count

const lapseAfter = (c: Complaint): LapseAfter | null => {
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
 * What the clock does next to a complaint at `now`: nothing, one step, or a miss with the lapse that follows it.
 * Fold and ask again until it is nothing. `failed`: notices of this stay that the provider reported undelivered.
 */
export const dueSteps = (c: Complaint, now: number, failed = 0): NewStep[] => {
  const { due, holder } = c
  if (due === null || holder === null || now < due || isStuck(c)) return []
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
