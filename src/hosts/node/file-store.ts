import { copyFile, link, mkdir, readdir, readFile, rename, rm, stat, statfs, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AwsClient } from 'aws4fetch'
import type { FileSettings } from '../../config/settings.ts'
import {
  type FileStore,
  type ObjectStore,
  readUploadName,
  type StagedFile,
  StorageFull,
  uploadName,
} from '../../files/store.ts'

/** Of the disk, so that a test can fill it or take its hard links away. */
export interface Disk {
  /** Blocks of `bsize` bytes: all, and those that are free for this process. */
  statfs(folder: string): Promise<{ blocks: number; bavail: number; bsize: number }>
  link(from: string, to: string): Promise<void>
  /** Answers once the bytes are on disk. */
  write(file: string, bytes: Uint8Array): Promise<void>
}

const DISK: Disk = { statfs, link, write: (file, bytes) => writeFile(file, bytes, { flush: true }) }

/** Free space below which no file is taken, so that steps still are: a gigabyte, or a twentieth of a small disk. */
const RESERVE = 1024 ** 3
const RESERVED_PART = 1 / 20

/**
 * Evidence files in a folder. An upload is written to `uploads`. Before it becomes a complaint's file its name there says whose,
 * and it goes when the step's fate is certain: what a crash left in `uploads` is all that a sweep needs to look at.
 */
export const folderStore = (folder: string, disk = DISK): FileStore => {
  const uploads = join(folder, 'uploads')
  const folderOf = (complaint: string) => join(folder, complaint.slice(0, 2), complaint)
  const pathOf = (complaint: string, sha256: string) => join(folderOf(complaint), sha256)

  const staged = (id: string): StagedFile => {
    let path = join(uploads, id)
    return {
      keep: async (complaint, sha256) => {
        const named = join(uploads, uploadName(complaint, sha256, id))
        if (path !== named) await rename(path, named)
        path = named
        return place(disk, named, pathOf(complaint, sha256))
      },
      discard: () => rm(path, { force: true }),
    }
  }

  return {
    stage: async bytes => {
      await mkdir(uploads, { recursive: true })
      await refuseFullDisk(disk, uploads, bytes.length)
      const id = crypto.randomUUID()
      try {
        await disk.write(join(uploads, id), bytes)
      } catch (error) {
        await rm(join(uploads, id), { force: true })
        throw codeOf(error) === 'ENOSPC' ? new StorageFull() : error
      }
      return staged(id)
    },
    get: (complaint, sha256) => readFile(pathOf(complaint, sha256)).catch(() => null),
    remove: (complaint, sha256) => rm(pathOf(complaint, sha256), { force: true }),
    used: async complaint => {
      const names = await readdir(folderOf(complaint)).catch(absent)
      const sizes = names.map(name => stat(join(folderOf(complaint), name)).then(({ size }) => size, gone))
      return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
    },
    sweep: async (before, isReferred) => {
      for (const name of await readdir(uploads).catch(absent)) {
        const path = join(uploads, name)
        if (
          (await stat(path).then(
            ({ mtimeMs }) => mtimeMs,
            () => before,
          )) >= before
        )
          continue
        const file = readUploadName(name)
        if (file) {
          const { complaint, sha256 } = file
          // The crash may also have lost the name of a file whose step was recorded.
          if (await isReferred(complaint, sha256)) await place(disk, path, pathOf(complaint, sha256))
          else await rm(pathOf(complaint, sha256), { force: true })
        }
        await rm(path, { force: true })
      }
    },
  }
}

const refuseFullDisk = async (disk: Disk, folder: string, bytes: number): Promise<void> => {
  const { blocks, bavail, bsize } = await disk.statfs(folder)
  if (bavail * bsize - bytes < Math.min(RESERVE, blocks * bsize * RESERVED_PART)) throw new StorageFull()
}

/** A second name for the same bytes, made at once or not at all; false where the name is there already. */
const place = async (disk: Disk, from: string, to: string): Promise<boolean> => {
  await mkdir(dirname(to), { recursive: true })
  try {
    await disk.link(from, to)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    if (!NO_HARD_LINKS.includes(codeOf(error))) throw error
  }
  if (
    await stat(to).then(
      () => true,
      () => false,
    )
  )
    return false
  const copy = `${from}.copy`
  await copyFile(from, copy)
  await rename(copy, to)
  return true
}

/** Errors of file systems that give a file one name alone, such as exFAT and some network shares. */
const NO_HARD_LINKS: readonly unknown[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)
const gone = () => 0
const absent = (error: unknown): string[] => {
  if (codeOf(error) === 'ENOENT') return []
  throw error
}

// An object store, where several processes share the files.

/** Of an answer; a file is sent at some 100 KB a second at least. */
const TIMEOUT_MS = 100_000

/** S3's own error codes (`NoSuchKey`) say no more than the status does, and a body may repeat a key. */
class S3Error extends Error {
  constructor(method: string, status: number | 'no answer') {
    super(`the file store: ${method} ${status}`)
  }
}

/**
 * A bucket of a service that speaks S3 (REST, path-style addresses, Signature Version 4). Any process may use it at the same time.
 * Throws S3Error, and StorageFull where a file can't be stored.
 */
export const s3Store = ({
  bucket,
  endpoint,
  region,
  ...keys
}: Exclude<FileSettings, { folder: string }>): ObjectStore => {
  const client = new AwsClient({ ...keys, region, service: 's3', retries: 2 })
  const home = `${endpoint}/${bucket}`

  /** The answer where its status is 2xx or one of `others`. */
  const ask = async (address: string, init: RequestInit, ...others: number[]): Promise<Response> => {
    const { method = 'GET' } = init
    const answer = await client
      .fetch(home + address, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) })
      .catch(() => null)
    if (answer === null) throw new S3Error(method, 'no answer')
    if (answer.ok || others.includes(answer.status)) return answer
    await answer.body?.cancel()
    throw new S3Error(method, answer.status)
  }

  return {
    put: async (key, bytes) => {
      try {
        await ask(`/${key}`, { method: 'PUT', body: new Uint8Array(bytes) })
      } catch (error) {
        throw new StorageFull('', { cause: error })
      }
    },
    get: async key => {
      const answer = await ask(`/${key}`, {}, 404)
      const bytes = new Uint8Array(await answer.arrayBuffer())
      return answer.ok ? bytes : null
    },
    has: async key => (await ask(`/${key}`, { method: 'HEAD' }, 404)).ok,
    copy: async (from, to) => {
      const answer = await ask(`/${to}`, { method: 'PUT', headers: { 'x-amz-copy-source': `/${bucket}/${from}` } })
      // CopyObject: an error may come after the 200 was sent.
      if (!(await answer.text()).includes('<CopyObjectResult')) throw new S3Error('COPY', answer.status)
    },
    remove: async key => void (await ask(`/${key}`, { method: 'DELETE' }, 404)),
    async *list(prefix) {
      for (let after = '', more = true; more; ) {
        // ListObjects, version 1: every service has it.
        const query = new URLSearchParams({ prefix, marker: after })
        const page = await (await ask(`?${query}`, {})).text()
        for (const [, item = ''] of page.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
          after = textOf(item, 'Key')
          yield { key: after, size: Number(textOf(item, 'Size')), storedAt: Date.parse(textOf(item, 'LastModified')) }
        }
        more = textOf(page, 'IsTruncated') === 'true'
      }
    },
  }
}

/** ListObjects answers in XML without attributes, and none of our keys needs an entity. */
const textOf = (xml: string, element: string): string =>
  new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml)?.[1] ?? ''
