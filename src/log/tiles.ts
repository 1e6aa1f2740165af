/** C2SP tlog-tiles: where a tile lies, how a tree grows into tiles, what can be proved from them, and entry bundles. */

import { LogError } from './error.ts'
import { emptyRoot, HASH_BYTES, nodeHash } from './tree.ts'

// Geometry: 256 hashes a tile, its path, and how wide it is in a tree of some size.

export const TILE_WIDTH = 256
export const TILE_BYTES = TILE_WIDTH * HASH_BYTES

/** Hash count of a level, not counting what still lies in partial tiles below: floor(size / 256^level). */
export function hashesAt(level: number, size: number): number {
  return Math.floor(size / TILE_WIDTH ** level)
}

/** Hashes of tile `n` in a tree of this size: 0 to 256. */
export function tileWidth(level: number, n: number, size: number): number {
  return Math.max(0, Math.min(TILE_WIDTH, hashesAt(level, size) - n * TILE_WIDTH))
}

/** `x001/x234/067` for 1234067, with `.p/W` behind it for a partial tile. */
export function tilePath(n: number, width = TILE_WIDTH): string {
  let path = pad(n % 1000)
  for (let rest = Math.floor(n / 1000); rest > 0; rest = Math.floor(rest / 1000)) path = `x${pad(rest % 1000)}/${path}`
  return width === TILE_WIDTH ? path : `${path}.p/${width}`
}

/** `n` and width of a path, or null if `tilePath` would not have written it so. */
export function parseTilePath(path: string): { n: number; width: number } | null {
  const [, digits, partial] = PATH.exec(path) ?? []
  if (digits === undefined) return null
  const n = Number(digits.replaceAll(/[x/]/g, ''))
  const width = partial === undefined ? TILE_WIDTH : Number(partial)
  return width > 0 && Number.isSafeInteger(n) && tilePath(n, width) === path ? { n, width } : null
}

const PATH = /^((?:x\d{3}\/)*\d{3})(?:\.p\/(\d{1,3}))?$/

/** Level of a path's first part, 0 to 63, or null. */
export function parseTileLevel(text: string): number | null {
  return /^(?:[0-9]|[1-5][0-9]|6[0-3])$/.test(text) ? Number(text) : null
}

const pad = (n: number) => String(n).padStart(3, '0')

// Roots and proofs of RFC 6962 section 2.1, read from tiles; each method follows the RFC's own recursion.

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

// The frontier: how a tree grows.

interface FullTile {
  readonly level: number
  readonly n: number
  /** 8,192 bytes of its own, never written again. */
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** A savepoint. Rolling back to one makes those taken after it void. */
interface FrontierMark {
  readonly size: number
  readonly levels: readonly Uint8Array<ArrayBuffer>[]
}

interface FrontierSource {
  /** Full tiles of the stored tree; asked for at most 255 of each level. */
  readonly readTile: ReadTile
  /** Hashes of the leaves behind the last full tile of level 0: `size % 256` of them, oldest first. */
  readonly trailing: readonly Uint8Array[]
}

const NONE: readonly FullTile[] = Object.freeze([])

// A level keeps its hashes and, behind them, the nodes between them and the tile's root: node i of height h stands at
// a fixed place. So a root needs no rehashing, and a rollback is a smaller width: what lies beyond is overwritten.
const HEIGHTS = 8
const START = Array.from({ length: HEIGHTS }, (_, h) => (2 * TILE_WIDTH - 2 * (TILE_WIDTH >> h)) * HASH_BYTES)
const LEVEL_BYTES = (2 * TILE_WIDTH - 2) * HASH_BYTES

/**
 * The right edge of a growing tree: the partial tile of each level, in memory. Only full tiles are ever stored
 * (C2SP tlog-tiles), so one append writes 32 bytes here and nothing anywhere else, but for one time in 256.
 */
export class Frontier {
  #size = 0
  #levels: Uint8Array<ArrayBuffer>[] = []

  /** The frontier of a stored tree. Throws a RangeError if the source doesn't fit the size. */
  static from(size: number, { readTile, trailing }: FrontierSource): Frontier {
    if (!Number.isSafeInteger(size) || size < 0) throw new RangeError('a tree has a size')
    if (trailing.length !== size % TILE_WIDTH) throw new RangeError('not the leaves behind the last full tile')
    const frontier = new Frontier()
    for (let level = 0; hashesAt(level, size) > 0; level++) {
      const hashes = level === 0 ? trailing : rootsOfTiles(level - 1, hashesAt(level, size), readTile)
      const nodes = frontier.#level(level)
      hashes.forEach((hash, i) => {
        place(nodes, i, hash)
      })
    }
    frontier.#size = size
    return frontier
  }

  /** Leaves so far. */
  get size(): number {
    return this.#size
  }

