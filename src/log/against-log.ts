/**
 * A receipt against the log as it is served now (docs/log.md, sections 8 and 9): its tree is part of the served one, its steps
 * stand there, and no leaf of its complaint was left out. For browsers and the command line; a whole log is a monitor's work.
 */
import { parseBundle } from './bundle.ts'
import type { Checkpoint } from './checkpoint.ts'
import { LogError, Refused } from './error.ts'
import { BEHIND_MS, cosignedAt, isFresh } from './freshness.ts'
import { decodeLeaf } from './leaf.ts'
import { parseNote } from './note.ts'
import { type OpenedReceipt, openReceipt, type StepEvidence } from './receipt.ts'
import { TILE_WIDTH, tileWidth } from './tile-geometry.ts'
import { hashesOf, requireContinuation, type ServedLog, TreeReader } from './tree-reader.ts'
import { parsePolicy, type TrustPolicy } from './trust.ts'
import { openSigned, requireQuorum } from './trusted-checkpoint.ts'
import type { Check } from './verify.ts'

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
export async function verifyAgainstLog(question: LogQuestion): Promise<Check[]> {
  const done: Check[] = []
  let doing = 'log-checkpoint'
  const check = async <T>(name: string, prove: () => Promise<readonly [detail: string, value: T]>): Promise<T> => {
    doing = name
    const [detail, value] = await prove()
    done.push({ name, ok: true, detail })
    return value
  }
  try {
    const opened = openReceipt(question.receipt)
    const trust = parsePolicy(question.policy)
    const note = await question.log.checkpoint()
    const tree = await check('log-checkpoint', () => signed(note, opened, trust))
    await check('log-fresh', () => fresh(note, trust, question.now))
    await check('log-continues', () => continues(question, opened, tree))
    const reader = new TreeReader(question.log, tree)
    await check('log-steps', () => standing(reader, opened))
    await check('log-head', () => complete(question, reader, opened, tree))
  } catch (error) {
    if (!(error instanceof LogError)) throw error
    done.push({ name: doing, ok: false, detail: error.message })
  }
  return done
}

async function signed(note: string, { receipt }: OpenedReceipt, trust: TrustPolicy) {
  const tree = await openSigned(note, trust)
  if (tree.origin !== receipt.origin) throw new Refused('under this address another log is served than the receipt’s')
  const names = await requireQuorum(parseNote(note), trust)
  const witnesses = trust.quorum === 'none' ? 'the policy asks for no witnesses' : `cosigned by ${names}`
  return [`the log serves ${tree.size} leaves, signed by a key of the policy; ${witnesses}`, tree] as const
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

async function continues({ log, now }: LogQuestion, { checkpoint, statement }: OpenedReceipt, tree: Checkpoint) {
  const sizes = `the tree of the receipt has ${checkpoint.size} leaves, and ${tree.size} are served`
  if (checkpoint.size > tree.size) {
    // The log may serve a tree that is ten minutes older (docs/log.md, section 10).
    if (now - statement.iat <= BEHIND_MS) throw new NotComparable(`${sizes}: try again in some minutes`)
    throw new Refused(`${sizes}, long after it was signed: withheld, or a fork`)
  }
  await requireContinuation(log, checkpoint, tree, 'the tree of the receipt')
  return [`the ${checkpoint.size} leaves of the receipt's tree are the first ones of the log`, null] as const
}

async function standing(reader: TreeReader, { steps }: OpenedReceipt) {
  for (const { leaf, index, hash } of steps)
    if (!(await reader.includes(index, hash))) throw new Refused(`step ${leaf.seq} does not stand in the log`)
  return [`${steps.length} of ${steps.length} steps stand in the log, by its own tiles`, null] as const
}

/**
 * Reads what came behind the receipt's last step. A leaf of the complaint within the tree of the statement was hidden by it,
 * and a leaf behind that tree with an earlier `at` than its `iat` was dated back (docs/log.md, section 6).
 */
async function complete(question: LogQuestion, reader: TreeReader, opened: OpenedReceipt, tree: Checkpoint) {
  const last = opened.steps.at(-1)
  if (last === undefined) throw new Refused('the receipt has no step')
  const [from, of] = [last.index + 1, tree.size - last.index - 1]
  let newer = 0
  for (let n = Math.floor(from / TILE_WIDTH); n * TILE_WIDTH < tree.size; n++) {
    const leaves = await bundle(question.log, reader, n, tree.size)
    for (const [i, bytes] of leaves.entries()) {
      const index = n * TILE_WIDTH + i
      if (index >= from && isNewer(bytes, index, opened, last)) newer++
    }
    question.onRead?.(Math.min(of, (n + 1) * TILE_WIDTH - from), of)
  }
  return [`${of} leaves read behind the last step: none was hidden or dated back; ${newer} newer steps`, newer] as const
}

async function bundle(log: ServedLog, reader: TreeReader, n: number, size: number): Promise<Uint8Array[]> {
  const leaves = parseBundle(await log.entries(n, tileWidth(0, n, size))).slice(0, tileWidth(0, n, size))
  if (!(await reader.holds(n, hashesOf(leaves)))) throw new Refused(`bundle ${n} is not that of the signed tree`)
  return leaves
}

/** A later step of the complaint that came since. Throws a Refused on one that the statement hid, or that was dated back. */
function isNewer(bytes: Uint8Array, index: number, { statement, receipt }: OpenedReceipt, last: StepEvidence): boolean {
  const { c, at, seq } = decodeLeaf(bytes)
  const isBehind = index >= statement.size
  if (isBehind && at < statement.iat)
    throw new Refused(`leaf ${index} is dated before the statement, which claims to know every leaf until then`)
  if (c !== receipt.complaint.c) return false
  if (!isBehind || seq <= last.leaf.seq)
    throw new Refused(`leaf ${index} is step ${seq} of this complaint, and the statement hid it`)
  return true
}
