import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { readSecrets } from '../../../../src/ledger/log/secrets.ts'
import { parseCheckpoint } from '../../../../src/log/checkpoint.ts'
import { parseNote } from '../../../../src/log/note.ts'
import { checkLog, rootOf } from '../../../ledger/check-log.ts'
import { type Postgres, startPostgres } from '../../../support/postgres.ts'
import { leading, newHouse, openProcess } from './fixture.ts'
import { Town } from './town.ts'

// Processes that are killed and stopped under load, and the PostgreSQL that they write to.

const KILLS = Number(process.env.KILLS ?? 1)
/** Acknowledged steps between two faults. */
const SOME = 60

let primary: Postgres
let standby: Postgres
beforeAll(async () => {
  primary = await startPostgres()
  standby = await primary.addStandby()
})
afterAll(() => primary.stop())

/** Closed after the test. */
const openTown = async (servers: readonly Postgres[] = [primary, standby]) => {
  const hosts = servers.map(({ url }) => new URL(url).host).join(',')
  const url = `postgres://postgres@${hosts}/postgres?target_session_attrs=read-write`
  const town = await Town.open({ house: newHouse(), url, leaseMs: 5_000 })
  onTestFinished(async () => {
    await town.end()
    town.remove()
  })
  return { town, url }
}

const more = async ({ acknowledged, notes }: Town, count = SOME) => {
  const before = { acknowledged: acknowledged.length, notes: notes.size }
  await expect.poll(() => acknowledged.length, { timeout: 25_000 }).toBeGreaterThanOrEqual(before.acknowledged + count)
  // And a checkpoint was published since: how many depends on the machine.
  await expect.poll(() => notes.size, { timeout: 25_000 }).toBeGreaterThan(before.notes)
}

/** No acknowledged step is lost or doubled, no published checkpoint is contradicted, and the log verifies. */
const check = async (town: Town, url: string, at: Postgres) => {
  const { house, acknowledged, notes, monitored } = town
  // It looks at what is served by the last of them.
  const looked = monitored.whole
  await expect.poll(() => monitored.whole, { timeout: 25_000 }).toBeGreaterThan(looked)
  await town.end()
  expect(monitored.broken).toEqual([])
  // All of them are dead: nobody needs to wait for that.
  await at.sql`update tousu_lease set until = '-infinity' where house = ${house}`
  const process = openProcess({ url, house, secrets: await readSecrets(town.secrets) })
  await leading(process)
  const { ledger } = process.replica
  expect(new Set(acknowledged.map(({ id, seq }) => `${id}/${seq}`)).size).toBe(acknowledged.length)
  for (const { id, seq } of acknowledged) expect((await ledger.read(id))?.entries[seq]?.seq, `${id}/${seq}`).toBe(seq)
  const links = await checkLog(ledger, Date.now())
  expect(links.length).toBeGreaterThan(acknowledged.length)
  expect(notes.size).toBeGreaterThan(1)
  for (const note of notes) {
    const { size, root } = parseCheckpoint(parseNote(note).text)
    expect(rootOf(links.slice(0, size).map(({ hash }) => hash))).toEqual(root)
  }
}

test(
  'the leader is killed, again and again: the other takes over and no acknowledged step is lost',
  async () => {
    const { town, url } = await openTown()
    let [leader, follower] = [await town.start(), await town.start()]
    await more(town)
    for (let kill = 0; kill < KILLS; kill++) {
      // Which of them leads is theirs to say.
      if (town.leaders.at(-1) !== leader.child.pid) [leader, follower] = [follower, leader]
      await town.kill(leader)
      leader = await town.start()
      await more(town)
    }
    expect(new Set(town.leaders).size).toBeGreaterThan(KILLS)
    await check(town, url, primary)
  },
  90_000 + KILLS * 10_000,
)

test('a leader that is stopped, and wakes when another leads, inserts nothing and follows', async () => {
  const { town, url } = await openTown()
  const { child: sleeper } = await town.start()
  await more(town)
  sleeper.kill('SIGSTOP')
  const { child: other } = await town.start()
  await expect.poll(() => town.leaders.at(-1), { timeout: 25_000 }).toBe(other.pid)
  sleeper.kill('SIGCONT')
  await more(town)
  await check(town, url, primary)
  const epochs = await primary.sql`
    select epoch, min(n)::int as first, max(n)::int as last from tousu_commits where house = ${town.house} group by epoch order by epoch`
  // Each epoch's rows come before the next one's.
  for (const [i, { last }] of epochs.entries())
    expect(epochs[i + 1]?.first ?? Number.POSITIVE_INFINITY).toBeGreaterThan(last)
  expect(epochs.length).toBeGreaterThanOrEqual(2)
}, 90_000)

test('the primary is killed, the standby promoted: the processes find it, and it has every acknowledged step', async () => {
  const { town, url } = await openTown()
  await Promise.all([town.start(), town.start()])
  await more(town)
  await primary.kill()
  await standby.promote()
  await more(town)
  await check(town, url, standby)
}, 90_000)

test('the leader and the primary are killed at once, the standby promoted: the follower leads, and nothing is lost', async () => {
  const pair = await startPostgres()
  onTestFinished(() => pair.stop())
  const second = await pair.addStandby()
  const { town, url } = await openTown([pair, second])
  const members = [await town.start(), await town.start()]
  await more(town)
  const leader = members.find(({ child }) => child.pid === town.leaders.at(-1))
  await Promise.all([leader && town.kill(leader), pair.kill()])
  await second.promote()
  await more(town)
  expect(town.leaders.at(-1)).not.toBe(leader?.child.pid)
  await check(town, url, second)
}, 90_000)
