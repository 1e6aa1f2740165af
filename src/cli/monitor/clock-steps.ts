import { type Complaint, isStuck } from '../../complaint/complaint.ts'
import { dueSteps } from '../../complaint/deadlines/due-steps.ts'
import type { Step } from '../../complaint/step.ts'
import { iso } from './broken.ts'
import { sameValue } from './same-value.ts'
import type { SkimmedLeaf } from './skim.ts'

const CLOCK_KINDS: readonly string[] = ['deadline_missed', 'evidence_absent', 'lapsed'] satisfies Step['kind'][]

export const isClockKind = (kind: string): boolean => CLOCK_KINDS.includes(kind)

/** Before anything else is appended, what has fallen due is: a party's step can't jump a deadline. */
export const unrecordedMiss = (c: Complaint, at: number): string | null =>
  c.due !== null && at >= c.due && !isStuck(c) ? `the deadline of ${iso(c.due)} had passed, and no step says so` : null

/** What is wrong with a clock step after `c`, or null. */
export const wrongClockStep = (c: Complaint, leaf: SkimmedLeaf): string | null => {
  if (c.due === null || leaf.at < c.due) return 'a step of the clock before its time'
  if (leaf.on !== c.due) return `a step of the clock that is not of the instant due, ${iso(c.due)}`
  return candidates(c, leaf.at).some(step => isStep(leaf, step)) ? null : 'not what the clock does here'
}

/**
 * A lapse needs notices that arrived. Which were reported undelivered later is not public, so the clock may also have
 * found too few of them; a lapse without enough accepted ones is never right.
 */
const candidates = (c: Complaint, at: number): Step[] => {
  const [first, lapse] = dueSteps(c, at)
  // The miss that lapses is recorded already; its lapse is all that may follow.
  if (lapse !== undefined && c.missed > 0) return [lapse]
  const unheard = lapse === undefined ? [] : dueSteps(c, at, Number.POSITIVE_INFINITY)
  return first === undefined ? [] : [first, ...unheard]
}

const isStep = (leaf: SkimmedLeaf, step: Step): boolean =>
  leaf.kind === step.kind &&
  leaf.by === step.by &&
  leaf.auto === step.auto &&
  leaf.who === step.who &&
  sameValue(leaf.p, step.p)
