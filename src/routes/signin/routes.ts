import { type Context, Hono } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { Session } from '../../ledger/contract/registry.ts'
import { log } from '../../telemetry/log.ts'
import { type SignInFailure, signedOutPage, signInFailedPage, signInPage } from '../../views/signin/page.ts'
import { readBytes } from '../body.ts'
import { type Deps, registryLedger } from '../deps.ts'
import { pageOf } from '../language.ts'
import { endSession, hostCookie, hostOptions, openSession, personOf, roomOf } from './session.ts'

const LOGIN_SECONDS = 600
const MAX_TABS = 5
const MAX_TOKEN = 20_000

/** Sign-in and sign-out of clerks, officers and supervisors: OpenID Connect code flow with PKCE. */
export const signInRoutes = (deps: Deps) =>
  new Hono()
    .get('/signin', c => show(c, deps))
    .get('/signin/start', c => start(c, deps))
    .get('/signin/callback', c => callback(c, deps))
    .post('/signin/backchannel-logout', c => backchannelLogout(c, deps))
    .post('/signout', c => signOut(c, deps))

const show = async (c: Context, deps: Deps) => {
  const to = localPath(c.req.query('to'))
  const person = await personOf(c, deps)
  if (person) return c.redirect(landing(person.role, to), 303)
  const way = deps.demo ? 'demo' : deps.oidc ? 'provider' : 'none'
  return c.html(String(signInPage(pageOf(c, deps), way, to)), way === 'none' ? 503 : 200)
}

const start = async (c: Context, deps: Deps) => {
  if (!deps.oidc) return c.redirect('/signin', 303)
  const begun = await deps.oidc.startLogin(localPath(c.req.query('to')))
  if (!begun) return failed(c, deps, 'unreachable')
  forgetOldest(c, deps)
  setCookie(c, loginCookie(deps, begun.state), begun.kept, { ...hostOptions(deps), maxAge: LOGIN_SECONDS })
  return c.redirect(begun.url, 303)
}

const callback = async (c: Context, deps: Deps) => {
  const cookie = loginCookie(deps, c.req.query('state'))
  const kept = getCookie(c, cookie) ?? ''
  // Single use: the callback opened a second time finds no pending login.
  deleteCookie(c, cookie, hostOptions(deps))
  const arrival = await deps.oidc?.finishLogin(new URL(c.req.url).search, kept)
  if (!arrival) return c.redirect('/signin', 303)
  if ('failed' in arrival) {
    log('warn', 'sign-in refused', { requestId: c.get('requestId'), reason: arrival.failed, code: arrival.code })
    return failed(c, deps, arrival.failed)
  }
  await openSession(c, deps, arrival.person)
  return c.redirect(landing(arrival.person.role, arrival.to), 303)
}

/** One pending-login cookie for each `state`: several tabs may sign in at once, and login CSRF can't replace theirs. */
const loginCookie = (deps: Deps, state = ''): string =>
  hostCookie(deps, `signin-${state.replace(/[^\w-]/g, '').slice(0, 16)}`)

/** Keep at most a few pending-login cookies: more would exceed request-header limits. */
const forgetOldest = (c: Context, deps: Deps): void => {
  const begun = Object.keys(getCookie(c)).filter(name => name.startsWith(loginCookie(deps)))
  for (const name of begun.slice(0, 1 - MAX_TABS)) deleteCookie(c, name, hostOptions(deps))
}

const STATUS = { unreachable: 503, stale: 400, denied: 403, refused: 400, no_role: 403 } as const

const failed = (c: Context, deps: Deps, failure: SignInFailure) => {
  if (failure === 'unreachable') c.header('Retry-After', '30')
  return c.html(String(signInFailedPage(pageOf(c, deps), failure)), STATUS[failure])
}

/** From the identity provider itself: no cookie, but a signed token (OpenID Connect Back-Channel Logout 1.0, 2.5). */
const backchannelLogout = async (c: Context, deps: Deps) => {
  const sent = new TextDecoder().decode(await readBytes(c, MAX_TOKEN))
  const token = new URLSearchParams(sent).get('logout_token')
  const subject = token && (await deps.oidc?.loggedOut(token))
  if (!subject) return c.json({ error: 'invalid_request' }, 400)
  await registryLedger(deps).registry.endSessionsOf(subject)
  return c.body(null, 200)
}

const signOut = async (c: Context, deps: Deps) => {
  await endSession(c, deps)
  return c.html(String(signedOutPage(pageOf(c, deps), (await deps.oidc?.endUrl()) ?? null)))
}

/** Open redirect guard: a path of the consoles, or the empty text. The URL is parsed first: `//evil`, `/\evil` and `..` are refused. */
export const localPath = (text: string | undefined): string => {
  const base = 'https://our.own'
  if (text === undefined || !URL.canParse(text, base)) return ''
  const { origin, pathname, search } = new URL(text, base)
  const path = pathname + search
  // Longer than that, a cookie would not hold it.
  return origin === base && /^\/(merchant|desk)(\/|$)/.test(pathname) && path.length <= 500 ? path : ''
}

/** Where the user wanted to go, if their role may open it. */
export const landing = (role: Session['role'], to: string): string => {
  const room = roomOf(role)
  return new RegExp(`^${room}(/|\\?|$)`).test(to) ? to : room
}
