import type { Context } from 'hono'
import * as v from 'valibot'
import { MAX_FILE_BYTES, MAX_FILES } from '../files/store.ts'
import type { ReceivedFile } from './evidence.ts'
import { SMALL_BODY } from './limits.ts'
import { FIELD_CODES, type FieldCode, type FieldProblem, Problem } from './problem.ts'
import { FileReceiver, GrowingBytes, MultipartParser, type PartEvent } from './uploads.ts'

export interface Body {
  /** The fields as a program would send them. */
  value: Record<string, unknown>
  files: readonly ReceivedFile[]
  /** Why these files can't be taken: of the first that could not. None is kept then. */
  fileProblem?: FieldProblem | undefined
  /** A file came under a name that is not `files`, or where none is taken. */
  hasUnexpectedFile: boolean
  /** The JSON text as it came, where it did. */
  json?: string | undefined
  /** What a form sent, by field name, to show it again. */
  rawFields: Record<string, string>
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const MAX_BODY = 1024 * 1024
interface FormLimits {
  /** Of a form without files. */
  bytes: number
  /** Each becomes an object, a hundred times its size. */
  pairs: number
  /** Of multipart, where they are more than a form of one complaint has. */
  parts?: number
}
/** From a stranger or a link holder: the longest text takes 45 KB when percent-encoded. */
const FORM: FormLimits = { bytes: SMALL_BODY, pairs: 400 }
/** Of the consoles: a batch has 40 rulings of twelve fields, each with a text. */
export const CONSOLE_FORM: FormLimits = { bytes: MAX_BODY, pairs: 600, parts: 600 }
/** All files and the form around them. */
export const MAX_UPLOAD = MAX_FILES * MAX_FILE_BYTES + MAX_BODY

const EMPTY: Body = { value: {}, files: [], hasUnexpectedFile: false, rawFields: {} }

/**
 * JSON or a form; nothing at all is an empty body. Throws a Problem for anything else. Call it once the sender is
 * known: a stranger's body is never held in memory. With `upload` files are taken: each is cleaned, hashed and stored under a
 * temporary name while the rest still arrives, so no more than one is held in memory.
 */
export const readBody = async (c: Context, { upload = false, limits = FORM } = {}): Promise<Body> => {
  const contentType = c.req.header('content-type') ?? ''
  const type = contentType.split(';')[0]?.trim().toLowerCase()
  if (type === 'multipart/form-data') {
    const parser = new MultipartParser(contentType, limits.parts)
    return readMultipart(c, parser, upload ? MAX_UPLOAD : limits.bytes, upload)
  }
  const isForm = type === 'application/x-www-form-urlencoded'
  const bytes = await readBytes(c, isForm ? limits.bytes : MAX_BODY)
  if (isForm) return readPairs(bytes, limits)
  if (bytes.length === 0) return EMPTY
  if (type !== 'application/json' && !type?.endsWith('+json')) throw new Problem('unsupported_media_type')
  return { ...EMPTY, ...parseJson(bytes) }
}

/** Enforces the limit while reading, whatever Content-Length announced. */
export const readBytes = async (c: Context, max: number): Promise<Uint8Array<ArrayBuffer>> => {
  const bytes = new GrowingBytes(max)
  for await (const chunk of receive(c, max, 'text')) bytes.add(chunk)
  return bytes.whole
}

/** The body as it arrives, within its limit and the process's budget. Throws the Problems `too_large`, `busy` and `cut_off`. */
async function* receive(c: Context, max: number, kind: 'files' | 'text'): AsyncGenerator<Uint8Array, undefined> {
  const announced = Number(c.req.header('content-length') ?? 0)
  if (announced > max) throw new Problem('too_large')
  const { budget } = c.var.uploads
  const reservation = budget.reserve(kind)
  try {
    reservation.grow(announced)
    const reader = c.req.raw.body?.getReader()
    const read = () => reader && heard(reader.read(), budget.silenceMs)
    let size = 0
    for (let next = await read(); next && !next.done; next = await read()) {
      size += next.value.length
      if (size > max) throw new Problem('too_large')
      reservation.grow(size)
      yield next.value
    }
  } finally {
    reservation.release()
  }
}

/** What a sender sent; the Problem `cut_off` where it hung up or is silent for this long: not our fault. */
const heard = async <T>(reading: Promise<T>, silenceMs: number): Promise<T> => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const silence = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(reject, silenceMs)
  })
  try {
    return await Promise.race([reading, silence])
  } catch {
    throw new Problem('cut_off')
  } finally {
    clearTimeout(timer)
  }
}

