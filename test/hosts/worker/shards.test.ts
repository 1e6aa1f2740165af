import { env } from 'cloudflare:test'
import { describe, expect, test } from 'vitest'
import { ledgerStub } from '../../../src/hosts/worker/ledger-rpc.ts'
import { readSecrets } from '../../../src/ledger/log/secrets.ts'
import { parseId, pickupCode, shardOf } from '../../../src/link/id.ts'
import { parseCheckpoint } from '../../../src/log/checkpoint.ts'
import { originIn } from '../../../src/log/key-leaf.ts'
import { decodeLeaf } from '../../../src/log/leaf.ts'
import { parseNote } from '../../../src/log/note.ts'
import { parseBundle } from '../../../src/log/tiles.ts'
import { verifyReceipt } from '../../../src/log/verify.ts'
import { hashKey } from '../../../src/routes/authenticate.ts'
import { checkLog } from '../../ledger/check-log.ts'
import { PartyDevice, tagOf } from '../../support/party.ts'
import { filesIn } from '../../support/zip.ts'
import { type Front, filed, front, PLATFORM, submit } from './front.ts'
import { LIVE } from './live.ts'

const three = () => front({ SHARDS: '3' })
const shardIn = (id: string) => shardOf(parseId(id) ?? -1)
const merchants = Array.from({ length: 9 }, (_, i) => `m${i}`)

/** Every ten seconds shard 0's registry is asked for incidents besides. */
const isAboutComplaint = (call: string) => call !== '0 invoke'

interface Page {
  items: { id: string; due: string | null; merchantId: string }[]
  nextCursor: string | null
}
const page = async ({ fetch }: Front, query: string, headers: Record<string, string> = PLATFORM): Promise<Page> => {
  const answer = await fetch(`/api/v1/complaints?${query}`, { headers })
  expect(answer.status).toBe(200)
  return answer.json() as Promise<Page>
}
const whole = async (server: Front, limit: number): Promise<Page['items']> => {
  const items: Page['items'] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const next: Page = await page(server, `limit=${limit}&cursor=${cursor}`)
    items.push(...next.items)
    cursor = next.nextCursor
  }
  return items
}

