/** A chain: the leaves of one complaint, or the log's own, in the order in which they were appended. */
import { toBase64url } from './encoding.ts'
import type { Leaf } from './leaf.ts'

export interface Link {
  readonly leaf: Leaf
  /** Its leaf hash. */
  readonly hash: Uint8Array
  /** Its index in the tree. */
  readonly index: number
}

/** What keeps `next` from being the leaf after `last` (null before the first), or null when nothing does. */
export function breakBetween(last: Link | null, next: Omit<Link, 'hash'>): string | null {
  const { leaf, index } = next
  if (last === null) {
    if (leaf.seq !== 0) return 'the chain does not start at 0'
    return leaf.prev === null ? null : 'the first leaf names one before it'
  }
  if (leaf.c !== last.leaf.c) return 'a leaf of another chain'
  if (leaf.seq !== last.leaf.seq + 1) return `${leaf.seq} follows ${last.leaf.seq}`
  if (leaf.prev !== toBase64url(last.hash)) return `${leaf.seq} does not name the hash of ${last.leaf.seq}`
  return index > last.index ? null : `${leaf.seq} stands before ${last.leaf.seq} in the tree`
}
