// `npm run failovers -- 200`: kills the leader, the other process, both, or PostgreSQL's primary, so often, under load, with a
// witness and a monitor watching; exits with 1 if an acknowledged step was lost or doubled, or a signed checkpoint contradicted.
// `--sums FILE --minutes 8` ends a portion after that time, judges it and adds it to the file; the next run goes on from there,
// with a house of its own. `--lease MS` is how long nobody may lead after a leader was killed.

import { randomUUID } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import document from '../../db/policies/cn-2026-1.json' with { type: 'json' }
import { CompactRange, leafHashBehind } from '../../src/cli/monitor/hashing.ts'
import { createReplica } from '../../src/hosts/node/server.ts'
import { systemClock } from '../../src/ledger/clock.ts'
import type { Ledger } from '../../src/ledger/contract/ledger.ts'
import { readSecrets } from '../../src/ledger/log/secrets.ts'
import { parseCheckpoint } from '../../src/log/checkpoint.ts'
import { toBase64url } from '../../src/log/encoding.ts'
import { parseNote } from '../../src/log/note.ts'
import { parseBundle } from '../../src/log/tiles.ts'
import { type Member, Town } from '../hosts/node/commit-log/town.ts'
import { startPostgres } from '../support/postgres.ts'

/** Acknowledged steps between two kills. */
const SOME = 40
const PATIENCE_MS = 120_000

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { sums: { type: 'string' }, minutes: { type: 'string' }, lease: { type: 'string' } },
})
const kills = Number(positionals[0] ?? 200)
/** Shorter than in life, so that two hundred take minutes. */
const LEASE_MS = Number(values.lease ?? 2_000)
const MOST_MS = Number(values.minutes ?? Number.MAX_SAFE_INTEGER) * 60_000
if (![kills, LEASE_MS].every(each => Number.isSafeInteger(each) && each > 0) || !(MOST_MS > 0))
  throw new Error('npm run failovers -- NUMBER [--lease MS] [--sums FILE] [--minutes N]')

interface Portion {
  counts: Record<'leader' | 'follower' | 'both' | 'primary' | 'leader and primary', number>
  acknowledged: number
  lost: number
  doubled: number
  checkpoints: number
  contradicted: number
  monitor: { whole: number; silent: number; waiting: number; broken: string[] }
  /** Seconds until some more were acknowledged, of each kill. */
  waits: number[]
}
// Of earlier runs of this program.
const before: Portion[] =
  values.sums !== undefined && existsSync(values.sums)
    ? readFileSync(values.sums, 'utf8')
        .trim()
        .split('\n')
        .map(line => JSON.parse(line))
    : []
const killsOf = ({ counts }: Portion) => sum(Object.values(counts))
const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0)
const first = sum(before.map(killsOf))

