import type { MiddlewareHandler } from 'hono'
import { type FileStore, MAX_FILE_BYTES, MAX_FILES, THUMBNAIL_BYTES } from '../files/store.ts'
import { ReceivedFile } from './evidence.ts'
import type { UploadBudget } from './limits.ts'
import { type FieldProblem, Problem } from './problem.ts'

// multipart/form-data: RFC 7578, its delimiters RFC 2046, 5.1.1. A part is read as its bytes arrive and none is ever held here.

/** What a body consists of, in order: each part begins, has bytes in pieces, and ends. */
export type PartEvent =
  | { is: 'begin'; name: string /** Of a file; empty where none was chosen. */; filename: string | undefined }
  | { is: 'bytes'; bytes: Uint8Array }
  | { is: 'end' }

/** Far more parts than any form has, and far longer headers than any browser writes. */
const MAX_PARTS = 200
const MAX_HEADERS = 16 * 1024
const [CARRIAGE_RETURN, LINE_FEED, DASH] = [13, 10, 45]

/** Push parser. Linear time in all, whatever arrives in whatever pieces: a delimiter has one carriage return, at its start. */
export class MultipartParser {
  readonly #delimiter: Uint8Array
  /** Bytes that can't be told yet; the first delimiter may stand at the very start, where no line break is before it. */
  #rest: Uint8Array = Uint8Array.of(CARRIAGE_RETURN, LINE_FEED)
  #state: 'preamble' | 'delimiter' | 'headers' | 'part' | 'epilogue' = 'preamble'
  #parts = 0

  readonly #most: number

  /**
   * @param contentType with its boundary. Throws the Problem `malformed_form` where it has none that is allowed.
   * @param most how many parts are taken
   */
  constructor(contentType: string, most = MAX_PARTS) {
    this.#most = most
    const [, quoted, plain] = BOUNDARY.exec(contentType) ?? []
    const boundary = quoted ?? plain
    if (boundary === undefined) throw new Problem('malformed_form')
    this.#delimiter = new TextEncoder().encode(`\r\n--${boundary}`)
  }

  /** Throws the Problem `malformed_form`, or `too_large` for more parts than any form has. */
  *push(chunk: Uint8Array): Generator<PartEvent, undefined> {
    let bytes = this.#rest.length === 0 ? chunk : joined(this.#rest, chunk)
    for (let step = this.#next(bytes); ; step = this.#next(bytes)) {
      yield* step.events
      bytes = bytes.subarray(step.used)
      if (step.used === 0 || bytes.length === 0) break
    }
    this.#rest = bytes.slice()
  }

  /** To be called at the end of the body: one without its last delimiter is malformed. */
  finish(): void {
    if (this.#state !== 'epilogue') throw new Problem('malformed_form')
  }

  /** How many of these bytes are used up; none if more must arrive. */
  #next(bytes: Uint8Array): { used: number; events: PartEvent[] } {
    switch (this.#state) {
      case 'preamble':
      case 'part':
        return this.#content(bytes)
      case 'delimiter':
        return { used: this.#delimiterEnd(bytes), events: [] }
      case 'headers':
        return this.#headers(bytes)
      case 'epilogue':
        return { used: bytes.length, events: [] }
    }
  }

  /** Bytes of a part up to the next delimiter, or up to what may be the beginning of one. */
  #content(bytes: Uint8Array): { used: number; events: PartEvent[] } {
    const isPart = this.#state === 'part'
    const { at, whole } = this.#find(bytes)
    const events: PartEvent[] = isPart && at > 0 ? [{ is: 'bytes', bytes: bytes.subarray(0, at) }] : []
    if (!whole) return { used: at, events }
    if (isPart) events.push({ is: 'end' })
    this.#state = 'delimiter'
    return { used: at + this.#delimiter.length, events }
  }

  #find(bytes: Uint8Array): { at: number; whole: boolean } {
    const delimiter = this.#delimiter
    const { length } = bytes
    for (let at = 0; at < length; at++) {
      if (bytes[at] !== CARRIAGE_RETURN || (at + 1 < length && bytes[at + 1] !== LINE_FEED)) continue
      const most = Math.min(delimiter.length, length - at)
      let same = 1
      while (same < most && bytes[at + same] === delimiter[same]) same++
      if (same === most) return { at, whole: most === delimiter.length }
      at += same - 1
    }
    return { at: length, whole: false }
  }

