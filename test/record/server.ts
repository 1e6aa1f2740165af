// Recorder, part 1: the whole product on Node with nothing left to chance. The only file that imports from src.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SPECIMENS } from '../../src/demo/gallery/specimens.ts'
import { advanceClock, replayStories, storiesBegin } from '../../src/demo/replay.ts'
import { DEMO_MERCHANT, DEMO_PEOPLE, DEMO_RULE, DEMO_SHOP, STORIES } from '../../src/demo/stories.ts'
import { createServer } from '../../src/hosts/node/server.ts'
import { DemoClock } from '../../src/ledger/clock.ts'
import { readSecrets } from '../../src/ledger/log/secrets.ts'
import { demoPhone } from '../../src/notify/sms/demo-phone.ts'
import { hashKey } from '../../src/routes/authenticate.ts'
import { demoRoutes, galleryRoutes } from '../../src/routes/demo/routes.ts'
import { adoptVersion } from '../../src/routes/rules.ts'
import secretsFile from './secrets.json' with { type: 'json' }

const HOUR = 3_600_000

export const KEYS = {
  platform: 'key-of-the-platform',
  supervisor: 'key-of-the-supervisor',
  merchant: 'key-of-merchant-m1',
  other: 'key-of-merchant-m2',
}

/** One server on a fixed clock; `stories` replays the demo's. Webhooks are posted into a list. */
export const openServer = async (start: number, stories = false) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'tousu-record-'))
  const clock = new DemoClock(stories ? storiesBegin(start) : start)
  const lines: string[] = []
  const posted: string[] = []
  const phone = demoPhone({ append: line => void lines.push(line), lines: () => lines }, clock)
  const poster = {
    post: async (url: string, headers: Record<string, string>, body: string) => {
      posted.push(`${url} ${JSON.stringify(headers)} ${body}`)
      return { status: 200 }
    },
  }
  const house = createServer({
    demo: true,
    signEveryMs: 0,
    dataDir,
    baseUrl: 'https://t.tousu.example',
    secrets: await readSecrets(secretsFile),
    origin: 'log.test/0',
    clock,
    provider: phone,
    poster,
  })
  const merchants = [
    ['merchant', stories ? DEMO_MERCHANT.merchantId : 'm1'],
    ['other', 'm2'],
  ] as const
  const { registry } = house.ledger
  for (const role of ['platform', 'supervisor'] as const)
    await registry.addCredential(hashKey(KEYS[role]), { role, name: role })
  for (const [name, merchant] of merchants)
    await registry.addCredential(hashKey(KEYS[name]), { role: 'merchant', merchant, name })
  const advance = (hours: number) => advanceClock(clock, house.scheduler, clock.now() + hours * HOUR)
  let facts = {
    baseUrl: 'https://t.tousu.example',
    apiKeys: KEYS,
    merchantId: DEMO_MERCHANT.merchantId,
    stories: [] as object[],
  }
  const people = { ...DEMO_PEOPLE, merchant: { ...DEMO_PEOPLE.merchant, merchant: merchants[0][1] } }
  house.app.route(
    '/demo',
    demoRoutes({
      deps: house.deps,
      people,
      shop: DEMO_SHOP,
      galleryUrl: '/gallery',
      advance,
      facts: () => facts as never,
      messages: () => phone.messages(),
    }),
  )
  house.app.route('/gallery', galleryRoutes(house.deps, SPECIMENS))
  if (stories) {
    await adoptVersion(house.deps, DEMO_RULE)
    const told = await replayStories({ app: house.app, clock, scheduler: house.scheduler, keys: KEYS }, STORIES, start)
    facts = { ...facts, stories: told }
  }
  return {
    fetch: async (path: string, init?: RequestInit) => house.app.request(path, init),
    /** As the demo's shop gives it. */
    ticket: async (claims: object) => house.deps.tickets?.issue?.({ ...claims }),
    now: () => clock.now(),
    advance,
    stories: facts.stories as { name: string; id: string; trackingUrl: string; shareUrl: string }[],
    specimens: SPECIMENS.map(({ name }) => name),
    sms: () => lines,
    posted,
    close: async () => {
      await house.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
export type RecordedServer = Awaited<ReturnType<typeof openServer>>
