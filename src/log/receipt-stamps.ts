/** The time stamps of a receipt (docs/log.md, section 7), but for the authority's signature: certificates are not read here. */

import { sha256 } from '#sha256'
import { parseCheckpoint } from './checkpoint.ts'
import { equalBytes, fromBase64, utf8 } from './encoding.ts'
import { Refused } from './error.ts'
import { BOUND_MS, CLOCKS_MS } from './freshness.ts'
import { parseNote } from './note.ts'
import type { OpenedReceipt, ReceiptTimeStamp } from './receipt.ts'
import { readTimeStamp } from './time-stamp.ts'
import { verifyConsistency } from './tree.ts'
import type { TrustPolicy } from './trust.ts'
import { logThatSigned } from './trusted-checkpoint.ts'

/** A check of `verifyReceipt`: answers its line, or throws a LogError. */
export async function timeStamps(opened: OpenedReceipt, policy: TrustPolicy): Promise<string> {
  const { timestamps = [] } = opened.receipt
  if (timestamps.length === 0) return 'the receipt holds no time stamp of an authority'
  let held = 0
  for (const stamp of timestamps) held = Math.max(held, await stepsUnder(stamp, opened, policy))
  return `${timestamps.length} over trees that hold ${held} of ${opened.steps.length} steps; whose they are is not checked by this line`
}

/** How many of the steps its tree holds. Throws a LogError unless it is a stamp over this history. */
async function stepsUnder(stamp: ReceiptTimeStamp, opened: OpenedReceipt, policy: TrustPolicy): Promise<number> {
  const note = parseNote(stamp.checkpoint)
  const stamped = parseCheckpoint(note.text)
  if (stamped.origin !== opened.checkpoint.origin || (await logThatSigned(note, stamped, policy)) === null)
    throw new Refused('a checkpoint that was stamped is not signed by this log')
  const [older, newer] = [stamped, opened.checkpoint].sort((a, b) => a.size - b.size)
  const proof = stamp.consistency.map(fromBase64)
  const isOne =
    older !== undefined &&
    newer !== undefined &&
    verifyConsistency({ size1: older.size, root1: older.root, size2: newer.size, root2: newer.root, proof })
  if (!isOne) throw new Refused('a tree that was stamped is not of one history with the tree of the receipt')
  const { imprint, at } = readTimeStamp(fromBase64(stamp.reply))
  if (!equalBytes(imprint, sha256(utf8(stamp.checkpoint))))
    throw new Refused('a time stamp is over something else than its checkpoint')
  for (const { leaf, index } of opened.steps) {
    if (index < stamped.size && leaf.at > at + CLOCKS_MS)
      throw new Refused(`step ${leaf.seq} was stamped before its time`)
    // The checkpoint may have been some minutes old when it was stamped.
    if (index >= stamped.size && leaf.at < at - BOUND_MS)
      throw new Refused(`step ${leaf.seq} is dated an hour before a time stamp that it came behind`)
  }
  return opened.steps.filter(({ index }) => index < stamped.size).length
}
