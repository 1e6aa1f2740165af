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

/** All that the next leaf of a chain is checked against. */
export interface ChainEnd {
  readonly seq: number
  /** Base64url leaf hash. */
  readonly hash: string
  readonly index: number
}

/** What keeps `next` from being the leaf after `last` (null before the first), or null when nothing does. */
export function breakBetween(last: Link | null, next: Omit<Link, 'hash'>): string | null {
  if (last === null) return breakAfter(null, next.leaf, next.index)
  if (next.leaf.c !== last.leaf.c) return 'a leaf of another chain'
  return breakAfter({ seq: last.leaf.seq, hash: toBase64url(last.hash), index: last.index }, next.leaf, next.index)
}

/** The same where the chain's `c` is known to be the leaf's. */
export function breakAfter(last: ChainEnd | null, leaf: Pick<Leaf, 'seq' | 'prev'>, index: number): string | null {
  if (last === null) {
    if (leaf.seq !== 0) return 'the chain does not start at 0'
    return leaf.prev === null ? null : 'the first leaf names one before it'
  }
  if (leaf.seq !== last.seq + 1) return `${leaf.seq} follows ${last.seq}`
  if (leaf.prev !== last.hash) return `${leaf.seq} does not name the hash of ${last.seq}`
  return index > last.index ? null : `${leaf.seq} stands before ${last.seq} in the tree`
}
