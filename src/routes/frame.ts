// What every answer of ours goes through, whichever routes stand inside: request id, headers, limits, uploads, errors.

import { type Context, Hono } from 'hono'
import { methodNotAllowed } from 'hono/method-not-allowed'
import { entry } from '../i18n/values.ts'
import { log } from '../telemetry/log.ts'
import type { PageContext } from '../views/context.ts'
import { consoleProblemPage, notFoundPage, problemPage } from '../views/errors.ts'
import type { Html } from '../views/html.ts'
import type { Deps } from './deps.ts'
import { noStore, PRIVATE_HEADERS, SECURITY_HEADERS, withHeaders } from './headers.ts'
import { frontRoutes } from './intake/front.ts'
import { keepLanguage, pageOf } from './language.ts'
import { observe, requestIdHeader } from './observe.ts'
import { wantsJson } from './perform-act.ts'
import { EDGE_ERRORS, isAltered, Problem } from './problem.ts'
import { limitRates } from './rate-limit.ts'
import { RepeatedPages } from './track/page-cache.ts'
import { trackPage, trackRoutes } from './track/routes.ts'
import { receiveUploads } from './uploads.ts'

/** An app with the tracking page, all middleware and all errors; further routes come after it. */
export const frame = (deps: Deps): Hono => {
  const app = new Hono()
  const repeats = new RepeatedPages(deps)
  const { fetch } = app
  app.fetch = (request, ...rest) => {
    const known = repeats.answer(request)
    if (known instanceof Promise) return known.then(answer => answer ?? fetch(request, ...rest))
    return known ?? fetch(request, ...rest)
  }
  app.use(observe(deps.process?.requests))
  // Hot path first: a tracking page is requested a hundred times as often as everything else, so it passes no other middleware.
  // Security headers and the request id are therefore set in three places: `send` (that page), `answer` (errors), this
  // middleware (the rest).
  app.route('/t', trackPage(deps, repeats))
  app.use(withHeaders(SECURITY_HEADERS), requestIdHeader)
  app.use('/t/*', withHeaders(PRIVATE_HEADERS))
  app.use('/s/*', withHeaders(PRIVATE_HEADERS))
  app.use('/api/v1/complaints/*', withHeaders(PRIVATE_HEADERS))
  app.use('/api/v1/webhooks/*', withHeaders(PRIVATE_HEADERS))
  app.use('/api/v1/keys/*', withHeaders(PRIVATE_HEADERS))
  app.use(receiveUploads(deps))
  app.use(async (c, next) => {
    keepLanguage(c)
    await next()
  })
  for (const path of ['/merchant/*', '/desk/*', '/signin/*', '/signout', '/demo/signin', '/new']) app.use(path, noStore)
  app.use(limitRates(deps))
  app.use(methodNotAllowed({ app, onMethodNotAllowed: (c, methods) => answer(c, deps, wrongMethod(methods)) }))
  app.notFound(c => answer(c, deps, new Problem('not_found')))
  app.onError((error, c) => answer(c, deps, asProblem(error)))
  return app
}

const wrongMethod = (methods: string[]) => new Problem('method_not_allowed', [], { Allow: methods.join(', ') })

/** What is unknown is logged (`observe`), never shown. */
const asProblem = (error: unknown): Problem => {
  if (error instanceof Problem) return error
  if (isAltered(error)) {
    log('error', 'alert: a row contradicts the log', { row: error.message })
    return new Problem('row_altered')
  }
  return new Problem(isStorage(error) ? 'unavailable' : 'internal')
}
const isStorage = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('SQLITE_')

const FOR_PROGRAMS = /^\/(index\.|api|hooks|log|\.well-known|healthz|readyz|metrics)\b/

/** Problem details for programs, a page for people. */
const answer = (c: Context, deps: Deps, problem: Problem): Response => {
  const { status } = problem
  // An error of the tracking page passes no middleware.
  const headers = {
    ...SECURITY_HEADERS,
    ...(c.req.path.startsWith('/t/') && PRIVATE_HEADERS),
    ...{ 'X-Request-Id': c.get('requestId') },
    ...problem.headers(),
  }
  if (FOR_PROGRAMS.test(c.req.path) || wantsJson(c) || !prefersPage(c)) {
    return new Response(JSON.stringify(problem.json(requestOf(c, status))), {
      status,
      headers: { ...headers, 'Content-Type': 'application/problem+json' },
    })
  }
  const page = pageFor(c, pageOf(c, deps), problem)
  // By the context, which may hold the language's cookie.
  const init = new Response(null, { status, headers: { ...headers, 'Content-Type': 'text/html; charset=utf-8' } })
  return c.newResponse(String(page), init)
}

const pageFor = (c: Context, page: PageContext, problem: Problem): Html => {
  const { status } = problem
  const title = (isConsole(c) && c.req.method === 'GET' && badAddress(problem, page)) || titleFor(problem, page)
  const request = requestOf(c, status)
  if (isConsole(c)) return consoleProblemPage(page, { status, title, back: caseOf(c, status), request })
  if (status === 404) return notFoundPage(page, gotAt(c, status))
  return problemPage(page, { status, title, back: roomOf(c, status), request }, gotAt(c, status))
}

/** Of a page that was asked for with what its address may not say. */
const badAddress = ({ code, errors }: Problem, page: PageContext): string | null =>
  code === 'unknown_field' || (code === 'invalid' && errors.length > 0)
    ? page.console.badAddress([...new Set(errors.map(({ field }) => field))].filter(Boolean).join(', '))
    : null

/** What a user's report of a failure names, so that its log line is found; every answer has it as X-Request-Id. */
const requestOf = (c: Context, status: number): string | undefined => (status >= 500 ? c.get('requestId') : undefined)

const isConsole = ({ req }: Context): boolean => /^\/(merchant|desk)(\/|$)/.test(req.path)
/** The complaint that a form of the consoles was about, unless it is not its sender's. */
const caseOf = ({ req }: Context, status: number): string | undefined =>
  status === 403 || status === 404 ? undefined : /^\/(merchant|desk)\/complaints\/[0-9A-Z]+/.exec(req.path)?.[0]

/** The tracking page that a form was posted from. Unknown links must all answer alike, so they get none. */
const roomOf = ({ req }: Context, status: number): string =>
  (status !== 404 && /^\/t\/[A-Za-z0-9_-]+/.exec(req.path)?.[0]) || '/'
/** Where GET finds what this answer is about, for its language switch; nothing for right here. */
const gotAt = (c: Context, status: number): string => (c.req.method === 'GET' ? '' : roomOf(c, status))

/** Content negotiation of errors: a page for browsers, problem details for programs. */
const prefersPage = (c: Context): boolean => {
  const accept = c.req.header('accept') ?? '*/*'
  return accept.includes('text/html') || accept.includes('*/*')
}

const titleFor = ({ code, message }: Problem, { words }: PageContext): string =>
  entry(words.refusals.byCode, code) ?? (code in EDGE_ERRORS ? words.refusals.other : message)

/** The front door and the tracking pages: what an isolate of the Worker has at once. The rest it loads on first use. */
export const buyerApp = (deps: Deps): Hono => addBuyerRoutes(frame(deps), deps)

export const addBuyerRoutes = (app: Hono, deps: Deps): Hono =>
  app.route('/', frontRoutes(deps)).route('/t', trackRoutes(deps))

/** The paths of `buyerApp`. */
export const isForBuyers = (path: string): boolean => path === '/' || /^\/(t|pickup)(\/|$)/.test(path)
