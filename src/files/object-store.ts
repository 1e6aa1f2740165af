import { type FileStore, readUploadName, type StagedFile, uploadName } from './store.ts'

/** What evidence needs of an object store, R2 or one that speaks S3: its writes are atomic. Keys are letters, digits, `.`, `-` and `/`. */
export interface ObjectStore {
  put(key: string, bytes: Uint8Array): Promise<void>
  get(key: string): Promise<Uint8Array | null>
  has(key: string): Promise<boolean>
  /** Rejects where `from` is gone. */
  copy(from: string, to: string): Promise<void>
  /** Resolves also where nothing was. */
  remove(key: string): Promise<void>
  /** All under a prefix; `storedAt` in UTC ms. */
  list(prefix: string): AsyncIterable<{ key: string; size: number; storedAt: number }>
}

const UPLOADS = 'uploads/'
const EMPTY = new Uint8Array()

/**
 * Evidence files in an object store. It can't rename, so an upload is copied when it is kept; an empty object under `uploads/`
 * says whose it becomes, until its step's fate is certain.
 */
export const objectFileStore = (objects: ObjectStore): FileStore => ({
  stage: async bytes => {
    const id = crypto.randomUUID()
    await objects.put(UPLOADS + id, bytes)
    return stagedAs(objects, id)
  },
  get: (complaint, sha256) => objects.get(keyOf(complaint, sha256)),
  remove: (complaint, sha256) => objects.remove(keyOf(complaint, sha256)),
  used: async complaint => {
    let sum = 0
    for await (const { size } of objects.list(keyOf(complaint, ''))) sum += size
    return sum
  },
  sweep: async (before, isReferred) => {
    for await (const { key, storedAt } of objects.list(UPLOADS)) {
      if (storedAt >= before) continue
      const file = readUploadName(key.slice(UPLOADS.length))
      if (file && !(await isReferred(file.complaint, file.sha256)))
        await objects.remove(keyOf(file.complaint, file.sha256))
      await objects.remove(key)
    }
  },
})

const stagedAs = (objects: ObjectStore, id: string): StagedFile => {
  const upload = UPLOADS + id
  const owners = new Set<string>()
  return {
    keep: async (complaint, sha256) => {
      if (await objects.has(keyOf(complaint, sha256))) return false
      const owner = UPLOADS + uploadName(complaint, sha256, id)
      await objects.put(owner, EMPTY)
      owners.add(owner)
      await objects.copy(upload, keyOf(complaint, sha256))
      return true
    },
    discard: async () => {
      for (const key of [upload, ...owners]) await objects.remove(key)
    },
  }
}

const keyOf = (complaint: string, sha256: string): string => `${complaint}/${sha256}`