  /** Two dashes end the body, a line break begins a part. */
  #delimiterEnd(bytes: Uint8Array): number {
    if (bytes.length < 2) return 0
    const isLast = bytes[0] === DASH && bytes[1] === DASH
    if (!isLast && !(bytes[0] === CARRIAGE_RETURN && bytes[1] === LINE_FEED)) throw new Problem('malformed_form')
    if (!isLast && ++this.#parts > this.#most) throw new Problem('too_large')
    this.#state = isLast ? 'epilogue' : 'headers'
    return 2
  }

  #headers(bytes: Uint8Array): { used: number; events: PartEvent[] } {
    const start = new TextDecoder('latin1').decode(bytes.subarray(0, MAX_HEADERS))
    const end = start.indexOf('\r\n\r\n')
    if (end < 0 && bytes.length >= MAX_HEADERS) throw new Problem('too_large')
    if (end < 0) return { used: 0, events: [] }
    this.#state = 'part'
    return { used: end + 4, events: [beginOf(new TextDecoder().decode(bytes.subarray(0, end)))] }
  }
}

const BOUNDARY = /;\s*boundary=(?:"([\w'()+,./:=? -]{1,70})"|([\w'+,./:=?-]{1,70}))\s*(?:;|$)/i
const DISPOSITION = /^content-disposition:[ \t]*form-data[ \t]*/i
const PARAMETER = /;[ \t]*([\w*-]+)=(?:"([^"]*)"|([^";]*))[ \t]*/y

const beginOf = (headers: string): PartEvent => {
  const parameters = new Map<string, string>()
  const line = headers.split('\r\n').find(each => DISPOSITION.test(each)) ?? ''
  PARAMETER.lastIndex = DISPOSITION.exec(line)?.[0].length ?? 0
  for (let found = PARAMETER.exec(line); found; found = PARAMETER.exec(line)) {
    const [, key = '', quoted, plain = ''] = found
    parameters.set(key.toLowerCase(), unescaped(quoted ?? plain))
  }
  const name = parameters.get('name')
  if (name === undefined) throw new Problem('malformed_form')
  return { is: 'begin', name, filename: parameters.get('filename') ?? parameters.get('filename*') }
}

/** As browsers escape a name (HTML, 4.10.22.8). */
const unescaped = (text: string): string =>
  text.replaceAll(/%0D/gi, '\r').replaceAll(/%0A/gi, '\n').replaceAll('%22', '"')

const joined = (first: Uint8Array, second: Uint8Array): Uint8Array => {
  const both = new Uint8Array(first.length + second.length)
  both.set(first)
  both.set(second, first.length)
  return both
}

declare module 'hono' {
  interface ContextVariableMap {
    uploads: Uploads
  }
}

/** Bytes that arrive in pieces, however small: a list of a million pieces would fill the memory. */
export class GrowingBytes {
  readonly #most: number
  #bytes = new Uint8Array(0)
  #size = 0
  /** @param most Bytes that will be added at most. */
  constructor(most: number) {
    this.#most = most
  }

  add(part: Uint8Array): void {
    const size = this.#size + part.length
    if (size > this.#bytes.length) {
      const larger = new Uint8Array(Math.min(Math.max(size, this.#bytes.length * 2), this.#most))
      larger.set(this.whole)
      this.#bytes = larger
    }
    this.#bytes.set(part, this.#size)
    this.#size = size
  }

  /** Until the next byte is added. */
  get whole(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#size)
  }

  clear(): void {
    this.#size = 0
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
