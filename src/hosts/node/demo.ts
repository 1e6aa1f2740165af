import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import * as v from 'valibot'
import { HOUR } from '../../complaint/time.ts'
import { SPECIMENS } from '../../demo/gallery/specimens.ts'
import { advanceClock, type DemoFacts, seedDemo, storiesBegin } from '../../demo/replay.ts'
import { DEMO_BRAND, DEMO_MERCHANT, DEMO_PEOPLE, DEMO_SHOP } from '../../demo/stories.ts'
import { DemoClock } from '../../ledger/clock.ts'
import { makeSecrets, readSecrets } from '../../ledger/log/secrets.ts'
import { parseId } from '../../link/id.ts'
import { demoPhone, type LineStore } from '../../notify/sms/demo-phone.ts'
import { isLoopbackHost, type Posted, type WebhookClient } from '../../notify/webhooks/deliver.ts'
import { demoRoutes, galleryRoutes } from '../../routes/demo/routes.ts'
import { type Deps, linkUrl } from '../../routes/deps.ts'
import { createServer, type Server, type ServerOptions } from './server.ts'
import { isLoopback, isPublic, nodeWebhookClient } from './webhook-client.ts'

/** How long a first start waits for its witnesses. */
const WAITED_SECONDS = 30

/** `demo.json` as it is read back at the next start. Links are built anew, since the port may change. */
const DemoState = v.object({
  apiKeys: v.object({ platform: v.string(), merchant: v.string(), supervisor: v.string() }),
  stories: v.array(v.object({ name: v.string(), title: v.string(), id: v.string() })),
})

/** A malformed file of the demo, or witnesses that do not answer. The message names the file and shows nothing of it. */
class DemoError extends Error {}

const readJson = (file: string): unknown => {
  if (!existsSync(file)) return null
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    if (error instanceof SyntaxError) throw new DemoError(`${basename(file)} in the data folder is not JSON`)
    throw error
  }
}

/** Null until a first start has finished. */
const loadState = (file: string) => {
  const known = readJson(file)
  if (known === null) return null
  const parsed = v.safeParse(DemoState, known)
  if (!parsed.success) throw new DemoError('demo.json in the data folder is not what a demo wrote')
  return parsed.output
}

