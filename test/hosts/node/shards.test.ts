import { expect, onTestFinished, test } from 'vitest'
import { sumOf } from '../../../src/complaint/figures/public-index.ts'
import { createServer, FewerShards } from '../../../src/hosts/node/server.ts'
import { systemClock } from '../../../src/ledger/clock.ts'
import type { Ledger } from '../../../src/ledger/contract/ledger.ts'
import { makeSecrets, readSecrets } from '../../../src/ledger/log/secrets.ts'
import { parseId, shardOf } from '../../../src/link/id.ts'
import { verifyReceipt } from '../../../src/log/verify.ts'
import { createApp } from '../../../src/routes/app.ts'
import { hashKey } from '../../../src/routes/authenticate.ts'
import { Problem } from '../../../src/routes/problem.ts'
import { hostCookie } from '../../../src/routes/signin/session.ts'
import { checkLog } from '../../ledger/check-log.ts'
import { newFolder } from '../../ledger/node-host.ts'
import { PartyDevice, tagOf } from '../../support/party.ts'

/** A house whose number of shards is raised: a folder, and a server on it that is closed and opened anew. */
const openHouse = async () => {
  const [dataDir, secrets] = [newFolder(), await readSecrets(await makeSecrets())]
  const options = {
    dataDir,
    secrets,
    baseUrl: 'https://t.example.cn',
    origin: 't.example.cn/log/0',
    clock: systemClock,
  }
  const open = (shards: number, closedShards: number[]) =>
    createServer({ ...options, shards, closedShards, signEveryMs: 0 })
  let server: ReturnType<typeof open> | null = null
  const close = async () => {
    await server?.close()
    server = null
  }
  onTestFinished(close)
  const raise = async (shards: number, closedShards: number[] = []) => {
    await close()
    server = open(shards, closedShards)
    return server
  }
  const ask = async (path: string, key: string, body?: object) => {
    const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json', Accept: 'application/json' }
    const init = body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers }
    const answer = await server?.app.request(path, init)
    return { status: answer?.status, json: (await answer?.json()) as Record<string, never> }
  }
  let orders = 0
  const file = async (merchantId: string) => {
    const { status, json } = await ask('/api/v1/complaints', PLATFORM, {
      ...{ orderId: `ORDER-${orders++}`, merchantId, merchantName: merchantId, category: 'quality', statement: '坏了' },
      buyer: { name: '王小明', phone: '13800001234' },
    })
    expect(status).toBe(201)
    const { id, trackingUrl } = json as unknown as { id: string; trackingUrl: string }
    return { id, room: new URL(trackingUrl).pathname, shard: shardOf(parseId(id) ?? -1) }
  }
  return { raise, ask, file }
}
const PLATFORM = 'key-of-the-platform-of-shards'
const keyOf = (merchant: string) => `key-of-${merchant}-for-shards`
const OLD = ['old0', 'old1', 'old2', 'old3']
const FRESH = Array.from({ length: 8 }, (_, i) => `fresh${i}`)

test('raised from 1 to 5: no merchant loses inbox, figures, endpoints or contact; new ones use the new shards', async () => {
  const house = await openHouse()
  const one = await house.raise(1)
  await one.ledger.registry.addCredential(hashKey(PLATFORM), { role: 'platform', name: 'platform' })
  for (const merchant of [...OLD, ...FRESH])
    await one.ledger.registry.addCredential(hashKey(keyOf(merchant)), { role: 'merchant', merchant, name: merchant })
  for (const merchant of OLD) {
    await house.file(merchant)
    await one.ledger.outbox.setContact(`merchant:${merchant}`, '13900000000')
    const url = `https://${merchant}.example.com/hook`
    expect((await house.ask('/api/v1/webhooks', keyOf(merchant), { url })).status).toBe(201)
  }
  const five = await house.raise(5)
  expect(five.ledgers).toHaveLength(5)
  for (const merchant of OLD) {
    const key = keyOf(merchant)
    const { items } = (await house.ask('/api/v1/webhooks', key)).json as unknown as { items: { url: string }[] }
    expect(items.map(({ url }) => url)).toEqual([`https://${merchant}.example.com/hook`])
    const { id, room, shard } = await house.file(merchant)
    expect(shard).toBe(0)
    const inbox = (await house.ask('/api/v1/complaints', key)).json as unknown as { items: { id: string }[] }
    expect(inbox.items.map(item => item.id)).toContain(id)
    expect(inbox.items).toHaveLength(2)
    expect(await five.ledger.outbox.contact(`merchant:${merchant}`)).not.toBeNull()
    const { days } = await five.ledger.figures.days(merchant, { from: 0, until: 100_000 })
    expect(sumOf(days).opened).toBe(2)
    expect((await house.ask(room, key)).status).toBe(200)
  }
  const before = []
  for (const merchant of FRESH) before.push(await house.file(merchant))
  expect(new Set(before.map(({ shard }) => shard)).size).toBeGreaterThan(1)
  // Each shard is a log of its own, under the number of its own; each receipt is of its log.
  for (const [shard, ledger] of five.ledgers.entries()) {
    expect((await ledger.log.identity()).origin).toBe(`t.example.cn/log/${shard}`)
    await checkLog(ledger, Date.now())
  }
  for (const { room, shard } of before) {
    const trust = await (await five.app.request(`/log/${shard}/policy`)).text()
    const receipt = await (await five.app.request(`${room}/receipt.json`)).json()
    expect((await verifyReceipt(receipt, trust)).ok).toBe(true)
  }
  // More again: who was there stays, and the platform's list has all of them, by due.
  await house.raise(7)
  for (const [i, merchant] of FRESH.entries()) expect((await house.file(merchant)).shard).toBe(before[i]?.shard)
  const { items } = (await house.ask('/api/v1/complaints?limit=200', PLATFORM)).json as unknown as {
    items: { id: string }[]
  }
  expect(items).toHaveLength(2 * OLD.length + 2 * FRESH.length)
})

