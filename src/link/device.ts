import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { equalBytes, fromBase64url, toBase64url, utf8 } from '../log/encoding.ts'
import type { LinkKeys } from './token.ts'

const DOMAIN = utf8('tousu device v1\n')
const BYTES = 16

const markOf = (token: string, key: Uint8Array): Uint8Array =>
  hmac.create(sha256, key).update(DOMAIN).update(utf8(token)).digest().subarray(0, BYTES)

/** What a browser keeps that has shown to belong to the buyer of this link: 22 characters, of use with this link alone. */
export const deviceMark = (token: string, keys: LinkKeys): string => {
  const key = keys.at(-1)
  if (!key) throw new RangeError('no link key')
  return toBase64url(markOf(token, key))
}

export const isDeviceMark = (mark: string | undefined, token: string, keys: LinkKeys): boolean => {
  if (mark === undefined || !/^[A-Za-z0-9_-]{22}$/.test(mark)) return false
  const bytes = fromBase64url(mark)
  return keys.some(key => equalBytes(markOf(token, key), bytes))
}
