// `src/log/sha256.ts` by OpenSSL, and in workerd, which has these parts of Node too, by BoringSSL; the same answers, which a test compares.

import { Buffer } from 'node:buffer'
import { hash } from 'node:crypto'

const BLOCK_BYTES = 64
const HASH_BYTES = 32
const [INNER, OUTER] = [0x36, 0x5c]

/** As latin1 (`binary`) and back: the fastest way out of `hash`. */
export const sha256 = (bytes: Uint8Array): Uint8Array => {
  const digest = hash('sha256', bytes, 'binary')
  const out = new Uint8Array(HASH_BYTES)
  for (let i = 0; i < HASH_BYTES; i++) out[i] = digest.charCodeAt(i)
  return out
}

export const sha256Text = (text: string): string => hash('sha256', text, 'base64url')

export const textToBase64url = (text: string): string => Buffer.from(text).toString('base64url')

/** RFC 2104 by two hashes: `createHmac` makes an object and a stream for each. */
export const hmacSha256 = (key: Uint8Array, bytes: Uint8Array): Uint8Array => {
  const known = key.length > BLOCK_BYTES ? sha256(key) : key
  return sha256(padded(known, OUTER, sha256(padded(known, INNER, bytes))))
}

// In one buffer, since all of it is synchronous: an array above 64 bytes costs V8 as much as the hash.
const scratch = new Uint8Array(4096)

const padded = (key: Uint8Array, pad: number, bytes: Uint8Array): Uint8Array => {
  const length = BLOCK_BYTES + bytes.length
  const out = length <= scratch.length ? scratch.subarray(0, length) : new Uint8Array(length)
  out.fill(pad, 0, BLOCK_BYTES)
  for (let i = 0; i < key.length; i++) out[i] = key[i]! ^ pad
  out.set(bytes, BLOCK_BYTES)
  return out
}
