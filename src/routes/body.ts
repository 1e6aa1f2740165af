import type { Context } from 'hono'
import * as v from 'valibot'
import { MAX_FILE_BYTES, MAX_FILES } from '../files/store.ts'
import { type FieldCode, type FieldProblem, Problem } from './problem.ts'

export interface Body {
  /** The fields as a program would send them. */
  value: Record<string, unknown>
  files: File[]
  /** A file came under a name that is not `files`. */
  hasUnexpectedFile: boolean
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
}
/** From a stranger or a link holder: the longest text takes 45 KB when percent-encoded. */
const FORM: FormLimits = { bytes: 64 * 1024, pairs: 400 }
/** Of the consoles: a batch has 40 rulings of twelve fields, each with a text. */
export const CONSOLE_FORM: FormLimits = { bytes: MAX_BODY, pairs: 600 }
/** All files and the form around them. */
const MAX_UPLOAD = MAX_FILES * MAX_FILE_BYTES + MAX_BODY

/**
 * JSON or a form; nothing at all is an empty body. Throws a Problem for anything else. Call it once the sender is
 * known: a stranger's body is never held in memory.
 */
export const readBody = async (c: Context, { upload = false, limits = FORM } = {}): Promise<Body> => {
  const contentType = c.req.header('content-type') ?? ''
  const type = contentType.split(';')[0]?.trim().toLowerCase()
  const multipart = type === 'multipart/form-data'
  const isForm = multipart || type === 'application/x-www-form-urlencoded'
  const bytes = await readBytes(c, upload && multipart ? MAX_UPLOAD : isForm ? limits.bytes : MAX_BODY)
  if (isForm) return readForm(bytes, contentType, limits)
  if (bytes.length === 0) return { value: {}, files: [], hasUnexpectedFile: false, rawFields: {} }
  if (type !== 'application/json' && !type?.endsWith('+json')) throw new Problem('unsupported_media_type')
  return { value: parseJson(bytes), files: [], hasUnexpectedFile: false, rawFields: {} }
}

