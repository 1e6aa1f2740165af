// Old leaves against the tree: a start reads tiles and the right edge alone, so a leaf that was edited in the database would be
// served under a signed tree that holds another.

import { equalBytes } from '../../log/encoding.ts'
import { hashesAt, type ReadTile, TILE_WIDTH, tileRoot } from '../../log/tiles.ts'
import { HASH_BYTES, leafHash } from '../../log/tree.ts'
import { log } from '../../telemetry/log.ts'
import type { Store } from '../storage/queries.ts'

/** How far a check has come, for a host whose process ends before it does. */
export interface LeafProgress {
  /** The full tile that comes next. */
  next: number
  /** Leaves found so far that the tree does not hold. */
  altered: number
}

/** Reads all leaves of full tiles once, a tile at a time, and says which are not those that the tree holds. */
export class LeafCheck {
  readonly #store: Store
  readonly #readTile: ReadTile
  /** Full tiles when the check began; what is appended later is hashed as it is written. */
  readonly #tiles: number
  #next: number
  #altered: number

  constructor(
    store: Store,
    readTile: ReadTile,
    size: number,
    { next, altered }: LeafProgress = { next: 0, altered: 0 },
  ) {
    this.#store = store
    this.#readTile = readTile
    this.#tiles = hashesAt(1, size)
    this.#next = next
    this.#altered = altered
  }

  get isDone(): boolean {
    return this.#next >= this.#tiles
  }

  get progress(): LeafProgress {
    return { next: this.#next, altered: this.#altered }
  }

  /** Leaves found so far that the tree does not hold. */
  get altered(): number {
    return this.#altered
  }

  /** The next tile; nothing once all are read. */
  readSome(): void {
    if (this.isDone) return
    const n = this.#next++
    const from = n * TILE_WIDTH
    const rows = this.#store.leafRange.all({ from, to: from + TILE_WIDTH })
    const hashes = new Uint8Array(TILE_WIDTH * HASH_BYTES)
    for (const { idx, bytes } of rows) hashes.set(leafHash(bytes), (idx - from) * HASH_BYTES)
    // The node above, which the next signed tree rests on: so a tile that was edited with its leaves is found too.
    const place = n % TILE_WIDTH
    const above = this.#readTile(1, Math.floor(n / TILE_WIDTH), place + 1).subarray(place * HASH_BYTES)
    if (equalBytes(tileRoot(hashes), above)) return
    const tile = this.#readTile(0, n, TILE_WIDTH)
    const wrong = Array.from({ length: TILE_WIDTH }, (_, i) => i).filter(i => !equalBytes(at(hashes, i), at(tile, i)))
    this.#altered += Math.max(1, wrong.length)
    const leaf = wrong.length > 0 ? from + (wrong[0] ?? 0) : null
    log('error', 'alert: a leaf is not the one that the tree holds', {
      tile: n,
      leaves: wrong.length,
      ...(leaf !== null && { leaf }),
    })
  }
}

const at = (hashes: Uint8Array, i: number): Uint8Array => hashes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES)
