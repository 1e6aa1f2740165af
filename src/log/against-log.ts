/**
 * A receipt against the log as it is served now (docs/log.md, sections 8 and 9): its tree is part of the served one, its steps
 * stand there, and no leaf of its complaint was left out. For browsers and the command line; a whole log is a monitor's work.
 */

import type { Checkpoint } from './checkpoint.ts'
import { toBase64url } from './encoding.ts'
import { type Check, checkInTurn, Refused } from './error.ts'
import { retiredKeyIn } from './key-leaf.ts'
import { decodeLeaf } from './leaf.ts'
import { parseNote } from './note.ts'
import { type OpenedReceipt, openReceipt } from './receipt.ts'
import { findSuccession, requireDeclared, type Succession } from './succession.ts'
import { TILE_WIDTH } from './tiles.ts'
import { leafHash } from './tree.ts'
import { BundleReader, requireContinuation, type ServedLog, TreeReader } from './tree-reader.ts'
import { BEHIND_MS, cosignedAt, isFresh, openSigned, parsePolicy, requireQuorum, type TrustPolicy } from './trust.ts'

export interface LogQuestion {
  /** Verified before. */
  readonly receipt: unknown
  readonly policy: string
  readonly log: ServedLog
  /** UTC ms. */
  readonly now: number
  /** Leaves read so far, of how many. */
  readonly onRead?: (count: number, of: number) => void
}

/** Nothing was proved or disproved: the log did not answer, or serves an older tree than the receipt's for the moment. */
export class NotComparable extends Error {
  override name = 'NotComparable'
}

/** One line a check; the first that fails is the last. Throws a NotComparable, or what `log` throws. */
export function verifyAgainstLog(question: LogQuestion): Promise<Check[]> {
  return checkInTurn('log-checkpoint', async check => {
    const opened = openReceipt(question.receipt)
    const trust = parsePolicy(question.policy)
    const note = await question.log.checkpoint()
    const served = await check('log-checkpoint', () => signed(note, opened, trust, question.log))
    await check('log-fresh', () => fresh(note, trust, question.now))
    await check('log-continues', () => continues(question, opened, served))
    const last = await check('log-steps', () => standing(served, opened))
    await check('log-head', () => complete(question, served, opened, last))
  })
}

/** The tree as it is served, and where the log of the receipt lost leaves and went on in it; null where it did not. */
interface Served {
  tree: Checkpoint
  reader: TreeReader
  bundles: BundleReader
  loss: Succession | null
}

async function signed(note: string, { receipt, checkpoint, steps }: OpenedReceipt, trust: TrustPolicy, log: ServedLog) {
  const tree = await openSigned(note, trust)
  const names = await requireQuorum(parseNote(note), trust)
  const witnesses = trust.quorum === 'none' ? 'the policy asks for no witnesses' : `cosigned by ${names}`
  const reader = new TreeReader(log, tree)
  const bundles = new BundleReader(log, tree, reader)
  const isSame = tree.origin === receipt.origin
  const loss = isSame ? null : await findSuccession(bundles, receipt.origin, steps.at(-1)?.index ?? 0)
  if (!isSame && loss === null) throw new Refused('under this address another log is served than the receipt’s')
  if (loss !== null) requireDeclared(loss, checkpoint, 'the tree of the receipt')
  const goesOn =
    loss === null ? '' : `; it continues the log of the receipt and declares ${loss.continues.lost} leaves of that lost`
  const detail = `the log serves ${tree.size} leaves, signed by a key of the policy; ${witnesses}${goesOn}`
  return [detail, { tree, reader, bundles, loss }] as const
}

async function fresh(note: string, trust: TrustPolicy, now: number) {
  if (trust.quorum === 'none')
    return ['the policy asks for no witnesses, so the age of this view is not known', null] as const
  if (isFresh(cosignedAt(parseNote(note), trust), trust, now))
    return ['a quorum cosigned it within the last hour', null] as const
  throw new Refused(
    'no quorum cosigned it within an hour of the clock of this device: an old view, or silent witnesses',
  )
}

