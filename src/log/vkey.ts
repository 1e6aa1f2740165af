/** Verifier keys and key names of C2SP signed-note: `<name>+<key id>+base64(type ‖ public key)`. */

import { sha256 } from '@noble/hashes/sha2.js'
import { concat, fromBase64, toBase64, utf8 } from './encoding.ts'
import { LogError } from './error.ts'

export const ED25519 = 0x01
/** Timestamped Ed25519 cosignatures, C2SP tlog-cosignature. */
export const COSIGNATURE_V1 = 0x04

export type KeyType = typeof ED25519 | typeof COSIGNATURE_V1

export interface VerifierKey {
  readonly name: string
  /** Eight lower-case hexadecimal digits. */
  readonly id: string
  readonly type: KeyType
  /** 32 bytes of Ed25519 (RFC 8032). */
  readonly publicKey: Uint8Array
}

export class NoteError extends LogError {
  override name = 'NoteError'
}

export function verifierKey(name: string, publicKey: Uint8Array, type: KeyType = ED25519): VerifierKey {
  if (!isKeyName(name)) throw new NoteError('a key name has no spaces, no plus and is not empty')
  if (publicKey.length !== 32) throw new NoteError('an Ed25519 public key has 32 bytes')
  return { name, id: keyId(name, publicKey, type), type, publicKey }
}

/** SHA-256(name ‖ 0x0A ‖ type ‖ public key)[:4] */
export function keyId(name: string, publicKey: Uint8Array, type: KeyType): string {
  return toHex(sha256(concat(utf8(name), Uint8Array.of(0x0a, type), publicKey)).subarray(0, 4))
}

export function formatVerifierKey({ name, id, type, publicKey }: VerifierKey): string {
  return `${name}+${id}+${toBase64(concat(Uint8Array.of(type), publicKey))}`
}

/** Whether this is a verifier key of a type that is not read here; C2SP adds some (ML-DSA-44, 0x06). */
export function isOfUnknownType(text: string): boolean {
  const { encoded } = split(text)
  const [type] = encoded === undefined ? [] : decode(encoded)
  return type !== undefined && type !== ED25519 && type !== COSIGNATURE_V1
}

/** Throws a NoteError unless it is an Ed25519 key, of notes or of cosignatures, with the id that belongs to it. */
export function parseVerifierKey(text: string): VerifierKey {
  const { name, id, encoded } = split(text)
  if (name === undefined || id === undefined || encoded === undefined) throw new NoteError('not a verifier key')
  const [type, ...publicKey] = decode(encoded)
  if (type !== ED25519 && type !== COSIGNATURE_V1) throw new NoteError('a verifier key of a type not supported here')
  const key = verifierKey(name, Uint8Array.from(publicKey), type)
  if (key.id !== id) throw new NoteError('a verifier key with the id of another')
  return key
}

/** Base64 has a plus too, a key name has none. */
function split(text: string) {
  const [, name, id, encoded] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text) ?? []
  return { name, id, encoded }
}

/** Not empty, without Unicode spaces and plus, and well-formed Unicode. */
export function isKeyName(name: string): boolean {
  return /^[^\p{White_Space}\p{Cc}+]+$/u.test(name) && name.isWellFormed()
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}

function decode(encoded: string): Uint8Array {
  try {
    return fromBase64(encoded)
  } catch {
    throw new NoteError('a verifier key that is not base64')
  }
}