describe('three shards', () => {
  test('a merchant has one shard, and a link asks that one alone', async () => {
    const server = three()
    const made = await Promise.all([...merchants, ...merchants].map(merchantId => filed(server, { merchantId })))
    expect(new Set(made.map(({ id }) => shardIn(id)))).toEqual(new Set([0, 1, 2]))
    for (const [i, { id, room }] of made.entries()) {
      expect(shardIn(id)).toBe(shardIn(made[i % merchants.length]?.id ?? ''))
      server.calls.length = 0
      expect((await server.fetch(room, { headers: { Accept: 'text/html' } })).status).toBe(200)
      expect(server.calls.filter(isAboutComplaint)).toEqual([`${shardIn(id)} head`, `${shardIn(id)} read`])
    }
  })

  test('all data of a phone is one file of all shards, streamed', async () => {
    const server = three()
    const buyer = { name: '王小明', phone: '13600004321' }
    const made = await Promise.all(merchants.map(merchantId => filed(server, { merchantId, buyer })))
    expect(new Set(made.map(({ id }) => shardIn(id)))).toEqual(new Set([0, 1, 2]))
    const [{ room }] = made as [(typeof made)[number]]
    const body = new URLSearchParams({ last4: '4321' })
    const mine = await server.fetch(`${room}/mine`, { method: 'POST', body, headers: { Accept: 'text/html' } })
    const listed = await mine.text()
    for (const other of made.slice(1)) expect(listed).toContain(other.room)
    const Cookie = mine.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const zip = await server.fetch(`${room}/data.zip`, { headers: { Cookie } })
    const files = filesIn(new Uint8Array(await zip.arrayBuffer()))
    const about = JSON.parse(new TextDecoder().decode(files.get('data.json')))
    expect(about.complaints.toSorted()).toEqual(made.map(({ id }) => id).toSorted())
    for (const { id } of made) expect([...files.keys()]).toContain(`${id}/complaint.json`)
  })

  test("the platform's queue merges them by due; its cursor neither repeats nor skips", async () => {
    const server = three()
    const all = await whole(server, 200)
    expect(all.length).toBeGreaterThanOrEqual(18)
    expect(new Set(all.map(({ id }) => shardIn(id))).size).toBe(3)
    const dues = all.map(({ due }) => Date.parse(due ?? ''))
    expect(dues).toEqual(dues.toSorted((a, b) => a - b))
    for (const limit of [1, 2, 7]) expect(await whole(server, limit)).toEqual(all)
  })

  test('a cursor holds while complaints come and go in every shard', async () => {
    const server = three()
    const all = await whole(server, 200)
    const first = await page(server, 'limit=5')
    const { room } = await filed(server, { merchantId: 'm4' })
    await server.fetch(`${room}/withdrawal`, {
      method: 'POST',
      body: new URLSearchParams({ reason: 'x', confirm: 'yes', last4: '1234' }),
    })
    await filed(server, { merchantId: 'm5' })
    const rest = await page(server, `limit=200&cursor=${first.nextCursor}`)
    const ids = rest.items.map(({ id }) => id)
    expect(ids.slice(0, all.length - 5)).toEqual(all.slice(5).map(({ id }) => id))
  })

  test('each is a log of its own, and each receipt is of its log', async () => {
    const server = three()
    for (const n of [0, 1, 2]) {
      const origin = `${LIVE.TOUSU_ORIGIN}/${n}`
      const note = await (await server.fetch(`/log/${n}/checkpoint`)).text()
      const { origin: signed, size } = parseCheckpoint(parseNote(note).text)
      expect(signed).toBe(origin)
      const bundle = await server.fetch(`/log/${n}/tile/entries/000.p/${size}`)
      const [first] = parseBundle(new Uint8Array(await bundle.arrayBuffer()))
      expect(first && originIn(decodeLeaf(first))).toBe(origin)
      await checkLog(
        ledgerStub(() => env.LIVE.get(env.LIVE.idFromName(String(n)))),
        Date.now(),
      )
    }
    expect((await server.fetch('/log/3/checkpoint')).status).toBe(404)
    for (const merchantId of merchants) {
      const { id, room } = await filed(server, { merchantId })
      const trust = await (await server.fetch(`/log/${shardIn(id)}/policy`)).text()
      const { ok } = await verifyReceipt(await (await server.fetch(`${room}/receipt.json`)).json(), trust)
      expect(ok).toBe(true)
    }
  })
})

test('raising the number moves nothing', async () => {
  const one = front({ SHARDS: '1' })
  const before = await Promise.all(merchants.map(merchantId => filed(one, { merchantId })))
  expect(before.every(({ id }) => shardIn(id) === 0)).toBe(true)
  const now = three()
  for (const { id, room } of before) {
    now.calls.length = 0
    expect((await now.fetch(room, { headers: { Accept: 'text/html' } })).status).toBe(200)
    expect(now.calls.filter(isAboutComplaint)).toEqual(['0 head', '0 read'])
    expect((await now.fetch(`/api/v1/complaints/${id}`, { headers: PLATFORM })).status).toBe(200)
    const said = { method: 'POST', body: new URLSearchParams({ text: '还在吗' }) }
    expect((await now.fetch(`${room}/messages`, said)).status).toBe(303)
  }
  const all = await whole(now, 200)
  for (const { id } of before) expect(all.map(item => item.id)).toContain(id)
})

test('an answer is repeated to its key in every shard', async () => {
  const server = three()
  for (const merchantId of merchants) {
    const asked = { merchantId, orderId: `ONCE-${merchantId}` }
    const once = { 'Idempotency-Key': `once-${merchantId}` }
    const answers = await Promise.all([1, 2, 3].map(() => submit(server, asked, once)))
    const ids = await Promise.all(answers.map(async answer => ((await answer.json()) as { id: string }).id))
    expect(new Set(ids).size).toBe(1)
  }
})

