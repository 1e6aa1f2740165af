import type { MiddlewareHandler } from 'hono'
import { type FileStore, MAX_FILE_BYTES, MAX_FILES } from '../files/store.ts'
import { ReceivedFile } from './evidence.ts'
import type { PartEvent } from './multipart.ts'
import type { FieldProblem } from './problem.ts'
import type { UploadBudget } from './upload-budget.ts'

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

  async discard(): Promise<void> {
    const stored = this.#stored
    this.#stored = []
    for (const file of stored) await file.discard()
  }
}

/** The files of a form, one after another: no more than one is in memory. After the first that can't be taken none is kept. */
export class FileReceiver {
  readonly received: ReceivedFile[] = []
  problem: FieldProblem | undefined
  /** A file came under a name that is not `files`, or where none is taken. */
  hasUnexpected = false
  readonly #uploads: Uploads | null
  readonly #bytes = new FileBuffer()
  #file: { field: string; name: string } | null = null
  #count = 0

  /** @param uploads Null where no file is taken. */
  constructor(uploads: Uploads | null) {
    this.#uploads = uploads
  }

  async take(event: PartEvent): Promise<void> {
    if (event.is === 'begin') this.#begin(event)
    else if (this.#file === null) return
    else if (event.is === 'bytes') this.#bytes.add(event.bytes, this.#isWanted(this.#file))
    else await this.#end(this.#file)
  }

  #begin({ name, filename }: { name: string; filename: string | undefined }): void {
    this.#file = filename === undefined ? null : { field: name, name: filename }
    this.#bytes.clear()
  }

  #isWanted({ field }: { field: string }): boolean {
    return this.#uploads !== null && field === 'files' && this.problem === undefined
  }

  async #end(file: { field: string; name: string }): Promise<void> {
    const { size } = this.#bytes
    // Browsers send a nameless, empty file where none was chosen.
    if (size === 0 && file.name === '') return
    if (this.#uploads === null || file.field !== 'files') {
      this.hasUnexpected = true
      return
    }
    this.#count++
    if (this.#count > MAX_FILES) this.problem ??= { field: 'files', code: 'file_count', max: MAX_FILES }
    if (size > MAX_FILE_BYTES) this.problem ??= { field: 'files', code: 'file_size', max: MAX_FILE_BYTES / 1_048_576 }
    const kept = this.problem === undefined ? await this.#uploads.store(file.name, this.#bytes.whole) : null
    if (kept) this.received.push(kept)
    else {
      this.problem ??= { field: 'files', code: 'file_type' }
      this.received.length = 0
      await this.#uploads.discard()
    }
  }
}

/** The bytes of one file after another, in the same memory. It grows with them; one byte more than a file may have is counted, not kept. */
class FileBuffer {
  size = 0
  #bytes = new Uint8Array(0)

  clear(): void {
    this.size = 0
  }

  add(part: Uint8Array, keep: boolean): void {
    const at = this.size
    this.size += part.length
    if (!keep || this.size > MAX_FILE_BYTES) return
    if (this.size > this.#bytes.length) {
      const larger = new Uint8Array(Math.min(Math.max(this.size, this.#bytes.length * 2), MAX_FILE_BYTES))
      larger.set(this.#bytes.subarray(0, at))
      this.#bytes = larger
    }
    this.#bytes.set(part, at)
  }

  get whole(): Uint8Array {
    return this.#bytes.subarray(0, this.size)
  }
}