const parseJson = (bytes: Uint8Array): { value: Record<string, unknown>; json: string } => {
  let value: unknown
  let json: string
  try {
    // Fatal: a text is recorded as it was sent, or not at all.
    json = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    value = JSON.parse(json)
  } catch {
    throw new Problem('malformed_json')
  }
  if (!isRecord(value)) throw new Problem('invalid', [{ field: '', code: 'other' }])
  return { value, json }
}

/**
 * A form whose pairs are counted before anything is made of them. Throws the Problem `too_large` where there are
 * more than any form of ours has.
 */
export const readPairs = (bytes: Uint8Array, { pairs }: Pick<FormLimits, 'pairs'>): Body => {
  let found = 0
  for (let at = 0; at < bytes.length; at++)
    if (bytes[at] === AMPERSAND && ++found > pairs) throw new Problem('too_large')
  return bodyOf([...new URLSearchParams(new TextDecoder().decode(bytes))])
}

const AMPERSAND = 38

const readMultipart = async (c: Context, parser: MultipartParser, max: number, upload: boolean): Promise<Body> => {
  const texts = new TextParts(MAX_BODY)
  const files = new FileReceiver(upload ? c.var.uploads : null)
  for await (const chunk of receive(c, max, upload ? 'files' : 'text')) {
    for (const event of parser.push(chunk)) {
      texts.take(event)
      await files.take(event)
    }
  }
  parser.finish()
  // A file whose name can't be read looks like a text.
  const isText = texts.entries.some(([name, text]) => name === 'files' && text !== '')
  return {
    ...bodyOf(texts.entries),
    files: files.received,
    fileProblem: files.problem,
    hasUnexpectedFile: files.hasUnexpected || isText,
  }
}

/** The parts of a form that are no files. Throws the Problem `too_large` for more bytes than all of them may have. */
export class TextParts {
  readonly entries: [name: string, text: string][] = []
  readonly #bytes: GrowingBytes
  #left: number
  #name: string | null = null

  constructor(most: number) {
    this.#bytes = new GrowingBytes(most)
    this.#left = most
  }

  take(event: PartEvent): void {
    if (event.is === 'begin') this.#name = event.filename === undefined ? event.name : null
    if (this.#name === null) return
    if (event.is === 'bytes') {
      this.#left -= event.bytes.length
      if (this.#left < 0) throw new Problem('too_large')
      this.#bytes.add(event.bytes)
    }
    if (event.is === 'end') {
      this.entries.push([this.#name, new TextDecoder().decode(this.#bytes.whole)])
      this.#bytes.clear()
    }
  }
}

/** The fields of a form, in the shape in which a program would send them. */
export const bodyOf = (entries: readonly (readonly [name: string, text: string])[]): Body => {
  const fields = entries.filter(([name]) => SAFE.test(name))
  const value: Record<string, unknown> = {}
  for (const [name, text] of fields) if (text !== '') place(value, name.split('.'), text.replaceAll('\r\n', '\n'))
  return { ...EMPTY, value: withoutEmptyAmounts(value), rawFields: Object.fromEntries(fields) }
}

const SAFE = /^[a-z][A-Za-z0-9]*(\.[a-z][A-Za-z0-9]*){0,3}$/

const place = (into: Record<string, unknown>, [first = '', ...rest]: string[], text: string): void => {
  if (rest.length === 0) {
    into[first] = text
    return
  }
  const inner = into[first]
  const next = isRecord(inner) ? inner : {}
  into[first] = next
  place(next, rest, text)
}

/** A form sends the currency with an amount that was left empty, and a counter-offer that was not made. */
const withoutEmptyAmounts = (value: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => {
      if (!isRecord(inner)) return [[name, inner]]
      const kept = withoutEmptyAmounts(inner)
      const empty = Object.keys(kept).every(key => key === 'currency')
      return empty ? [] : [[name, kept]]
    }),
  )

const isCode = (text: string): text is FieldCode => FIELD_CODES.some(each => each === text)

/** Parses once, at the edge: a command's body, or the problems of each field as a Problem. */
export const parse = <T>(schema: v.GenericSchema<unknown, T>, value: unknown): T => {
  const parsed = v.safeParse(schema, value)
  if (parsed.success) return parsed.output
  throw new Problem('invalid', distinct(parsed.issues.map(problemOf)))
}

/** Two checks of one field may say the same of it. */
const distinct = (problems: readonly FieldProblem[]): FieldProblem[] => [
  ...new Map(problems.map(each => [`${each.field} ${each.code}`, each])).values(),
]

const problemOf = (issue: v.BaseIssue<unknown>): FieldProblem => {
  const field = v.getDotPath(issue) ?? ''
  if (issue.input === undefined) return { field, code: 'required' }
  const code = isCode(issue.message) ? issue.message : 'other'
  return code === 'too_long' && typeof issue.requirement === 'number'
    ? { field, code, max: issue.requirement }
    : { field, code }
}
