// Standard Webhooks 1.0 (standard-webhooks/standard-webhooks, spec/standard-webhooks.md), symmetric signatures `v1`. Apart from deliver.ts,
// which a Worker's isolate does not read before it answers a buyer.

import { hmacSha256 } from '#sha256'
import { DAY } from '../../complaint/time.ts'
import { utf8 } from '../../log/encoding.ts'

/** For so long after a change the secret before signs as well, so that no event is lost while an ERP changes over. */
export const OVERLAP_MS = DAY

/** Key derivation: an endpoint's secret is derived from the server's own secret and is never stored. */
interface Endpoint {
  id: string
  generation: number
  /** When the secret was last changed, UTC ms, or null. */
  rotatedAt: number | null
}

const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes))

const keyOf = (master: Uint8Array, id: string, generation: number): Uint8Array =>
  hmacSha256(master, utf8(`tousu webhook secret\n${id}\n${generation}`))

/** The secret as its owner enters it: `whsec_` and 32 bytes in base64. */
export const secretOf = (master: Uint8Array, { id, generation }: Pick<Endpoint, 'id' | 'generation'>): string =>
  `whsec_${base64(keyOf(master, id, generation))}`

/** The three headers, with a secret as its owner enters it. `now` is when it is sent, UTC ms. */
export const signStandard = (secret: string, message: string, body: string, now: number) =>
  headersFor([Uint8Array.from(atob(secret.replace(/^whsec_/, '')), char => char.charCodeAt(0))], message, body, now)

/** The three headers. `now` is when it is sent, UTC ms: a receiver takes nothing older than a few minutes. */
export const signedHeaders = (master: Uint8Array, endpoint: Endpoint, message: string, body: string, now: number) => {
  const { id, generation, rotatedAt } = endpoint
  const overlaps = rotatedAt !== null && generation > 1 && now < rotatedAt + OVERLAP_MS
  const generations = overlaps ? [generation, generation - 1] : [generation]
  const keys = generations.map(each => keyOf(master, id, each))
  return headersFor(keys, message, body, now)
}

const headersFor = (keys: readonly Uint8Array[], message: string, body: string, now: number) => {
  const seconds = Math.floor(now / 1000)
  const signed = utf8(`${message}.${seconds}.${body}`)
  return {
    'webhook-id': message,
    'webhook-timestamp': String(seconds),
    'webhook-signature': keys.map(key => `v1,${base64(hmacSha256(key, signed))}`).join(' '),
  }
}
