import { HOUR } from '../../complaint/time.ts'
import type { Env, WorkerConfig } from '../../config/worker.ts'
import { advanceClock, type DemoFacts, newApiKey, replayStories, seedContacts } from '../../demo/replay.ts'
import { DEMO_MERCHANT, DEMO_PEOPLE, DEMO_SHOP, STORIES } from '../../demo/stories.ts'
import { createApp } from '../../routes/app.ts'
import { hashKey } from '../../routes/auth.ts'
import { demoRoutes } from '../../routes/demo/routes.ts'
import { registryLedger } from '../../routes/deps.ts'
import { workerDeps } from './deps.ts'
import { ledgerStub } from './ledger-stub.ts'
import type { Shard } from './shard.ts'

type Shards = readonly (() => Shard)[]

/** A demo's time belongs to its objects; here it is what the first one said last. */
class EdgeClock {
  readonly #shards: Shards
  #ahead = 0
  constructor(shards: Shards) {
    this.#shards = shards
  }
  now(): number {
    return Date.now() + this.#ahead
  }
  async read(): Promise<void> {
    const [first] = this.#shards
    if (first) this.#ahead = (await first().now()) - Date.now()
  }
  async moveTo(instant: number): Promise<void> {
    for (const shard of this.#shards) await shard().moveClock(instant)
    await this.read()
  }
}

/** Lets the time of all shards pass; answers when something is due next in any. */
const keeperOf = (shards: Shards) => ({
  runOnce: async (): Promise<number | null> => {
    const next = (await Promise.all(shards.map(shard => shard().runOnce()))).filter(at => at !== null)
    return next.length === 0 ? null : Math.min(...next)
  },
})

const partsOf = (env: Env, config: WorkerConfig, shards: Shards) => {
  const clock = new EdgeClock(shards)
  // Whoever asks a shard for something asks the time as well; a forged link asks nobody.
  const deps = workerDeps(
    env,
    config,
    shards.map(shard => ledgerStub(shard, () => clock.read())),
    clock,
  )
  return { clock, deps, app: createApp(deps), keeper: keeperOf(shards) }
}

/** The demo on the edge: the app, and its desk. */
export const demoApp = (
  env: Env,
  config: WorkerConfig,
  shards: Shards,
): { fetch(request: Request): Promise<Response> } => {
  const { clock, deps, app, keeper } = partsOf(env, config, shards)
  let facts: DemoFacts
  const look = async () => {
    facts = (await shards[0]?.().facts()) ?? facts
    // Telling the stories moved the clock.
    await clock.read()
  }
  const desk = {
    deps,
    people: DEMO_PEOPLE,
    shop: DEMO_SHOP,
    advance: (hours: number) => advanceClock(clock, keeper, clock.now() + hours * HOUR),
    facts: () => facts,
    messages: async () => (await Promise.all(shards.map(shard => shard().messages()))).flat(),
  }
  app.use('/demo/*', async (_c, next) => {
    await look()
    await next()
  })
  app.route('/demo', demoRoutes(desk))
  app.get('/demo.json', async c => {
    await look()
    return c.json(facts)
  })
  return {
    fetch: async request => {
      // A link asks the time with its complaint, and a forged one not at all.
      if (!new URL(request.url).pathname.startsWith('/t/')) await clock.read()
      return app.fetch(request)
    },
  }
}

/** Replays the stories through the API, up to now. For a demo that has none yet. */
export const tellStories = async (env: Env, config: WorkerConfig, shards: Shards): Promise<DemoFacts> => {
  const { clock, deps, app, keeper } = partsOf(env, config, shards)
  const { merchantId } = DEMO_MERCHANT
  const apiKeys = { platform: newApiKey(), merchant: newApiKey(), supervisor: newApiKey() }
  await registryLedger(deps).registry.addCredential(hashKey(apiKeys.platform), {
    role: 'platform',
    name: 'demo platform',
  })
  await registryLedger(deps).registry.addCredential(hashKey(apiKeys.supervisor), {
    role: 'supervisor',
    name: 'demo supervisor',
  })
  await registryLedger(deps).registry.addCredential(hashKey(apiKeys.merchant), {
    role: 'merchant',
    merchant: merchantId,
    name: 'demo merchant',
  })
  await seedContacts(deps.ledgers)
  const stories = await replayStories({ app, clock, keeper, keys: apiKeys }, STORIES, Date.now())
  return { baseUrl: deps.baseUrl, apiKeys, merchantId, stories }
}
