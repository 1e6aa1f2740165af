import { Hono } from 'hono'
import { DEMO_MERCHANT, STORIES } from '../db/stories.ts'
import { createApp } from './app.ts'
import { type DemoFacts, newApiKey, passTime, replayStories } from './demo.ts'
import { hashKey } from './routes/auth.ts'
import { demoRoutes } from './routes/demo.ts'
import { type Deps, home } from './routes/deps.ts'
import type { Shard } from './worker-shard.ts'

const HOUR = 3_600_000

/** Time in demo mode belongs to the shards' objects; each request asks the first one what time it is. */
class EdgeClock {
  readonly #shards: readonly (() => Shard)[]
  #ahead = 0
  constructor(shards: readonly (() => Shard)[]) {
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

/** The demo on the edge: the same stories through the same API, told to the objects when they are new. */
export const demoApp = async (plain: Deps, shards: readonly (() => Shard)[]): Promise<Hono> => {
  const clock = new EdgeClock(shards)
  const deps = { ...plain, clock }
  const app = createApp(deps)
  const keeper = { pass: async () => earliest(await Promise.all(shards.map(shard => shard().pass()))) }
  const [first] = shards
  if (!first) throw new RangeError('a demo needs a shard')
  const facts = (await first().facts()) ?? (await tell(deps, app, clock, keeper))
  await first().keepFacts(facts)
  const desk = {
    page: deps.page,
    clock,
    advance: (hours: number) => passTime(clock, keeper, clock.now() + hours * HOUR),
    facts: () => facts,
    messages: async () => (await Promise.all(shards.map(shard => shard().messages()))).flat(),
  }
  return new Hono()
    .use(async (_c, next) => {
      await clock.read()
      await next()
    })
    .get('/demo.json', c => c.json(facts))
    .route('/demo', demoRoutes(desk))
    .route('/', app)
}

const earliest = (instants: readonly (number | null)[]): number | null => {
  const known = instants.filter(at => at !== null)
  return known.length === 0 ? null : Math.min(...known)
}

const tell = async (
  deps: Deps,
  app: Hono,
  clock: EdgeClock,
  keeper: { pass(): Promise<number | null> },
): Promise<DemoFacts> => {
  const apiKeys = { platform: newApiKey(), merchant: newApiKey(), supervisor: newApiKey() }
  const { merchantId } = DEMO_MERCHANT
  await home(deps).addCredential(hashKey(apiKeys.platform), { role: 'platform', name: 'demo platform' })
  await home(deps).addCredential(hashKey(apiKeys.supervisor), { role: 'supervisor', name: 'demo supervisor' })
  await home(deps).addCredential(hashKey(apiKeys.merchant), {
    role: 'merchant',
    merchant: merchantId,
    name: 'demo merchant',
  })
  const until = Date.now()
  const stories = await replayStories({ app, clock, keeper, keys: apiKeys }, STORIES, until)
  return { baseUrl: deps.baseUrl, apiKeys, merchantId, stories }
}
