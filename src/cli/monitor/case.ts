import type { Complaint } from '../../complaint/complaint.ts'
import { dueSteps, nextDueAt } from '../../complaint/deadlines/due-steps.ts'
import type { Policy } from '../../complaint/deadlines/policy.ts'
import { decide } from '../../complaint/decide.ts'
import { evolve } from '../../complaint/evolve.ts'
import { MOST_CITED } from '../../complaint/platform-rule.ts'
import type { Step } from '../../complaint/step.ts'
import {
  LOCALES,
  OUTCOMES,
  REFUSAL_GROUNDS,
  REJECTION_GROUNDS,
  REMEDIES,
  ROLES,
  STEP_KINDS,
  WITHDRAWAL_GROUNDS,
} from '../../complaint/words.ts'
import { isMerchantTag, type LeafObject, type LeafValue } from '../../log/leaf.ts'
import { commandsFor, isCommanded } from './commands.ts'
import { iso } from './report.ts'
import type { SkimmedLeaf } from './skim.ts'

const TAG = /^[A-Za-z0-9_-]{21}[AQgw]$/

/**
 * The complaint after this leaf, or what is wrong with the leaf. `before` is null for the first of a chain; `policy` is
 * the one it names, undefined when no leaf before adopted it, `rules` the digests of the platform's rules adopted so far.
 */
export const follow = (
  before: Complaint | null,
  leaf: SkimmedLeaf,
  policy: Policy | undefined,
  authors = '',
  rules: ReadonlySet<string> = new Set(),
): Complaint | string => {
  const strange = strangeWord(leaf) ?? strangeRule(leaf, rules)
  if (strange !== null) return strange
  if (policy === undefined) return 'under a policy that no leaf before has adopted'
  const wrong = before === null ? wrongBeginning(leaf, policy) : wrongNext(before, leaf)
  return wrong ?? unfolded(before, leaf, policy, authors)
}

const wrongBeginning = (leaf: SkimmedLeaf, policy: Policy): string | null => {
  if (leaf.kind !== 'submitted') return 'a complaint that begins without a submission'
  if (!TAG.test(leaf.c ?? '')) return 'a tag that is not 16 bytes'
  // Else one id could get two chains unnoticed.
  if (!leaf.hasId) return 'a submission that commits to no id'
  if (!policy.categories.some(category => category === leaf.p.category)) return 'a category of no policy'
  // Completeness: without the tag an operator could leave a complaint out of its merchant's figures.
  if (policy.index === 'merchants') return isMerchantTag(leaf.p.m) ? null : 'no tag of its merchant'
  return leaf.p.m === undefined ? null : 'a tag of its merchant that its policy does not ask for'
}

const wrongNext = (c: Complaint, leaf: SkimmedLeaf): string | null => {
  if (leaf.policy !== c.policy.hash) return 'under another policy than its submission'
  if (leaf.kind === 'submitted') return 'a second submission'
  if (leaf.kind === 'notice_sent' && leaf.p.proof !== undefined && !leaf.hasProof)
    return 'a notice that claims a proof and commits to none'
  return null
}

const unfolded = (before: Complaint | null, leaf: SkimmedLeaf, policy: Policy, authors: string): Complaint | string => {
  try {
    return fold(before, leaf, policy, authors)
  } catch {
    // Hostile parameters of any shape; an honest log's are those that `decide` wrote.
    return 'parameters that the rules cannot read'
  }
}

const fold = (before: Complaint | null, leaf: SkimmedLeaf, policy: Policy, authors: string): Complaint | string => {
  const step = stepOf(leaf, before === null ? policy : undefined)
  const wrong = before === null ? wrongInstant(leaf) : wrongAfter(before, leaf, step, authors)
  if (wrong !== null) return wrong
  const after = evolve(before, step)
  return difference(after, leaf) ?? after
}

const wrongInstant = ({ on, at }: SkimmedLeaf): string | null =>
  on === at ? null : 'took effect at another instant than it was appended'

const wrongAfter = (c: Complaint, leaf: SkimmedLeaf, step: Step, authors: string): string | null =>
  isClockKind(leaf.kind) ? wrongClockStep(c, leaf) : wrongStep(c, leaf, step, authors)

const stepOf = ({ kind, by, auto, who, at, on, p }: SkimmedLeaf, policy: Policy | undefined): Step =>
  ({ kind, by, auto, who, at, on, ...parted(p), ...(policy && { policy }) }) as unknown as Step

/** The author's signature is no parameter of the rules. */
const parted = (p: LeafObject) => {
  if (p.signed === undefined) return { p }
  const { signed, ...rest } = p
  return { p: rest, signed }
}

/** The same `decide` that the ledger asked must have been able to say this, then and there. */
const wrongStep = (c: Complaint, leaf: SkimmedLeaf, step: Step, authors: string): string | null => {
  const wrong = wrongInstant(leaf) ?? unrecordedMiss(c, leaf.at)
  if (wrong !== null) return wrong
  if (!isCommanded(step.kind)) return 'not what the clock does here'
  let refused: string | null = null
  for (const command of commandsFor(step as Parameters<typeof commandsFor>[0], { seq: c.seq, authors })) {
    const made = decide(command, c, leaf.at)
    if ('refused' in made) refused ??= made.refused
    else if (made.length === 1 && made[0] !== undefined && isStep(step, made[0])) return null
  }
  return refused === null ? 'no act of this party has these parameters here' : `the rules refuse it (${refused})`
}

