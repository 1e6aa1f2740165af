/** Complaint ids: 48 bits, 8 of shard and 40 random, so that an edge node routes a link without a look-up. */

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** Ids in a shard. */
export const ID_RANGE = 2 ** 40

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
export const crockford = (value: number, length: number): string => {
  let text = ''
  for (let rest = value; text.length < length; rest = Math.floor(rest / 32)) text = CROCKFORD.charAt(rest % 32) + text
  return text
}

export const parseCrockford = (text: string, length: number): number | null => {
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
