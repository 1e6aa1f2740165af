import { hash } from 'node:crypto'

/**
 * RFC 6962 section 2.1 by node:crypto, several times faster than src/log/tree.ts. Hashes are base64url here: chains
 * name each other so, and Node hands out short strings at half the price of buffers.
 */
export const leafHashBehind = (bytes: Buffer, start: number, end: number): string => {
  // A bundle has the leaf's length before it; its last byte, read already, makes room for the prefix.
  bytes[start - 1] = 0x00
  return hash('sha256', bytes.subarray(start - 1, end), 'base64url')
}

const NODE = Buffer.alloc(65, 0x01)

const nodeHash = (left: string, right: string): string => {
  NODE.write(left, 1, 32, 'base64url')
  NODE.write(right, 33, 32, 'base64url')
  return hash('sha256', NODE, 'base64url')
}

export const sha256 = (text: string | Uint8Array): string => hash('sha256', text, 'base64url')

const EMPTY = sha256('')

/** A tree known by the roots of its whole subtrees, largest first: enough to append, and to know the root. */
export class CompactRange {
  #size: number
  readonly #peaks: string[]

  constructor(size = 0, peaks: readonly string[] = []) {
    if (peaks.length !== countBits(size)) throw new RangeError('a peak for each whole subtree')
    this.#size = size
    this.#peaks = [...peaks]
  }

  get size(): number {
    return this.#size
  }

  get peaks(): readonly string[] {
    return this.#peaks
  }

  append(leaf: string): void {
    let node = leaf
    // Each carry of the binary counter joins two subtrees of one height.
    for (let n = this.#size; n % 2 === 1; n = (n - 1) / 2) node = nodeHash(this.#peaks.pop()!, node)
    this.#peaks.push(node)
    this.#size++
  }

  /** Base64url. */
  root(): string {
    if (this.#size === 0) return EMPTY
    return this.#peaks.reduceRight((right, left) => nodeHash(left, right))
  }
}

const HASH_LENGTH = 43
const ROWS = 16_384

/** Hashes in base64url by row, in place: a string kept for each new leaf would be garbage of the old generation at the next one. */
export class HashColumn {
  readonly #chunks: Buffer[] = []
  #rows = 0

  /** The row that it is in. */
  add(hash: string): number {
    const row = this.#rows++
    if (row % ROWS === 0) this.#chunks.push(Buffer.allocUnsafeSlow(ROWS * HASH_LENGTH))
    this.set(row, hash)
    return row
  }

  set(row: number, hash: string): void {
    if (hash.length !== HASH_LENGTH) throw new RangeError('no hash in base64url')
    const chunk = this.#chunk(row)
    const at = (row % ROWS) * HASH_LENGTH
    // A loop costs half of `write`, which leaves JavaScript.
    for (let i = 0; i < HASH_LENGTH; i++) chunk[at + i] = hash.charCodeAt(i)
  }

  get(row: number): string {
    const at = (row % ROWS) * HASH_LENGTH
    return this.#chunk(row).toString('latin1', at, at + HASH_LENGTH)
  }

  #chunk(row: number): Buffer {
    const chunk = this.#chunks[Math.floor(row / ROWS)]
    if (chunk === undefined) throw new RangeError('a row that is not there')
    return chunk
  }
}

const countBits = (size: number): number => size.toString(2).replaceAll('0', '').length
