// Replay: a stored timeline, step by step, with the complaint before and after each.

import { type Complaint, isOverdue } from '../complaint.ts'
import { dueSteps } from '../deadlines/due-steps.ts'
import { evolve } from '../evolve.ts'
import type { AdoptedRule } from '../platform-rule.ts'
import type { FieldValue, Step } from '../step.ts'

/** A stored step with its disclosures, as far as they were not erased. */
export interface Entry {
  seq: number
  /** base64url leaf hash, and the leaf's index in its log. */
  leaf: string
  index: number
  step: Step
  /** Disclosed fields by name; erased ones are missing here and named in `erased`. */
  fields: Readonly<Record<string, FieldValue>>
  erased: readonly string[]
  /** The platform's rules that a ruling cites, as they stood then. */
  cites?: readonly AdoptedRule[]
  /** The merchant left it unsigned though one of its keys stood in the log. */
  unsignedThough?: true
}

/** A step, with the complaint before and after it. */
export interface Moment {
  entry: Entry
  before: Complaint | null
  after: Complaint
}

export const replay = (entries: readonly Entry[]): Moment[] => {
  let before: Complaint | null = null
  return entries.map(entry => {
    const moment: Moment = { entry, before, after: evolve(before, entry.step) }
    before = moment.after
    return moment
  })
}

/** The clock steps that are due by `now` but not appended yet, each with the complaint after it. */
export const projectDueSteps = (c: Complaint, now: number): { step: Step; after: Complaint }[] => {
  const projected: { step: Step; after: Complaint }[] = []
  for (let current = c; ; ) {
    const steps = dueSteps(current, now)
    if (steps.length === 0) return projected
    for (const step of steps) {
      current = evolve(current, step)
      projected.push({ step, after: current })
    }
  }
}

const ANSWERS: readonly Step['kind'][] = [
  'merchant_responded',
  'fulfilled',
  'ruled',
  'appeal_ruled',
  'return_shipped',
  'evidence_supplied',
]

/** Whether a step of this kind can be late: then only the steps before it tell. */
export const mayBeLate = ({ kind, p }: Step): boolean =>
  ANSWERS.includes(kind) && !(kind === 'evidence_supplied' && !p.asked)

/** Whether an answer came after its deadline, also where the missed deadline has moved the complaint into a review. */
export const isLate = ({ before, entry }: Moment): boolean => {
  if (before === null || !mayBeLate(entry.step)) return false
  const missed = before.missed > 0 && (entry.step.kind === 'ruled' || entry.step.kind === 'appeal_ruled')
  const paidLate = entry.step.kind === 'fulfilled' && before.state === 'platform_review'
  const answeredLate =
    entry.step.kind === 'merchant_responded' && before.review?.cause === 'silence' && before.answer === null
  return missed || paidLate || answeredLate || isOverdue(before, entry.step.on)
}
