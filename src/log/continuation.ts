/**
 * A receipt against an earlier one about the same complaint: what was promised then must hold now. Both must have been
 * verified before, and be made for the same reader: a share link shows less than the buyer's own. Offline, like
 * everything about receipts.
 */
import { SIGNED_REQUEST } from './author-signature.ts'
import { openDisclosure } from './disclosure.ts'
import { equalBytes } from './encoding.ts'
import { LogError, Refused } from './error.ts'
import type { Leaf } from './leaf.ts'
import { type OpenedReceipt, openReceipt, type StepEvidence } from './receipt.ts'
import type { Check } from './verify.ts'

type Compare = (earlier: OpenedReceipt, later: OpenedReceipt) => string

const COMPARISONS: readonly (readonly [name: string, compare: Compare])[] = [
  ['earlier-complaint', sameComplaint],
  ['earlier-tree', growingTree],
  ['earlier-steps', sameSteps],
  ['earlier-statement', keptStatement],
  ['earlier-disclosures', keptDisclosures],
]

/** Never throws. */
export function verifyContinuation(earlier: unknown, later: unknown): Check[] {
  const [before, now] = [open(earlier), open(later)]
  if (before === null || now === null) {
    return [{ name: 'earlier-complaint', ok: false, detail: 'one of the receipts cannot be read' }]
  }
  return COMPARISONS.map(([name, compare]) => run(name, () => compare(before, now)))
}

function open(receipt: unknown): OpenedReceipt | null {
  try {
    return openReceipt(receipt)
  } catch {
    return null
  }
}

function run(name: string, compare: () => string): Check {
  try {
    return { name, ok: true, detail: compare() }
  } catch (error) {
    return { name, ok: false, detail: error instanceof LogError ? error.message : 'could not be read' }
  }
}

function sameComplaint({ receipt: earlier }: OpenedReceipt, { receipt: later }: OpenedReceipt): string {
  if (earlier.origin !== later.origin) throw new Refused('the receipts are of two logs')
  const sameId = earlier.complaint.id === later.complaint.id
  // One id, one chain: a log that gives an id a second chain tells its readers two stories.
  if (sameId && earlier.complaint.c !== later.complaint.c) throw new Refused('one id has two chains')
  if (!sameId) throw new Refused('the receipts are about two complaints')
  return 'both receipts are about one chain of one complaint'
}

function growingTree({ checkpoint: earlier }: OpenedReceipt, { checkpoint: later }: OpenedReceipt): string {
  if (later.size < earlier.size) throw new Refused(`a tree of ${earlier.size} leaves shrank to ${later.size}`)
  if (later.size === earlier.size && !equalBytes(later.root, earlier.root))
    throw new Refused(`two trees of ${later.size} leaves`)
  return `the tree grew from ${earlier.size} to ${later.size} leaves`
}

function sameSteps(earlier: OpenedReceipt, later: OpenedReceipt): string {
  for (const [seq, before] of earlier.steps.entries()) {
    const now = later.steps[seq]
    if (now === undefined) throw new Refused(`step ${seq} is gone`)
    if (!equalBytes(now.hash, before.hash)) throw new Refused(`step ${seq} is another one`)
    if (now.index !== before.index) throw new Refused(`step ${seq} stands elsewhere in the tree`)
  }
  return `the ${earlier.steps.length} steps of then are there unchanged`
}

function keptStatement(earlier: OpenedReceipt, later: OpenedReceipt): string {
  const { size, iat } = earlier.statement
  for (const { leaf, index } of later.steps.slice(earlier.steps.length)) {
    if (index < size) throw new Refused(`step ${leaf.seq} was in the tree already, and the statement hid it`)
    if (leaf.at < iat) throw new Refused(`step ${leaf.seq} is dated before a statement that did not know it`)
  }
  return `${later.steps.length - earlier.steps.length} steps since then, none dated before the statement of then`
}

function keptDisclosures(earlier: OpenedReceipt, later: OpenedReceipt): string {
  let erased = 0
  for (const [seq, before] of earlier.steps.entries()) {
    const now = later.steps[seq]
    if (now === undefined) throw new Refused(`step ${seq} is gone`)
    const shown = namesIn(now)
    for (const name of namesIn(before)) {
      if (shown.has(name)) continue
      if (!isRedacted(later, seq, name))
        throw new Refused(`a field of step ${seq} is not shown any more, and no step says who erased it`)
      erased++
    }
  }
  return `every field shown then is shown now, or a step says who erased it (${erased})`
}

function namesIn({ disclosures }: StepEvidence): Set<string> {
  return new Set(disclosures.map(text => openDisclosure(text).name))
}

function isRedacted({ steps }: OpenedReceipt, seq: number, field: string): boolean {
  const isOf = ({ p }: Leaf) => p.seq === seq && (p.field === field || field === SIGNED_REQUEST)
  return steps.some(({ leaf }) => leaf.kind === 'redacted' && isOf(leaf))
}