const writePrivate = (file: string, value: unknown): void => {
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`)
  chmodSync(file, 0o600)
}

export const DEMO_ORIGIN = 'demo.tousu.invalid/log/0'

/** The demo's own secrets: made at the first start, and kept in its data folder. */
export const demoSecrets = async (dataDir: string) => {
  const file = join(dataDir, 'secrets.json')
  if (!existsSync(file)) writePrivate(file, await makeSecrets())
  return readSecrets(readJson(file))
}

/** Lines appended to a file. Each write begins with a line break, so a line that a crash cut short spoils no other. */
export const lineFile = (file: string): LineStore => ({
  append: line => appendFileSync(file, `\n${line}\n`),
  lines: () => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : []),
})

/** Opens a demo in this folder. The first time it is seeded: its stories are replayed up to now. */
export const openDemo = async (
  dataDir: string,
  baseUrl: string,
  now: number = Date.now(),
  { witnesses, policy, brand }: Pick<ServerOptions, 'witnesses' | 'policy' | 'brand'> = {},
) => {
  mkdirSync(dataDir, { recursive: true })
  const remembered = loadState(join(dataDir, 'demo.json'))
  const clock = new DemoClock(remembered ? now : storiesBegin(now))
  const phone = demoPhone(lineFile(join(dataDir, 'phone.ndjson')), clock)
  const secrets = await demoSecrets(dataDir)
  // A demo's clock jumps, and a first start covers a week: checkpoints are signed more often than in live mode.
  // A demo that is reached by a loopback address: an endpoint that is being written on its machine can be tried.
  const here = isLoopbackHost(new URL(baseUrl).hostname)
  const client = nodeWebhookClient({ allow: address => isPublic(address) || (here && isLoopback(address)) })
  const { poster, whileMoving } = hurriedWebhooks(client)
  const server = createServer({
    poster,
    demo: true,
    signEveryMs: 50,
    dataDir,
    baseUrl,
    secrets,
    origin: DEMO_ORIGIN,
    clock,
    provider: phone,
    witnesses,
    policy,
    brand,
  })
  // A clock that was moved stays moved: the log never goes back in time.
  clock.moveTo(server.newestInstant())
  const advance = (hours: number) =>
    whileMoving(() => advanceClock(clock, server.scheduler, clock.now() + hours * HOUR))
  const demo = {
    deps: server.deps,
    people: DEMO_PEOPLE,
    shop: DEMO_SHOP,
    brand: DEMO_BRAND,
    galleryUrl: '/gallery',
    advance,
    facts: () => facts,
    messages: () => phone.messages(),
  }
  // Before seeding: Hono takes no more routes after the first request.
  server.app.route('/demo', demoRoutes(demo))
  server.app.route('/gallery', galleryRoutes(server.deps, SPECIMENS))
  // Crash recovery: a first start that was cut off is seeded anew after what it wrote, on a clock that is ahead.
  const until = clock.now() + now - storiesBegin(now)
  const facts = remembered ? restoreFacts(server.deps, remembered) : await seed(server, clock, until)
  writePrivate(join(dataDir, 'demo.json'), facts)
  return { ...server, facts, clock, advance }
}
export type DemoServer = Awaited<ReturnType<typeof openDemo>>

const restoreFacts = (deps: Deps, { apiKeys, stories }: v.InferOutput<typeof DemoState>): DemoFacts => ({
  baseUrl: deps.baseUrl,
  apiKeys,
  merchantId: DEMO_MERCHANT.merchantId,
  stories: stories.map(story => {
    const id = parseId(story.id) ?? 0
    return { ...story, trackingUrl: linkUrl(deps, id, 'act', 0), shareUrl: linkUrl(deps, id, 'view', 0) }
  }),
})

const seed = async (server: Server, clock: DemoClock, until: number): Promise<DemoFacts> => {
  await waitUntilWritable(server)
  return seedDemo({ ...server, clock }, until)
}

/** A log that waits for its witnesses takes no steps. */
const waitUntilWritable = async ({ ledger }: Server): Promise<void> => {
  for (let tries = 0; ; tries++) {
    const reason = await ledger.readOnly()
    if (reason === null) return
    if (tries === WAITED_SECONDS) throw new DemoError(`the stories can't be replayed: ${reason}`)
    await ledger.tick()
    await new Promise(resolve => setTimeout(resolve, 1000))
  }
}

/** While the clock is being moved, an endpoint may hold it up for so long, once. */
const HURRY_MS = 1000

/**
 * Webhooks of a demo whose clock is moved. Every retry of the days that pass falls due within seconds: an endpoint that can't be
 * reached is asked once in a move, and its later tries fail at once. It waits for no time-out of the network.
 */
export const hurriedWebhooks = (client: WebhookClient) => {
  /** By URL, how its first try of this move failed; null while the clock stands by itself. */
  let failures: Map<string, Posted> | null = null
  const poster: WebhookClient = {
    post: async (url, headers, body, signal) => {
      if (failures === null) return client.post(url, headers, body, signal)
      const known = failures.get(url)
      if (known) return known
      const hurry = new Promise<Posted>(resolve => setTimeout(resolve, HURRY_MS, { failed: 'timeout' }))
      const posted = await Promise.race([client.post(url, headers, body, signal), hurry])
      if ('failed' in posted) failures.set(url, posted)
      return posted
    },
  }
  /** Runs a move of the clock. */
  const whileMoving = async (move: () => Promise<void>): Promise<void> => {
    failures = new Map()
    try {
      await move()
    } finally {
      failures = null
    }
  }
  return { poster, whileMoving }
}