  /** Takes the next leaf hash; answers the tiles it filled, lowest level first, for the caller to store. */
  append(hash: Uint8Array): readonly FullTile[] {
    const width = this.#size % TILE_WIDTH
    const root = place(this.#level(0), width, hash)
    this.#size++
    return root === null ? NONE : this.#carry(root)
  }

  /** RFC 6962 root of all leaves so far. */
  root(): Uint8Array {
    let root: Uint8Array | null = null
    for (let level = 0; level < this.#levels.length; level++)
      root = foldPeaks(this.#level(level), this.#width(level), root)
    return root ?? emptyRoot
  }

  /** The level's hashes behind its last full tile: a copy of 0 to 255 × 32 bytes. */
  partial(level: number): Uint8Array<ArrayBuffer> {
    return this.#levels[level]?.slice(0, this.#width(level) * HASH_BYTES) ?? new Uint8Array(0)
  }

  mark(): FrontierMark {
    return { size: this.#size, levels: this.#levels.slice() }
  }

  rollback(mark: FrontierMark): void {
    this.#size = mark.size
    this.#levels = mark.levels.slice()
  }

  #carry(root: Uint8Array): readonly FullTile[] {
    const full: FullTile[] = []
    let carried: Uint8Array | null = root
    for (let level = 0; carried !== null; level++) {
      full.push({ level, n: hashesAt(level + 1, this.#size) - 1, bytes: this.#level(level).slice(0, TILE_BYTES) })
      // A new array, because a mark may still hold the old one.
      this.#levels[level] = new Uint8Array(LEVEL_BYTES)
      carried = place(this.#level(level + 1), (hashesAt(level + 1, this.#size) - 1) % TILE_WIDTH, carried)
    }
    return full
  }

  #level(level: number): Uint8Array<ArrayBuffer> {
    const nodes = this.#levels[level] ?? new Uint8Array(LEVEL_BYTES)
    this.#levels[level] = nodes
    return nodes
  }

  #width(level: number): number {
    return hashesAt(level, this.#size) % TILE_WIDTH
  }
}

/** Puts hash `i` and every node it completes in place; answers the tile's root when that is complete too. */
function place(nodes: Uint8Array, i: number, hash: Uint8Array): Uint8Array | null {
  if (hash.length !== HASH_BYTES) throw new RangeError('a leaf hash has 32 bytes')
  let node = hash
  let at = i
  for (let height = 0; height < HEIGHTS; height++) {
    nodes.set(node, START[height]! + at * HASH_BYTES)
    if (at % 2 === 0) return null
    node = nodeHash(nodeAt(nodes, height, at - 1), node)
    at = at >> 1
  }
  return node
}

/** Joins the whole subtrees among the first `width` hashes, smallest first, to what lies right of them. */
function foldPeaks(nodes: Uint8Array, width: number, right: Uint8Array | null): Uint8Array | null {
  let root = right
  for (let height = 0; height < HEIGHTS; height++) {
    if (((width >> height) & 1) === 0) continue
    const peak = nodeAt(nodes, height, (width >> height) - 1)
    root = root === null ? peak.slice() : nodeHash(peak, root)
  }
  return root
}

function nodeAt(nodes: Uint8Array, height: number, i: number): Uint8Array {
  const start = START[height]! + i * HASH_BYTES
  return nodes.subarray(start, start + HASH_BYTES)
}

/** Roots of the level's last full tiles: those whose own tile above is not full yet. */
function rootsOfTiles(level: number, tiles: number, readTile: ReadTile): Uint8Array[] {
  const roots: Uint8Array[] = []
  for (let n = tiles - (tiles % TILE_WIDTH); n < tiles; n++) roots.push(tileRoot(readTile(level, n, TILE_WIDTH)))
  return roots
}

/** The node over a full tile of 8,192 bytes: a hash of the level above. */
export function tileRoot(bytes: Uint8Array): Uint8Array {
  if (bytes.length !== TILE_BYTES) throw new RangeError('a full tile has 8,192 bytes')
  const nodes = new Uint8Array(LEVEL_BYTES)
  let root: Uint8Array | null = null
  for (let i = 0; i < TILE_WIDTH; i++) root = place(nodes, i, bytes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES))
  if (root === null) throw new RangeError('a full tile has a root')
  return root
}

// Entry bundles: the leaves of a level 0 tile, each behind its length as a big-endian uint16.

export class BundleError extends LogError {
  override name = 'BundleError'
}

export function formatBundle(leaves: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bundle = new Uint8Array(leaves.reduce((length, leaf) => length + 2 + leaf.length, 0))
  const view = new DataView(bundle.buffer)
  let at = 0
  for (const leaf of leaves) {
    if (leaf.length > 0xffff) throw new BundleError('a leaf too long for a bundle')
    view.setUint16(at, leaf.length)
    bundle.set(leaf, at + 2)
    at += 2 + leaf.length
  }
  return bundle
}

/** The same, made in place: leaves of these lengths that lie in one piece, two bytes in front of each. Throws a BundleError. */
export function frameBundle(spaced: Uint8Array, lengths: readonly number[]): Uint8Array {
  const view = new DataView(spaced.buffer, spaced.byteOffset, spaced.length)
  let at = 0
  for (const length of lengths) {
    if (length > 0xffff) throw new BundleError('a leaf too long for a bundle')
    if (at + 2 + length > spaced.length) throw new BundleError('lengths of other leaves')
    view.setUint16(at, length)
    at += 2 + length
  }
  if (at !== spaced.length) throw new BundleError('lengths of other leaves')
  return spaced
}

/** Copies of the leaves. Throws a BundleError where one is cut short. */
export function parseBundle(bundle: Uint8Array): Uint8Array<ArrayBuffer>[] {
  const view = new DataView(bundle.buffer, bundle.byteOffset, bundle.length)
  const leaves: Uint8Array<ArrayBuffer>[] = []
  for (let at = 0; at < bundle.length; ) {
    if (at + 2 > bundle.length) throw new BundleError('a bundle that ends within a length')
    const end = at + 2 + view.getUint16(at)
    if (end > bundle.length) throw new BundleError('a bundle that ends within a leaf')
    leaves.push(new Uint8Array(bundle.subarray(at + 2, end)))
    at = end
  }
  return leaves
}
