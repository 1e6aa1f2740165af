import { type Checkpoint, parseCheckpoint } from '../../log/checkpoint.ts'
import { parseNote } from '../../log/note.ts'
import { Prover, type ReadTile } from '../../log/tiles.ts'
import { verifyConsistency } from '../../log/tree.ts'
import type { TrustPolicy } from '../../log/trust.ts'
import { logThatSigned } from '../../log/trusted-checkpoint.ts'
import { Refusal } from './broken.ts'
import type { LogClient } from './log-client.ts'

type Root = Pick<Checkpoint, 'size' | 'root'>

/** Throws a Refusal unless the tree continues the older one, proved from the log's own tiles (RFC 6962 section 2.1.2). */
export const requireContinuation = async (client: LogClient, older: Root, tree: Root, what: string): Promise<void> => {
  if (older.size > tree.size) throw new Refusal(`${what} had ${older.size} leaves, and now there are ${tree.size}`)
  if (older.size === 0) return
  const proof =
    older.size === tree.size ? [] : await withTiles(client, tree.size, prover => prover.consistency(older.size))
  const holds = verifyConsistency({ size1: older.size, root1: older.root, size2: tree.size, root2: tree.root, proof })
  if (!holds) throw new Refusal(`the tree does not continue ${what} (${older.size} leaves): the log was forked`)
}

class Missing extends Error {}

/** Proofs are computed at once from tiles in memory; one that is missing is fetched, and the proof begun anew. */
const withTiles = async <T>(client: LogClient, size: number, prove: (prover: Prover) => T): Promise<T> => {
  const tiles = new Map<string, Uint8Array>()
  for (;;) {
    let wanted: Parameters<ReadTile> | null = null
    const readTile: ReadTile = (level, n, width) => {
      const tile = tiles.get(`${level}/${n}`)
      if (tile) return tile
      wanted = [level, n, width]
      throw new Missing()
    }
    try {
      return prove(new Prover(size, readTile))
    } catch (error) {
      if (!(error instanceof Missing) || wanted === null) throw error
      const [level, n, width]: Parameters<ReadTile> = wanted
      tiles.set(`${level}/${n}`, await client.tile(level, n, width))
    }
  }
}

/** The checkpoint of a note that a log of the policy signed. Throws a LogError. */
export const openSigned = async (note: string, trust: TrustPolicy): Promise<Checkpoint> => {
  const parsed = parseNote(note)
  const checkpoint = parseCheckpoint(parsed.text)
  if ((await logThatSigned(parsed, checkpoint, trust)) === null) throw new Refusal('no log of the policy signed it')
  return checkpoint
}