test('the number is never lowered: links of the shards left out would be dead', async () => {
  const house = await openHouse()
  await house.raise(3)
  await expect(house.raise(2)).rejects.toThrow(FewerShards)
  expect((await house.raise(3)).ledgers).toHaveLength(3)
})

test('closed for new complaints: the console of its merchants shows both shards, and their notes, lists and numbers go on', async () => {
  const house = await openHouse()
  const one = await house.raise(1)
  await one.ledger.registry.addCredential(hashKey(PLATFORM), { role: 'platform', name: 'platform' })
  const old = [await house.file('old0'), await house.file('old0')]
  await one.ledger.team.saveText('merchant:old0', { kind: 'reply', name: '致歉', text: '非常抱歉' })
  const now = Date.now()
  const clerk = { subject: 'idp c1', role: 'merchant', merchant: 'old0', name: 'C1' } as const
  const server = await house.raise(3, [0])
  await server.ledger.registry.openSession(hashKey('c1'), { ...clerk, createdAt: now, expiresAt: now + 3_600_000 })
  const fresh = await house.file('old0')
  expect(fresh.shard).toBeGreaterThan(0)
  const ask = async (path: string, init: RequestInit = {}) => {
    const headers = { Cookie: `${hostCookie(server.deps, 'session')}=c1`, Accept: 'text/html', 'Accept-Language': 'en' }
    const answer = await server.app.request(path, { ...init, headers: { ...headers, ...init.headers } })
    return { status: answer.status, text: await answer.text() }
  }
  const all = [...old, fresh].map(({ id }) => id)
  const inbox = await ask('/merchant')
  for (const id of all) expect(inbox.text).toContain(id)
  expect((await ask('/merchant/figures')).text).toMatch(/\b3\b/)
  const post = (path: string, body: Record<string, string>) =>
    ask(path, { method: 'POST', body: new URLSearchParams(body), headers: { Origin: 'https://t.example.cn' } })
  for (const id of [old[0]?.id, fresh.id]) {
    const page = await ask(`/merchant/complaints/${id}`)
    expect([page.status, page.text.includes('非常抱歉')]).toEqual([200, true])
    const assigned = await post(`/merchant/complaints/${id}/assignee`, { person: 'C1' })
    expect(assigned.status).toBeLessThan(400)
  }
  // Both are in the list of what the clerk looks after.
  for (const id of [old[0]?.id, fresh.id])
    expect(
      (await server.ledgers[shardOf(parseId(id ?? '') ?? -1)]?.team.work('merchant:old0', parseId(id ?? '') ?? -1))
        ?.assignee,
    ).toBe('C1')
  const list = await ask('/merchant?turn=all')
  expect(list.text.match(/C1 looks after it/g)).toHaveLength(2)
  const contact = await post('/merchant/settings/contact', { phone: '13900000000' })
  expect(contact.status).toBeLessThan(400)
  for (const ledger of server.ledgers) await checkLog(ledger, Date.now())
})

