// Observability of requests: an id for each, a line for each failure, and how long they took, by route.

import type { Context, MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import { errorFields, log } from '../telemetry/log.ts'
import { type Family, Histogram } from '../telemetry/metrics.ts'
import { Problem } from './problem.ts'

declare module 'hono' {
  interface ContextVariableMap {
    /** X-Request-Id: as the caller or a proxy sent it, or made here. */
    requestId: string
  }
}

const REQUEST_ID = /^[A-Za-z0-9._-]{8,64}$/

/** The caller's own id, if it looks like one; else a new one. */
export const requestIdOf = (sent: string | undefined | null): string =>
  sent && REQUEST_ID.test(sent) ? sent : crypto.randomUUID()

/** First of all middleware. The id's header is set where security headers are (`app.ts`), so that a tracking page pays nothing. */
export const observe =
  (times: RequestTimes | undefined): MiddlewareHandler =>
  async (c, next) => {
    const began = performance.now()
    c.set('requestId', requestIdOf(c.req.header('x-request-id')))
    await next()
    const { status } = c.res
    if (times === undefined && status < 500) return
    const route = routeOf(c)
    times?.observe(route, c.req.method, status, (performance.now() - began) / 1000)
    // Readiness is an answer, not a failure; a change of health has a line of its own.
    if (status >= 500 && route !== '/readyz') logFailure(c, route)
  }

export const requestIdHeader: MiddlewareHandler = async (c, next) => {
  await next()
  c.res.headers.set('X-Request-Id', c.get('requestId'))
}

/** The pattern of the handler that the request was for, never its path; of middleware that answered, what that means. */
const routeOf = (c: Context): string =>
  matchedRoutes(c).find(({ method }) => method !== 'ALL')?.path ?? (c.res.status < 400 ? 'static' : 'unmatched')

const logFailure = (c: Context, route: string): void => {
  const { error } = c
  const cause = error instanceof Problem ? { code: error.code } : error === undefined ? {} : errorFields(error)
  log('error', 'request failed', {
    requestId: c.get('requestId'),
    method: methodOf(c.req.method),
    route,
    status: c.res.status,
    ...cause,
  })
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
/** A method may be any word: an unknown one is not let into a label or a line. */
const methodOf = (method: string): string => (METHODS.includes(method) ? method : 'other')

/** Seconds; a submission waits up to a second for its signature. */
const BUCKETS = [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Duration of requests, by route pattern, status and method: as many series as there are routes, whatever is asked for. */
export class RequestTimes {
  /** By route, then by status and method as one number: a lookup builds no text. */
  readonly #routes = new Map<string, Map<number, Histogram>>()

  observe(route: string, method: string, status: number, seconds: number): void {
    const known = this.#routes.get(route)
    const series = known ?? new Map<number, Histogram>()
    if (!known) this.#routes.set(route, series)
    // -1 for a method that is none of ours.
    const key = status * 10 + METHODS.indexOf(method) + 1
    const times = series.get(key) ?? new Histogram(BUCKETS)
    times.observe(seconds)
    series.set(key, times)
  }

  family(): Family {
    return {
      name: 'tousu_http_request_seconds',
      help: 'Duration of requests by route pattern, status and method.',
      type: 'histogram',
      samples: [...this.#routes].flatMap(([route, series]) =>
        [...series].map(([key, times]) => ({
          labels: { route, status: Math.floor(key / 10), method: METHODS[(key % 10) - 1] ?? 'other' },
          value: times.value,
        })),
      ),
    }
  }
}
