import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { toBase64url, utf8 } from '../log/encoding.ts'

const DOMAIN = 'tousu sms reports v1 '
const BYTES = 16

/**
 * The last part of the address that a vendor's delivery reports go to, where the vendor signs nothing: 22 characters
 * that can't be guessed, derived from the secret `tags`. A holder of it can report that a message did not arrive.
 */
export const reportSecret = (tags: Uint8Array, vendor: string): string =>
  toBase64url(hmac(sha256, tags, utf8(DOMAIN + vendor)).subarray(0, BYTES))
