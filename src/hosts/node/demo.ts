import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import * as v from 'valibot'
import { HOUR } from '../../complaint/time.ts'
import { SPECIMENS } from '../../demo/gallery/specimens.ts'
import {
  advanceClock,
  type DemoFacts,
  newApiKey,
  replayStories,
  seedContacts,
  storiesBegin,
} from '../../demo/replay.ts'
import { DEMO_MERCHANT, DEMO_PEOPLE, DEMO_SHOP, STORIES } from '../../demo/stories.ts'
import { DemoClock } from '../../ledger/clock.ts'
import { makeSecrets, readSecrets } from '../../ledger/log/secrets.ts'
import { parseId } from '../../link/id.ts'
import { demoPhone, type LineStore } from '../../notify/sms/demo-phone.ts'
import { hashKey } from '../../routes/auth.ts'
import { galleryRoutes } from '../../routes/demo/gallery.ts'
import { demoRoutes } from '../../routes/demo/routes.ts'
import { linkUrl } from '../../routes/deps.ts'
import { createServer, type Server } from './server.ts'

const WAITED_SECONDS = 30

/** What a demo remembers of itself; links are made anew, since the port may change. */
const DemoState = v.object({
  apiKeys: v.object({ platform: v.string(), merchant: v.string(), supervisor: v.string() }),
  stories: v.array(v.object({ name: v.string(), title: v.string(), id: v.string() })),
})

/** A file of the demo that somebody spoilt, or witnesses that it waits for; the message names it and shows nothing of it. */
class DemoFileError extends Error {}

const readJson = (file: string): unknown => {
  if (!existsSync(file)) return null
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    if (error instanceof SyntaxError) throw new DemoFileError(`${basename(file)} in the data folder is not JSON`)
    throw error
  }
}

/** Null before the first start was finished. */
const loadState = (file: string) => {
  const known = readJson(file)
  if (known === null) return null
  const parsed = v.safeParse(DemoState, known)
  if (!parsed.success) throw new DemoFileError('demo.json in the data folder is not what a demo wrote')
  return parsed.output
}

const writePrivate = (file: string, value: unknown): void => {
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`)
  chmodSync(file, 0o600)
}

/** A demo makes its own secrets, once, and keeps them beside its data. */
const demoSecrets = async (dataDir: string) => {
  const file = join(dataDir, 'secrets.json')
  if (!existsSync(file)) writePrivate(file, await makeSecrets())
  return readSecrets(readJson(file))
}

/** Lines in a file. Each begins anew, also after one that a crash cut short. */
export const lineFile = (file: string): LineStore => ({
  append: line => appendFileSync(file, `\n${line}\n`),
  lines: () => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : []),
})

const phoneIn = (dataDir: string, clock: DemoClock) => demoPhone(lineFile(join(dataDir, 'phone.ndjson')), clock)

/** Opens a demo in this folder; the first time, its stories are replayed up to now. */
export const openDemo = async (
  dataDir: string,
  baseUrl: string,
  now: number = Date.now(),
  witnesses?: string,
  policy?: unknown,
) => {
  mkdirSync(dataDir, { recursive: true })
  const remembered = loadState(join(dataDir, 'demo.json'))
  const clock = new DemoClock(remembered ? now : storiesBegin(now))
  const phone = phoneIn(dataDir, clock)
  const secrets = await demoSecrets(dataDir)
  // A demo's clock runs in jumps, and its first minute holds a week of signatures.
  const house = createServer({
    demo: true,
    signEveryMs: 50,
    dataDir,
    baseUrl,
    secrets,
    origin: 'demo.tousu.invalid/log/0',
    clock,
    provider: phone,
    witnesses,
    policy,
  })
  // A clock that was moved stays moved: the log never goes back.
  clock.moveTo(house.newestInstant())
  const advance = (hours: number) => advanceClock(clock, house.keeper, clock.now() + hours * HOUR)
  const desk = {
    deps: house.deps,
    people: DEMO_PEOPLE,
    shop: DEMO_SHOP,
    galleryUrl: '/gallery',
    advance,
    facts: () => facts,
    messages: () => phone.messages(),
  }
  // Before the stories: an app takes no more routes once it was asked.
  house.app.route('/demo', demoRoutes(desk))
  house.app.route('/gallery', galleryRoutes(house.deps, SPECIMENS))
  // Where a first start was cut off, the stories begin again after what it wrote, on a clock that is ahead.
  const until = clock.now() + now - storiesBegin(now)
  const facts = remembered ? recall(house, remembered, baseUrl) : await replayAllStories(house, clock, baseUrl, until)
  writePrivate(join(dataDir, 'demo.json'), facts)
  return { ...house, facts, clock, advance }
}
export type DemoServer = Awaited<ReturnType<typeof openDemo>>

const recall = (house: Server, { apiKeys, stories }: v.InferOutput<typeof DemoState>, baseUrl: string): DemoFacts => ({
  baseUrl,
  apiKeys,
  merchantId: DEMO_MERCHANT.merchantId,
  stories: stories.map(story => ({ ...story, ...linksOf(house, story.id) })),
})

const linksOf = (house: Server, id: string) => {
  const parsed = parseId(id) ?? 0
  return { trackingUrl: linkUrl(house.deps, parsed, 'act', 0), shareUrl: linkUrl(house.deps, parsed, 'view', 0) }
}

/** Stories are steps, and a log that waits for its witnesses takes none. */
const writable = async ({ ledger }: Server): Promise<void> => {
  for (let tries = 0; ; tries++) {
    const reason = await ledger.readOnly()
    if (reason === null) return
    if (tries === WAITED_SECONDS) throw new DemoFileError(`the stories can't be told: ${reason}`)
    await ledger.tick()
    await new Promise(resolve => setTimeout(resolve, 1000))
  }
}

/** Keys for every role, and the six stories. */
const replayAllStories = async (
  house: Server,
  clock: DemoClock,
  baseUrl: string,
  until: number,
): Promise<DemoFacts> => {
  const apiKeys = { platform: newApiKey(), merchant: newApiKey(), supervisor: newApiKey() }
  const { merchantId } = DEMO_MERCHANT
  const { ledger, app, keeper } = house
  await ledger.registry.addCredential(hashKey(apiKeys.platform), { role: 'platform', name: 'demo platform' })
  await ledger.registry.addCredential(hashKey(apiKeys.supervisor), { role: 'supervisor', name: 'demo supervisor' })
  await ledger.registry.addCredential(hashKey(apiKeys.merchant), {
    role: 'merchant',
    merchant: merchantId,
    name: 'demo merchant',
  })
  await seedContacts([ledger])
  await writable(house)
  const stories = await replayStories({ app, clock, keeper, keys: apiKeys }, STORIES, until)
  return { baseUrl, apiKeys, merchantId, stories }
}
