/** The request of C2SP tlog-witness: a checkpoint, and a proof that it continues the one the witness cosigned last. */
import { parseCount } from './checkpoint.ts'
import { fromBase64, toBase64 } from './encoding.ts'
import { LogError } from './error.ts'
import { HASH_BYTES } from './tree.ts'

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

const MAX_HASHES = 63

export function formatAddCheckpoint({ oldSize, proof, checkpoint }: AddCheckpoint): string {
  return `${[`old ${oldSize}`, ...proof.map(toBase64)].join('\n')}\n\n${checkpoint}`
}

/** Throws an AddCheckpointError (400 to the client). Verifies nothing. */
export function parseAddCheckpoint(body: string): AddCheckpoint {
  const blank = body.indexOf('\n\n')
  if (blank < 0) throw new AddCheckpointError('no empty line before the checkpoint')
  const [old = '', ...hashes] = body.slice(0, blank).split('\n')
  if (hashes.length > MAX_HASHES) throw new AddCheckpointError(`more than ${MAX_HASHES} hashes`)
  return { oldSize: parseOld(old), proof: hashes.map(parseHash), checkpoint: body.slice(blank + 2) }
}

function parseOld(line: string): number {
  if (!line.startsWith('old ')) throw new AddCheckpointError('no old size')
  try {
    return parseCount(line.slice('old '.length))
  } catch {
    throw new AddCheckpointError('an old size that is no number')
  }
}

function parseHash(line: string): Uint8Array {
  try {
    const hash = fromBase64(line)
    if (hash.length === HASH_BYTES) return hash
  } catch {}
  throw new AddCheckpointError('a hash that is not base64 of 32 bytes')
}
