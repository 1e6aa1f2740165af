import type { Context, MiddlewareHandler } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { HOUR } from '../../complaint/time.ts'
import { MAX_FILE_BYTES, MAX_FILES } from '../../files/store.ts'
import type { Session } from '../../ledger/contract/registry.ts'
import { toBase64url } from '../../log/encoding.ts'
import { type ExpiredForm, expiredFormPage } from '../../views/signin/page.ts'
import { hashKey } from '../authenticate.ts'
import { type Body, bodyOf, CONSOLE_FORM, readPairs, TextParts } from '../body.ts'
import { type Deps, registryLedger } from '../deps.ts'
import { pageOf } from '../language.ts'
import { wantsJson } from '../perform-act.ts'
import { Problem } from '../problem.ts'
import { limitRate } from '../rate-limit.ts'
import { MultipartParser } from '../uploads.ts'

/** However busy: after that its person signs in again. */
export const SESSION_MS = 8 * HOUR

/** What routes behind a sign-in know of their visitor. */
export interface Signed {
  Variables: { person: Session }
}
/** A user whom the identity provider authenticated. */
export type Person = Omit<Session, 'createdAt' | 'expiresAt'>

/** Where each role works. */
export const roomOf = (role: Session['role']): string => (role === 'merchant' ? '/merchant' : '/desk')

const isSecure = ({ baseUrl }: Pick<Deps, 'baseUrl'>): boolean => baseUrl.startsWith('https:')
/** `__Host-` binds a cookie to this very host and to https; on http://localhost a browser would not keep it. */
export const hostCookie = (deps: Pick<Deps, 'baseUrl'>, name: string): string =>
  isSecure(deps) ? `__Host-${name}` : name
/** Lax: the way back from the identity provider is a link from another site. */
export const hostOptions = (deps: Pick<Deps, 'baseUrl'>) =>
  ({ path: '/', httpOnly: true, secure: isSecure(deps), sameSite: 'Lax' }) as const

const cookieOf = (c: Context, deps: Deps): string | undefined => getCookie(c, hostCookie(deps, 'session'))

/** Authorization by role: others are asked to sign in, or get 403. */
export const signedIn =
  (deps: Deps, ...roles: Session['role'][]): MiddlewareHandler<Signed> =>
  async (c, next) => {
    const person = await personOf(c, deps)
    if (!person) {
      if (c.req.method === 'POST') limitRate(c, deps, 'anonymous')
      return (await returnExpiredForm(c, deps)) ?? askIn(c)
    }
    if (!roles.includes(person.role)) throw new Problem('not_yours')
    c.set('person', person)
    await next()
  }

/** Redirects to sign-in, which leads back to the requested page; a form's own address is replaced by its page. */
const askIn = (c: Context): Response => {
  const { pathname, search } = new URL(c.req.url)
  const to = c.req.method === 'GET' ? `?to=${encodeURIComponent(pathname + search)}` : ''
  if (c.req.header('hx-request') !== undefined) return c.body(null, 401, { 'HX-Redirect': `/signin${to}` })
  return c.redirect(`/signin${to}`, 303)
}

export const personOf = async (c: Context, deps: Deps): Promise<Session | null> => {
  const cookie = cookieOf(c, deps)
  return cookie ? registryLedger(deps).registry.session(hashKey(cookie), deps.clock.now()) : null
}

/** Issues a fresh session id at sign-in (prevents session fixation). The previous session ends. */
export const openSession = async (c: Context, deps: Deps, person: Person, lasts = SESSION_MS): Promise<void> => {
  await forget(c, deps)
  const id = toBase64url(crypto.getRandomValues(new Uint8Array(32)))
  const now = deps.clock.now()
  await registryLedger(deps).registry.openSession(hashKey(id), { ...person, createdAt: now, expiresAt: now + lasts })
  setCookie(c, hostCookie(deps, 'session'), id, hostOptions(deps))
}

/** Ends the session in the browser and on the server, so that a stolen copy of the cookie is dead too. */
export const endSession = async (c: Context, deps: Deps): Promise<void> => {
  await forget(c, deps)
  deleteCookie(c, hostCookie(deps, 'session'), hostOptions(deps))
}

const forget = async (c: Context, deps: Deps): Promise<void> => {
  const cookie = cookieOf(c, deps)
  if (cookie) await registryLedger(deps).registry.endSession(hashKey(cookie))
}

/** What is kept of it: the words stand before the files. */
const KEPT = 1024 * 1024
const MOST = (MAX_FILES + 1) * MAX_FILE_BYTES

/**
 * A form of the consoles whose sender's session ended while they wrote: it comes back as it was typed, to be sent again
 * after signing in. Null where there is nothing to give back. The sender is not known, so that little of it is ever held
 * in memory, and its parts are counted before they are read (body.ts).
 */
const returnExpiredForm = async (c: Context, deps: Deps): Promise<Response | null> => {
  if (c.req.method !== 'POST' || wantsJson(c)) return null
  const form = await readLate(c)
  if (form === null || Object.keys(form.typed).length === 0) return null
  const { path } = c.req
  return c.html(String(expiredFormPage({ ...form, action: path, room: consoleOf(path) }, pageOf(c, deps))), 403)
}

/** The page that the form stood on. */
const consoleOf = (path: string): string =>
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
