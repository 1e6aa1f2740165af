import type { Hono } from 'hono'
import { HOUR } from '../complaint/time.ts'
import type { Ledger } from '../ledger/contract/ledger.ts'
import { toBase64url } from '../log/encoding.ts'
import { hashKey } from '../routes/authenticate.ts'
import { type Deps, registryLedger } from '../routes/deps.ts'
import { adoptVersion } from '../routes/rules.ts'
import { drawPhoto } from './photos.ts'
import { DEMO_MERCHANT, DEMO_RULE, STORIES, type Story } from './stories.ts'

/** `data/demo.json`. */
export interface DemoFacts {
  baseUrl: string
  apiKeys: { platform: string; merchant: string; supervisor: string }
  merchantId: string
  stories: { name: string; title: string; id: string; trackingUrl: string; shareUrl: string }[]
}

/** When the oldest story begins. */
export const storiesBegin = (now: number): number => now - Math.max(...STORIES.map(story => story.ago)) * HOUR - HOUR

/** A clock that can be moved forward, here or in another object. */
interface MovableClock {
  now(): number
  moveTo(instant: number): void | Promise<void>
}
/** Appends the steps that fall due and sends messages; answers the next due instant, or null. */
interface Scheduler {
  runOnce(): Promise<number | null>
}

/** Moves the clock to `instant`, stopping at each due instant on the way so that its steps get their own time. */
export const advanceClock = async (clock: MovableClock, scheduler: Scheduler, instant: number): Promise<void> => {
  for (let last: number | null = null; ; ) {
    const next = await scheduler.runOnce()
    // No endless loop: what stays due after its pass can't be done at present.
    if (next === null || next > instant || next === last) break
    await clock.moveTo(next)
    last = next
  }
  await clock.moveTo(instant)
  await scheduler.runOnce()
}

/** A server whose clock can be moved. */
interface DemoHost {
  app: Hono
  deps: Deps
  clock: MovableClock
  scheduler: Scheduler
}

/** Seeds a new demo: an API key for each role, the contacts, and the stories, replayed up to `until`. */
export const seedDemo = async ({ app, deps, clock, scheduler }: DemoHost, until: number): Promise<DemoFacts> => {
  const keys = { platform: newApiKey(), merchant: newApiKey(), supervisor: newApiKey() }
  const { merchantId } = DEMO_MERCHANT
  const { registry } = registryLedger(deps)
  await registry.addCredential(hashKey(keys.platform), { role: 'platform', name: 'demo platform' })
  await registry.addCredential(hashKey(keys.supervisor), { role: 'supervisor', name: 'demo supervisor' })
  await registry.addCredential(hashKey(keys.merchant), {
    role: 'merchant',
    merchant: merchantId,
    name: 'demo merchant',
  })
  await seedContacts(deps.ledgers)
  await adoptVersion(deps, DEMO_RULE)
  const stories = await replayStories({ app, clock, scheduler, keys }, STORIES, until)
  return { baseUrl: deps.baseUrl, apiKeys: keys, merchantId, stories }
}

const newApiKey = (): string => `tsk_${toBase64url(crypto.getRandomValues(new Uint8Array(24)))}`

/** Phones of the demo's officers and merchant, for digests: numbers that no network assigns. */
const CONTACTS = {
  [`merchant:${DEMO_MERCHANT.merchantId}`]: '12000000001',
  platform: '12000000002',
  supervisor: '12000000003',
}

/** On every shard, since each sends its own digests. */
const seedContacts = async (ledgers: readonly Pick<Ledger, 'outbox'>[]): Promise<void> => {
  for (const ledger of ledgers) {
    for (const [party, phone] of Object.entries(CONTACTS)) await ledger.outbox.setContact(party, phone)
  }
}

/** The complaints that the stories have filed so far. */
type Filed = Map<Story, { id: string; trackingUrl: string; shareUrl: string }>

interface Replay {
  app: Hono
  clock: MovableClock
  scheduler: Scheduler
  keys: DemoFacts['apiKeys']
}

/** Replays stories through the public API on one clock, their acts in order of time, up to `until`. */
export const replayStories = async (replay: Replay, stories: readonly Story[], until: number) => {
  const filed: Filed = new Map()
  const orderPrefix = toBase64url(crypto.getRandomValues(new Uint8Array(4))).replace(/[^A-Za-z0-9]/g, '0')
  for (const { at, run } of schedule(replay, stories, until, filed, orderPrefix)) {
    await advanceClock(replay.clock, replay.scheduler, at)
    await run()
  }
  await advanceClock(replay.clock, replay.scheduler, until)
  return stories.flatMap(story => {
    const facts = filed.get(story)
    return facts ? [{ name: story.name, title: story.title, ...facts }] : []
  })
}

const schedule = (replay: Replay, stories: readonly Story[], until: number, filed: Filed, orderPrefix: string) =>
  stories
    .flatMap((story, i) => {
      const began = until - story.ago * HOUR
      const submit = async () => {
        const created = await post(replay, '/api/v1/complaints', 'platform', {
          orderId: `${orderPrefix}-${i + 1}`,
          ...DEMO_MERCHANT,
          ...story.submit,
        })
        filed.set(story, { id: String(created.id), trackingUrl: String(created.trackingUrl), shareUrl: '' })
      }
      const acts = story.acts.map(({ at, as, act, body, photos }) => ({
        at: began + at * HOUR,
        run: async () => {
          const facts = filed.get(story)
          if (!facts) throw new Error(`${story.name} acts before it began`)
          const path = as === 'buyer' ? new URL(facts.trackingUrl).pathname : `/api/v1/complaints/${facts.id}`
          const digits = as === 'buyer' && IRREVERSIBLE.includes(act) && { last4: story.submit.buyer.phone.slice(-4) }
          const answer = await post(replay, `${path}/${act}`, as, { ...body, ...digits }, photos)
          if (typeof answer.shareUrl === 'string') facts.shareUrl = answer.shareUrl
        },
      }))
      return [{ at: began, run: submit }, ...acts]
    })
    .sort((a, b) => a.at - b.at)

/** What can't be undone: a device without a cookie of ours says the last four digits of the phone. */
const IRREVERSIBLE: readonly string[] = ['offer-acceptance', 'confirmation', 'withdrawal']

const post = async (
  { app, keys }: Replay,
  path: string,
  as: Story['acts'][number]['as'],
  body: object,
  photos?: Story['acts'][number]['photos'],
): Promise<Record<string, unknown>> => {
  const response = await app.request(path, {
    method: 'POST',
    headers: {
      ...(!photos && { 'Content-Type': 'application/json' }),
      Accept: 'application/json',
      ...(as !== 'buyer' && { Authorization: `Bearer ${keys[as]}` }),
    },
    body: photos ? await formOf(body, photos) : JSON.stringify(body),
  })
  if (response.status !== 201)
    throw new Error(`${path.replace(/\/t\/[^/]+/, '/t/…')}: ${response.status} ${await response.text()}`)
  return response.json()
}

const formOf = async (body: object, photos: NonNullable<Story['acts'][number]['photos']>): Promise<FormData> => {
  const form = new FormData()
  for (const [name, value] of Object.entries(body)) form.append(name, String(value))
  for (const [name, scene] of photos) form.append('files', new File([await drawPhoto(scene)], name))
  return form
}
