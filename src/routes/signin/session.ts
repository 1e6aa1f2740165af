import type { Context, MiddlewareHandler } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { HOUR } from '../../complaint/time.ts'
import type { Session } from '../../ledger/contract/registry.ts'
import { toBase64url } from '../../log/encoding.ts'
import { hashKey } from '../authenticate.ts'
import { type Deps, registryLedger } from '../deps.ts'
import { Problem } from '../problem.ts'
import { limitRate } from '../rate-limit.ts'
import { returnExpiredForm } from './expired-session-form.ts'

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
