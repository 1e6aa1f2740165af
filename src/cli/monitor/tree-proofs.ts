// Proofs of RFC 9162 section 2.1 about the served tree, computed from the log's own tiles as they are fetched.

import type { Checkpoint } from '../../log/checkpoint.ts'
import { Prover, type ReadTile } from '../../log/tiles.ts'
import { verifyConsistency } from '../../log/tree.ts'
import { Refusal } from './broken.ts'
import type { LogClient } from './log-client.ts'

type Root = Pick<Checkpoint, 'size' | 'root'>

class Missing extends Error {}

/** The tiles of one signed tree, each fetched once. */
export class TreeReader {
  readonly #client: Pick<LogClient, 'tile'>
  readonly #size: number
  readonly #tiles = new Map<string, Uint8Array>()

  constructor(client: Pick<LogClient, 'tile'>, size: number) {
    this.#client = client
    this.#size = size
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
        return compute(new Prover(this.#size, readTile))
      } catch (error) {
        if (!(error instanceof Missing) || wanted === null) throw error
        const [level, n, width]: Parameters<ReadTile> = wanted
        this.#tiles.set(`${level}/${n}`, await this.#client.tile(level, n, width))
      }
    }
  }
}

/** Throws a Refusal unless the tree continues the older one. */
export const requireContinuation = async (client: LogClient, older: Root, tree: Root, what: string): Promise<void> => {
  if (older.size > tree.size) throw new Refusal(`${what} had ${older.size} leaves, and now there are ${tree.size}`)
  if (older.size === 0) return
  const reader = new TreeReader(client, tree.size)
  const proof = older.size === tree.size ? [] : await reader.prove(prover => prover.consistency(older.size))
  const holds = verifyConsistency({ size1: older.size, root1: older.root, size2: tree.size, root2: tree.root, proof })
  if (!holds) throw new Refusal(`the tree does not continue ${what} (${older.size} leaves): the log was forked`)
}
