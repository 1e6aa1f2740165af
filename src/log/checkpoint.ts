/** Checkpoints, C2SP tlog-checkpoint: the note text in which a log states its size and root. */

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
  const root = decode(text)
  if (root?.length !== HASH_BYTES) throw new CheckpointError('a root that is not base64 of 32 bytes')
  return root
}

function decode(text: string): Uint8Array | null {
  try {
    return fromBase64(text)
  } catch {
    return null
  }
}
