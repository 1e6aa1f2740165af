// Synchronous SHA-256 (FIPS 180-4), HMAC-SHA-256 (RFC 2104) and base64url of texts, in JavaScript. package.json maps `#sha256` to this file in
// browsers, and on Node and workerd to src/hosts/node/sha256.ts, which takes a fifth of the time, and for a whole page a fifteenth.

import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { toBase64url, utf8 } from './encoding.ts'

export { sha256 }

/** Base64url of the hash of a text in UTF-8. */
export const sha256Text = (text: string): string => toBase64url(sha256(utf8(text)))

/** Base64url of a text in UTF-8. */
export const textToBase64url = (text: string): string => toBase64url(utf8(text))

export const hmacSha256 = (key: Uint8Array, bytes: Uint8Array): Uint8Array => hmac(sha256, key, bytes)
