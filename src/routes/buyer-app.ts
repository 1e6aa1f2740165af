import type { Hono } from 'hono'
import type { Deps } from './deps.ts'
import { frame } from './frame.ts'
import { frontRoutes } from './intake/front.ts'
import { trackRoutes } from './track/routes.ts'

/** The front door and the tracking pages: what an isolate of the Worker has at once. The rest it loads on first use. */
export const buyerApp = (deps: Deps): Hono => addBuyerRoutes(frame(deps), deps)

export const addBuyerRoutes = (app: Hono, deps: Deps): Hono =>
  app.route('/', frontRoutes(deps)).route('/t', trackRoutes(deps))

/** The paths of `buyerApp`. */
export const isForBuyers = (path: string): boolean => path === '/' || /^\/(t|pickup)(\/|$)/.test(path)
