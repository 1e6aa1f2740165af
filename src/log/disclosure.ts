/**
 * Disclosures of object properties, RFC 9901 (SD-JWT) section 4.2.1: base64url of `[salt, name, value]`. The leaf
 * holds the digest; the text itself stays outside the log and can be erased.
 */

import { sha256Text, textToBase64url } from '#sha256'
import { fromBase64url, fromUtf8, toBase64url } from './encoding.ts'
import { LogError } from './error.ts'

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }

export interface Disclosure {
  readonly salt: string
  readonly name: string
  readonly value: Json
}

/** Says what is wrong, never what was disclosed. */
export class DisclosureError extends LogError {
  override name = 'DisclosureError'
}

export const SALT_BYTES = 16

/** `salt` is 16 random bytes, never used before: a digest without one can be guessed back to its text. */
export function disclose(name: string, value: Json, salt: Uint8Array): string {
  if (salt.length !== SALT_BYTES) throw new DisclosureError('a salt has 16 bytes')
  return textToBase64url(`["${toBase64url(salt)}",${JSON.stringify(name)},${JSON.stringify(value)}]`)
}

/** Base64url SHA-256 of the disclosure's text (RFC 9901 section 4.2.3): of the base64url, not of the JSON in it. */
export function digestOf(disclosure: string): string {
  return sha256Text(disclosure)
}

/** Throws a DisclosureError unless it is one. White space in the JSON is the issuer's choice (RFC 9901 section 4.2.1). */
export function openDisclosure(text: string): Disclosure {
  const parts = parseArray(text)
  if (parts.length !== 3) throw new DisclosureError('not [salt, name, value]')
  const [salt, name, value = null] = parts
  if (typeof salt !== 'string' || !SALT.test(salt))
    throw new DisclosureError('its salt is not 128 bits or more of base64url')
  if (typeof name !== 'string') throw new DisclosureError('its name is not a string')
  return { salt, name, value }
}

/** At least 128 bits. A salt is never decoded, so only its alphabet is checked. */
const SALT = /^[A-Za-z0-9_-]{22,}$/

function parseArray(text: string): readonly Json[] {
  let parsed: Json
  try {
    parsed = JSON.parse(fromUtf8(fromBase64url(text)))
  } catch {
    throw new DisclosureError('not base64url of JSON')
  }
  if (!Array.isArray(parsed)) throw new DisclosureError('not [salt, name, value]')
  return parsed
}
