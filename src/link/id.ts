// Complaint ids: 48 bits, 8 of shard and 40 random, so that an edge node routes a link without a look-up. And the pickup codes
// that stand for them where no link can be sent.

import { hmacSha256 } from '#sha256'
import { utf8 } from '../log/encoding.ts'

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** Ids in a shard. */
const ID_RANGE = 2 ** 40

/** `random` is five random bytes. The result is an integer below 2^48. */
export const makeId = (shard: number, random: Uint8Array): number =>
  random.subarray(0, 5).reduce((id, byte) => id * 256 + byte, shard)

export const shardOf = (id: number): number => Math.floor(id / ID_RANGE)

/** Ten Crockford base32 characters, as people read it aloud. */
export const formatId = (id: number): string => crockford(id, 10)

/** Reads an id as people type it: any case, O for 0, I and L for 1, dashes and spaces ignored. Null if it is none. */
export const parseId = (text: string): number | null => {
  const id = parseCrockford(text, 10)
  return id === null || id >= 2 ** 48 ? null : id
}

/** `value` below 2^53 as `length` Crockford characters. */
const crockford = (value: number, length: number): string => {
  let text = ''
  for (let rest = value; text.length < length; rest = Math.floor(rest / 32)) text = CROCKFORD.charAt(rest % 32) + text
  return text
}

const parseCrockford = (text: string, length: number): number | null => {
  const plain = text.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1')
  if (plain.length !== length) return null
  let value = 0
  for (const character of plain) {
    const digit = CROCKFORD.indexOf(character)
    if (digit < 0) return null
    value = value * 32 + digit
  }
  return value
}

// Pickup codes.

const CODE_LENGTH = 8
const HALF = 2 ** 20
const ROUNDS = 8

/**
 * The pickup code of a complaint, eight Crockford characters: its random 40 bits, put through a keyed permutation (a
 * Feistel network, as in NIST SP 800-38G). No two complaints of a shard share one, and no table is needed to read it.
 */
export const pickupCode = (id: number, secret: Uint8Array): string => {
  const mix = mixer(secret)
  let [left, right] = split(id % ID_RANGE)
  for (let round = 0; round < ROUNDS; round++) [left, right] = [right, left ^ mix(round, right)]
  return crockford(left * HALF + right, CODE_LENGTH)
}

/** The complaint whose code this would be; whether there is one, its ledger knows. Null if it cannot be a code. */
export const pickedUp = (code: string, shard: number, secret: Uint8Array): number | null => {
  const value = parseCrockford(code, CODE_LENGTH)
  if (value === null) return null
  const mix = mixer(secret)
  let [left, right] = split(value)
  for (let round = ROUNDS - 1; round >= 0; round--) [left, right] = [right ^ mix(round, left), left]
  return shard * ID_RANGE + left * HALF + right
}

const split = (value: number): [number, number] => [Math.floor(value / HALF), value % HALF]

/** Twenty bits that depend on the secret, the round and one half. */
const mixer =
  (secret: Uint8Array) =>
  (round: number, half: number): number => {
    const digest = hmacSha256(secret, utf8(`tousu pickup v1\n${round} ${half}`))
    return new DataView(digest.buffer, digest.byteOffset).getUint32(0) >>> 12
  }

/** As typed: any case, dashes, look-alikes. Null if it cannot be a code. */
export const readPickupCode = (text: string): string | null => {
  const value = parseCrockford(text, CODE_LENGTH)
  return value === null ? null : crockford(value, CODE_LENGTH)
}

/**
 * A phone number as it is compared, never as it is stored: its digits, without the country code of mainland China. People
 * and shops write +86 139 1234 5678, 8613912345678 and 139-1234-5678 for one phone.
 */
export const barePhone = (phone: string): string => {
  const digits = phone.replace(/\D/g, '')
  return /^(?:00)?86(1\d{10})$/.exec(digits)?.[1] ?? digits
}
