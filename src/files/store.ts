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
