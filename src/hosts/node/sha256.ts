// `src/log/sha256.ts` by OpenSSL, and in workerd, which has this part of `node:crypto` too, by BoringSSL; the same answers, which a test compares.

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

/** RFC 2104 by two hashes: `createHmac` makes an object and a stream for each. */
export const hmacSha256 = (key: Uint8Array, bytes: Uint8Array): Uint8Array => {
  const known = key.length > BLOCK_BYTES ? sha256(key) : key
  return sha256(padded(known, OUTER, sha256(padded(known, INNER, bytes))))
}

const padded = (key: Uint8Array, pad: number, bytes: Uint8Array): Uint8Array => {
  const out = new Uint8Array(BLOCK_BYTES + bytes.length).fill(pad, 0, BLOCK_BYTES)
  key.forEach((byte, i) => {
    out[i] = byte ^ pad
  })
  out.set(bytes, BLOCK_BYTES)
  return out
}