/** Enforces the limit while reading, whatever Content-Length announced. */
export const readBytes = async (c: Context, max: number): Promise<Uint8Array<ArrayBuffer>> => {
  if (Number(c.req.header('content-length') ?? 0) > max) throw new Problem('too_large')
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = c.req.raw.body?.getReader()
  for (let next = await reader?.read().catch(cutOff); next && !next.done; next = await reader?.read().catch(cutOff)) {
    size += next.value.length
    if (size > max) {
      await reader?.cancel().catch(() => undefined)
      throw new Problem('too_large')
    }
    chunks.push(next.value)
  }
  const bytes = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

/** The sender hung up: not our fault. */
const cutOff = (): never => {
  throw new Problem('cut_off')
}

const parseJson = (bytes: Uint8Array): Record<string, unknown> => {
  let value: unknown
  try {
    // Fatal: a text is recorded as it was sent, or not at all.
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new Problem('malformed_json')
  }
  if (!isRecord(value)) throw new Problem('invalid', [{ field: '', code: 'other' }])
  return value
}

/**
 * A form whose fields and parts are counted before anything is made of them. Throws a Problem: `too_large` where there are
 * more than any form of ours has, `malformed_form`.
 */
export const readForm = async (
  bytes: Uint8Array<ArrayBuffer>,
  contentType: string,
  { pairs }: Pick<FormLimits, 'pairs'>,
): Promise<Body> => {
  const headers = { 'Content-Type': boundedType(bytes, contentType, pairs) }
  const entries = await new Response(bytes, { headers }).formData().then(
    form => [...form.entries()],
    () => {
      throw new Problem('malformed_form')
    },
  )
  // Browsers send a nameless, empty file where none was chosen.
  const sent = entries.flatMap(([name, value]) =>
    value instanceof File && (value.size > 0 || value.name !== '') ? [{ name, value }] : [],
  )
  const fields = entries.flatMap(([name, value]) =>
    typeof value === 'string' && SAFE.test(name) ? [[name, value] as const] : [],
  )
  const value: Record<string, unknown> = {}
  for (const [name, text] of fields) if (text !== '') place(value, name.split('.'), text.replaceAll('\r\n', '\n'))
  return {
    value: withoutEmptyAmounts(value),
    files: sent.map(({ value }) => value),
    // A host that can't read a part's file name may hand it over as text.
    hasUnexpectedFile:
      sent.some(({ name }) => name !== 'files') ||
      entries.some(([name, value]) => name === 'files' && value !== '' && !(value instanceof File)),
    rawFields: Object.fromEntries(fields),
  }
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

const CODES: readonly string[] = [
  'required',
  'choose',
  'tick',
  'amount',
  'instant',
  'phone',
  'url',
  'too_long',
  'characters',
  'other',
] satisfies FieldCode[]
const isCode = (text: string): text is FieldCode => CODES.includes(text)

/** Parses once, at the edge: a command's body, or the problems of each field as a Problem. */
export const parse = <T>(schema: v.GenericSchema<unknown, T>, value: unknown): T => {
  const parsed = v.safeParse(schema, value)
  if (parsed.success) return parsed.output
  throw new Problem('invalid', parsed.issues.map(problemOf))
}

const problemOf = (issue: v.BaseIssue<unknown>): FieldProblem => {
  const field = v.getDotPath(issue) ?? ''
  if (issue.input === undefined) return { field, code: 'required' }
  const code = isCode(issue.message) ? issue.message : 'other'
  return code === 'too_long' && typeof issue.requirement === 'number'
    ? { field, code, max: issue.requirement }
    : { field, code }
}

/** Multipart: far more parts than any form with files has. */
const MAX_PARTS = 200
/** RFC 2046, 5.1.1: at most 70 characters. */
const BOUNDARY = /;\s*boundary=(?:"([\w'()+,./:=? -]{1,70})"|([\w'+,./:=?-]{1,70}))\s*(?:;|$)/i
const [LINE_FEED, AMPERSAND] = [10, 38]

/** The boundary of a multipart body, undefined where it has none or one that is not allowed. */
export const boundaryOf = (contentType: string): string | undefined => {
  const [, quoted, plain] = BOUNDARY.exec(contentType) ?? []
  return quoted ?? plain
}

/** The type by which a form is to be read, with its boundary spelt one way: what was counted is what is read. */
const boundedType = (bytes: Uint8Array, contentType: string, pairs: number): string => {
  if (!/^\s*multipart\//i.test(contentType)) {
    if (countUpTo(pairs, bytes, at => bytes[at] === AMPERSAND) > pairs) throw new Problem('too_large')
    return contentType
  }
  const boundary = boundaryOf(contentType)
  if (boundary === undefined) throw new Problem('malformed_form')
  const delimiter = new TextEncoder().encode(`--${boundary}`)
  const isPart = (at: number) => bytes[at] === LINE_FEED && startsWith(bytes, at + 1, delimiter)
  if (countUpTo(MAX_PARTS, bytes, isPart) > MAX_PARTS) throw new Problem('too_large')
  return `multipart/form-data; boundary="${boundary}"`
}

const countUpTo = (max: number, bytes: Uint8Array, counts: (at: number) => boolean): number => {
  let found = 0
  for (let at = 0; at < bytes.length && found <= max; at++) if (counts(at)) found++
  return found
}

/** Linear time in all: a delimiter begins a line and holds no line feed, so no byte is compared from two places. */
const startsWith = (bytes: Uint8Array, at: number, what: Uint8Array): boolean => {
  for (let i = 0; i < what.length; i++) if (bytes[at + i] !== what[i]) return false
  return true
}

/** Where the last part of a multipart body begins, -1 where none does. */
export const lastPartOf = (bytes: Uint8Array, boundary: string): number => {
  const delimiter = new TextEncoder().encode(`--${boundary}\r\n`)
  for (let at = bytes.length - delimiter.length; at >= 0; at--)
    if ((at === 0 || bytes[at - 1] === LINE_FEED) && startsWith(bytes, at, delimiter)) return at
  return -1
}
