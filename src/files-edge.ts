import type { R2Bucket } from '@cloudflare/workers-types'
import type { FileStore } from './files/store.ts'

/** Evidence files in an R2 bucket; an object is there whole or not at all. */
export const bucketStore = (bucket: R2Bucket): FileStore => ({
  put: async (sha256, bytes) => {
    await bucket.put(sha256, bytes)
  },
  get: async sha256 => {
    const object = await bucket.get(sha256)
    return object && new Uint8Array(await object.arrayBuffer())
  },
})
