import type { R2Bucket } from '@cloudflare/workers-types'
import type { ObjectStore } from '../../files/store.ts'

/** An R2 bucket. */
export const bucketStore = (bucket: R2Bucket): ObjectStore => ({
  put: async (key, bytes) => void (await bucket.put(key, bytes)),
  get: async key => {
    const object = await bucket.get(key)
    return object && new Uint8Array(await object.arrayBuffer())
  },
  has: async key => (await bucket.head(key)) !== null,
  copy: async (from, to) => {
    const object = await bucket.get(from)
    if (object === null) throw new Error('an upload is gone')
    await bucket.put(to, object.body)
  },
  remove: key => bucket.delete(key),
  async *list(prefix) {
    for (let cursor: string | undefined, more = true; more; ) {
      const page = await bucket.list({ prefix, ...(cursor !== undefined && { cursor }) })
      for (const { key, size, uploaded } of page.objects) yield { key, size, storedAt: uploaded.getTime() }
      more = page.truncated
      cursor = page.truncated ? page.cursor : undefined
    }
  },
})
