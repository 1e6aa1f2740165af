import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { liveAll } from '../../../../bench/lives.ts'
import newest from '../../../../db/policies/cn-2026-3.json' with { type: 'json' }
import { askPeer, peerKey, peerPath } from '../../../../src/hosts/node/commit-log/peer.ts'
import { Problem } from '../../../../src/routes/problem.ts'
import { checkLog } from '../../../ledger/check-log.ts'
import { buyer, DAY, done, people, START, supervisor } from '../../../ledger/fixture.ts'
import { type Postgres, startPostgres } from '../../../support/postgres.ts'
import { following, leading, newHouse, newKeys, openPeer, type Process } from './fixture.ts'

let postgres: Postgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres.stop())

const unavailable = expect.objectContaining({ constructor: Problem, code: 'unavailable' })

const openTwo = async () => {
  const log = { url: postgres.url, house: newHouse(), secrets: await newKeys() }
  const leader = await openPeer(log)
  await leading(leader)
  const follower = await openPeer(log)
  await following(follower)
  return { log, leader, follower }
}

test('whoever acts, by any process, sees the act by every process at once', async () => {
  const { leader, follower } = await openTwo()
  const ledgers = [leader.replica.ledger, follower.replica.ledger]
  const { id } = done(await people(ledgers[1]!).submit())
  for (let seq = 1; seq <= 12; seq++) {
    const [by, seen] = [ledgers[seq % 2]!, ledgers[(seq >> 1) % 2]!]
    expect(await people(by).say(id, `第${seq}条`)).toMatchObject({ seq })
    const head = await seen.head(id)
    const timeline = await seen.read(id)
    expect(timeline?.entries.at(-1)).toMatchObject({ leaf: head?.head, fields: { text: `第${seq}条` } })
  }
  for (const ledger of ledgers)
    expect(await ledger.inbox({ now: Date.now(), limit: 9 })).toMatchObject([{ id, lastStep: { seq: 12 } }])
  // Sessions and the like are rows as well.
  const session = { subject: 's', role: 'platform', name: 'A17', createdAt: 0, expiresAt: Date.now() + 60_000 } as const
  await ledgers[1]!.registry.openSession('cookie', session)
  expect(await ledgers[0]!.registry.session('cookie', Date.now())).toEqual(session)
  await ledgers[0]!.registry.endSession('cookie')
  expect(await ledgers[1]!.registry.session('cookie', Date.now())).toBeNull()
})

test('a follower serves the whole log, and its health', async () => {
  const { leader, follower } = await openTwo()
  await liveAll(follower.replica.ledger, 0, 30, 8)
  expect(await follower.replica.ledger.health()).toBeNull()
  expect(await follower.replica.ledger.readOnly()).toBeNull()
  expect(await follower.replica.ledger.tick()).toBeNull()
  expect(await follower.replica.ledger.outbox.dueMessages(9)).toEqual([])
  const links = await checkLog(follower.replica.ledger, Date.now())
  expect(links).toHaveLength((await checkLog(leader.replica.ledger, Date.now())).length)
  expect(await follower.replica.ledger.metrics()).toMatchObject({ illness: null, replicationLag: expect.any(Number) })
})

test('a follower leads once the leader ends, and the other way round', async () => {
  const { log, leader, follower } = await openTwo()
  const { id } = done(await people(follower.replica.ledger).submit())
  await leader.replica.close()
  await leading(follower)
  done(await people(follower.replica.ledger).say(id, '换了一台'))
  const third = await openPeer(log)
  await following(third)
  done(await people(third.replica.ledger).say(id, '再换一台'))
  await follower.replica.close()
  await leading(third)
  expect((await third.replica.ledger.read(id))?.entries).toHaveLength(3)
  await checkLog(third.replica.ledger, Date.now())
})

test('a follower whose leader is not reached says so, and reads on', async () => {
  const log = { url: postgres.url, house: newHouse(), secrets: await newKeys() }
  const leader = await openPeer(log)
  await leading(leader)
  const { id } = done(await people(leader.replica.ledger).submit())
  await postgres.sql`update tousu_lease set peer = 'http://127.0.0.1:9' where house = ${log.house}`
  const follower = await openPeer(log)
  await following(follower)
  await expect(people(follower.replica.ledger).say(id, '没人接')).rejects.toEqual(unavailable)
  expect((await follower.replica.ledger.read(id))?.entries).toHaveLength(1)
})

/** Nine months of retention, and a clock that the test moves. */
const openKept = async () => {
  const clock = { time: START, now: () => clock.time }
  const policy = { ...newest, name: 'kept', retention: { ...newest.retention, afterEndDays: 270 } }
  const log = { url: postgres.url, house: newHouse(), secrets: await newKeys(), clock, policy }
  const leader = await openPeer(log)
  await leading(leader)
  const follower = await openPeer(log)
  await following(follower)
  const { ledger } = leader.replica
  const end = async () => {
    const { id } = done(await people(ledger).submit())
    done(await ledger.execute({ act: 'withdrawal', complaint: id, by: buyer, body: { ground: 'other', reason: '' } }))
    return id
  }
  return { clock, leader, follower, end }
}
const statementOf = async ({ replica }: Process, id: number) =>
  (await replica.ledger.read(id))?.entries[0]?.fields.statement

