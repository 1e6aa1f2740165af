/**
 * Where evidence files lie: for each complaint (its id as people write it) under the hex SHA-256 of their bytes. The
 * same photo in two complaints is two files, so that one can be erased and the other stays.
 */
export interface FileStore {
  /** Answers once the bytes are on disk, whether they are new there. */
  put(complaint: string, sha256: string, bytes: Uint8Array): Promise<boolean>
  get(complaint: string, sha256: string): Promise<Uint8Array | null>
  /** Answers once nothing is left of it; also where nothing was. */
  remove(complaint: string, sha256: string): Promise<void>
}

export const MAX_FILE_BYTES = 10 * 1024 * 1024
export const MAX_FILES = 10
