import type { R2Bucket } from '@cloudflare/workers-types'
import type { FileStore, StagedFile } from '../../files/store.ts'

/**
 * Evidence files in an R2 bucket, whose writes are atomic. A bucket can't rename, so an upload is copied when it is kept. What a
 * Worker left under `uploads/` when it ended goes by a lifecycle rule of the bucket (docs/deploy.md).
 */
export const bucketStore = (bucket: R2Bucket): FileStore => ({
  stage: async bytes => {
    const upload = `uploads/${crypto.randomUUID()}`
    await bucket.put(upload, bytes)
    return stagedAs(bucket, upload)
  },
  get: async (complaint, sha256) => {
    const object = await bucket.get(keyOf(complaint, sha256))
    return object && new Uint8Array(await object.arrayBuffer())
  },
  remove: (complaint, sha256) => bucket.delete(keyOf(complaint, sha256)),
  used: async complaint => {
    let sum = 0
    for (let cursor: string | undefined, more = true; more; ) {
      const page = await bucket.list({ prefix: keyOf(complaint, ''), ...(cursor !== undefined && { cursor }) })
      for (const { size } of page.objects) sum += size
      more = page.truncated
      cursor = page.truncated ? page.cursor : undefined
    }
    return sum
  },
})

const stagedAs = (bucket: R2Bucket, upload: string): StagedFile => ({
  keep: async (complaint, sha256) => {
    if ((await bucket.head(keyOf(complaint, sha256))) !== null) return false
    const object = await bucket.get(upload)
    if (object === null) throw new Error('an upload is gone')
    await bucket.put(keyOf(complaint, sha256), object.body)
    return true
  },
  discard: () => bucket.delete(upload),
})

const keyOf = (complaint: string, sha256: string): string => `${complaint}/${sha256}`
