// What a commit log costs and gives: commands a second against the same ledger on its disk alone, bytes a command, replay, reads by a
// follower, and the time to take over. PostgreSQL with a synchronous standby on this machine, so one disk and its cores for all.
// node bench/commit-log.ts [lives]

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import document from '../db/policies/cn-2026-1.json' with { type: 'json' }
import { peerKey } from '../src/hosts/node/commit-log/peer.ts'
import { Replica } from '../src/hosts/node/commit-log/replica.ts'
import { openNodeHost } from '../src/hosts/node/sqlite.ts'
import type { Host } from '../src/ledger/host.ts'
import { LocalLedger } from '../src/ledger/local-ledger.ts'
import { makeSecrets, readSecrets } from '../src/ledger/log/secrets.ts'
import { startPostgres } from '../test/support/postgres.ts'
import { liveAll } from './lives.ts'
import { median } from './measure.ts'

const LIVES = Number(process.argv[2] ?? 300)
const ROUNDS = 5
const folder = mkdtempSync(join(tmpdir(), 'tousu-bench-'))
const secrets = await readSecrets(await makeSecrets())
const house = 'bench.invalid/log/0'
const openLedger = (host: Host, follows = false) =>
  new LocalLedger({ host, secrets, policy: document, origin: house, signEveryMs: 1000, follows })
const postgres = await startPostgres()
await postgres.addStandby()
const open = (name: string) =>
  new Replica({ url: postgres.url, house, folder: join(folder, name), peerKey: peerKey(secrets.tags), openLedger })
const until = async (done: () => boolean) => {
  while (!done()) await new Promise(resolve => setTimeout(resolve, 1))
}

const alone = openLedger(openNodeHost(join(folder, 'alone')))
const leader = open('leader')
await until(() => leader.leads)

let lived = 0
const rate = async (ledger: Parameters<typeof liveAll>[0], callers: number) => {
  const began = performance.now()
  const commands = await liveAll(ledger, lived, LIVES, callers)
  lived += LIVES
  return { commands, perSecond: (commands / (performance.now() - began)) * 1000 }
}
let commands = 0
for (const callers of [64, 256]) {
  const ratios: number[] = []
  const rates: [number[], number[]] = [[], []]
  // Interleaved: what else the machine does meets both.
  for (let round = 0; round <= ROUNDS; round++) {
    const one = await rate(alone, callers)
    const two = await rate(leader.ledger, callers)
    commands += two.commands
    if (round === 0) continue
    rates[0].push(one.perSecond)
    rates[1].push(two.perSecond)
    ratios.push(two.perSecond / one.perSecond)
  }
  console.log(
    `${callers} in flight: alone ${Math.round(median(rates[0]))}/s, commit log ${Math.round(median(rates[1]))}/s, ratio ${median(ratios).toFixed(2)}`,
  )
}
// A snapshot may have taken the first rows away.
const [row] = await postgres.sql`select avg(length(changes))::float8 as bytes, max(n)::int as rows from tousu_commits`
console.log(
  `${commands} commands in ${row?.rows} rows, ${Math.round((row?.bytes * row?.rows) / commands)} bytes a command`,
)

const began = performance.now()
const follower = open('follower')
await until(() => follower.follows)
console.log(`copied by a new process in ${Math.round(performance.now() - began)} ms`)
const [item] = await leader.ledger.inbox({ now: Date.now(), limit: 1, closed: true })
for (const [name, ledger] of [
  ['leader', leader.ledger],
  ['follower', follower.ledger],
] as const) {
  const start = performance.now()
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (let i = 0; i < 200; i++) await ledger.read(item?.id ?? 0)
    }),
  )
  console.log(`reads by the ${name}: ${Math.round(3200 / ((performance.now() - start) / 1000))}/s, 16 at a time`)
}
// As a kill leaves it: the lease has to end by itself.
await postgres.sql`update tousu_lease set epoch = epoch + 1, holder = 'killed', until = clock_timestamp() + interval '5 seconds'`
const killed = performance.now()
await until(() => follower.leads || leader.leads === false)
await until(() => follower.leads || leader.leads)
console.log(`led again ${Math.round(performance.now() - killed)} ms after a lease that nobody renewed`)
await Promise.all([follower.close(), leader.close(), alone.close()])
await postgres.stop()
rmSync(folder, { recursive: true, force: true })
process.exit(0)
