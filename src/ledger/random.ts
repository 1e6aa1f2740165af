const POOLED = 16_384

/** Random bytes, fetched many at a time: a call to the system for each few costs more than hashing them. */
export const randomPool = (): ((length: number) => Uint8Array) => {
  let pool = new Uint8Array(0)
  let used = 0
  return length => {
    if (used + length > pool.length) {
      pool = crypto.getRandomValues(new Uint8Array(POOLED))
      used = 0
    }
    used += length
    return pool.subarray(used - length, used)
  }
}
