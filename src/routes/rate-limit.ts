// Rate limits: of requests whose callers nothing identifies, and a generous bound for holders of a link.

import type { Context, MiddlewareHandler } from 'hono'
import { DAY, MINUTE } from '../complaint/time.ts'
import { type Deps, registryLedger } from './deps.ts'
import type { Limiters } from './limits.ts'
import { Problem } from './problem.ts'

/** Throws 429 `too_many` where the client, or all clients together, asked too often. */
export const limitRate = (c: Context, { limiters, clientAddress }: Deps, limit: keyof Limiters): void => {
  const wait = limiters[limit].take(clientAddress?.(c))
  if (wait > 0) throw new Problem('too_many', [], { 'Retry-After': `${wait}` })
}

/** What is limited before its body is read. A form of the consoles is, once it turns out that no session sent it (`signin/session.ts`). */
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

// Brute force: tries at what only the buyer knows, counted in the registry of shard 0.

/** Five tries lock a code, or an order's phone, for a quarter of an hour; a right code takes the earlier ones back. */
export const TRIES = 5
export const LOCKED_MS = 15 * MINUTE
/**
 * A caller who knows a code or a link has 20 guesses in a day at the four digits, so 10,000 take 500 days; five in each quarter of
 * an hour would take 21.
 */
const TRIES_A_DAY = 20

/** Throws 429 `too_many_attempts` once there were too many. */
export const attempt = async (deps: Deps, what: string, tries = TRIES, lockMs = LOCKED_MS): Promise<void> => {
  if (!(await registryLedger(deps).registry.recordAttempt(what, tries, lockMs))) throw new Problem('too_many_attempts')
}

/** A guess at the four digits that belong to `what`. */
export const guess = async (deps: Deps, kind: string, what: string): Promise<void> => {
  await attempt(deps, `${kind} ${what}`)
  await attempt(deps, `day ${what}`, TRIES_A_DAY, DAY)
}

/** It was right. */
export const guessed = async (deps: Deps, kind: string, what: string): Promise<void> => {
  for (const each of [kind, 'day']) await registryLedger(deps).registry.clearAttempts(`${each} ${what}`)
}
