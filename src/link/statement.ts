// The link of a third party: which complaint, and which step asked. A kind of its own, so that neither opens the other's pages.

import { hmacSha256 } from '#sha256'
import { concat, equalBytes, fromBase64url, toBase64url, utf8 } from '../log/encoding.ts'
import type { LinkKeys } from './token.ts'

export interface StatementLink {
  id: number
  /** The step that asked. */
  of: number
}

const DOMAIN = utf8('tousu statement link v1\n')
const [ID_BYTES, SEQ_BYTES, TAG_BYTES] = [6, 3, 12]
const SHAPE = /^[A-Za-z0-9_-]{28}[0-3]$/

const bytesOf = (value: number, length: number): Uint8Array => {
  const bytes = new Uint8Array(length)
  for (let i = length - 1, rest = value; i >= 0; i--, rest = Math.floor(rest / 256)) bytes[i] = rest % 256
  return bytes
}
const numberIn = (bytes: Uint8Array): number => bytes.reduce((value, byte) => value * 256 + byte, 0)

const tagOf = (key: Uint8Array, head: Uint8Array): Uint8Array =>
  hmacSha256(key, concat(DOMAIN, head)).subarray(0, TAG_BYTES)

/**
 * 29 characters: base64url of id, step and truncated HMAC-SHA-256, then the key epoch as a digit, which no phone cuts off. It
 * outlives a rotation of the buyer's link, which its bearer never saw.
 */
export const signStatementLink = ({ id, of }: StatementLink, keys: LinkKeys): string => {
  const key = keys.at(-1)
  if (!key) throw new RangeError('no link key')
  const head = concat(bytesOf(id, ID_BYTES), bytesOf(of, SEQ_BYTES))
  return `${toBase64url(concat(head, tagOf(key, head)))}${keys.length - 1}`
}

/** Null for anything that was not signed with these keys. Touches no database. */
export const openStatementLink = (token: string, keys: LinkKeys): StatementLink | null => {
  const key = SHAPE.test(token) && keys[Number(token.at(-1))]
  if (!key) return null
  const body = fromBase64url(token.slice(0, -1))
  const head = body.subarray(0, ID_BYTES + SEQ_BYTES)
  if (!equalBytes(tagOf(key, head), body.subarray(ID_BYTES + SEQ_BYTES))) return null
  return { id: numberIn(head.subarray(0, ID_BYTES)), of: numberIn(head.subarray(ID_BYTES)) }
}
