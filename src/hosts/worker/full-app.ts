import type { Hono } from 'hono'
import type { WorkerSettings } from '../../config/settings.ts'
import { createApp } from '../../routes/app.ts'
import type { Deps } from '../../routes/deps.ts'
import { withAccess } from '../create-deps.ts'

/** All routes. Loaded when the first request comes that is not a buyer's. */
export const fullApp = (deps: Deps, settings: WorkerSettings): Hono => createApp(withAccess(deps, settings))
