/**
 * The right edge of a growing tree: the partial tile of each level, in memory. Only full tiles are ever stored
 * (C2SP tlog-tiles), so one append writes 32 bytes here and nothing anywhere else, but for one time in 256.
 */
import type { ReadTile } from './proofs.ts'
import { hashesAt, TILE_BYTES, TILE_WIDTH } from './tile-geometry.ts'
import { emptyRoot, HASH_BYTES, nodeHash } from './tree.ts'

export interface FullTile {
  readonly level: number
  readonly n: number
  /** 8,192 bytes of its own, never written again. */
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** A savepoint. Rolling back to one makes those taken after it void. */
export interface FrontierMark {
  readonly size: number
  readonly levels: readonly Uint8Array<ArrayBuffer>[]
}

export interface FrontierSource {
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
