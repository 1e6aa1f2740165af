import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createAdaptorServer } from '@hono/node-server'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createReplica } from '../../../../src/hosts/node/server.ts'
import { systemClock } from '../../../../src/ledger/clock.ts'
import type { Secrets } from '../../../../src/ledger/log/secrets.ts'
import { checkLog } from '../../../ledger/check-log.ts'
import { done, people } from '../../../ledger/fixture.ts'
import { newFolder } from '../../../ledger/node-host.ts'
import { type Postgres, startPostgres } from '../../../support/postgres.ts'
import { newHouse, newKeys } from './fixture.ts'

// Several ledgers of one house, whose leaders are spread over its processes.

const SHARDS = 4
let postgres: Postgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres.stop())

/** A process of the house, reached by others over HTTP. */
const openMember = async (house: string, secrets: Secrets, files: string) => {
  const ready = Promise.withResolvers<ReturnType<typeof createReplica>>()
  const http = createAdaptorServer({ fetch: async (request, env) => (await ready.promise).app.fetch(request, env) })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const peerUrl = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const own = { dataDir: newFolder(), files: { folder: files }, shards: SHARDS, signEveryMs: 0, clock: systemClock }
  const server = createReplica(
    { ...own, secrets, origin: house, baseUrl: 'https://t.example.cn' },
    { url: postgres.url, peerUrl, leaseMs: 60_000 },
  )
  onTestFinished(async () => {
    await server.close()
    http.close()
  })
  ready.resolve(server)
  const leads = () => server.replicas.flatMap((replica, shard) => (replica.leads ? [shard] : []))
  return { ...server, peerUrl, leads }
}

/** A slow machine may be without a leader for a moment. */
const retried = async <T>(work: () => Promise<T>): Promise<T> => {
  for (;;) {
    try {
      return await work()
    } catch {
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }
}

test('leaders spread over two processes, either serves every shard, and one alone leads them all', async () => {
  const [house, secrets, files] = [newHouse(), await newKeys(), join(newFolder(), 'files')]
  const first = await openMember(house, secrets, files)
  await expect.poll(first.leads, { timeout: 25_000 }).toHaveLength(SHARDS)
  const ids: number[] = []
  for (const ledger of first.ledgers) ids.push(done(await people(ledger).submit()).id)
  const second = await openMember(house, secrets, files)
  await expect.poll(second.leads, { timeout: 25_000 }).toHaveLength(SHARDS / 2)
  await expect.poll(() => [...first.leads(), ...second.leads()].toSorted(), { timeout: 25_000 }).toEqual([0, 1, 2, 3])
  // It stays so: neither has two fewer than the other.
  const spread = second.leads()
  for (const [shard, id] of ids.entries()) {
    for (const [i, member] of [first, second].entries()) {
      const ledger = member.ledgers[shard]
      if (!ledger) throw new RangeError('a member has all shards')
      await retried(async () => done(await people(ledger).say(id, `第${i}句`)))
      for (const reader of [first, second])
        expect((await retried(() => reader.ledgers[shard]?.read(id) ?? Promise.resolve(null)))?.entries).toHaveLength(
          i + 2,
        )
    }
  }
  expect(second.leads()).toEqual(spread)
  // A sealed question to one shard is none to another.
  expect((await fetch(`${second.peerUrl}/peer/3`, { method: 'POST', body: 'x' })).status).toBe(404)
  await first.close()
  await expect.poll(second.leads, { timeout: 25_000 }).toHaveLength(SHARDS)
  for (const [shard, ledger] of second.ledgers.entries()) {
    done(await retried(() => people(ledger).say(ids[shard] ?? 0, '还在')))
    await checkLog(ledger, Date.now())
  }
})
