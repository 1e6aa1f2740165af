import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { utf8 } from '../../../log/encoding.ts'

/** A JSON POST to Tencent Cloud's API 3.0. */
interface TencentCall {
  service: string
  host: string
  /** What is signed besides the body, by lower-case name; `host` is added. */
  headers: Readonly<Record<string, string>>
  body: string
  /** UTC ms; Tencent refuses what is more than five minutes off. */
  at: number
}

const ALGORITHM = 'TC3-HMAC-SHA256'

/** The `Authorization` header, as "签名方法 v3" of cloud.tencent.com says. */
export const signTc3 = (call: TencentCall, key: { id: string; secret: string }): string => {
  const { canonical, signed } = canonicalRequest(call)
  const date = new Date(call.at).toISOString().slice(0, 10)
  const scope = `${date}/${call.service}/tc3_request`
  const toSign = [ALGORITHM, Math.floor(call.at / 1000), scope, hash(canonical)].join('\n')
  const signingKey = mac(mac(mac(utf8(`TC3${key.secret}`), date), call.service), 'tc3_request')
  const signature = bytesToHex(mac(signingKey, toSign))
  return `${ALGORITHM} Credential=${key.id}/${scope}, SignedHeaders=${signed}, Signature=${signature}`
}

const canonicalRequest = ({ host, headers, body }: TencentCall) => {
  const all: Record<string, string> = { ...headers, host }
  const names = Object.keys(all).sort()
  const lines = names.map(name => `${name}:${all[name]?.toLowerCase()}\n`).join('')
  const signed = names.join(';')
  return { canonical: ['POST', '/', '', lines, signed, hash(body)].join('\n'), signed }
}

const hash = (text: string): string => bytesToHex(sha256(utf8(text)))
const mac = (key: Uint8Array, text: string): Uint8Array => hmac(sha256, key, utf8(text))
