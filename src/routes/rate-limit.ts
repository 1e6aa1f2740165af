// Rate limits: of requests whose callers nothing identifies, and a generous bound for holders of a link.

import type { Context, MiddlewareHandler } from 'hono'
import type { Deps } from './deps.ts'
import { Problem } from './problem.ts'
import type { Limiters } from './token-bucket.ts'

/** Throws 429 `too_many` where the client, or all clients together, asked too often. */
export const limitRate = (c: Context, { limiters, clientAddress }: Deps, limit: keyof Limiters): void => {
  const wait = limiters[limit].take(clientAddress?.(c))
  if (wait > 0) throw new Problem('too_many', [], { 'Retry-After': `${wait}` })
}

/** What is limited before its body is read. A form of the consoles is, once it turns out that no session sent it (`session.ts`). */
export const limitRates =
  (deps: Deps): MiddlewareHandler =>
  async (c, next) => {
    const limit = limitOf(c, deps)
    if (limit !== null) limitRate(c, deps, limit)
    await next()
  }

/** A back-channel logout is not limited: a lost one leaves a session open. Nor is the API, whose callers have keys. */
const limitOf = ({ req }: Context, { tickets }: Deps): keyof Limiters | null => {
  const { method, path } = req
  if (path === '/signin/start' || path === '/signin/callback') return 'anonymous'
  if (method !== 'POST') return null
  if (path === '/pickup' || path === '/pickup/resend') return 'anonymous'
  if (path === '/new') return tickets?.verifyUploadToken(req.query('p') ?? '') ? 'holder' : 'anonymous'
  return /^\/[ts]\//.test(path) ? 'holder' : null
}
