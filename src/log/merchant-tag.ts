// The merchant's tag in a submission's leaf (`p.m`, docs/log.md): the same for every complaint about one merchant id, so that
// figures by merchant can be recomputed from the leaves. Not secret: who knows an id can find its tag.

import { sha256 } from '#sha256'
import { toBase64url, utf8 } from './encoding.ts'

const BYTES = 12

/** base64url of the first 12 bytes of SHA-256(`tousu merchant` NUL id). */
export const merchantTag = (merchantId: string): string =>
  toBase64url(sha256(utf8(`tousu merchant\0${merchantId}`)).subarray(0, BYTES))

/** What `merchantTag` may have made. */
export const isMerchantTag = (value: unknown): value is string =>
  typeof value === 'string' && /^[A-Za-z0-9_-]{16}$/.test(value)
