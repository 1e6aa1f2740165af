/** Offline proofs, C2SP tlog-proof: an index, its inclusion proof, and the checkpoint it leads to. */

import { parseCount } from './checkpoint.ts'
import { fromBase64, toBase64 } from './encoding.ts'
import { LogError } from './error.ts'
import { HASH_BYTES } from './tree.ts'

export interface TlogProof {
  readonly index: number
  /** Inclusion proof, sibling of the leaf first. */
  readonly hashes: readonly Uint8Array[]
  /** The signed note, verbatim. */
  readonly checkpoint: string
  /** Opaque, and authenticated by nothing. */
  readonly extra?: Uint8Array
}

export class ProofError extends LogError {
  override name = 'ProofError'
}

const HEADER = 'c2sp.org/tlog-proof@v1'
/** A tree of 2^63 leaves needs no more. */
const MAX_HASHES = 63

export function formatProof({ index, hashes, checkpoint, extra }: TlogProof): string {
  const lines = [HEADER]
  if (extra !== undefined) lines.push(`extra ${toBase64(extra)}`)
  lines.push(`index ${index}`, ...hashes.map(toBase64))
  return `${lines.join('\n')}\n\n${checkpoint}`
}

/** Throws a ProofError. The checkpoint in it is not parsed yet, and nothing is verified. */
export function parseProof(text: string): TlogProof {
  const blank = text.indexOf('\n\n')
  if (blank < 0) throw new ProofError('a proof without a checkpoint')
  const [header, ...lines] = text.slice(0, blank).split('\n')
  if (header !== HEADER) throw new ProofError('not a tlog-proof of version 1')
  const extra = lines[0]?.startsWith('extra ') ? decode(lines.shift()!.slice('extra '.length)) : undefined
  const index = parseIndex(lines.shift())
  if (lines.length > MAX_HASHES) throw new ProofError(`more than ${MAX_HASHES} hashes`)
  const checkpoint = text.slice(blank + 2)
  return { index, hashes: lines.map(parseHash), checkpoint, ...(extra === undefined ? {} : { extra }) }
}

function parseIndex(line = ''): number {
  if (!line.startsWith('index ')) throw new ProofError('a proof without an index')
  try {
    return parseCount(line.slice('index '.length))
  } catch {
    throw new ProofError('an index that is no number')
  }
}

function parseHash(line: string): Uint8Array {
  const hash = decode(line)
  if (hash.length !== HASH_BYTES) throw new ProofError('a hash that has not 32 bytes')
  return hash
}

function decode(text: string): Uint8Array {
  try {
    return fromBase64(text)
  } catch {
    throw new ProofError('a line that is not base64')
  }
}
