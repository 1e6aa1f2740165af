import type { R2Bucket, R2Object } from '@cloudflare/workers-types'
import { type FileStore, readUploadName, type StagedFile, uploadName } from '../../files/store.ts'

const UPLOADS = 'uploads/'

/**
 * Evidence files in an R2 bucket, whose writes are atomic. A bucket can't rename, so an upload is copied when it is kept; an empty
 * object under `uploads/` says whose it becomes, until its step's fate is certain.
 */
export const bucketStore = (bucket: R2Bucket): FileStore => ({
  stage: async bytes => {
    const id = crypto.randomUUID()
    await bucket.put(UPLOADS + id, bytes)
    return stagedAs(bucket, id)
  },
  get: async (complaint, sha256) => {
    const object = await bucket.get(keyOf(complaint, sha256))
    return object && new Uint8Array(await object.arrayBuffer())
  },
  remove: (complaint, sha256) => bucket.delete(keyOf(complaint, sha256)),
  used: async complaint => {
    let sum = 0
    for await (const { size } of listed(bucket, keyOf(complaint, ''))) sum += size
    return sum
  },
  sweep: async (before, isReferred) => {
    for await (const { key, uploaded } of listed(bucket, UPLOADS)) {
      if (uploaded.getTime() >= before) continue
      const file = readUploadName(key.slice(UPLOADS.length))
      if (file && !(await isReferred(file.complaint, file.sha256)))
        await bucket.delete(keyOf(file.complaint, file.sha256))
      await bucket.delete(key)
    }
  },
})

/** All objects under a prefix, page by page. */
async function* listed(bucket: R2Bucket, prefix: string): AsyncGenerator<R2Object> {
  for (let cursor: string | undefined, more = true; more; ) {
    const page = await bucket.list({ prefix, ...(cursor !== undefined && { cursor }) })
    yield* page.objects
    more = page.truncated
    cursor = page.truncated ? page.cursor : undefined
  }
}

const stagedAs = (bucket: R2Bucket, id: string): StagedFile => {
  const keys = [UPLOADS + id]
  return {
    keep: async (complaint, sha256) => {
      if ((await bucket.head(keyOf(complaint, sha256))) !== null) return false
      const object = await bucket.get(UPLOADS + id)
      if (object === null) throw new Error('an upload is gone')
      const owner = UPLOADS + uploadName(complaint, sha256, id)
      if (!keys.includes(owner)) keys.push(owner)
      await bucket.put(owner, '')
      await bucket.put(keyOf(complaint, sha256), object.body)
      return true
    },
    discard: () => bucket.delete(keys),
  }
}

const keyOf = (complaint: string, sha256: string): string => `${complaint}/${sha256}`
