// Reading old leaves again: a log that edits what a monitor read long ago still signs the right tree.

import { type Checkpoint, formatProof } from '../../log/checkpoint.ts'
import { toBase64, toBase64url } from '../../log/encoding.ts'
import { TILE_WIDTH, tileWidth } from '../../log/tiles.ts'
import { HASH_BYTES } from '../../log/tree.ts'
import { hashesOf, TreeReader } from '../../log/tree-reader.ts'
import { bundles, kindOf, leavesOf } from './bundles.ts'
import type { LogClient } from './log-client.ts'
import { Broken, Refusal } from './report.ts'

/** A monitor that runs every ten minutes has read every old bundle again within a day. */
const RUNS_A_DAY = 144
const AT_LEAST = 4

/** A leaf that is not the one that was signed, and the proof of what was: a tlog-proof for `hash`. */
export class Altered extends Broken {
  readonly evidence: string

  constructor(index: number, leaf: Uint8Array, hash: Uint8Array, proof: string) {
    super(index, kindOf(leaf), 'altered: the signed tree holds another leaf here')
    this.evidence = JSON.stringify({ index, signed: toBase64url(hash), served: toBase64(leaf), proof })
  }
}

interface Signed extends Checkpoint {
  note: string
}

/** How many bundles hold the first `size` leaves. */
const bundlesIn = (size: number): number => Math.ceil(size / TILE_WIDTH)

/** The bundles to read in this run, from `cursor` on and round; always the last one, where an edit is nearest at hand. */
export const nextToRead = (cursor: number, seen: number): { bundles: number[]; cursor: number } => {
  const all = bundlesIn(seen)
  const count = Math.min(all, Math.max(AT_LEAST, Math.ceil(all / RUNS_A_DAY)))
  const next = Array.from({ length: count }, (_, i) => (cursor + i) % all)
  const last = all - 1
  return {
    bundles: all === 0 || next.includes(last) ? next : [...next, last],
    cursor: all === 0 ? 0 : (cursor + count) % all,
  }
}

/** Reads these bundles again. Throws an Altered where a leaf is not the signed one; the answer counts the leaves. */
export const reread = async (client: LogClient, tree: Signed, which: readonly number[]): Promise<number> => {
  const reader = new TreeReader(client, tree)
  let count = 0
  for (const n of which) {
    const leaves = leavesOf(await client.entries(n, tileWidth(0, n, tree.size)))
    await requireSigned(client, reader, tree, n, leaves)
    count += leaves.length
  }
  return count
}

/**
 * The first leaf that is not the one whose hash stands in the signed tree, or null: after something broke, so that an
 * edited leaf is named and not the innocent one that follows it.
 */
export const findAltered = async (client: LogClient, tree: Signed, end: number): Promise<Broken | null> => {
  const reader = new TreeReader(client, tree)
  for await (const { bytes, first } of bundles(client, 0, tree.size)) {
    if (first >= end) break
    try {
      await requireSigned(client, reader, tree, first / TILE_WIDTH, leavesOf(bytes))
    } catch (error) {
      if (error instanceof Broken) return error
      // Its tile was edited too: what broke first says more.
      if (error instanceof Refusal) return null
      throw error
    }
  }
  return null
}

const requireSigned = async (
  client: LogClient,
  reader: TreeReader,
  tree: Signed,
  n: number,
  leaves: readonly Uint8Array[],
): Promise<void> => {
  const width = tileWidth(0, n, tree.size)
  const hashes = hashesOf(leaves.slice(0, width))
  if (await reader.holds(n, hashes)) return
  const tile = await client.tile(0, n, width)
  const first = n * TILE_WIDTH
  if (!(await reader.holds(n, tile)))
    throw new Refusal(
      `leaves ${first} to ${first + width - 1}: neither bundle nor tile ${n} is that of the signed tree`,
    )
  const i = leaves.findIndex((_, k) => !isSame(hashAt(hashes, k), hashAt(tile, k)))
  const leaf = leaves[i]
  if (leaf === undefined) return
  const path = await reader.prove(prover => prover.inclusion(first + i), { n, hashes: tile })
  const proof = formatProof({ index: first + i, hashes: path, checkpoint: tree.note })
  throw new Altered(first + i, leaf, hashAt(tile, i), proof)
}

const hashAt = (hashes: Uint8Array, i: number): Uint8Array => hashes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES)
const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0
