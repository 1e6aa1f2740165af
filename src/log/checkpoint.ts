/**
 * What goes with a checkpoint, as text: the checkpoint itself (C2SP tlog-checkpoint), an offline proof that leads to one (C2SP
 * tlog-proof), and the request by which a witness is asked to cosign one (C2SP tlog-witness).
 */

import { fromBase64, toBase64 } from './encoding.ts'
import { LogError } from './error.ts'
import { HASH_BYTES } from './tree.ts'

export interface Checkpoint {
  readonly origin: string
  /** Leaves, 0 to 2^53-1. */
  readonly size: number
  readonly root: Uint8Array
}

export class CheckpointError extends LogError {
  override name = 'CheckpointError'
}

/** The three lines, each with its newline. Ours never have extension lines: no monitor could audit them. */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  if (origin === '' || origin.includes('\n')) throw new CheckpointError('an origin is one line, not empty')
  if (!Number.isSafeInteger(size) || size < 0) throw new CheckpointError('a size is an integer from 0')
  if (root.length !== HASH_BYTES) throw new CheckpointError('a root has 32 bytes')
  return `${origin}\n${size}\n${toBase64(root)}\n`
}

/** Throws a CheckpointError. `extensions` are the lines after the third: opaque, and to be ignored. */
export function parseCheckpoint(text: string): Checkpoint & { readonly extensions: readonly string[] } {
  if (!text.endsWith('\n')) throw new CheckpointError('a checkpoint that does not end in a newline')
  const lines = text.slice(0, -1).split('\n')
  const [origin, size, root, ...extensions] = lines
  if (origin === undefined || size === undefined || root === undefined)
    throw new CheckpointError('fewer than three lines')
  if (lines.includes('')) throw new CheckpointError('an empty line')
  return { origin, size: parseCount(size), root: parseRoot(root), extensions }
}

/** ASCII decimal without leading zeroes; throws a CheckpointError above 2^53-1. */
export function parseCount(text: string): number {
  const count = /^(?:0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(count)) throw new CheckpointError('a number that is no size or index')
  return count
}

function parseRoot(text: string): Uint8Array {
  const root = decoded(text)
  if (root?.length !== HASH_BYTES) throw new CheckpointError('a root that is not base64 of 32 bytes')
  return root
}

/** Null where it is not base64. */
function decoded(text: string): Uint8Array | null {
  try {
    return fromBase64(text)
  } catch {
    return null
  }
}

// Offline proofs: an index, its inclusion proof, and the checkpoint it leads to.

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
/** A tree of 2^63 leaves needs no more, for a proof of either kind. */
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
  const extra = lines[0]?.startsWith('extra ') ? bytesOf(lines.shift()!.slice('extra '.length)) : undefined
  const index = parseIndex(lines.shift())
  if (lines.length > MAX_HASHES) throw new ProofError(`more than ${MAX_HASHES} hashes`)
  const checkpoint = text.slice(blank + 2)
  return { index, hashes: lines.map(hashIn), checkpoint, ...(extra === undefined ? {} : { extra }) }
}

function parseIndex(line = ''): number {
  if (!line.startsWith('index ')) throw new ProofError('a proof without an index')
  try {
    return parseCount(line.slice('index '.length))
  } catch {
    throw new ProofError('an index that is no number')
  }
}

function hashIn(line: string): Uint8Array {
  const hash = bytesOf(line)
  if (hash.length !== HASH_BYTES) throw new ProofError('a hash that has not 32 bytes')
  return hash
}

function bytesOf(line: string): Uint8Array {
  const bytes = decoded(line)
  if (bytes === null) throw new ProofError('a line that is not base64')
  return bytes
}

// The request of a log to a witness: a checkpoint, and a proof that it continues the one the witness cosigned last.

export interface AddCheckpoint {
  /** Size of the checkpoint that the witness cosigned last, 0 if none. */
  readonly oldSize: number
  /** Consistency proof from there; empty when oldSize is 0. */
  readonly proof: readonly Uint8Array[]
  /** The signed note, verbatim. */
  readonly checkpoint: string
}

export class AddCheckpointError extends LogError {
  override name = 'AddCheckpointError'
}

export function formatAddCheckpoint({ oldSize, proof, checkpoint }: AddCheckpoint): string {
  return `${[`old ${oldSize}`, ...proof.map(toBase64)].join('\n')}\n\n${checkpoint}`
}

/** Throws an AddCheckpointError (400 to the client). Verifies nothing. */
export function parseAddCheckpoint(body: string): AddCheckpoint {
  const blank = body.indexOf('\n\n')
  if (blank < 0) throw new AddCheckpointError('no empty line before the checkpoint')
  const [old = '', ...hashes] = body.slice(0, blank).split('\n')
  if (hashes.length > MAX_HASHES) throw new AddCheckpointError(`more than ${MAX_HASHES} hashes`)
  return { oldSize: parseOld(old), proof: hashes.map(consistencyHash), checkpoint: body.slice(blank + 2) }
}

function parseOld(line: string): number {
  if (!line.startsWith('old ')) throw new AddCheckpointError('no old size')
  try {
    return parseCount(line.slice('old '.length))
  } catch {
    throw new AddCheckpointError('an old size that is no number')
  }
}

function consistencyHash(line: string): Uint8Array {
  const hash = decoded(line)
  if (hash?.length !== HASH_BYTES) throw new AddCheckpointError('a hash that is not base64 of 32 bytes')
  return hash
}
