import type { Complaint } from '../../complaint/complaint.ts'
import type { Policy } from '../../complaint/deadlines/policy.ts'
import { decide } from '../../complaint/decide.ts'
import { evolve } from '../../complaint/evolve.ts'
import type { Step } from '../../complaint/step.ts'
import { isClockKind, unrecordedMiss, wrongClockStep } from './clock-steps.ts'
import { strangeWord } from './closed-words.ts'
import { commandsFor, isCommanded } from './commands.ts'
import { sameValue } from './same-value.ts'
import type { SkimmedLeaf } from './skim.ts'

/** A complaint as the monitor follows it: the end of its chain, and the fold. */
export interface Case {
  seq: number
  hash: string
  index: number
  complaint: Complaint
}

const TAG = /^[A-Za-z0-9_-]{21}[AQgw]$/

/**
 * The complaint after this leaf, or what is wrong with the leaf. `before` is null for the first of a chain; `policy` is
 * the one it names, undefined when no leaf before adopted it.
 */
export const follow = (before: Complaint | null, leaf: SkimmedLeaf, policy: Policy | undefined): Complaint | string => {
  const strange = strangeWord(leaf)
  if (strange !== null) return strange
  if (policy === undefined) return 'under a policy that no leaf before has adopted'
  const wrong = before === null ? wrongBeginning(leaf, policy) : wrongNext(before, leaf)
  return wrong ?? unfolded(before, leaf, policy)
}

const wrongBeginning = (leaf: SkimmedLeaf, policy: Policy): string | null => {
  if (leaf.kind !== 'submitted') return 'a complaint that begins without a submission'
  if (!TAG.test(leaf.c ?? '')) return 'a tag that is not 16 bytes'
  // Else one id could get two chains unnoticed.
  if (!leaf.hasId) return 'a submission that commits to no id'
  return policy.categories.some(category => category === leaf.p.category) ? null : 'a category of no policy'
}

const wrongNext = (c: Complaint, leaf: SkimmedLeaf): string | null => {
  if (leaf.policy !== c.policy.hash) return 'under another policy than its submission'
  if (leaf.kind === 'submitted') return 'a second submission'
  return null
}

const unfolded = (before: Complaint | null, leaf: SkimmedLeaf, policy: Policy): Complaint | string => {
  try {
    return fold(before, leaf, policy)
  } catch {
    // Hostile parameters of any shape; an honest log's are those that `decide` wrote.
    return 'parameters that the rules cannot read'
  }
}

const fold = (before: Complaint | null, leaf: SkimmedLeaf, policy: Policy): Complaint | string => {
  const step = stepOf(leaf, before === null ? policy : undefined)
  const wrong = before === null ? wrongInstant(leaf) : wrongAfter(before, leaf, step)
  if (wrong !== null) return wrong
  const after = evolve(before, step)
  return difference(after, leaf) ?? after
}

const wrongInstant = ({ on, at }: SkimmedLeaf): string | null =>
  on === at ? null : 'took effect at another instant than it was appended'

const wrongAfter = (c: Complaint, leaf: SkimmedLeaf, step: Step): string | null =>
  isClockKind(leaf.kind) ? wrongClockStep(c, leaf) : wrongStep(c, leaf, step)

const stepOf = ({ kind, by, auto, who, at, on, p }: SkimmedLeaf, policy: Policy | undefined): Step =>
  ({ kind, by, auto, who, at, on, p, ...(policy && { policy }) }) as unknown as Step

/** The same `decide` that the ledger asked must have been able to say this, then and there. */
const wrongStep = (c: Complaint, leaf: SkimmedLeaf, step: Step): string | null => {
  const wrong = wrongInstant(leaf) ?? unrecordedMiss(c, leaf.at)
  if (wrong !== null) return wrong
  if (!isCommanded(step.kind)) return 'not what the clock does here'
  let refused: string | null = null
  for (const command of commandsFor(step as Parameters<typeof commandsFor>[0])) {
    const made = decide(command, c, leaf.at)
    if ('refused' in made) refused ??= made.refused
    else if (made.length === 1 && made[0] !== undefined && isStep(leaf, made[0])) return null
  }
  return refused === null ? 'no act of this party has these parameters here' : `the rules refuse it (${refused})`
}

const isStep = (leaf: SkimmedLeaf, step: Step): boolean =>
  leaf.kind === step.kind && leaf.who === step.who && sameValue(leaf.p, step.p)

/** What stands after the step, recomputed from the steps before it and the pinned policy alone. */
const difference = (c: Complaint, leaf: SkimmedLeaf): string | null => {
  if (leaf.state !== c.state) return `its state is ${c.state} by the rules`
  if (leaf.holder !== c.holder) return `its holder is ${c.holder ?? 'nobody'} by the rules`
  if (leaf.due !== c.due)
    return `its due instant is ${c.due === null ? 'none' : new Date(c.due).toISOString()} by the rules`
  return leaf.rule === c.rule ? null : `its due instant rests on ${c.rule ?? 'no clause'} by the rules`
}
