import type { Hono } from 'hono'
import policy from '../db/policies/cn-2026-1.json' with { type: 'json' }
import { createApp } from './app.ts'
import { zhCN } from './complaint/i18n/zh-cn.ts'
import { bucketStore } from './files-edge.ts'
import { readPolicy } from './ledger/opening.ts'
import { SecretError } from './ledger/secrets.ts'
import { pickupCode } from './link/pickup.ts'
import { hashKey } from './routes/auth.ts'
import { type Deps, home } from './routes/deps.ts'
import { zhCNPage } from './views/i18n/zh-cn.ts'
import { type EdgeConfig, type Env, readEdgeConfig } from './worker-config.ts'
import { demoApp } from './worker-demo.ts'
import { remoteLedger } from './worker-remote.ts'

export { Notes } from './worker-notes.ts'
export { Shard } from './worker-shard.ts'

const shardsOf = (env: Env, { shards }: EdgeConfig) =>
  Array.from({ length: shards }, (_, n) => () => env.SHARD.get(env.SHARD.idFromName(String(n))))

/** The same app as on Node, around stubs. A forged link ends in this Worker: no object is woken for it. */
const open = async (env: Env): Promise<Hono> => {
  const config = await readEdgeConfig(env)
  const { secrets, baseUrl } = config
  const shards = shardsOf(env, config)
  const inForce = readPolicy(policy)
  const clock = { now: () => Date.now() }
  const deps: Deps = {
    ledgers: shards.map(remoteLedger),
    files: bucketStore(env.FILES),
    links: secrets.links,
    pickupCode: id => pickupCode(id, secrets.tags),
    baseUrl,
    categories: inForce.policy.categories,
    policyDocument: hash => (hash === inForce.policy.hash ? inForce.text : null),
    clock,
    page: { words: zhCNPage, dictionary: zhCN },
  }
  if (config.platformKey) {
    await home(deps).addCredential(hashKey(config.platformKey), { role: 'platform', name: 'TOUSU_PLATFORM_KEY' })
  }
  return config.demo ? demoApp(deps, shards) : createApp(deps)
}

let opened: Promise<Hono> | null = null

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    try {
      opened ??= open(env)
      return await (await opened).fetch(request)
    } catch (error) {
      opened = null
      console.error(error instanceof SecretError ? error.message : 'the worker could not start')
      return new Response('unavailable', { status: 503, headers: { 'Retry-After': '5' } })
    }
  },
}
