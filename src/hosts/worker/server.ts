import { getPath } from 'hono/utils/url'
import { LOCALES } from '../../complaint/words.ts'
import { readWorkerSettings, SettingsError, type WorkerSettings } from '../../config/settings.ts'
import { sweepFiles } from '../../routes/evidence.ts'
import { buyerApp, isForBuyers } from '../../routes/frame.ts'
import { localeOf } from '../../routes/language.ts'
import { requestIdOf } from '../../routes/observe.ts'
import { errorFields, log } from '../../telemetry/log.ts'
import { type Env, objectOf } from './bindings.ts'
import { loadLanguage, workerDeps } from './deps.ts'
import { ledgerStub } from './ledger-rpc.ts'

const shardsOf = (env: Env, settings: WorkerSettings) =>
  Array.from({ length: settings.shards }, (_, n) => objectOf(env.SHARD, String(n), settings))

const loadAll = async (): Promise<void> => {
  await Promise.all(LOCALES.map(loadLanguage))
}

interface App {
  fetch(request: Request): Response | Promise<Response>
}

/** The same app as on Node, over stubs. Reads settings alone, so that all requests can share the app that one opened. */
const open = async (env: Env): Promise<App> => {
  const settings = await readWorkerSettings(env)
  const shards = shardsOf(env, settings)
  if (settings.demo) await loadAll()
  if (settings.demo) return (await import('./demo.ts')).demoApp(env, settings, shards)
  const ledgers = shards.map(shard => ledgerStub(shard))
  const deps = workerDeps(env, settings, ledgers, { now: () => Date.now() })
  const forBuyers = buyerApp(deps)
  // No promise is shared between requests; `import` itself loads a module once.
  let forAll: App | undefined
  return {
    fetch: async request => {
      if (isForBuyers(getPath(request))) {
        await loadLanguage(localeOf(request))
        return forBuyers.fetch(request)
      }
      await loadAll()
      const { fullApp } = await import('./full-app.ts')
      forAll ??= fullApp(deps, settings)
      return forAll.fetch(request)
    },
  }
}

const operated = async (request: Request, env: Env): Promise<Response> => {
  const settings = await readWorkerSettings(env)
  const { operate } = await import('./operator.ts')
  return operate(request, shardsOf(env, settings), settings.operatorToken)
}

/** The app is opened by the first request and kept for the life of the isolate. Settings that were wrong are read again. */
export const workerServer = () => {
  let opened: Promise<App> | null = null
  return {
    async fetch(request: Request, env: Env): Promise<Response> {
      try {
        if (getPath(request).startsWith('/operator/')) return await operated(request, env)
        opened ??= open(env)
        return await (await opened).fetch(request)
      } catch (error) {
        opened = null
        return unavailable(error, requestIdOf(request.headers.get('x-request-id')))
      }
    },
    /** Once a day (`[triggers]` in wrangler.toml). What fails is logged by the runtime, and done the next day. */
    async scheduled({ scheduledTime }: { scheduledTime: number }, env: Env): Promise<void> {
      const settings = await readWorkerSettings(env)
      const ledgers = shardsOf(env, settings).map(shard => ledgerStub(shard))
      await sweepFiles(workerDeps(env, settings, ledgers, { now: () => Date.now() }), scheduledTime)
    },
  }
}

/** 503: names settings that are wrong, for the operator, and shows nothing of any other error. */
const unavailable = (error: unknown, requestId: string): Response => {
  const detail = error instanceof SettingsError ? error.message : undefined
  log(
    'error',
    'not served',
    detail === undefined ? { requestId, ...errorFields(error) } : { requestId, reason: detail },
  )
  const title = 'This server is not ready.'
  return new Response(
    JSON.stringify({ type: 'urn:tousu:error:unavailable', title, status: 503, code: 'unavailable', detail }),
    {
      status: 503,
      headers: {
        ...{ 'Content-Type': 'application/problem+json', 'Retry-After': '30', 'Cache-Control': 'no-store' },
        'X-Request-Id': requestId,
      },
    },
  )
}
