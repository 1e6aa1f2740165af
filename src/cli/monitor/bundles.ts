import { parseBundle } from '../../log/bundle.ts'
import { equalBytes, fromUtf8 } from '../../log/encoding.ts'
import { TILE_WIDTH, tileWidth } from '../../log/tiles.ts'
import { HASH_BYTES, leafHash } from '../../log/tree.ts'
import { Broken } from './broken.ts'
import type { LogClient } from './log-client.ts'

/** Asked for ahead of the one that is read. */
const AHEAD = 8

interface Bundle {
  bytes: Buffer
  /** Index of its first leaf, and of the one behind its last. */
  first: number
  end: number
}

/** The bundles with leaves `from` to `size`, in order, the next ones on their way already; the partial one comes last. */
export async function* bundles(client: Pick<LogClient, 'entries'>, from: number, size: number): AsyncGenerator<Bundle> {
  const coming: Promise<Bundle>[] = []
  let n = Math.floor(from / TILE_WIDTH)
  const ask = (): void => {
    const width = tileWidth(0, n, size)
    if (width === 0) return
    const first = n * TILE_WIDTH
    const bundle = client.entries(n, width).then(bytes => ({ bytes, first, end: first + width }))
    // Its turn to be awaited may never come, once one before it failed.
    bundle.catch(() => undefined)
    coming.push(bundle)
    n++
  }
  for (let i = 0; i < AHEAD; i++) ask()
  for (let next = coming.shift(); next; next = coming.shift()) {
    ask()
    yield await next
  }
}

/**
 * The first leaf up to `end` that is not the one whose hash stands in the tree's own tiles, or null: after something
 * broke, so that an edited leaf is named and not the innocent one that follows it.
 */
export const findAltered = async (client: LogClient, size: number, end: number): Promise<Broken | null> => {
  for await (const { bytes, first } of bundles(client, 0, size)) {
    if (first >= end) break
    const n = first / TILE_WIDTH
    const hashes = await client.tile(0, n, tileWidth(0, n, size))
    for (const [i, leaf] of leavesOf(bytes).entries()) {
      const expected = hashes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES)
      if (expected.length > 0 && !equalBytes(leafHash(leaf), expected))
        return new Broken(first + i, kindOf(leaf), 'altered: the signed tree holds another leaf here')
    }
  }
  return null
}

const leavesOf = (bundle: Uint8Array): Uint8Array[] => {
  try {
    return parseBundle(bundle)
  } catch {
    return []
  }
}

const kindOf = (leaf: Uint8Array): string | null => {
  try {
    return /"kind":"([a-z_]{1,40})"/.exec(fromUtf8(leaf))?.[1] ?? null
  } catch {
    return null
  }
}
