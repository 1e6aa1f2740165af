import { HOUR } from '../../complaint/time.ts'
import type { WorkerSettings } from '../../config/settings.ts'
import { advanceClock, type DemoFacts, seedDemo } from '../../demo/replay.ts'
import { DEMO_BRAND, DEMO_PEOPLE, DEMO_SHOP } from '../../demo/stories.ts'
import { createApp } from '../../routes/app.ts'
import { demoRoutes } from '../../routes/demo/routes.ts'
import { withAccess } from '../create-deps.ts'
import type { Env, ShardObject } from './bindings.ts'
import { workerDeps } from './deps.ts'
import { ledgerStub } from './ledger-rpc.ts'

type Shards = readonly (() => ShardObject)[]

/** The demo's clock, as the first shard last reported it: the objects keep the time. */
class ShardClock {
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

/** Runs all shards; answers when something is due next in any. */
const schedulerOf = (shards: Shards) => ({
  runOnce: async (): Promise<number | null> => {
    const next = (await Promise.all(shards.map(shard => shard().runOnce()))).filter(at => at !== null)
    return next.length === 0 ? null : Math.min(...next)
  },
})

const open = (env: Env, settings: WorkerSettings, shards: Shards) => {
  const clock = new ShardClock(shards)
  // The clock is read beside each call of a shard, so a request with a forged link wakes no object.
  const ledgers = shards.map(shard => ledgerStub(shard, () => clock.read()))
  const deps = withAccess(workerDeps(env, settings, ledgers, clock), settings)
  return { clock, deps, app: createApp(deps), scheduler: schedulerOf(shards) }
}

/** The demo on Cloudflare: the app with `/demo`. */
export const demoApp = (
  env: Env,
  settings: WorkerSettings,
  shards: Shards,
): { fetch(request: Request): Promise<Response> } => {
  const { clock, deps, app, scheduler } = open(env, settings, shards)
  let facts: DemoFacts
  const readFacts = async () => {
    facts = (await shards[0]?.().facts()) ?? facts
    // Seeding moved the clock.
    await clock.read()
  }
  const demo = {
    deps,
    people: DEMO_PEOPLE,
    shop: DEMO_SHOP,
    brand: DEMO_BRAND,
    advance: (hours: number) => advanceClock(clock, scheduler, clock.now() + hours * HOUR),
    facts: () => facts,
    messages: async () => (await Promise.all(shards.map(shard => shard().messages()))).flat(),
  }
  app.use('/demo/*', async (_c, next) => {
    await readFacts()
    await next()
  })
  app.route('/demo', demoRoutes(demo))
  app.get('/demo.json', async c => {
    await readFacts()
    return c.json(facts)
  })
  return {
    fetch: async request => {
      // A tracking link reads the clock with its complaint, and a forged one not at all.
      if (!new URL(request.url).pathname.startsWith('/t/')) await clock.read()
      return app.fetch(request)
    },
  }
}

/** Seeds a new demo: the stories are replayed through the API, up to now. */
export const seedShards = (env: Env, settings: WorkerSettings, shards: Shards): Promise<DemoFacts> =>
  seedDemo(open(env, settings, shards), Date.now())