async function continues({ log, now }: LogQuestion, { checkpoint, statement }: OpenedReceipt, { tree, loss }: Served) {
  if (loss !== null && checkpoint.size > loss.continues.kept)
    return [
      `the tree of the receipt has leaves that are declared lost, behind the first ${loss.continues.kept}`,
      null,
    ] as const
  const sizes = `the tree of the receipt has ${checkpoint.size} leaves, and ${tree.size} are served`
  if (checkpoint.size > tree.size) {
    // The log may serve a tree that is ten minutes older (docs/log.md, section 10).
    if (now - statement.iat <= BEHIND_MS) throw new NotComparable(`${sizes}: try again in some minutes`)
    throw new Refused(`${sizes}, long after it was signed: withheld, or a fork`)
  }
  await requireContinuation(log, checkpoint, tree, 'the tree of the receipt')
  return [`the ${checkpoint.size} leaves of the receipt's tree are the first ones of the log`, null] as const
}

/** Answers the index of the last step, which a declared loss may have moved up. */
async function standing({ reader, bundles, loss }: Served, { steps }: OpenedReceipt) {
  const kept = loss?.continues.kept ?? Number.POSITIVE_INFINITY
  const moved = loss === null ? null : await movedUp(bundles, loss)
  let last = 0
  for (const { leaf, index, hash } of steps) {
    if (index >= kept) {
      const place = moved?.get(toBase64url(hash))
      if (place === undefined)
        throw new Refused(
          `step ${leaf.seq} is among the leaves that the log declares lost: keep this receipt, it proves the step`,
        )
      last = place
    } else if (await reader.includes(index, hash)) last = index
    else throw new Refused(`step ${leaf.seq} does not stand in the log`)
  }
  return [`${steps.length} of ${steps.length} steps stand in the log, by its own tiles`, last] as const
}

/** The leaves that were put back behind the first gap: index by hash. */
async function movedUp(
  bundles: BundleReader,
  { index: end, continues: { kept } }: Succession,
): Promise<Map<string, number>> {
  const places = new Map<string, number>()
  for (let n = Math.floor(kept / TILE_WIDTH); n * TILE_WIDTH < end; n++) {
    for (const [i, bytes] of (await bundles.read(n)).entries()) {
      const index = n * TILE_WIDTH + i
      if (index >= kept && index < end) places.set(toBase64url(leafHash(bytes)), index)
    }
  }
  return places
}

/**
 * Reads what came behind the receipt's last step. A leaf of the complaint within the tree of the statement was hidden by it,
 * and a leaf behind that tree with an earlier `at` than its `iat` was dated back (docs/log.md, section 6).
 */
async function complete(question: LogQuestion, { tree, bundles, loss }: Served, opened: OpenedReceipt, last: number) {
  const size = Math.min(opened.statement.size, loss?.index ?? Number.POSITIVE_INFINITY)
  const seq = opened.steps.at(-1)?.leaf.seq ?? -1
  const [from, of] = [last + 1, tree.size - last - 1]
  let newer = 0
  for (let n = Math.floor(from / TILE_WIDTH); n * TILE_WIDTH < tree.size; n++) {
    for (const [i, bytes] of (await bundles.read(n)).entries()) {
      const index = n * TILE_WIDTH + i
      if (index >= from && isNewer(bytes, index, opened, { size, seq })) newer++
    }
    question.onRead?.(Math.min(of, (n + 1) * TILE_WIDTH - from), of)
  }
  return [`${of} leaves read behind the last step: none was hidden or dated back; ${newer} newer steps`, newer] as const
}

/** A later step of the complaint that came since. Throws a Refused on one that the statement hid, or that was dated back. */
function isNewer(
  bytes: Uint8Array,
  index: number,
  { statement, receipt, kid }: OpenedReceipt,
  known: { size: number; seq: number },
): boolean {
  const leaf = decodeLeaf(bytes)
  const { c, at, seq } = leaf
  if (retiredKeyIn(leaf) === kid && at < statement.iat)
    throw new Refused(`leaf ${index} retired the key of the statement before it was signed`)
  const isBehind = index >= known.size
  if (isBehind && at < statement.iat)
    throw new Refused(`leaf ${index} is dated before the statement, which claims to know every leaf until then`)
  if (c !== receipt.complaint.c) return false
  if (!isBehind || seq <= known.seq)
    throw new Refused(`leaf ${index} is step ${seq} of this complaint, and the statement hid it`)
  return true
}
