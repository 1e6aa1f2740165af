import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { utf8 } from '../../../log/encoding.ts'

/** An RPC call of Aliyun's OpenAPI: all of its parameters stand in the query. */
interface AliyunCall {
  host: string
  action: string
  version: string
  query: Readonly<Record<string, string>>
  /** UTC ms; Aliyun refuses what is more than fifteen minutes off. */
  at: number
  /** New for each attempt, else Aliyun takes it for a replay. */
  nonce: string
}

const ALGORITHM = 'ACS3-HMAC-SHA256'

/** Query and headers of a POST without a body, signed as "V3版本请求体&签名机制" of help.aliyun.com says. */
export const signAcs3 = (call: AliyunCall, key: { id: string; secret: string }) => {
  const query = canonicalQuery(call.query)
  const headers = headersOf(call)
  const names = Object.keys(headers).sort()
  const lines = names.map(name => `${name}:${headers[name]}\n`).join('')
  const signed = names.join(';')
  const canonical = ['POST', '/', query, lines, signed, headers['x-acs-content-sha256']].join('\n')
  const toSign = `${ALGORITHM}\n${bytesToHex(sha256(utf8(canonical)))}`
  const signature = bytesToHex(hmac(sha256, utf8(key.secret), utf8(toSign)))
  const { host: _, ...sent } = headers
  const authorization = `${ALGORITHM} Credential=${key.id},SignedHeaders=${signed},Signature=${signature}`
  // `host` is what fetch sends by itself.
  return { query, headers: { ...sent, authorization } }
}

const headersOf = ({ host, action, version, at, nonce }: AliyunCall): Record<string, string> => ({
  host,
  'x-acs-action': action,
  'x-acs-content-sha256': bytesToHex(sha256(new Uint8Array())),
  'x-acs-date': new Date(at).toISOString().replace(/\.\d+Z$/, 'Z'),
  'x-acs-signature-nonce': nonce,
  'x-acs-version': version,
})

const canonicalQuery = (query: Readonly<Record<string, string>>): string =>
  Object.keys(query)
    .sort()
    .map(name => `${encode(name)}=${encode(query[name] ?? '')}`)
    .join('&')

/** RFC 3986: all but letters, digits and `-_.~`. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, each => `%${each.charCodeAt(0).toString(16).toUpperCase()}`)