describe('more shards than before', () => {
  const key = async (server: Front, merchantId: string): Promise<Record<string, string>> => {
    const made = `key-of-${merchantId}-for-shards`
    const registry = ledgerStub(() => server.settings.SHARD.get(server.settings.SHARD.idFromName('0'))).registry
    await registry.addCredential(hashKey(made), { role: 'merchant', merchant: merchantId, name: merchantId })
    return { Authorization: `Bearer ${made}`, 'Content-Type': 'application/json' }
  }
  const hooks = async (server: Front, headers: Record<string, string>) => {
    const answer = await server.fetch('/api/v1/webhooks', { headers })
    return ((await answer.json()) as { items: { url: string }[] }).items.map(({ url }) => url)
  }
  const old = Array.from({ length: 6 }, (_, i) => `old${i}`)

  test('move nothing that a merchant has: inbox, figures, endpoints, and new complaints stay together', async () => {
    const one = front({ SHARDS: '1' })
    const keys = new Map<string, Record<string, string>>()
    for (const merchantId of old) {
      await filed(one, { merchantId })
      const headers = await key(one, merchantId)
      keys.set(merchantId, headers)
      const body = JSON.stringify({ url: `https://${merchantId}.example.com/hook` })
      expect((await one.fetch('/api/v1/webhooks', { method: 'POST', headers, body })).status).toBe(201)
    }
    const five = front({ SHARDS: '5' })
    for (const [merchantId, headers] of keys) {
      expect(await hooks(five, headers)).toEqual([`https://${merchantId}.example.com/hook`])
      const { id } = await filed(five, { merchantId })
      expect(shardIn(id)).toBe(0)
      expect((await page(five, '', headers)).items).toHaveLength(2)
    }
    // New merchants use the new shards, and stay where they are when there are more again.
    const fresh = Array.from({ length: 8 }, (_, i) => `fresh${i}`)
    const before = await Promise.all(fresh.map(async merchantId => shardIn((await filed(five, { merchantId })).id)))
    expect(new Set(before).size).toBeGreaterThan(1)
    const seven = front({ SHARDS: '7' })
    const after = await Promise.all(fresh.map(async merchantId => shardIn((await filed(seven, { merchantId })).id)))
    expect(after).toEqual(before)
  })
})

