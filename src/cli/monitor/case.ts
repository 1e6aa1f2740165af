import type { Complaint } from '../../complaint/complaint.ts'
import { decide } from '../../complaint/decide.ts'
import { evolve } from '../../complaint/evolve.ts'
import type { Policy } from '../../complaint/policy.ts'
import type { Step } from '../../complaint/step.ts'
import { breakAfter } from '../../log/chain.ts'
import type { Leaf } from '../../log/leaf.ts'
import { isClockKind, unrecordedMiss, wrongClockStep } from './clock-steps.ts'
import { strangeWord } from './closed-words.ts'
import { commandsFor, isCommanded } from './commands.ts'
import { sameValue } from './same-value.ts'

/** A complaint as the monitor follows it: the end of its chain, and the fold. */
export interface Case {
  seq: number
  hash: string
  index: number
  complaint: Complaint
}

const TAG = /^[A-Za-z0-9_-]{21}[AQgw]$/

/**
 * The case with this leaf, or what is wrong with the leaf. `policy` is the one it names, undefined when no leaf before
 * adopted it.
 */
export const follow = (known: Case | undefined, leaf: Leaf, hash: string, index: number, policy?: Policy) =>
  wrongOutside(known, leaf, index, policy) ?? unfolded(known, leaf, hash, index, policy)

/** All that is wrong before anything is folded. */
const wrongOutside = (known: Case | undefined, leaf: Leaf, index: number, policy?: Policy): string | null => {
  const broken = strangeWord(leaf) ?? breakAfter(known ?? null, leaf, index)
  if (broken !== null) return broken
  if (policy === undefined) return 'under a policy that no leaf before has adopted'
  return known === undefined ? wrongBeginning(leaf, policy) : wrongNext(known.complaint, leaf)
}

const wrongBeginning = (leaf: Leaf, policy: Policy): string | null => {
  if (leaf.kind !== 'submitted') return 'a complaint that begins without a submission'
  if (!TAG.test(leaf.c ?? '')) return 'a tag that is not 16 bytes'
  // Else one id could get two chains unnoticed.
  if (leaf.d.id === undefined) return 'a submission that commits to no id'
  return policy.categories.some(category => category === leaf.p.category) ? null : 'a category of no policy'
}

const wrongNext = (c: Complaint, leaf: Leaf): string | null => {
  if (leaf.policy !== c.policy.hash) return 'under another policy than its submission'
  if (leaf.kind === 'submitted') return 'a second submission'
  return null
}

const unfolded = (known: Case | undefined, leaf: Leaf, hash: string, index: number, policy?: Policy): Case | string => {
  try {
    return fold(known, leaf, hash, index, policy)
  } catch {
    // Hostile parameters of any shape; an honest log's are those that `decide` wrote.
    return 'parameters that the rules cannot read'
  }
}

const fold = (known: Case | undefined, leaf: Leaf, hash: string, index: number, policy?: Policy): Case | string => {
  const step = stepOf(leaf, known === undefined ? policy : undefined)
  if (known !== undefined) {
    const wrong = isClockKind(leaf.kind)
      ? wrongClockStep(known.complaint, leaf)
      : wrongStep(known.complaint, leaf, step)
    if (wrong !== null) return wrong
  } else if (leaf.on !== leaf.at) return 'took effect at another instant than it was appended'
  const complaint = evolve(known?.complaint ?? null, step)
  return difference(complaint, leaf) ?? { seq: leaf.seq, hash, index, complaint }
}

const stepOf = ({ kind, by, auto, who, at, on, p }: Leaf, policy: Policy | undefined): Step =>
  ({ kind, by, auto, who, at, on, p, ...(policy && { policy }) }) as unknown as Step

/** The same `decide` that the ledger asked must have been able to say this, then and there. */
const wrongStep = (c: Complaint, leaf: Leaf, step: Step): string | null => {
  if (leaf.on !== leaf.at) return 'took effect at another instant than it was appended'
  const missed = unrecordedMiss(c, leaf.at)
  if (missed !== null) return missed
  if (!isCommanded(step.kind)) return 'not what the clock does here'
  let refused: string | null = null
  for (const command of commandsFor(step as Parameters<typeof commandsFor>[0])) {
    const made = decide(command, c, leaf.at)
    if ('refused' in made) refused ??= made.refused
    else if (made.length === 1 && made[0] !== undefined && isStep(leaf, made[0])) return null
  }
  return refused === null ? 'no act of this party has these parameters here' : `the rules refuse it (${refused})`
}

const isStep = (leaf: Leaf, step: Step): boolean =>
  leaf.kind === step.kind && leaf.who === step.who && sameValue(leaf.p, step.p)

/** What stands after the step, recomputed from the steps before it and the pinned policy alone. */
const difference = (c: Complaint, leaf: Leaf): string | null => {
  if (leaf.state !== c.state) return `its state is ${c.state} by the rules`
  if (leaf.holder !== c.holder) return `its holder is ${c.holder ?? 'nobody'} by the rules`
  if (leaf.due !== c.due)
    return `its due instant is ${c.due === null ? 'none' : new Date(c.due).toISOString()} by the rules`
  return leaf.rule === c.rule ? null : `its due instant rests on ${c.rule ?? 'no clause'} by the rules`
}
