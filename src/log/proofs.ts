/** Roots and proofs of RFC 6962 section 2.1, read from tiles; each method follows the RFC's own recursion. */
import { TILE_WIDTH, tileWidth } from './tile-geometry.ts'
import { emptyRoot, HASH_BYTES, nodeHash } from './tree.ts'

/** The first `width` hashes of a tile: `width × 32` bytes or more. Throws if it can't: a proof must not guess. */
export type ReadTile = (level: number, n: number, width: number) => Uint8Array

/** Root of the first `size` leaves. */
export function rootAt(size: number, readTile: ReadTile): Uint8Array {
  return new Prover(size, readTile).root()
}

/** PATH(index, D[size]) of RFC 6962 section 2.1.1, sibling of the leaf first. */
export function inclusionProof(index: number, size: number, readTile: ReadTile): Uint8Array[] {
  return new Prover(size, readTile).inclusion(index)
}

/** PROOF(size1, D[size2]) of RFC 6962 section 2.1.2; empty for equal sizes. */
export function consistencyProof(size1: number, size2: number, readTile: ReadTile): Uint8Array[] {
  return new Prover(size2, readTile).consistency(size1)
}

/** Proofs within the tree of one size. Keeps the nodes it computed, so that a receipt's proofs share their upper parts. */
export class Prover {
  readonly size: number
  readonly #readTile: ReadTile
  readonly #tiles = new Map<string, TileNodes>()

  constructor(size: number, readTile: ReadTile) {
    requireCount(size)
    this.size = size
    this.#readTile = readTile
  }

  root(): Uint8Array {
    return this.size === 0 ? emptyRoot : this.#range(0, this.size)
  }

  inclusion(index: number): Uint8Array[] {
    requireCount(index)
    if (index >= this.size) throw new RangeError('a leaf beyond the tree')
    const path: Uint8Array[] = []
    let [start, end] = [0, this.size]
    while (end - start > 1) {
      const middle = start + splitPoint(end - start)
      const left = index < middle
      path.push(left ? this.#range(middle, end) : this.#range(start, middle))
      ;[start, end] = left ? [start, middle] : [middle, end]
    }
    return path.reverse()
  }

  /** From the tree of `older` leaves to this one. */
  consistency(older: number): Uint8Array[] {
    requireCount(older)
    if (older === 0 || older > this.size) throw new RangeError('no proof between these sizes')
    const proof: Uint8Array[] = []
    let [start, end] = [0, this.size]
    while (end !== older) {
      const middle = start + splitPoint(end - start)
      const left = older <= middle
      proof.push(left ? this.#range(middle, end) : this.#range(start, middle))
      ;[start, end] = left ? [start, middle] : [middle, end]
    }
    // A verifier knows this last node only when it is the whole older tree.
    if (start > 0) proof.push(this.#range(start, end))
    return proof.reverse()
  }

  /** MTH(D[start:end]), where start is a multiple of the power of two that end - start fits into. */
  #range(start: number, end: number): Uint8Array {
    const length = end - start
    const left = splitPoint(length)
    if (length === 1 || left * 2 === length) return this.#node(Math.log2(length), start / length)
    return nodeHash(this.#node(Math.log2(left), start / left), this.#range(start + left, end))
  }

  /** Node `i` of `height`, whole, so one tile holds its descendants of 0 to 7 heights below. */
  #node(height: number, i: number): Uint8Array {
    const level = Math.floor(height / 8)
    const inTile = height % 8
    const perTile = TILE_WIDTH >> inTile
    return this.#tile(level, Math.floor(i / perTile)).node(inTile, i % perTile)
  }

  #tile(level: number, n: number): TileNodes {
    const key = `${level}/${n}`
    const known = this.#tiles.get(key)
    if (known !== undefined) return known
    const width = tileWidth(level, n, this.size)
    const bytes = this.#readTile(level, n, width)
    if (bytes.length < width * HASH_BYTES) throw new RangeError('a tile with too few hashes')
    const tile = new TileNodes(bytes)
    this.#tiles.set(key, tile)
    return tile
  }
}

/** The nodes over a tile's hashes, each computed once and when asked for. */
class TileNodes {
  readonly #bytes: Uint8Array
  readonly #known: (Uint8Array | undefined)[] = []

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  node(height: number, i: number): Uint8Array {
    // One number for each place, as in a binary heap.
    const place = (TILE_WIDTH >> height) + i
    const node = this.#known[place] ?? this.#compute(height, i)
    this.#known[place] = node
    return node
  }

  #compute(height: number, i: number): Uint8Array {
    if (height === 0) return this.#bytes.slice(i * HASH_BYTES, (i + 1) * HASH_BYTES)
    return nodeHash(this.node(height - 1, 2 * i), this.node(height - 1, 2 * i + 1))
  }
}

/** The largest power of two below n, for n > 1. Not by logarithm: that rounds near 2^53. */
function splitPoint(n: number): number {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}

function requireCount(n: number): void {
  if (!Number.isSafeInteger(n) || n < 0) throw new RangeError('sizes and indices are integers from 0')
}