describe('a shard that is closed for new complaints', () => {
  const shardAt = (server: Front, shard: number) =>
    ledgerStub(() => server.settings.SHARD.get(server.settings.SHARD.idFromName(String(shard))))
  const keyOf = async (server: Front, merchant: string): Promise<Record<string, string>> => {
    const made = `key-of-${merchant}-when-closing`
    await shardAt(server, 0).registry.addCredential(hashKey(made), { role: 'merchant', merchant, name: merchant })
    return { Authorization: `Bearer ${made}`, 'Content-Type': 'application/json' }
  }
  const api = async ({ fetch }: Front, path: string, headers: Record<string, string>, init: RequestInit = {}) => {
    const answer = await fetch(`/api/v1/${path}`, { ...init, headers })
    return { status: answer.status, json: (answer.status === 204 ? null : await answer.json()) as unknown }
  }

  test('goes on with what it has; inbox, figures, endpoints, contact and events of its merchants span both', async () => {
    const before = front({ SHARDS: '1' })
    const headers = await keyOf(before, 'shut')
    const old = await filed(before, { merchantId: 'shut' })
    const kept = { orderId: 'SHUT-KEPT', merchantId: 'shut' }
    const once = { 'Idempotency-Key': 'before-it-was-shut' }
    const first = (await (await submit(before, kept, once)).json()) as { id: string }
    const added = await api(before, 'webhooks', headers, {
      method: 'POST',
      body: '{"url":"https://shut.example.com/a"}',
    })
    const hook = (added.json as { id: string; secret: string }).id
    await shardAt(before, 0).outbox.setContact('merchant:shut', '13900000000')

    const after = front({ SHARDS: '3', CLOSED_SHARDS: '0' })
    // What was answered before, or is open, makes no second complaint in another shard.
    expect(((await (await submit(after, kept, once)).json()) as { id: string }).id).toBe(first.id)
    expect((await submit(after, kept)).status).toBe(409)
    const fresh = await filed(after, { merchantId: 'shut' })
    const home = shardIn(fresh.id)
    expect(home).toBeGreaterThan(0)
    // The closed shard's own complaints go on.
    const said = { method: 'POST', body: new URLSearchParams({ text: '还在吗' }) }
    for (const { room } of [old, fresh]) expect((await after.fetch(`${room}/messages`, said)).status).toBe(303)
    const items = (await page(after, '', headers)).items.map(({ id }) => id)
    expect(items.toSorted()).toEqual([old.id, first.id, fresh.id].toSorted())
    // Events of both, under one endpoint with one secret; and where reminders go.
    const listed = await api(after, 'webhooks', headers)
    expect(listed.json).toMatchObject({ items: [{ id: hook, url: 'https://shut.example.com/a' }] })
    const events = await shardAt(after, home).webhooks.deliveries('shut', hook, 10)
    expect(events.map(({ complaint, seq }) => [complaint, seq])).toEqual([
      [parseId(fresh.id), 1],
      [parseId(fresh.id), 0],
    ])
    const deliveries = await api(after, `webhooks/${hook}/deliveries`, headers)
    const both = (deliveries.json as { items: { id: number; complaint: string }[] }).items
    expect(new Set(both.map(({ complaint }) => complaint))).toEqual(new Set([old.id, fresh.id]))
    for (const { id } of both)
      expect((await api(after, `webhooks/${hook}/deliveries/${id}/resends`, headers, { method: 'POST' })).status).toBe(
        202,
      )
    expect(await shardAt(after, home).outbox.contact('merchant:shut')).toBe('13900000000')
    // Changes reach both.
    await api(after, `webhooks/${hook}/secret-rotations`, headers, { method: 'POST' })
    await api(after, 'webhooks', headers, { method: 'POST', body: '{"url":"https://shut.example.com/b"}' })
    const inShard = async (shard: number) =>
      (await shardAt(after, shard).webhooks.list('shut')).map(({ id, url, generation }) => ({ id, url, generation }))
    expect(await inShard(0)).toMatchObject([{ id: hook, generation: 2 }, { url: 'https://shut.example.com/b' }])
    expect(await inShard(home)).toEqual(await inShard(0))
    expect((await api(after, `webhooks/${hook}`, headers, { method: 'DELETE' })).status).toBe(204)
    expect(await inShard(home)).toEqual(await inShard(0))
    // Opened again: the merchant's next one goes where it was before.
    const again = await filed(front({ SHARDS: '3', CLOSED_SHARDS: '1,2' }), { merchantId: 'shut' })
    expect(shardIn(again.id)).toBe(0)
    for (const shard of [0, home]) await checkLog(shardAt(after, shard), Date.now())
  })

  test('takes no new merchant, and all others take some', async () => {
    const server = front({ SHARDS: '4', CLOSED_SHARDS: '1' })
    const made = await Promise.all(Array.from({ length: 16 }, (_, i) => filed(server, { merchantId: `beside${i}` })))
    expect(new Set(made.map(({ id }) => shardIn(id)))).toEqual(new Set([0, 2, 3]))
  })

  test('keeps the merchants that sign: what they must do stands in its log', async () => {
    const before = front({ SHARDS: '1' })
    const headers = await keyOf(before, 'signs')
    await filed(before, { merchantId: 'signs' })
    const body = JSON.stringify(new PartyDevice().offer(tagOf('signs')))
    expect((await api(before, 'keys', headers, { method: 'POST', body })).status).toBe(201)
    const after = front({ SHARDS: '3', CLOSED_SHARDS: '0' })
    expect(shardIn((await filed(after, { merchantId: 'signs' })).id)).toBe(0)
  })

  test('wrong numbers are refused, and named', async () => {
    for (const [closed, fault] of [
      ['0,1', 'leaves no shard open'],
      ['2', 'names a shard that SHARDS does not have'],
      ['first', 'is not a list of shard numbers'],
    ] as const) {
      const answer = await front({ SHARDS: '2', CLOSED_SHARDS: closed }).fetch('/readyz')
      expect([answer.status, await answer.text()]).toEqual([503, expect.stringContaining(`CLOSED_SHARDS ${fault}`)])
    }
  })
})

