import type { Context, MiddlewareHandler } from 'hono'
import { foreignOriginPage } from '../views/signin/page.ts'
import type { Deps } from './deps.ts'
import { pageOf } from './language.ts'
import { wantsJson } from './perform-act.ts'
import { Problem } from './problem.ts'

/**
 * CSRF guard: state-changing requests authenticated by cookie must come from our own origin. What the browser says of the site counts first (Fetch Metadata):
 * no page can forge it, and some web views send `Origin: null` beside it. Who sends neither is refused.
 */
export const sameOrigin =
  (deps: Deps): MiddlewareHandler =>
  async (c, next) => {
    if (isSafe(c) || fromUs(c, deps)) return next()
    if (wantsJson(c)) throw new Problem('foreign_origin')
    return c.html(String(foreignOriginPage(pageOf(c, deps))), 403)
  }

const isSafe = (c: Context): boolean => ['GET', 'HEAD', 'OPTIONS'].includes(c.req.method)

const fromUs = (c: Context, { baseUrl, demo }: Deps): boolean => {
  const [site, origin] = [c.req.header('sec-fetch-site'), c.req.header('origin')]
  if (site !== undefined) return site === 'same-origin'
  // A demo is also opened from a phone on the same network, by an address that no setting names.
  return origin === new URL(baseUrl).origin || (demo === true && origin === new URL(c.req.url).origin)
}
