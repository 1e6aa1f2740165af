import type { MiddlewareHandler } from 'hono'
import { GrowingBytes } from '../files/bytes.ts'
import { type FileStore, MAX_FILE_BYTES, MAX_FILES, THUMBNAIL_BYTES } from '../files/store.ts'
import { ReceivedFile } from './evidence.ts'
import type { UploadBudget } from './limits.ts'
import type { PartEvent } from './multipart.ts'
import type { FieldProblem } from './problem.ts'

declare module 'hono' {
  interface ContextVariableMap {
    uploads: Uploads
  }
}

interface UploadDeps {
  files: FileStore
  uploads: UploadBudget
}

/** Middleware: gives a request what it receives its body with, and at its end removes every file that no step was asked to hold. */
export const receiveUploads =
  (deps: UploadDeps): MiddlewareHandler =>
  async (c, next) => {
    const uploads = new Uploads(deps)
    c.set('uploads', uploads)
    try {
      await next()
    } finally {
      await uploads.discard()
    }
  }

/** Of one request: the budget of its body, and the files that it brought. */
class Uploads {
  readonly #deps: UploadDeps
  #stored: ReceivedFile[] = []

  constructor(deps: UploadDeps) {
    this.#deps = deps
  }

  get budget(): UploadBudget {
    return this.#deps.uploads
  }

  /** Null for a file that is no evidence. */
  async store(name: string, bytes: Uint8Array): Promise<ReceivedFile | null> {
    const file = await ReceivedFile.from(name, bytes, this.#deps.files)
    if (file) this.#stored.push(file)
    return file
  }

  /** Keeps the thumbnail of a file that was stored. Whatever is not one is dropped: the photo is what was handed in. */
  async storeThumbnail(file: ReceivedFile, bytes: Uint8Array): Promise<void> {
    await file.addThumbnail(bytes, this.#deps.files)
  }

  async discard(): Promise<void> {
    const stored = this.#stored
    this.#stored = []
    for (const file of stored) await file.discard()
  }
}

/** By form field. */
const MOST_BYTES: Readonly<Record<string, number | undefined>> = { files: MAX_FILE_BYTES, thumbnails: THUMBNAIL_BYTES }

/**
 * The files of a form, one after another: no more than one is in memory. After the first that can't be taken none is kept. A part
 * `thumbnails` belongs to the file whose place, from 0, its name says (`0.jpg`), and comes after it.
 */
export class FileReceiver {
  readonly received: ReceivedFile[] = []
  problem: FieldProblem | undefined
  /** A file came under a name that is not `files`, or where none is taken. */
  hasUnexpected = false
  readonly #uploads: Uploads | null
  /** Of one file after another, in the same memory. */
  readonly #bytes = new GrowingBytes(MAX_FILE_BYTES)
  #file: { field: string; name: string; size: number } | null = null
  #count = 0

  /** @param uploads Null where no file is taken. */
  constructor(uploads: Uploads | null) {
    this.#uploads = uploads
  }

  async take(event: PartEvent): Promise<void> {
    if (event.is === 'begin') {
      const { name, filename } = event
      this.#file = filename === undefined ? null : { field: name, name: filename, size: 0 }
      this.#bytes.clear()
    } else if (this.#file) {
      if (event.is === 'bytes') this.#add(this.#file, event.bytes)
      else await this.#end(this.#file)
    }
  }

  #add(file: { field: string; size: number }, bytes: Uint8Array): void {
    file.size += bytes.length
    const isWanted = this.#uploads !== null && this.problem === undefined
    if (isWanted && file.size <= (MOST_BYTES[file.field] ?? 0)) this.#bytes.add(bytes)
  }

  async #end({ field, name, size }: { field: string; name: string; size: number }): Promise<void> {
    // Browsers send a nameless, empty file where none was chosen.
    if (size === 0 && name === '') return
    if (this.#uploads !== null && field === 'thumbnails') {
      const file = this.received[Number.parseInt(name, 10)]
      if (file && size <= THUMBNAIL_BYTES) await this.#uploads.storeThumbnail(file, this.#bytes.whole)
      return
    }
    if (this.#uploads === null || field !== 'files') {
      this.hasUnexpected = true
      return
    }
    this.#count++
    if (this.#count > MAX_FILES) this.problem ??= { field: 'files', code: 'file_count', max: MAX_FILES }
    if (size > MAX_FILE_BYTES) this.problem ??= { field: 'files', code: 'file_size', max: MAX_FILE_BYTES / 1_048_576 }
    const kept = this.problem === undefined ? await this.#uploads.store(name, this.#bytes.whole) : null
    if (kept) this.received.push(kept)
    else {
      this.problem ??= { field: 'files', code: 'file_type' }
      this.received.length = 0
      await this.#uploads.discard()
    }
  }
}
