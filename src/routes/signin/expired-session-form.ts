import type { Context } from 'hono'
import { MAX_FILE_BYTES, MAX_FILES } from '../../files/store.ts'
import { type ExpiredForm, expiredFormPage } from '../../views/signin/expired-session-form.ts'
import { boundaryOf, CONSOLE_FORM, lastPartOf, readForm } from '../body.ts'
import type { Deps } from '../deps.ts'
import { pageOf } from '../language.ts'
import { wantsJson } from '../perform-act.ts'

/** What is kept of it: the words stand before the files. */
const KEPT = 1024 * 1024
const MOST = (MAX_FILES + 1) * MAX_FILE_BYTES

/**
 * A form of the consoles whose sender's session ended while they wrote: it comes back as it was typed, to be sent again
 * after signing in. Null where there is nothing to give back. The sender is not known, so that little of it is ever held
 * in memory, and its parts are counted before they are read (body.ts).
 */
export const returnExpiredForm = async (c: Context, deps: Deps): Promise<Response | null> => {
  if (c.req.method !== 'POST' || wantsJson(c)) return null
  const form = await readLate(c)
  if (form === null || Object.keys(form.typed).length === 0) return null
  const { path } = c.req
  return c.html(String(expiredFormPage({ ...form, action: path, room: roomOf(path) }, pageOf(c, deps))), 403)
}

/** The page that the form stood on. */
const roomOf = (path: string): string =>
  /^\/(merchant|desk)\/(complaints|webhooks)\/[^/]+|^\/desk\/[a-z]+|^\/merchant\/settings/.exec(path)?.[0] ??
  (path.startsWith('/desk') ? '/desk' : '/merchant/settings')

const readLate = async (c: Context): Promise<Pick<ExpiredForm, 'typed' | 'files'> | null> => {
  const contentType = c.req.header('content-type') ?? ''
  const { bytes, cut } = await readStart(c)
  const whole = cut ? wholeParts(bytes, contentType) : bytes
  const form = await readForm(whole, contentType, CONSOLE_FORM).catch(() => null)
  return form && { typed: form.rawFields, files: cut || form.files.length > 0 }
}

/** Reads on to the end, so that the browser hears the answer. */
const readStart = async (c: Context) => {
  const chunks: Uint8Array<ArrayBuffer>[] = []
  let [kept, size] = [0, 0]
  const reader = c.req.raw.body?.getReader()
  for (let next = await reader?.read(); next && !next.done && size <= MOST; next = await reader?.read()) {
    const part = next.value.subarray(0, KEPT - kept)
    if (part.length > 0) chunks.push(part.slice())
    kept += part.length
    size += next.value.length
  }
  return { bytes: new Uint8Array(await new Blob(chunks).arrayBuffer()), cut: size > kept }
}

/** Of a multipart body that was cut: the parts that came whole, ended as RFC 2046 (5.1.1) wants it. */
const wholeParts = (bytes: Uint8Array<ArrayBuffer>, contentType: string): Uint8Array<ArrayBuffer> => {
  const boundary = boundaryOf(contentType)
  const last = boundary === undefined ? -1 : lastPartOf(bytes, boundary)
  if (last < 0) return bytes
  const end = new TextEncoder().encode(`--${boundary}--\r\n`)
  const whole = new Uint8Array(last + end.length)
  whole.set(bytes.subarray(0, last))
  whole.set(end, last)
  return whole
}
