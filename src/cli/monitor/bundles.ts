import { fromUtf8 } from '../../log/encoding.ts'
import { decodeLeaf } from '../../log/leaf.ts'
import { parseBundle, TILE_WIDTH, tileWidth } from '../../log/tiles.ts'
import { leafHashBehind } from './hashing.ts'
import type { LogClient } from './log-client.ts'
import { isPlain, type SkimmedLeaf, skim, skimmed, skimWithin } from './skim.ts'

const LENGTH_BYTES = 2
const SPACE = 0x20

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
 * The leaves of an entry bundle by their place in it, as far as they are there to their ends. Overwrites the lengths between them: a
 * text of the whole bundle costs a third of one for each leaf.
 */
export class BundleLeaves {
  readonly #bytes: Buffer
  readonly #text: string
  readonly #isPlain: boolean
  /** Where each leaf starts; it ends two bytes before the next one. */
  readonly #starts: number[] = [LENGTH_BYTES]

  constructor(bytes: Buffer) {
    this.#bytes = bytes
    let start = LENGTH_BYTES
    while (start <= bytes.length) {
      const next = start + bytes.readUInt16BE(start - LENGTH_BYTES) + LENGTH_BYTES
      if (next - LENGTH_BYTES > bytes.length) break
      bytes[start - 2] = bytes[start - 1] = SPACE
      this.#starts.push(next)
      start = next
    }
    const end = start - LENGTH_BYTES
    this.#text = bytes.toString('latin1', 0, end)
    this.#isPlain = isPlain(bytes.subarray(0, end))
  }

  get count(): number {
    return this.#starts.length - 1
  }

  /** Throws a LogError where it is none. */
  leaf(i: number): SkimmedLeaf {
    const [start, end] = this.#place(i)
    const bytes = () => this.#bytes.subarray(start, end)
    const found = this.#isPlain ? skimWithin(this.#text, start, end) : skim(bytes())
    return found ?? skimmed(decodeLeaf(bytes()))
  }

  /** Leaf hash, base64url. */
  hash(i: number): string {
    return leafHashBehind(this.#bytes, ...this.#place(i))
  }

  #place(i: number): [start: number, end: number] {
    const [start, next] = [this.#starts[i], this.#starts[i + 1]]
    if (start === undefined || next === undefined) throw new RangeError('a leaf that is not there')
    return [start, next - LENGTH_BYTES]
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