const isStep = (told: Step, made: Step): boolean =>
  told.kind === made.kind && told.who === made.who && sameValue(told.p, made.p)

/** What stands after the step, recomputed from the steps before it and the pinned policy alone. */
const difference = (c: Complaint, leaf: SkimmedLeaf): string | null => {
  if (leaf.state !== c.state) return `its state is ${c.state} by the rules`
  if (leaf.holder !== c.holder) return `its holder is ${c.holder ?? 'nobody'} by the rules`
  if (leaf.due !== c.due)
    return `its due instant is ${c.due === null ? 'none' : new Date(c.due).toISOString()} by the rules`
  return leaf.rule === c.rule ? null : `its due instant rests on ${c.rule ?? 'no clause'} by the rules`
}

const KINDS: ReadonlySet<string> = new Set(STEP_KINDS)
const PARTIES: ReadonlySet<string> = new Set(ROLES)
const GROUNDS: Readonly<Record<string, readonly string[]>> = {
  merchant_responded: REJECTION_GROUNDS,
  automated_reply: REJECTION_GROUNDS,
  withdrawn: WITHDRAWAL_GROUNDS,
  refused: REFUSAL_GROUNDS,
}

/** The first word of a step that is in no closed list of the domain, or null. */
const strangeWord = ({ kind, by, p }: SkimmedLeaf): string | null => {
  if (!KINDS.has(kind)) return 'a kind that is not in the closed list'
  if (!PARTIES.has(by)) return 'a role that is not in the closed list'
  if (isStrange(p.ground, GROUNDS[kind] ?? [])) return 'a ground that is not in the closed list'
  if (isStrange(p.outcome, OUTCOMES)) return 'an outcome that is not in the closed list'
  if (isStrange(p.locale, LOCALES)) return 'a language that is not in the closed list'
  if (p.score !== undefined && !SCORES.includes(p.score)) return 'a score that is not 1 to 5'
  return remediesIn(p).some(remedy => isStrange(remedy.kind, REMEDIES))
    ? 'a remedy that is not in the closed list'
    : null
}

/** What a ruling cites stands in the log before it, each once. */
const strangeRule = ({ p: { cites } }: SkimmedLeaf, rules: ReadonlySet<string>): string | null => {
  if (cites === undefined) return null
  const cited = typeof cites === 'string' ? cites.split(' ') : []
  if (cited.length < 1 || cited.length > MOST_CITED || new Set(cited).size !== cited.length)
    return 'cites no rules, too many, or one twice'
  return cited.every(digest => rules.has(digest)) ? null : 'cites a rule that no leaf before has adopted'
}

const SCORES: readonly LeafValue[] = [1, 2, 3, 4, 5]

const isStrange = (word: LeafValue | undefined, list: readonly string[]): boolean =>
  word !== undefined && (typeof word !== 'string' || !list.includes(word))

const remediesIn = ({ remedy, offer, remedySought, counter }: SkimmedLeaf['p']) =>
  [remedy, offer, remedySought, counter].filter(isRecord)

const isRecord = (value: LeafValue | undefined): value is { readonly [name: string]: LeafValue } =>
  typeof value === 'object' && value !== null

/** Equality of leaf values; a name whose value is undefined is no name. */
export const sameValue = (a: unknown, b: unknown): boolean => {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  return holds(a, b) && holds(b, a)
}

/** What `b` inherits is functions, which no leaf value equals. */
const holds = (a: object, b: object): boolean => {
  for (const name in a) {
    const value: unknown = a[name as keyof typeof a]
    const other: unknown = b[name as keyof typeof b]
    if (value !== other && value !== undefined && !sameValue(value, other)) return false
  }
  return true
}

const CLOCK_KINDS: readonly string[] = [
  'deadline_missed',
  'evidence_absent',
  'lapsed',
  'total_missed',
  'statement_absent',
] satisfies Step['kind'][]

const isClockKind = (kind: string): boolean => CLOCK_KINDS.includes(kind)

/** Before anything else is appended, what has fallen due is: a party's step can't jump a deadline. */
const unrecordedMiss = (c: Complaint, at: number): string | null => {
  const due = nextDueAt(c)
  return due !== null && at >= due ? `the deadline of ${iso(due)} had passed, and no step says so` : null
}

/** Checks a step of the clock against the rules: why the clock does not make it after `c`, or null where it does. */
const wrongClockStep = (c: Complaint, leaf: SkimmedLeaf): string | null => {
  const due = nextDueAt(c)
  if (due === null || leaf.at < due) return 'a step of the clock before its time'
  if (leaf.on !== due) return `a step of the clock that is not of the instant due, ${iso(due)}`
  if (candidates(c, leaf.at).some(step => isClockStep(leaf, step))) return null
  const isLapse = leaf.kind === 'lapsed' || leaf.p.lapses === true
  return isLapse ? 'a lapse without the notices that it needs' : 'not what the clock does here'
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

const isClockStep = (leaf: SkimmedLeaf, step: Step): boolean =>
  leaf.kind === step.kind &&
  leaf.by === step.by &&
  leaf.auto === step.auto &&
  leaf.who === step.who &&
  sameValue(leaf.p, step.p)
