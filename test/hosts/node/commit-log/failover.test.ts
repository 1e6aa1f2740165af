import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { Done } from '../../../../src/ledger/contract/ledger.ts'
import { makeSecrets, readSecrets } from '../../../../src/ledger/log/secrets.ts'
import { parseCheckpoint } from '../../../../src/log/checkpoint.ts'
import { parseNote } from '../../../../src/log/note.ts'
import { checkLog, rootOf } from '../../../ledger/check-log.ts'
import { newFolder } from '../../../ledger/node-host.ts'
import { type Postgres, startPostgres } from '../../../support/postgres.ts'
import { leading, newHouse, openProcess } from './fixture.ts'

// Processes that are killed and stopped under load, and the PostgreSQL that they write to.

const NODE = fileURLToPath(new URL('../../../../node_modules/.bin/node', import.meta.url))
const SCRIPT = fileURLToPath(new URL('./member.ts', import.meta.url))
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

/** Processes of one house, and all that any of them acknowledged or published. */
const openTown = async () => {
  const house = newHouse()
  const secretsJson = await makeSecrets()
  const hosts = [primary, standby].map(({ url }) => new URL(url).host).join(',')
  const url = `postgres://postgres@${hosts}/postgres?target_session_attrs=read-write`
  const acknowledged: Done[] = []
  const notes = new Set<string>()
  const leaders: number[] = []
  const start = (): ChildProcess => {
    const args = [SCRIPT, newFolder(), url, house, JSON.stringify(secretsJson)]
    const child = spawn(NODE, args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    // The fourth of `stdio` above is a pipe.
    createInterface(child.stdio[3] as Readable).on('line', text => {
      const line: { done?: Done; note?: string; leads?: number } = JSON.parse(text)
      if (line.done) acknowledged.push(line.done)
      if (line.note) notes.add(line.note)
      if (line.leads) leaders.push(line.leads)
    })
    return child
  }
  const more = async (count = SOME) => {
    const before = { acknowledged: acknowledged.length, notes: notes.size }
    await expect
      .poll(() => acknowledged.length, { timeout: 25_000 })
      .toBeGreaterThanOrEqual(before.acknowledged + count)
    // And a checkpoint was published since: how many depends on the machine.
    await expect.poll(() => notes.size, { timeout: 25_000 }).toBeGreaterThan(before.notes)
  }
  /** No acknowledged step is lost or doubled, no published checkpoint is contradicted, and the log verifies. */
  const check = async (at: Postgres) => {
    // All of them are dead: nobody needs to wait for that.
    await at.sql`update tousu_lease set until = '-infinity' where house = ${house}`
    const process = openProcess({ url, house, secrets: await readSecrets(secretsJson) })
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
  return { house, start, more, check, leaders, acknowledged }
}

const exited = async (child: ChildProcess) => {
  child.kill('SIGKILL')
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}

test(
  'the leader is killed, again and again: the other takes over and no acknowledged step is lost',
  async () => {
    const town = await openTown()
    let leader = town.start()
    let follower = town.start()
    await town.more()
    for (let kill = 0; kill < KILLS; kill++) {
      // Which of them leads is theirs to say.
      if (town.leaders.at(-1) !== leader.pid) [leader, follower] = [follower, leader]
      await exited(leader)
      leader = town.start()
      await town.more()
    }
    expect(new Set(town.leaders).size).toBeGreaterThan(KILLS)
    await Promise.all([leader, follower].map(exited))
    await town.check(primary)
  },
  90_000 + KILLS * 10_000,
)

test('a leader that is stopped, and wakes when another leads, inserts nothing and follows', async () => {
  const town = await openTown()
  const sleeper = town.start()
  await town.more()
  sleeper.kill('SIGSTOP')
  const other = town.start()
  await expect.poll(() => town.leaders.at(-1), { timeout: 25_000 }).toBe(other.pid)
  sleeper.kill('SIGCONT')
  await town.more()
  await Promise.all([sleeper, other].map(exited))
  const epochs = await primary.sql`
    select epoch, min(n)::int as first, max(n)::int as last from tousu_commits where house = ${town.house} group by epoch order by epoch`
  // Each epoch's rows come before the next one's.
  for (const [i, { last }] of epochs.entries())
    expect(epochs[i + 1]?.first ?? Number.POSITIVE_INFINITY).toBeGreaterThan(last)
  expect(epochs.length).toBeGreaterThanOrEqual(2)
  await town.check(primary)
}, 90_000)

test('the primary is killed, the standby promoted: the processes find it, and it has every acknowledged step', async () => {
  const town = await openTown()
  const members = [town.start(), town.start()]
  await town.more()
  await primary.kill()
  await standby.promote()
  await town.more()
  await Promise.all(members.map(exited))
  await town.check(standby)
}, 90_000)
