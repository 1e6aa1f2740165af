/** Signed notes, C2SP signed-note: a text, an empty line, and a line for each signature. */

import { sha256 } from '#sha256'
import { concat, fromBase64, toBase64, utf8 } from './encoding.ts'
import { LogError } from './error.ts'

export interface NoteSignature {
  readonly name: string
  /** Key id, eight lower-case hexadecimal digits. */
  readonly id: string
  /** What stands behind the key id: 64 bytes of Ed25519, or a timestamp and those. */
  readonly bytes: Uint8Array
}

export interface Note {
  /** Ends in a newline; the signatures are over these bytes. */
  readonly text: string
  readonly signatures: readonly NoteSignature[]
}

/** Signs with an Ed25519 private key: a WebCrypto key, or whatever keeps one. */
export type Sign = CryptoKey | ((message: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>)

/** Knows one key; `verify` is true only for a signature of that key over the text. */
export interface NoteVerifier {
  readonly key: VerifierKey
  verify(text: string, signature: Uint8Array): Promise<boolean>
}

/** The specification asks for at least 16; a limit keeps a hostile note from costing a million checks. */
const MAX_SIGNATURES = 100

export function formatNote({ text, signatures }: Note): string {
  requireText(text)
  return `${text}\n${signatures.map(formatSignature).join('')}`
}

/** One signature line, with its newline. */
export function formatSignature({ name, id, bytes }: NoteSignature): string {
  if (!isKeyName(name)) throw new NoteError('a signature without a proper key name')
  return `— ${name} ${toBase64(concat(idBytes(id), bytes))}\n`
}

/** Throws a NoteError on what is not a note. Says nothing yet about any signature: see `verifyNote`. */
export function parseNote(note: string): Note {
  const blank = note.lastIndexOf('\n\n')
  if (blank < 0) throw new NoteError('a note without an empty line before its signatures')
  const text = note.slice(0, blank + 1)
  requireText(text)
  return { text, signatures: parseSignatures(note.slice(blank + 2)) }
}

/** One or more signature lines, as they end a note and as a witness answers them. */
export function parseSignatures(lines: string): NoteSignature[] {
  if (!lines.endsWith('\n')) throw new NoteError('a note that does not end in a signature line')
  const each = lines.slice(0, -1).split('\n')
  if (each.length > MAX_SIGNATURES) throw new NoteError(`more than ${MAX_SIGNATURES} signatures`)
  return each.map(parseSignature)
}

export async function signNote(text: string, key: VerifierKey, sign: Sign): Promise<NoteSignature> {
  requireText(text)
  return { name: key.name, id: key.id, bytes: await signBytes(utf8(text), sign) }
}

/**
 * The known keys that signed, each once. Signatures of unknown keys are ignored; one bad signature of a known key
 * rejects the whole note with a NoteError. No known signature at all is an empty answer: the caller must refuse it.
 */
export async function verifyNote(note: Note, known: readonly NoteVerifier[]): Promise<Set<VerifierKey>> {
  const signed = new Set<VerifierKey>()
  for (const { name, id, bytes } of note.signatures) {
    const verifier = known.find(({ key }) => key.name === name && key.id === id)
    if (verifier === undefined) continue
    if (!(await verifier.verify(note.text, bytes)))
      throw new NoteError('a known key with a signature that is not its own')
    signed.add(verifier.key)
  }
  return signed
}

/** For keys of type 0x01. */
export function noteVerifier(key: VerifierKey): NoteVerifier {
  if (key.type !== ED25519) throw new NoteError('not a key that signs notes')
  return { key, verify: (text, signature) => verifyBytes(key.publicKey, utf8(text), signature) }
}

/** Ed25519 (RFC 8032) over these bytes. */
export async function signBytes(message: Uint8Array<ArrayBuffer>, sign: Sign): Promise<Uint8Array> {
  if (typeof sign === 'function') return sign(message)
  return new Uint8Array(await crypto.subtle.sign('Ed25519', sign, message))
}

/** False for a key or a signature that is none; a NoteError where the runtime (an old browser) can't tell. */
export async function verifyBytes(
  publicKey: Uint8Array,
  message: Uint8Array<ArrayBuffer>,
  signature: Uint8Array,
): Promise<boolean> {
  try {
    const key = await crypto.subtle.importKey('raw', new Uint8Array(publicKey), 'Ed25519', false, ['verify'])
    return await crypto.subtle.verify('Ed25519', key, new Uint8Array(signature), message)
  } catch (error) {
    if (error instanceof Error && error.name === 'NotSupportedError') throw new NoteError('no Ed25519 in this runtime')
    return false
  }
}

function parseSignature(line: string): NoteSignature {
  const [, name, encoded] = /^— ([^ ]+) ([^ ]+)$/.exec(line) ?? []
  if (name === undefined || encoded === undefined || !isKeyName(name))
    throw new NoteError('a line that is no signature')
  const bytes = decode(encoded)
  if (bytes.length < 5) throw new NoteError('a signature without bytes')
  return { name, id: toHex(bytes.subarray(0, 4)), bytes: bytes.slice(4) }
}

function decode(encoded: string): Uint8Array {
  try {
    return fromBase64(encoded)
  } catch {
    throw new NoteError('a signature that is not base64')
  }
}

// Lone surrogates have no UTF-8; encoders would sign a replacement instead.
function requireText(text: string): void {
  if (!text.endsWith('\n')) throw new NoteError('a text that does not end in a newline')
  if (!text.isWellFormed() || hasControls(text)) throw new NoteError('a text with characters that a note does not take')
}

function hasControls(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < 0x20 && text[i] !== '\n') return true
  return false
}

function idBytes(id: string): Uint8Array {
  const bytes = Uint8Array.from(id.match(/[0-9a-f]{2}/g) ?? [], pair => Number.parseInt(pair, 16))
  if (bytes.length !== 4 || id.length !== 8) throw new NoteError('a key id has eight hexadecimal digits')
  return bytes
}

/** Verifier keys and key names of C2SP signed-note: `<name>+<key id>+base64(type ‖ public key)`. */
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
  const [type] = encoded === undefined ? [] : decodeVkey(encoded)
  return type !== undefined && type !== ED25519 && type !== COSIGNATURE_V1
}

/** Throws a NoteError unless it is an Ed25519 key, of notes or of cosignatures, with the id that belongs to it. */
export function parseVerifierKey(text: string): VerifierKey {
  const { name, id, encoded } = split(text)
  if (name === undefined || id === undefined || encoded === undefined) throw new NoteError('not a verifier key')
  const [type, ...publicKey] = decodeVkey(encoded)
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
function isKeyName(name: string): boolean {
  return /^[^\p{White_Space}\p{Cc}+]+$/u.test(name) && name.isWellFormed()
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}

function decodeVkey(encoded: string): Uint8Array {
  try {
    return fromBase64(encoded)
  } catch {
    throw new NoteError('a verifier key that is not base64')
  }
}

/** Cosignatures, C2SP tlog-cosignature, Ed25519: a witness says when it saw that a checkpoint continues the ones before. */
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
