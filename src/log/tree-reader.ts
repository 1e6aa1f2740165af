// A log as it is served (C2SP tlog-tiles), and proofs of RFC 9162 section 2.1 computed from its tiles as they are fetched.

import type { Checkpoint } from './checkpoint.ts'
import { concat } from './encoding.ts'
import { Refused } from './error.ts'
import { Prover, parseBundle, type ReadTile, TILE_WIDTH, tileWidth } from './tiles.ts'
import { HASH_BYTES, leafHash, verifyConsistency, verifyInclusion } from './tree.ts'

/** Where a log's files come from: a server, a mirror. Verifies nothing; throws a LogError where what was signed is withheld. */
export interface ServedLog {
  /** The note, as it was served. */
  checkpoint(): Promise<string>
  /** `width × 32` bytes or more. */
  tile(level: number, n: number, width: number): Promise<Uint8Array>
  /** A bundle of `width` leaves or more. */
  entries(n: number, width: number): Promise<Uint8Array>
}

export type Root = Pick<Checkpoint, 'size' | 'root'>

class Missing extends Error {}

/** The tiles of one signed tree, each fetched once. */
export class TreeReader {
  readonly #log: Pick<ServedLog, 'tile'>
  readonly #tree: Root
  readonly #tiles = new Map<string, Uint8Array>()

  constructor(log: Pick<ServedLog, 'tile'>, tree: Root) {
    this.#log = log
    this.#tree = tree
  }

  /** A proof is computed at once from tiles in memory; one that is missing is fetched, and the proof begun anew. */
  async prove<T>(compute: (prover: Prover) => T, given?: { n: number; hashes: Uint8Array }): Promise<T> {
    for (;;) {
      let wanted: Parameters<ReadTile> | null = null
      const readTile: ReadTile = (level, n, width) => {
        const tile = level === 0 && n === given?.n ? given.hashes : this.#tiles.get(`${level}/${n}`)
        if (tile) return tile
        wanted = [level, n, width]
        throw new Missing()
      }
      try {
        return compute(new Prover(this.#tree.size, readTile))
      } catch (error) {
        if (!(error instanceof Missing) || wanted === null) throw error
        const [level, n, width]: Parameters<ReadTile> = wanted
        this.#tiles.set(`${level}/${n}`, await this.#log.tile(level, n, width))
      }
    }
  }

  async includes(index: number, hash: Uint8Array, given?: { n: number; hashes: Uint8Array }): Promise<boolean> {
    const { size, root } = this.#tree
    if (index >= size) return false
    const proof = await this.prove(prover => prover.inclusion(index), given)
    return verifyInclusion({ index, size, leafHash: hash, proof, root })
  }

  /**
   * Whether these are the hashes of level 0 tile `n`: the inclusion proof of its first leaf is computed from them, and every
   * other leaf of the tile lies under one of its siblings.
   */
  async holds(n: number, hashes: Uint8Array): Promise<boolean> {
    if (hashes.length < tileWidth(0, n, this.#tree.size) * HASH_BYTES) return false
    return this.includes(n * TILE_WIDTH, hashes.subarray(0, HASH_BYTES), { n, hashes })
  }
}

/** Leaves of a signed tree, an entry bundle at a time, each verified against its root. */
export class BundleReader {
  readonly tree: Checkpoint
  readonly #log: ServedLog
  readonly #reader: TreeReader

  constructor(log: ServedLog, tree: Checkpoint, reader: TreeReader = new TreeReader(log, tree)) {
    this.tree = tree
    this.#log = log
    this.#reader = reader
  }

  get count(): number {
    return Math.ceil(this.tree.size / TILE_WIDTH)
  }

  async read(n: number): Promise<Uint8Array[]> {
    const width = tileWidth(0, n, this.tree.size)
    const leaves = parseBundle(await this.#log.entries(n, width)).slice(0, width)
    if (!(await this.#reader.holds(n, hashesOf(leaves))))
      throw new Refused(`bundle ${n} is not that of the signed tree`)
    return leaves
  }
}

/** The hashes of these leaves, one behind the other: what a level 0 tile holds. */
export const hashesOf = (leaves: readonly Uint8Array[]): Uint8Array => concat(...leaves.map(leafHash))

/** Throws a Refused unless the tree continues the older one. */
export const requireContinuation = async (
  log: Pick<ServedLog, 'tile'>,
  older: Root,
  tree: Root,
  what: string,
): Promise<void> => {
  if (older.size > tree.size) throw new Refused(`${what} had ${older.size} leaves, and now there are ${tree.size}`)
  if (older.size === 0) return
  const reader = new TreeReader(log, tree)
  const proof = older.size === tree.size ? [] : await reader.prove(prover => prover.consistency(older.size))
  const holds = verifyConsistency({ size1: older.size, root1: older.root, size2: tree.size, root2: tree.root, proof })
  if (!holds) throw new Refused(`the tree does not continue ${what} (${older.size} leaves): the log was forked`)
}