test('keys of a party that works in several shards: added and retired in each, though a claim names one log', async () => {
  const house = await openHouse()
  const one = await house.raise(1)
  const { registry } = one.ledger
  await registry.addCredential(hashKey(PLATFORM), { role: 'platform', name: 'platform' })
  await registry.addCredential(hashKey(keyOf('old0')), { role: 'merchant', merchant: 'old0', name: 'old0' })
  await house.file('old0')
  const { ledgers } = await house.raise(2, [0])
  expect((await house.file('old0')).shard).toBe(1)
  for (const [key, party, owner] of [
    [keyOf('old0'), tagOf('old0'), { role: 'merchant', merchant: 'old0' }],
    [PLATFORM, 'platform', { role: 'platform' }],
  ] as const) {
    const [first, second] = [new PartyDevice(), new PartyDevice()]
    for (const device of [first, second])
      expect((await house.ask('/api/v1/keys', key, device.offer(party))).status).toBe(201)
    const inShards = () =>
      Promise.all(
        ledgers.map(async ({ partyKeys }) =>
          (await partyKeys.list(owner)).keys.flatMap(each => (each.retired ? [] : [each.key])).toSorted(),
        ),
      )
    expect(await inShards()).toEqual([0, 1].map(() => [first.key, second.key].toSorted()))
    const { origin, seen } = (await house.ask('/api/v1/keys', key)).json as unknown as { origin: string; seen: string }
    if (owner.role === 'merchant') {
      // What must be signed is the home's: its leaf is signed for that log alone.
      const signed = first.about('signing-demands', { party, origin, seen })
      expect((await house.ask('/api/v1/keys/requirement', key, { signed })).status).toBe(201)
      const demanded = await Promise.all(ledgers.map(async ({ partyKeys }) => (await partyKeys.list(owner)).required))
      expect(demanded).toEqual([true, false])
    }
    const signed = first.about('party-key-retirements', { party, key: second.key, origin })
    expect((await house.ask(`/api/v1/keys/${second.key}/retirement`, key, { signed })).status).toBe(201)
    expect(await inShards()).toEqual([[first.key], [first.key]])
  }
  for (const ledger of ledgers) await checkLog(ledger, Date.now())
})

test('a shard that does not answer: the desk shows the rows of the others, and says whose it lacks', async () => {
  const house = await openHouse()
  const server = await house.raise(3)
  const { registry } = server.ledger
  await registry.addCredential(hashKey(PLATFORM), { role: 'platform', name: 'platform' })
  const now = Date.now()
  const officer = {
    subject: 'idp a17',
    role: 'platform',
    name: 'A17',
    createdAt: now,
    expiresAt: now + 3_600_000,
  } as const
  await registry.openSession(hashKey('a17'), officer)
  const made = []
  for (const merchant of FRESH) made.push(await house.file(merchant))
  const lost = made.find(({ shard }) => shard > 0)?.shard ?? 1
  // As a process that does not lead and reaches no leader.
  const silent: Ledger = new Proxy(() => undefined as never, {
    get: (_, name) => (name === 'then' ? undefined : silent),
    apply: () => Promise.reject(new Problem('unavailable')),
  }) as never
  const deps = { ...server.deps, ledgers: server.ledgers.map((ledger, shard) => (shard === lost ? silent : ledger)) }
  const app = createApp(deps)
  const desk = async (path: string, form?: Record<string, string>, session = 'a17') => {
    const headers = {
      ...{ Cookie: `${hostCookie(deps, 'session')}=${session}`, Accept: 'text/html', 'Accept-Language': 'en' },
      ...(form && { 'Content-Type': 'application/x-www-form-urlencoded', Origin: deps.baseUrl }),
    }
    const body = form && String(new URLSearchParams(form))
    const answer = await app.request(path, form ? { method: 'POST', headers, body: body ?? '' } : { headers })
    return { status: answer.status, text: await answer.text() }
  }
  const queue = await desk('/desk?turn=merchant')
  expect(queue.status).toBe(200)
  expect(queue.text).toContain(`does not answer at present (shard ${lost})`)
  for (const { id, shard } of made) expect(queue.text.includes(id)).toBe(shard !== lost)
  expect((await desk('/desk/counts')).status).not.toBe(503)
  // Nor is it left out in silence elsewhere: one of two that answer for a phone may lie there.
  await registry.openSession(hashKey('s01'), { ...officer, subject: 'idp s01', role: 'supervisor', name: 'S01' })
  const pages = [
    await desk('/desk/alerts'),
    await desk('/desk/messages'),
    await desk('/desk/supervisor', undefined, 's01'),
    await desk('/desk/search', { q: made.find(({ shard }) => shard !== lost)?.id ?? '' }),
  ]
  for (const { status, text } of pages) {
    expect(status).toBe(200)
    expect(text).toContain(`does not answer at present (shard ${lost})`)
  }
  for (const { id, shard } of made.slice(0, 3))
    expect((await desk(`/desk/complaints/${id}`)).status).toBe(shard === lost ? 503 : 200)
})
