/** Base64 (RFC 4648) that has one spelling for each value, and UTF-8 that never replaces what it can't read. */
import { LogError } from './error.ts'

export class EncodingError extends LogError {
  override name = 'EncodingError'
}

interface Alphabet {
  readonly letters: string
  /** Two letters for each 12-bit number: half the string additions of one letter at a time. */
  readonly pairs: readonly string[]
  /** Letter code to value, 255 where there is none. */
  readonly values: Uint8Array
}

function alphabet(last2: string): Alphabet {
  const letters = `ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789${last2}`
  const values = new Uint8Array(256).fill(255)
  for (let i = 0; i < 64; i++) values[letters.charCodeAt(i)] = i
  const pairs = Array.from({ length: 4096 }, (_, i) => letters.charAt(i >> 6) + letters.charAt(i & 63))
  return { letters, pairs, values }
}

const STANDARD = alphabet('+/')
const URL_SAFE = alphabet('-_')

/** Standard base64 with padding (RFC 4648 section 4): what C2SP formats use. */
export function toBase64(bytes: Uint8Array): string {
  const text = encode(bytes, STANDARD)
  const over = text.length % 4
  return over === 0 ? text : over === 2 ? `${text}==` : `${text}=`
}

/** Base64url without padding (RFC 4648 section 5): what leaves, disclosures and JOSE use. */
export function toBase64url(bytes: Uint8Array): string {
  return encode(bytes, URL_SAFE)
}

/** Throws an EncodingError unless `toBase64` of the result gives `text` again. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  if (text.length % 4 !== 0) throw new EncodingError('base64 of a length that padding forbids')
  const end = text.endsWith('==') ? text.length - 2 : text.endsWith('=') ? text.length - 1 : text.length
  return decode(text, end, STANDARD)
}

/** Throws an EncodingError unless `toBase64url` of the result gives `text` again. */
export function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  return decode(text, text.length, URL_SAFE)
}

function encode(bytes: Uint8Array, { letters, pairs }: Alphabet): string {
  let text = ''
  let i = 0
  for (const whole = bytes.length - 2; i < whole; i += 3) {
    const bits = (bytes[i]! << 16) | (bytes[i + 1]! << 8) | bytes[i + 2]!
    text += pairs[bits >> 12]! + pairs[bits & 4095]!
  }
  if (i === bytes.length - 1) return text + pairs[bytes[i]! << 4]!
  if (i === bytes.length) return text
  const bits = (bytes[i]! << 8) | bytes[i + 1]!
  return text + pairs[bits >> 4]! + letters.charAt((bits & 15) << 2)
}

function decode(text: string, end: number, { values }: Alphabet): Uint8Array<ArrayBuffer> {
  if (end % 4 === 1) throw new EncodingError('base64 of an impossible length')
  const bytes = new Uint8Array(Math.floor((end * 3) / 4))
  let bits = 0
  let held = 0
  let out = 0
  for (let i = 0; i < end; i++) {
    const value = values[text.charCodeAt(i)] ?? 255
    if (value === 255) throw new EncodingError('a character that base64 does not have')
    bits = ((bits << 6) | value) & 0xffff
    held += 6
    if (held < 8) continue
    held -= 8
    bytes[out++] = bits >> held
  }
  // Left-over bits that aren't zero would be a second spelling of the same bytes.
  if ((bits & ((1 << held) - 1)) !== 0) throw new EncodingError('base64 with stray bits at its end')
  return bytes
}

const scratch = new Uint8Array(65_536)
const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Written at once into room that is there, and copied: `encode` counts the bytes first, and costs half as much again. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  if (text.length * 3 > scratch.length) return encoder.encode(text)
  return scratch.slice(0, encoder.encodeInto(text, scratch).written)
}

/** Throws an EncodingError on anything that isn't UTF-8; keeps a byte order mark, so that no two inputs read alike. */
export function fromUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw new EncodingError('not UTF-8')
  }
}

/** Takes the same time wherever two arrays of one length differ. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ b[i]!
  return difference === 0
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let length = 0
  for (const part of parts) length += part.length
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const FINGERPRINT_BYTES = 16

/** The fingerprint in an SMS (docs/log.md, section 6): Crockford base32 of a leaf hash's first 16 bytes, 26 characters. */
export function fingerprintOf(leafHash: Uint8Array): string {
  let text = ''
  let bits = 0
  let held = 0
  for (const byte of leafHash.subarray(0, FINGERPRINT_BYTES)) {
    held = (held << 8) | byte
    for (bits += 8; bits >= 5; bits -= 5) text += CROCKFORD.charAt((held >> (bits - 5)) & 31)
    held &= 31
  }
  return text + CROCKFORD.charAt((held << (5 - bits)) & 31)
}

/** As people type it: any case, O for 0, I and L for 1, dashes and spaces ignored. Null if it is none. */
export function readFingerprint(text: string): string | null {
  const plain = text.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1')
  return /^[0-9A-HJKMNP-TV-Z]{26}$/.test(plain) ? plain : null
}
