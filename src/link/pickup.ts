import { hmacSha256 } from '#sha256'
import { utf8 } from '../log/encoding.ts'
import { crockford, ID_RANGE, parseCrockford } from './id.ts'

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
