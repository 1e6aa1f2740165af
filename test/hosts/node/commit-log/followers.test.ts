import { afterAll, beforeAll, expect, test } from 'vitest'
import { liveAll } from '../../../../bench/lives.ts'
import { askPeer, peerKey, peerPath } from '../../../../src/hosts/node/commit-log/peer.ts'
import { Problem } from '../../../../src/routes/problem.ts'
import { checkLog } from '../../../ledger/check-log.ts'
import { done, people } from '../../../ledger/fixture.ts'
import { type Postgres, startPostgres } from '../../../support/postgres.ts'
import { following, leading, newHouse, newKeys, openPeer } from './fixture.ts'

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
