import { ConfigError, type Env, readWorkerConfig, type WorkerConfig } from '../../config/worker.ts'
import { createApp } from '../../routes/app.ts'
import { demoApp } from './demo.ts'
import { workerDeps } from './deps.ts'
import { describeError } from './ledger-object.ts'
import { ledgerStub } from './ledger-stub.ts'

const shardsOf = (env: Env, { shards }: WorkerConfig) =>
  Array.from({ length: shards }, (_, n) => () => env.SHARD.get(env.SHARD.idFromName(String(n))))

interface Served {
  fetch(request: Request): Response | Promise<Response>
}

/** The same app as on Node, around stubs. Reads settings alone, so that requests can share what one of them opened. */
const open = async (env: Env): Promise<Served> => {
  const config = await readWorkerConfig(env)
  const shards = shardsOf(env, config)
  if (config.demo) return demoApp(env, config, shards)
  const ledgers = shards.map(shard => ledgerStub(shard))
  return createApp(workerDeps(env, config, ledgers, { now: () => Date.now() }))
}

/** One a Worker: the app is opened by the first request and kept, with its pages, as long as the isolate lives. */
export const workerServer = () => {
  let opened: Promise<Served> | null = null
  return {
    async fetch(request: Request, env: Env): Promise<Response> {
      try {
        opened ??= open(env)
        return await (await opened).fetch(request)
      } catch (error) {
        opened = null
        return unavailable(error)
      }
    },
  }
}

/** A setting that is wrong is named, to whoever deployed this; of anything else the answer says nothing. */
const unavailable = (error: unknown): Response => {
  const detail = error instanceof ConfigError ? error.message : undefined
  console.error('not served:', detail ?? describeError(error))
  const title = 'This server is not ready.'
  return new Response(
    JSON.stringify({ type: 'urn:tousu:error:unavailable', title, status: 503, code: 'unavailable', detail }),
    {
      status: 503,
      headers: { 'Content-Type': 'application/problem+json', 'Retry-After': '30', 'Cache-Control': 'no-store' },
    },
  )
}
