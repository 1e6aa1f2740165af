/** Where evidence files lie, under the hex SHA-256 of their bytes. */
export interface FileStore {
  /** Answers once the bytes are on disk; storing the same bytes twice is one file. */
  put(sha256: string, bytes: Uint8Array): Promise<void>
  get(sha256: string): Promise<Uint8Array | null>
}

export const MAX_FILE_BYTES = 10 * 1024 * 1024
export const MAX_FILES = 10