describe('a shard that does not answer', () => {
  /** Five shards, of which this one can't be reached. */
  const without = (silent: number) => {
    const { SHARD } = front().settings
    const names = new WeakMap<object, string>()
    const unreachable = new Proxy(SHARD.get(SHARD.idFromName(String(silent))), {
      get: () => async () => {
        throw new Error('Network connection lost.')
      },
    })
    const partly: typeof SHARD = {
      ...SHARD,
      idFromName: name => {
        const id = SHARD.idFromName(name)
        names.set(id, name)
        return id
      },
      get: id => (names.get(id) === String(silent) ? unreachable : SHARD.get(id)),
    }
    return front({ SHARDS: '5', SHARD: partly })
  }

  test('is named by /readyz and /metrics, and keeps no buyer of another from the way in', async () => {
    const server = three()
    const made = await Promise.all(merchants.map(merchantId => filed(server, { merchantId })))
    const { tags } = await readSecrets(JSON.parse(env.TOUSU_SECRETS ?? ''))
    const partly = without(2)
    const ready = await partly.fetch('/readyz')
    expect([ready.status, await ready.json()]).toEqual([
      503,
      { status: 'unavailable', reason: 'unavailable', detail: 'no answer from shard 2' },
    ])
    const pickUp = async (id: string) => {
      const code = pickupCode(parseId(id) ?? -1, tags)
      const body = JSON.stringify({ code, last4: '1234' })
      const headers = { 'Content-Type': 'application/json', Accept: 'application/json' }
      return (await partly.fetch('/pickup', { method: 'POST', headers, body })).status
    }
    for (const { id, room } of made) {
      const works = shardIn(id) !== 2
      expect(await pickUp(id)).toBe(works ? 200 : 503)
      expect((await partly.fetch(room, { headers: { Accept: 'text/html' } })).status).toBe(works ? 200 : 503)
    }
    // A list has the rows of the others, and says whose it lacks.
    const answer = await partly.fetch('/api/v1/complaints?limit=200', { headers: PLATFORM })
    expect(answer.status).toBe(200)
    const list = (await answer.json()) as Page & { silent?: number[] }
    expect(list.silent).toEqual([2])
    const ids = new Set(list.items.map(({ id }) => id))
    for (const { id } of made) expect(ids.has(id)).toBe(shardIn(id) !== 2)
    const complete = await server.fetch('/api/v1/complaints?limit=200', { headers: PLATFORM })
    expect(await complete.json()).not.toHaveProperty('silent')
  })
})

test('objects are made near the place of the settings, and within a jurisdiction', async () => {
  const asked: unknown[] = []
  const { SHARD } = front().settings
  const namespace: typeof SHARD = {
    idFromName: name => SHARD.idFromName(name),
    get: (id, options) => {
      asked.push(options)
      return SHARD.get(id)
    },
    jurisdiction: name => {
      asked.push(name)
      return namespace
    },
  }
  await front({ SHARD: namespace, TOUSU_LOCATION_HINT: 'apac', TOUSU_JURISDICTION: 'eu' }).fetch('/readyz')
  expect(asked).toEqual(['eu', { locationHint: 'apac' }])
})

test('an object that is reached by its id is no shard, and opens no log', async () => {
  const stub = env.LIVE.get(env.LIVE.idFromName('no number'))
  await expect(async () => stub.health()).rejects.toThrow()
})
