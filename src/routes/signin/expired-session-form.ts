import type { Context } from 'hono'
import { MAX_FILE_BYTES, MAX_FILES } from '../../files/store.ts'
import { type ExpiredForm, expiredFormPage } from '../../views/signin/expired-session-form.ts'
import { type Body, bodyOf, CONSOLE_FORM, readPairs, TextParts } from '../body.ts'
import type { Deps } from '../deps.ts'
import { pageOf } from '../language.ts'
import { MultipartParser } from '../multipart.ts'
import { wantsJson } from '../perform-act.ts'
import { Problem } from '../problem.ts'

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
  const { bytes, cut } = await readStart(c)
  try {
    const { typed, hasFile } = typedIn(bytes, c.req.header('content-type') ?? '')
    return { typed, files: cut || hasFile }
  } catch (error) {
    if (error instanceof Problem) return null
    throw error
  }
}

/** The fields of a form, and of a multipart body that was cut those that came whole. */
const typedIn = (bytes: Uint8Array, contentType: string): { typed: Body['rawFields']; hasFile: boolean } => {
  if (!/^\s*multipart\//i.test(contentType)) return { typed: readPairs(bytes, CONSOLE_FORM).rawFields, hasFile: false }
  const texts = new TextParts(KEPT)
  let hasFile = false
  for (const event of new MultipartParser(contentType, CONSOLE_FORM.parts).push(bytes)) {
    texts.take(event)
    hasFile ||= event.is === 'begin' && event.filename !== undefined && event.filename !== ''
  }
  return { typed: bodyOf(texts.entries).rawFields, hasFile }
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
