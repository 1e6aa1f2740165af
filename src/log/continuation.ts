/**
 * A receipt against an earlier one about the same complaint: what was promised then must hold now. Both must have been
 * verified before, and be made for the same reader: a share link shows less than the buyer's own. Offline, like
 * everything about receipts.
 */

import { SIGNED_REQUEST } from './author-signature.ts'
import { openDisclosure } from './disclosure.ts'
import { equalBytes } from './encoding.ts'
import { type Check, LogError, Refused } from './error.ts'
import type { Leaf } from './leaf.ts'
import { type OpenedReceipt, openReceipt, type StepEvidence } from './receipt.ts'
import { requireDeclared, type Succession, successionsIn } from './succession.ts'

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

/** The loss that the log of the earlier receipt declared since, or null. */
function lossBetween({ receipt: earlier }: OpenedReceipt, later: OpenedReceipt): Succession | null {
  return successionsIn(later.keys).find(({ continues }) => continues.origin === earlier.origin) ?? null
}

function sameComplaint(before: OpenedReceipt, now: OpenedReceipt): string {
  const [earlier, later] = [before.receipt, now.receipt]
  const isSuccessor = lossBetween(before, now) !== null
  if (earlier.origin !== later.origin && !isSuccessor) throw new Refused('the receipts are of two logs')
  const sameId = earlier.complaint.id === later.complaint.id
  // One id, one chain: a log that gives an id a second chain tells its readers two stories.
  if (sameId && earlier.complaint.c !== later.complaint.c) throw new Refused('one id has two chains')
  if (!sameId) throw new Refused('the receipts are about two complaints')
  return 'both receipts are about one chain of one complaint'
}

function growingTree(before: OpenedReceipt, now: OpenedReceipt): string {
  const [earlier, later] = [before.checkpoint, now.checkpoint]
  const loss = lossBetween(before, now)
  if (loss !== null) {
    requireDeclared(loss, earlier, 'the earlier tree')
    return `of ${loss.continues.size} leaves the log lost ${loss.continues.lost}, as it declares, and goes on in a successor`
  }
  if (later.size < earlier.size) throw new Refused(`a tree of ${earlier.size} leaves shrank to ${later.size}`)
  if (later.size === earlier.size && !equalBytes(later.root, earlier.root))
    throw new Refused(`two trees of ${later.size} leaves`)
  return `the tree grew from ${earlier.size} to ${later.size} leaves`
}

/** How many steps of the earlier receipt are there still: all, or those before the first that the log declares lost. */
function stepsLeft(earlier: OpenedReceipt, later: OpenedReceipt): number {
  const loss = lossBetween(earlier, later)
  if (loss === null) return earlier.steps.length
  const gone = earlier.steps.findIndex(({ hash, index }, seq) => {
    const now = later.steps[seq]
    const isThere = now !== undefined && now.index < loss.index && equalBytes(now.hash, hash)
    return !isThere && index >= loss.continues.kept
  })
  return gone < 0 ? earlier.steps.length : gone
}

function sameSteps(earlier: OpenedReceipt, later: OpenedReceipt): string {
  const kept = lossBetween(earlier, later)?.continues.kept ?? Number.POSITIVE_INFINITY
  const left = stepsLeft(earlier, later)
  for (const [seq, before] of earlier.steps.slice(0, left).entries()) {
    const now = later.steps[seq]
    if (now === undefined) throw new Refused(`step ${seq} is gone`)
    if (!equalBytes(now.hash, before.hash)) throw new Refused(`step ${seq} is another one`)
    // What was put back behind the first gap moved up, and kept its order.
    if (now.index !== before.index && before.index < kept) throw new Refused(`step ${seq} stands elsewhere in the tree`)
  }
  const of = earlier.steps.length
  return left === of
    ? `the ${of} steps of then are there unchanged`
    : `${left} of the ${of} steps of then are there unchanged; from step ${left} on they are among the leaves that the log declares lost`
}

function keptStatement(earlier: OpenedReceipt, later: OpenedReceipt): string {
  const loss = lossBetween(earlier, later)
  const size = Math.min(earlier.statement.size, loss?.index ?? Number.POSITIVE_INFINITY)
  const since = later.steps.slice(stepsLeft(earlier, later))
  for (const { leaf, index } of since) {
    if (index < size) throw new Refused(`step ${leaf.seq} was in the tree already, and the statement hid it`)
    if (leaf.at < earlier.statement.iat)
      throw new Refused(`step ${leaf.seq} is dated before a statement that did not know it`)
  }
  return `${since.length} steps since then, none dated before the statement of then`
}

/** A receipt has the digits of the buyer's phone only for a browser that gave them, so that one may lack what another has. */
const DIGITS = 'buyerPhoneMasked'

function keptDisclosures(earlier: OpenedReceipt, later: OpenedReceipt): string {
  let erased = 0
  for (const [seq, before] of earlier.steps.slice(0, stepsLeft(earlier, later)).entries()) {
    const now = later.steps[seq]
    if (now === undefined) throw new Refused(`step ${seq} is gone`)
    const shown = namesIn(now)
    for (const name of namesIn(before)) {
      if (shown.has(name) || name === DIGITS) continue
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
  // Retention erases all of the steps so far (`*`).
  const isOf = ({ p }: Leaf) =>
    p.field === '*' ? Number(p.seq) >= seq : p.seq === seq && (p.field === field || field === SIGNED_REQUEST)
  return steps.some(({ leaf }) => leaf.kind === 'redacted' && isOf(leaf))
}
