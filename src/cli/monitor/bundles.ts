import { parseBundle } from '../../log/bundle.ts'
import { fromUtf8 } from '../../log/encoding.ts'
import { TILE_WIDTH, tileWidth } from '../../log/tiles.ts'
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

/** None, where the bundle is none. */
export const leavesOf = (bundle: Uint8Array): Uint8Array[] => {
  try {
    return parseBundle(bundle)
  } catch {
    return []
  }
}

/** Null where the leaf can't be read. */
export const kindOf = (leaf: Uint8Array): string | null => {
  try {
    return /"kind":"([a-z_]{1,40})"/.exec(fromUtf8(leaf))?.[1] ?? null
  } catch {
    return null
  }
}
