import { hmacSha256 } from '#sha256'
import { concat, equalBytes, fromBase64url, toBase64url, utf8 } from '../log/encoding.ts'

/** What a link lets its bearer do: `act` came by SMS, `view` was shared. */
export type Scope = 'act' | 'view'
export interface Link {
  id: number
  scope: Scope
  /** 0 to 3; raised when the complaint's link is replaced. */
  epoch: number
}

/** Link keys by key epoch, 0 to 3, 32 bytes each. New links use the highest; older ones stay valid while listed. */
export type LinkKeys = readonly Uint8Array[]

const SHAPE = /^[A-Za-z0-9_-]{24}[0-9A-V]$/
const LAST = '0123456789ABCDEFGHIJKLMNOPQRSTUV'
const DOMAIN = utf8('tousu link v1\n')
const ID_BYTES = 6
const TAG_BYTES = 12

const idBytes = (id: number): Uint8Array => {
  const bytes = new Uint8Array(ID_BYTES)
  for (let i = ID_BYTES - 1, rest = id; i >= 0; i--, rest = Math.floor(rest / 256)) bytes[i] = rest % 256
  return bytes
}

const tagOf = (key: Uint8Array, id: Uint8Array, last: string): Uint8Array =>
  hmacSha256(key, concat(DOMAIN, id, utf8(last))).subarray(0, TAG_BYTES)

/**
 * 25 characters: base64url of id and truncated HMAC-SHA-256, then scope, key epoch and link epoch in one base32
 * character, which is never a dash: phones cut those off the end of a link.
 */
export const signLink = ({ id, scope, epoch }: Link, keys: LinkKeys): string => {
  const keyEpoch = keys.length - 1
  const key = keys[keyEpoch]
  if (!key) throw new RangeError('no link key')
  const last = LAST.charAt((scope === 'act' ? 16 : 0) + keyEpoch * 4 + epoch)
  const head = idBytes(id)
  const body = new Uint8Array(ID_BYTES + TAG_BYTES)
  body.set(head)
  body.set(tagOf(key, head, last), ID_BYTES)
  return toBase64url(body) + last
}

/** Null for anything that was not signed with these keys. Touches no database. */
export const openLink = (token: string, keys: LinkKeys): Link | null => {
  if (!SHAPE.test(token)) return null
  const last = token.slice(24)
  const bits = LAST.indexOf(last)
  const key = keys[(bits >> 2) & 3]
  if (!key) return null
  const body = fromBase64url(token.slice(0, 24))
  const head = body.subarray(0, ID_BYTES)
  if (!equalBytes(tagOf(key, head, last), body.subarray(ID_BYTES))) return null
  return { id: head.reduce((id, byte) => id * 256 + byte, 0), scope: bits & 16 ? 'act' : 'view', epoch: bits & 3 }
}

/** Constant-time comparison (timing side channel): how long it takes does not show where a secret and a guess differ. */
export const equalSecrets = (a: string, b: string): boolean => equalBytes(utf8(a), utf8(b))

// The link of a third party: which complaint, and which step asked. A kind of its own, so that neither opens the other's pages.

export interface StatementLink {
  id: number
  /** The step that asked. */
  of: number
}

const STATEMENT_DOMAIN = utf8('tousu statement link v1\n')
const SEQ_BYTES = 3
const STATEMENT_SHAPE = /^[A-Za-z0-9_-]{28}[0-3]$/

const bytesOf = (value: number, length: number): Uint8Array => {
  const bytes = new Uint8Array(length)
  for (let i = length - 1, rest = value; i >= 0; i--, rest = Math.floor(rest / 256)) bytes[i] = rest % 256
  return bytes
}
const numberIn = (bytes: Uint8Array): number => bytes.reduce((value, byte) => value * 256 + byte, 0)

const statementTag = (key: Uint8Array, head: Uint8Array): Uint8Array =>
  hmacSha256(key, concat(STATEMENT_DOMAIN, head)).subarray(0, TAG_BYTES)

/**
 * 29 characters: base64url of id, step and truncated HMAC-SHA-256, then the key epoch as a digit, which no phone cuts off. It
 * outlives a rotation of the buyer's link, which its bearer never saw.
 */
export const signStatementLink = ({ id, of }: StatementLink, keys: LinkKeys): string => {
  const key = keys.at(-1)
  if (!key) throw new RangeError('no link key')
  const head = concat(bytesOf(id, ID_BYTES), bytesOf(of, SEQ_BYTES))
  return `${toBase64url(concat(head, statementTag(key, head)))}${keys.length - 1}`
}

/** Null for anything that was not signed with these keys. Touches no database. */
export const openStatementLink = (token: string, keys: LinkKeys): StatementLink | null => {
  const key = STATEMENT_SHAPE.test(token) && keys[Number(token.at(-1))]
  if (!key) return null
  const body = fromBase64url(token.slice(0, -1))
  const head = body.subarray(0, ID_BYTES + SEQ_BYTES)
  if (!equalBytes(statementTag(key, head), body.subarray(ID_BYTES + SEQ_BYTES))) return null
  return { id: numberIn(head.subarray(0, ID_BYTES)), of: numberIn(head.subarray(ID_BYTES)) }
}
