import { SALT_BYTES } from '../log/disclosure.ts'

const POOLED = 1024

/** Random salts, fetched a thousand at a time: one call to the system for each costs more than the hash. */
export const saltPool = (): (() => Uint8Array) => {
  let pool = new Uint8Array(0)
  let used = 0
  return () => {
    if (used === pool.length) {
      pool = crypto.getRandomValues(new Uint8Array(SALT_BYTES * POOLED))
      used = 0
    }
    used += SALT_BYTES
    return pool.subarray(used - SALT_BYTES, used)
  }
}
