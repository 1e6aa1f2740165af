import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { FileStore } from '../../files/store.ts'

/** Evidence files in a folder. Atomic write: to a temporary name, then renamed, so a broken upload leaves no file. */
export const folderStore = (folder: string): FileStore => {
  const pathOf = (complaint: string, sha256: string) => join(folder, complaint.slice(0, 2), complaint, sha256)
  return {
    put: async (complaint, sha256, bytes) => {
      const file = pathOf(complaint, sha256)
      if (await exists(file)) return false
      await write(file, bytes)
      return true
    },
    get: (complaint, sha256) => readFile(pathOf(complaint, sha256)).catch(() => null),
    remove: (complaint, sha256) => rm(pathOf(complaint, sha256), { force: true }),
  }
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  )

const write = async (file: string, bytes: Uint8Array): Promise<void> => {
  const upload = `${file}.${crypto.randomUUID()}`
  await mkdir(dirname(file), { recursive: true })
  try {
    await writeFile(upload, bytes, { flush: true })
    await rename(upload, file)
  } catch (error) {
    await rm(upload, { force: true })
    throw error
  }
}
