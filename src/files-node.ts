import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { FileStore } from './files/store.ts'

/** Evidence files in a folder; written beside their place and renamed, so that a broken upload leaves no file. */
export const folderStore = (folder: string): FileStore => {
  const place = (sha256: string) => join(folder, sha256.slice(0, 2), sha256)
  return {
    put: async (sha256, bytes) => {
      const file = place(sha256)
      const upload = `${file}.${crypto.randomUUID()}`
      await mkdir(dirname(file), { recursive: true })
      try {
        await writeFile(upload, bytes, { flush: true })
        await rename(upload, file)
      } catch (error) {
        await rm(upload, { force: true })
        throw error
      }
    },
    get: async sha256 => readFile(place(sha256)).catch(() => null),
  }
}
