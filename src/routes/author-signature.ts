// The author's signature of a request (docs/log.md, section 11). A page's script sends the field `signature`, four parts of
// base64url with dots between: key, the head that was seen, salt, signature. A program sends the header `Tousu-Signature`: a
// JWS in compact form, and the salt. The server makes the author's disclosure again from what was sent.

import type { Order } from '../ledger/contract/ledger.ts'
import { SIGNED_REQUEST } from '../log/author-signature.ts'
import { digestOf } from '../log/disclosure.ts'
import { fromBase64url, fromUtf8, toBase64url, utf8 } from '../log/encoding.ts'
import { type Body, isRecord } from './body.ts'
import { Problem } from './problem.ts'

const PARTS = /^([\w-]{43})\.([\w-]{43})\.([\w-]{22})\.([\w-]{86})$/
const HEADER = /^([\w-]{1,200})\.([\w-]{1,1000})\.([\w-]{86}); ?salt=([\w-]{22,64})$/

/** What stands beside the request: the precondition, the signature, and the digits that are proof and no part of the act. */
const UNSIGNED = ['seen', 'signature', 'last4']
/** The longest texts of an act take half of it in JSON that escapes every character. */
const MOST_SIGNED = 192 * 1024

interface Signing {
  /** Header `Tousu-Signature`. */
  header?: string | undefined
  /** Issuer and subject of the sender, where they signed in. */
  subject?: string | undefined
}

/** Undefined without a signature. Throws the Problem `signature_wrong` for a field or header that is none. */
export const signatureOf = (
  { value, rawFields, json }: Pick<Body, 'value' | 'rawFields' | 'json'>,
  { header, subject }: Signing = {},
): Order['signed'] => {
  const { signature } = value
  const parts = header === undefined ? inField(signature) : inHeader(header)
  if (parts === null) return undefined
  const isForm = Object.keys(rawFields).length > 0
  const sent = Object.entries(isForm ? rawFields : value).flatMap(([name, each]) =>
    UNSIGNED.includes(name) ? [] : [[name, typeof each === 'string' ? each.replaceAll('\r\n', '\n') : each]],
  )
  // A program signs the bytes that it sends, in which the name `signature` has no place.
  const text = header !== undefined && json !== undefined ? json : JSON.stringify(Object.fromEntries(sent))
  if (text.length > MOST_SIGNED) throw new Problem('too_large')
  const { key, seen, salt, sig, body } = parts
  const request = toBase64url(utf8(`["${salt}","${SIGNED_REQUEST}",${text}]`))
  const digest = digestOf(request)
  if (body !== undefined && body !== digest) throw new Problem('signature_wrong')
  return { key, seen, body: digest, sig, request, ...(subject !== undefined && { subject }) }
}

interface Parts {
  key: string
  seen: string
  salt: string
  sig: string
  /** The digest that a header's claim names. */
  body?: string
}

const inField = (signature: unknown): Parts | null => {
  if (signature === undefined) return null
  const [, key, seen, salt, sig] = (typeof signature === 'string' && PARTS.exec(signature)) || []
  if (!key || !seen || !salt || !sig) throw new Problem('signature_wrong')
  return { key, seen, salt, sig }
}

const HASH = /^[\w-]{43}$/

const inHeader = (header: string): Parts => {
  const [, head = '', payload = '', sig = '', salt = ''] = HEADER.exec(header) ?? []
  const [key, { seen, body }] = [members(head).kid, members(payload)]
  if (![key, seen, body].every(each => typeof each === 'string' && HASH.test(each)))
    throw new Problem('signature_wrong')
  return { key: String(key), seen: String(seen), body: String(body), salt, sig }
}

const members = (part: string): Record<string, unknown> => {
  try {
    const read: unknown = JSON.parse(fromUtf8(fromBase64url(part)))
    return isRecord(read) ? read : {}
  } catch {
    return {}
  }
}
