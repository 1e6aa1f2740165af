/** Cosignatures, C2SP tlog-cosignature, Ed25519: a witness says when it saw that a checkpoint continues the ones before. */
import { concat, utf8 } from './encoding.ts'
import {
  COSIGNATURE_V1,
  NoteError,
  type NoteSignature,
  type NoteVerifier,
  type Sign,
  signBytes,
  verifyBytes,
} from './note.ts'
import type { VerifierKey } from './vkey.ts'

const TIMESTAMP_BYTES = 8
const SIGNATURE_BYTES = 64

/** `seconds` is POSIX time, integer; `text` is the whole checkpoint text, extension lines included. */
export async function cosign(text: string, key: VerifierKey, sign: Sign, seconds: number): Promise<NoteSignature> {
  requireCosigner(key)
  if (!Number.isSafeInteger(seconds) || seconds < 0) throw new NoteError('a timestamp is a whole number of seconds')
  const timestamp = new Uint8Array(TIMESTAMP_BYTES)
  new DataView(timestamp.buffer).setBigUint64(0, BigInt(seconds))
  const signature = await signBytes(cosignedMessage(text, seconds), sign)
  return { name: key.name, id: key.id, bytes: concat(timestamp, signature) }
}

/** For keys of type 0x04. */
export function cosignatureVerifier(key: VerifierKey): NoteVerifier {
  requireCosigner(key)
  return { key, verify: (text, bytes) => verifyCosignature(key, text, bytes) }
}

/** POSIX seconds of a cosignature's bytes, or null if they are none (or beyond 2^53-1). */
export function cosignatureTime(bytes: Uint8Array): number | null {
  if (bytes.length !== TIMESTAMP_BYTES + SIGNATURE_BYTES) return null
  const seconds = Number(new DataView(bytes.buffer, bytes.byteOffset, TIMESTAMP_BYTES).getBigUint64(0))
  return Number.isSafeInteger(seconds) ? seconds : null
}

async function verifyCosignature(key: VerifierKey, text: string, bytes: Uint8Array): Promise<boolean> {
  const seconds = cosignatureTime(bytes)
  if (seconds === null) return false
  return verifyBytes(key.publicKey, cosignedMessage(text, seconds), bytes.subarray(TIMESTAMP_BYTES))
}

function cosignedMessage(text: string, seconds: number): Uint8Array<ArrayBuffer> {
  return utf8(`cosignature/v1\ntime ${seconds}\n${text}`)
}

function requireCosigner(key: VerifierKey): void {
  if (key.type !== COSIGNATURE_V1) throw new NoteError('not a key of a witness')
}
