/**
 * Where evidence files lie: for each complaint (its id as people write it) under the hex SHA-256 of their bytes. The
 * same photo in two complaints is two files, so that one can be erased and the other stays.
 */
export interface FileStore {
  /** Answers once the bytes are on disk under a temporary name. Throws StorageFull. */
  stage(bytes: Uint8Array): Promise<StagedFile>
  get(complaint: string, sha256: string): Promise<Uint8Array | null>
  /** Answers once nothing is left of it; also where nothing was. */
  remove(complaint: string, sha256: string): Promise<void>
  /** Bytes of all files of a complaint. */
  used(complaint: string): Promise<number>
  /** Orphaned files: removes what a crash left before this instant (UTC ms) and no step refers to. */
  sweep(before: number, isReferred: IsReferred): Promise<void>
}

/** Whether a step of the complaint refers to the file. */
export type IsReferred = (complaint: string, sha256: string) => Promise<boolean>

/** The name of an upload that is becoming a complaint's file: it says whose, for the sweep. */
export const uploadName = (complaint: string, sha256: string, id: string): string => `${complaint}.${sha256}.${id}`
const NAMED = /^([0-9A-Z]+)\.([0-9a-f]{64})\./

/** Null for an upload that became no complaint's file. */
export const readUploadName = (name: string): { complaint: string; sha256: string } | null => {
  const [, complaint, sha256] = NAMED.exec(name) ?? []
  return complaint === undefined || sha256 === undefined ? null : { complaint, sha256 }
}

/** A file that belongs to no complaint yet. */
export interface StagedFile {
  /** Stores it with a complaint and answers whether it is new there. Until it is discarded it can be kept again, should it be gone. */
  keep(complaint: string, sha256: string): Promise<boolean>
  /** Removes the temporary copy, once what became of the file is certain. */
  discard(): Promise<void>
}

/** No file can be stored: too little space is left, or the store does not answer. */
export class StorageFull extends Error {}

export const MAX_FILE_BYTES = 10 * 1024 * 1024
export const MAX_FILES = 10
/** Of a picture on a page: a few kilobytes. */
export const THUMBNAIL_BYTES = 16 * 1024

/** What a browser draws as a picture and nothing else; other files are there to be saved. */
export const isSafeImage = (type: string): boolean =>
  ['image/jpeg', 'image/png', 'image/webp', 'image/gif'].includes(type)

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
