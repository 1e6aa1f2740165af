import type { R2Bucket } from '@cloudflare/workers-types'
import type { FileStore } from '../../files/store.ts'

/** Evidence files in an R2 bucket, whose writes are atomic. */
export const bucketStore = (bucket: R2Bucket): FileStore => ({
  put: async (complaint, sha256, bytes) => {
    const existing = await bucket.head(keyOf(complaint, sha256))
    if (existing === null) await bucket.put(keyOf(complaint, sha256), bytes)
    return existing === null
  },
  get: async (complaint, sha256) => {
    const object = await bucket.get(keyOf(complaint, sha256))
    return object && new Uint8Array(await object.arrayBuffer())
  },
  remove: (complaint, sha256) => bucket.delete(keyOf(complaint, sha256)),
})

const keyOf = (complaint: string, sha256: string): string => `${complaint}/${sha256}`