const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  for (const end = Date.now() + PATIENCE_MS; !(await holds()); ) {
    if (Date.now() > end) throw new Error('nothing goes on')
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

// Each start of PostgreSQL ends it with this process.
process.setMaxListeners(0)
const primary = await startPostgres()
const standby = await primary.addStandby()
const hosts = [primary, standby].map(({ url }) => new URL(url).host).join(',')
const url = `postgres://postgres@${hosts}/postgres?target_session_attrs=read-write`
const town = await Town.open({ house: `t.invalid/${randomUUID()}`, url, leaseMs: LEASE_MS })
const more = async () => {
  const there = town.acknowledged.length
  await until(() => town.acknowledged.length >= there + SOME)
}

const members: Member[] = [await town.start(), await town.start()]
const counts: Portion['counts'] = { leader: 0, follower: 0, both: 0, primary: 0, 'leader and primary': 0 }
const waits: number[] = []
const replace = async (dead: readonly Member[]) => {
  await Promise.all(dead.map(each => town.kill(each)))
  for (const each of dead) members.splice(members.indexOf(each), 1, await town.start())
}
const killPrimary = async () => {
  await primary.kill()
  // Children of a killed postmaster may hold its shared memory for a moment.
  await until(() =>
    primary.start().then(
      () => true,
      () => false,
    ),
  )
}
await more()
const began = performance.now()
for (let kill = first; kill < kills && performance.now() - began < MOST_MS; kill++) {
  const leads = members.find(({ child }) => child.pid === town.leaders.at(-1))
  const [leader, follower] = leads === members[1] ? [members[1], members[0]] : [members[0], members[1]]
  if (!leader || !follower) throw new RangeError('there are two')
  // Every kind comes up, the leader most often.
  const what = (['leader', 'both', 'leader', 'follower', 'leader', 'primary', 'leader', 'leader and primary'] as const)[
    kill % 8
  ]!
  const killed = performance.now()
  if (what === 'leader') await replace([leader])
  else if (what === 'follower') await replace([follower])
  else if (what === 'both') await replace([leader, follower])
  else if (what === 'primary') await killPrimary()
  else await Promise.all([replace([leader]), killPrimary()])
  counts[what]++
  await more()
  waits.push((performance.now() - killed) / 1000)
  if ((kill + 1) % 20 === 0)
    console.log(
      `${kill + 1} kills, ${town.acknowledged.length} acknowledged, monitor: ${JSON.stringify(town.monitored)}`,
    )
}
const looked = town.monitored.whole
await until(() => town.monitored.whole > looked)
await town.end()

const own = {
  dataDir: `${town.folder}/check`,
  files: { folder: `${town.folder}/files` },
  policy: document,
  clock: systemClock,
}
const options = {
  ...own,
  secrets: await readSecrets(town.secrets),
  origin: town.house,
  baseUrl: 'https://t.example.cn',
}
// A lease as in life: nobody is killed any more.
const { ledger, close, replicas } = createReplica(options, { url })
await until(() => replicas.every(({ leads }) => leads))
/** Asks again while it fails: a machine that is busy with other work may lose even that lease for a moment. */
const answered = async <T>(ask: () => Promise<T>): Promise<T> => {
  for (const end = Date.now() + PATIENCE_MS; ; ) {
    try {
      return await ask()
    } catch (error) {
      if (Date.now() > end) throw error
      await new Promise(resolve => setTimeout(resolve, 100))
    }
  }
}
let lost = 0
for (const { id, seq } of town.acknowledged)
  if ((await answered(() => ledger.read(id)))?.entries[seq]?.seq !== seq) lost++
const doubled = town.acknowledged.length - new Set(town.acknowledged.map(({ id, seq }) => `${id}/${seq}`)).size
const contradicted = await contradictions(ledger)
await close()
await primary.stop()
town.remove()
const portion: Portion = {
  ...{ counts, acknowledged: town.acknowledged.length, lost, doubled, checkpoints: town.notes.size, contradicted },
  ...{ monitor: town.monitored, waits },
}
if (values.sums !== undefined) appendFileSync(values.sums, `${JSON.stringify(portion)}\n`)
const portions = [...before, portion]
const of = (number: (portion: Portion) => number) => sum(portions.map(number))
const sorted = portions.flatMap(each => each.waits).sort((a, b) => a - b)
const broken = portions.flatMap(({ monitor }) => monitor.broken)
console.log({
  ...{ kills: of(killsOf), portions: portions.length, acknowledged: of(each => each.acknowledged) },
  ...{ lost: of(each => each.lost), doubled: of(each => each.doubled) },
  ...{ checkpoints: of(each => each.checkpoints), contradicted: of(each => each.contradicted) },
  monitor: {
    ...{ whole: of(({ monitor }) => monitor.whole), silent: of(({ monitor }) => monitor.silent) },
    ...{ waiting: of(({ monitor }) => monitor.waiting), broken },
  },
  secondsUntilSomeMoreWereAcknowledged: { median: sorted[Math.floor(sorted.length / 2)], most: sorted.at(-1) },
})
const faults = broken.length + of(each => each.lost + each.doubled + each.contradicted)
process.exitCode = faults > 0 ? 1 : 0

/** How many of the checkpoints that anybody saw are of another tree than there is now. */
async function contradictions({ log }: Ledger): Promise<number> {
  const seen = [...town.notes].map(note => parseCheckpoint(parseNote(note).text)).sort((a, b) => a.size - b.size)
  const largest = seen.at(-1)?.size ?? 0
  const range = new CompactRange()
  let wrong = 0
  const compare = () => {
    for (; seen[0]?.size === range.size; seen.shift()) if (toBase64url(seen[0].root) !== range.root()) wrong++
  }
  await until(async () => {
    const note = await answered(() => log.checkpoint())
    return note !== null && parseCheckpoint(parseNote(note).text).size >= largest
  })
  for (let n = 0; range.size < largest; n++) {
    const bundle = await answered(() => log.entries(n, Math.min(256, largest - n * 256)))
    for (const leaf of parseBundle(bundle ?? new Uint8Array())) {
      range.append(leafHashBehind(Buffer.concat([Buffer.of(0), leaf]), 1, leaf.length + 1))
      compare()
    }
  }
  return wrong + seen.length
}
