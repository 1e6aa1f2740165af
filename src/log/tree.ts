/** The Merkle tree of RFC 6962 section 2.1 (RFC 9162 section 2.1) over SHA-256. All hashes are 32 bytes. */
import { sha256 } from '#sha256'
import { equalBytes } from './encoding.ts'

export const HASH_BYTES = 32

/** Root of the tree without leaves: SHA-256 of nothing. */
export const emptyRoot: Uint8Array = sha256(new Uint8Array(0))

// One scratch buffer each, prefix in place: everything here is synchronous, so no other call can be using it.
const NODE = new Uint8Array(1 + 2 * HASH_BYTES)
NODE[0] = 0x01
const LEAF = new Uint8Array(1 + 4096)

/** SHA-256(0x00 ‖ bytes) */
export function leafHash(bytes: Uint8Array): Uint8Array {
  const end = 1 + bytes.length
  const prefixed = end <= LEAF.length ? LEAF.subarray(0, end) : new Uint8Array(end)
  prefixed.set(bytes, 1)
  return sha256(prefixed)
}

/** SHA-256(0x01 ‖ left ‖ right); both must be 32 bytes. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  if (left.length !== HASH_BYTES || right.length !== HASH_BYTES) throw new RangeError('a node has two 32-byte children')
  NODE.set(left, 1)
  NODE.set(right, 1 + HASH_BYTES)
  return sha256(NODE)
}

export interface InclusionCase {
  readonly index: number
  readonly size: number
  readonly leafHash: Uint8Array
  readonly proof: readonly Uint8Array[]
  readonly root: Uint8Array
}

/** RFC 9162 section 2.1.3.2. False, never an exception, for whatever isn't a valid proof. */
export function verifyInclusion({ index, size, leafHash, proof, root }: InclusionCase): boolean {
  if (!isCount(index) || !isCount(size) || index >= size) return false
  if (!isHash(leafHash) || !isHash(root) || !areHashes(proof)) return false
  let node = index
  let last = size - 1
  let hash = leafHash
  for (const sibling of proof) {
    if (last === 0) return false
    if (isOdd(node) || node === last) {
      hash = nodeHash(sibling, hash)
      while (!isOdd(node) && node !== 0) [node, last] = [half(node), half(last)]
    } else {
      hash = nodeHash(hash, sibling)
    }
    node = half(node)
    last = half(last)
  }
  return last === 0 && equalBytes(hash, root)
}

export interface ConsistencyCase {
  readonly size1: number
  readonly size2: number
  readonly root1: Uint8Array
  readonly root2: Uint8Array
  readonly proof: readonly Uint8Array[]
}

/**
 * RFC 9162 section 2.1.4.2. False, never an exception, for whatever isn't a valid proof. From an empty tree there is
 * nothing to prove, so `size1: 0` is always false; equal sizes take an empty proof and equal roots.
 */
export function verifyConsistency({ size1, size2, root1, root2, proof }: ConsistencyCase): boolean {
  if (!isCount(size1) || !isCount(size2) || size1 === 0 || size1 > size2) return false
  if (!areHashes(proof)) return false
  // The same tree: its roots are only compared, and published cases use some that aren't hashes.
  if (size1 === size2) return proof.length === 0 && areSame(root1, root2)
  if (!isHash(root1) || !isHash(root2)) return false

  let node = size1 - 1
  let last = size2 - 1
  while (isOdd(node)) [node, last] = [half(node), half(last)]
  // A whole old tree (size a power of two) is its own first node, so the proof leaves it out.
  const [first, ...rest] = node === 0 ? [root1, ...proof] : proof
  if (first === undefined) return false

  let old = first
  let now = first
  for (const sibling of rest) {
    if (last === 0) return false
    if (isOdd(node) || node === last) {
      old = nodeHash(sibling, old)
      now = nodeHash(sibling, now)
      while (!isOdd(node) && node !== 0) [node, last] = [half(node), half(last)]
    } else {
      now = nodeHash(now, sibling)
    }
    node = half(node)
    last = half(last)
  }
  return last === 0 && equalBytes(old, root1) && equalBytes(now, root2)
}

// Sizes reach 2^53, where bitwise operators would cut them to 32 bits.
const half = (n: number) => Math.floor(n / 2)
const isOdd = (n: number) => n % 2 === 1
const isCount = (n: unknown) => Number.isSafeInteger(n) && Number(n) >= 0
const areSame = (a: unknown, b: unknown) => a instanceof Uint8Array && b instanceof Uint8Array && equalBytes(a, b)
const isHash = (hash: unknown) => hash instanceof Uint8Array && hash.length === HASH_BYTES
const areHashes = (proof: unknown) => Array.isArray(proof) && proof.every(isHash)
