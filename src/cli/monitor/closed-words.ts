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
import type { LeafValue } from '../../log/leaf.ts'
import type { SkimmedLeaf } from './skim.ts'

const KINDS: ReadonlySet<string> = new Set(STEP_KINDS)
const PARTIES: ReadonlySet<string> = new Set(ROLES)
const GROUNDS: Readonly<Record<string, readonly string[]>> = {
  merchant_responded: REJECTION_GROUNDS,
  automated_reply: REJECTION_GROUNDS,
  withdrawn: WITHDRAWAL_GROUNDS,
  refused: REFUSAL_GROUNDS,
}

/** The first word of a step that is in no closed list of the domain, or null. */
export const strangeWord = ({ kind, by, p }: SkimmedLeaf): string | null => {
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

const SCORES: readonly LeafValue[] = [1, 2, 3, 4, 5]

const isStrange = (word: LeafValue | undefined, list: readonly string[]): boolean =>
  word !== undefined && (typeof word !== 'string' || !list.includes(word))

const remediesIn = ({ remedy, offer, remedySought, counter }: SkimmedLeaf['p']) =>
  [remedy, offer, remedySought, counter].filter(isRecord)

const isRecord = (value: LeafValue | undefined): value is { readonly [name: string]: LeafValue } =>
  typeof value === 'object' && value !== null
