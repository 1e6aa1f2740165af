import type { Context, Hono } from 'hono'
import { apiPage } from '../views/api/page.ts'
import { clientOf } from './api/client.ts'
import { keyRoutes } from './api/keys.ts'
import { openApi } from './api/openapi.ts'
import { apiRoutes, reportRoutes } from './api/routes.ts'
import { webhookRoutes } from './api/webhooks.ts'
import { brandRoutes } from './brand.ts'
import { sameOrigin } from './console.ts'
import { askAll, type Deps } from './deps.ts'
import { deskRoutes } from './desk/routes.ts'
import { indexRoutes } from './figures/routes.ts'
import { addBuyerRoutes, frame } from './frame.ts'
import { intakeRoutes } from './intake/routes.ts'
import { pageOf } from './language.ts'
import { logRoutes, rulesRoutes, verifyRoutes } from './log/routes.ts'
import { merchantRoutes } from './merchant/routes.ts'
import { metricsRoutes } from './metrics.ts'
import { signInRoutes } from './signin/routes.ts'
import { thirdPartyRoutes } from './third-party/routes.ts'

/** All routes, wired once; the entries add what only their host has. */
export const createApp = (deps: Deps): Hono => {
  const app = frame(deps)
  for (const path of ['/merchant/*', '/desk/*', '/signout']) app.use(path, sameOrigin(deps))
  addBuyerRoutes(app, deps)
  // Built on first request: it is the slowest part of startup and rarely needed.
  let document: ReturnType<typeof openApi> | undefined
  app.route('/', signInRoutes(deps))
  app.route('/', intakeRoutes(deps))
  app.route('/', brandRoutes(deps))
  const described = () => {
    document ??= openApi(deps.categories, deps.baseUrl)
    return document
  }
  app.get('/api/v1/openapi.json', c => c.json(described()))
  app.get('/api/v1/client.ts', c => c.text(clientOf(described())))
  app.get('/api', c => c.html(String(apiPage(described(), pageOf(c, deps)))))
  app.route('/desk', deskRoutes(deps))
  app.route('/', indexRoutes(deps))
  app.route('/rules', rulesRoutes(deps))
  app.route('/s', thirdPartyRoutes(deps))
  app.route('/merchant', merchantRoutes(deps))
  app.route('/api/v1', apiRoutes(deps))
  app.route('/api/v1/webhooks', webhookRoutes(deps))
  app.route('/api/v1/keys', keyRoutes(deps))
  app.route('/log', logRoutes(deps))
  app.route('/verify', verifyRoutes(deps))
  app.route('/hooks/sms', reportRoutes(deps))
  app.get('/.well-known/jwks.json', c => jwks(c, deps))
  app.get('/healthz', c => c.json({ status: 'ok' }))
  app.get('/readyz', c => ready(c, deps))
  app.route('/metrics', metricsRoutes(deps))
  return app
}

const jwks = async (c: Context, { ledgers }: Deps) => {
  const logs = await Promise.all(ledgers.map(ledger => ledger.log.identity()))
  const keys = new Map(logs.flatMap(log => log.jwks.keys).map(key => [key.kid, key]))
  return c.json({ keys: [...keys.values()] })
}

/** Readiness: 503 with a reason whenever a write would fail or a promise is not being kept. */
const ready = async (c: Context, deps: Deps) => {
  const { answers, silent } = await askAll(deps.ledgers, ledger => ledger.health())
  const ill =
    silent.length > 0
      ? { reason: 'unavailable', detail: `no answer from shard ${silent.join(', ')}` }
      : answers.find(each => each !== null && !each.isWarning)
  if (ill) return c.json({ status: 'unavailable', ...ill }, 503)
  const warnings = answers.flatMap(each => (each ? [{ reason: each.reason, detail: each.detail }] : []))
  return c.json({ status: 'ready', ...(warnings.length > 0 && { warnings }) })
}
