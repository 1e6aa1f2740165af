import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { utf8 } from '../log/encoding.ts'
import { crockford, formatId, parseCrockford } from './id.ts'

const CODE_LENGTH = 8

/** The pickup code of a complaint, eight Crockford characters: derived, so that a repeated answer can repeat it. */
export const pickupCode = (id: number, secret: Uint8Array): string => {
  const digest = hmac(sha256, secret, utf8(`tousu pickup v1\n${formatId(id)}`))
  return crockford(
    digest.subarray(0, 5).reduce((value, byte) => value * 256 + byte, 0),
    CODE_LENGTH,
  )
}

/** As typed: any case, dashes, look-alikes. Null if it cannot be a code. */
export const readPickupCode = (text: string): string | null => {
  const value = parseCrockford(text, CODE_LENGTH)
  return value === null ? null : crockford(value, CODE_LENGTH)
}