test('what the leader erases is gone from a follower, and from its files; an act at the same time comes before or after', async () => {
  const { clock, leader, follower, end } = await openKept()
  const { ledger } = leader.replica
  const [gone, stays] = [await end(), await end()]
  const text = String(
    leader.sqlite().prepare("select texts from disclosures where texts like '%statement=%'").pluck().get(),
  )
  const disclosure = /statement=([\w-]+)/.exec(text)?.[1] ?? ''
  const isInFiles = () =>
    ['ledger.db', 'ledger.db-wal'].some(name => readFileSync(join(follower.folder, name)).includes(disclosure))
  expect(await statementOf(follower, gone)).toBeDefined()
  expect([disclosure.length > 20, isInFiles()]).toEqual([true, true])
  clock.time += 8 * DAY
  const erase = async (id: number) => {
    const seq = ((await ledger.read(id))?.entries.length ?? 0) - 1
    const expectedHead = (await ledger.head(id))?.head
    const body = { seq, field: '*', reason: '应本人要求' }
    return () => ledger.execute({ act: 'redactions', complaint: id, by: supervisor(), body, expectedHead })
  }
  const rate = (id: number) => () => ledger.execute({ act: 'rating', complaint: id, by: buyer, body: { score: 5 } })
  const together = (...acts: (() => Promise<unknown>)[]) => Promise.all(acts.map(act => act()))
  expect(await together(await erase(gone), rate(gone))).toMatchObject([{ seq: 2 }, { seq: 3 }])
  expect(await together(rate(stays), await erase(stays))).toMatchObject([{ seq: 2 }, { refused: 'stale' }])
  for (const process of [leader, follower]) {
    expect([await statementOf(process, gone), await statementOf(process, stays)]).toEqual([
      undefined,
      expect.any(String),
    ])
    expect(await process.replica.ledger.find({ phone: '13800001234' })).toEqual([stays])
  }
  await expect.poll(isInFiles, { timeout: 20_000 }).toBe(false)
  await checkLog(follower.replica.ledger, clock.now())
})

test('the week by which retention believes the clock goes on where a follower takes over, and so does the erasure', async () => {
  const { clock, leader, follower, end } = await openKept()
  const id = await end()
  clock.time += 270 * DAY
  const days = async ({ replica }: Process, count: number) => {
    for (let day = 0; day < count; day++) {
      await replica.ledger.tick()
      clock.time += DAY
    }
  }
  await days(leader, 5)
  await leader.replica.close()
  await leading(follower)
  await days(follower, 2)
  expect(await statementOf(follower, id)).toBeDefined()
  await days(follower, 2)
  expect(await statementOf(follower, id)).toBeUndefined()
  expect((await follower.replica.ledger.read(id))?.entries.at(-1)?.step).toMatchObject({
    kind: 'redacted',
    by: 'system',
  })
  await checkLog(follower.replica.ledger, clock.now())
})

test('without the key there is nothing at the address; a question is answered once, and names an operation', async () => {
  const { log, leader } = await openTwo()
  const url = leader.peerUrl
  const key = peerKey(log.secrets.tags)
  expect(await askPeer(key, url + peerPath(), undefined, 'readOnly', [])).toBeNull()
  await expect(askPeer(peerKey(new Uint8Array(32)), url + peerPath(), undefined, 'readOnly', [])).rejects.toEqual(
    unavailable,
  )
  for (const [contract, name] of [
    [undefined, 'close'],
    [undefined, 'constructor'],
    ['registry', 'toString'],
    ['constructor', 'keys'],
  ])
    await expect(askPeer(key, url + peerPath(), contract as 'registry', name as string, [])).rejects.toThrow(
      'could not do this',
    )
  const bodies: Uint8Array<ArrayBuffer>[] = []
  const original = globalThis.fetch
  globalThis.fetch = async (input, init) => {
    bodies.push(new Uint8Array(init?.body as Uint8Array<ArrayBuffer>))
    return original(input, init)
  }
  try {
    await askPeer(key, url + peerPath(), undefined, 'readOnly', [])
  } finally {
    globalThis.fetch = original
  }
  const post = async (body: BodyInit) => (await fetch(url + peerPath(), { method: 'POST', body })).status
  expect(await post(bodies[0]!)).toBe(404)
  bodies[0]![20]! ^= 1
  expect(await post(bodies[0]!)).toBe(404)
  expect(await post('')).toBe(404)
  expect((await fetch(url + peerPath())).status).toBe(404)
})
