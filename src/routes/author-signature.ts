// The author's signature of a request: field `signature`, four parts of base64url with dots between: key, the head that was
// seen, salt, signature. The server makes the author's disclosure again from what was sent (docs/log.md, section 11).

import type { Order } from '../ledger/contract/ledger.ts'
import { SIGNED_REQUEST } from '../log/author-signature.ts'
import { digestOf } from '../log/disclosure.ts'
import { toBase64url, utf8 } from '../log/encoding.ts'
import type { Body } from './body.ts'
import { Problem } from './problem.ts'

const PARTS = /^([\w-]{43})\.([\w-]{43})\.([\w-]{22})\.([\w-]{86})$/

/** What stands beside the request: the precondition, the signature, and the digits that are proof and no part of the act. */
const UNSIGNED = ['seen', 'signature', 'last4']

/** Undefined without a signature. Throws the Problem `signature_wrong` for a field that is none. */
export const signatureOf = ({ value, rawFields }: Pick<Body, 'value' | 'rawFields'>): Order['signed'] => {
  const { signature } = value
  if (signature === undefined) return undefined
  const [, key, seen, salt, sig] = (typeof signature === 'string' && PARTS.exec(signature)) || []
  if (!key || !seen || !salt || !sig) throw new Problem('signature_wrong')
  const isForm = Object.keys(rawFields).length > 0
  const sent = Object.entries(isForm ? rawFields : value).flatMap(([name, each]) =>
    UNSIGNED.includes(name) ? [] : [[name, typeof each === 'string' ? each.replaceAll('\r\n', '\n') : each]],
  )
  const json = JSON.stringify(Object.fromEntries(sent))
  const request = toBase64url(utf8(`["${salt}","${SIGNED_REQUEST}",${json}]`))
  return { key, seen, body: digestOf(request), sig, request }
}
