import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createAdaptorServer } from '@hono/node-server'
import type Database from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import document from '../../../../db/policies/cn-2026-1.json' with { type: 'json' }
import { peerKey } from '../../../../src/hosts/node/commit-log/peer.ts'
import { Replica } from '../../../../src/hosts/node/commit-log/replica.ts'
import type { Clock } from '../../../../src/ledger/clock.ts'
import { LocalLedger } from '../../../../src/ledger/local-ledger.ts'
import { makeSecrets, readSecrets, type Secrets } from '../../../../src/ledger/log/secrets.ts'
import type { Opened, OpenOptions } from '../../../ledger/fixture.ts'
import { newFolder } from '../../../ledger/node-host.ts'

export interface Process {
  replica: Replica
  folder: string
  /** Of the process that leads. */
  sqlite(): Database.Database
}
interface ProcessOptions {
  url: string
  house: string
  secrets: Secrets
  folder?: string
  policy?: unknown
  clock?: Clock
  signEveryMs?: number
  peerUrl?: string
}

/** One process of a house, in a folder of its own unless given; closed after the test. */
export const openProcess = (options: ProcessOptions): Process => {
  const { url, house, secrets, folder = newFolder(), policy = document, clock, signEveryMs = 0, peerUrl } = options
  let sqlite: Database.Database | undefined
  const replica = new Replica({
    url,
    house,
    folder,
    peerUrl,
    // No test waits for its end, and none should hang on a slow machine.
    leaseMs: 60_000,
    peerKey: peerKey(secrets.tags),
    openLedger: (host, follows) => {
      // Cast: this host is Node's.
      sqlite = (host as typeof host & { sqlite: Database.Database }).sqlite
      return new LocalLedger({ host, secrets, policy, origin: house, signEveryMs, follows, ...(clock && { clock }) })
    },
  })
  onTestFinished(() => replica.close())
  return {
    replica,
    folder,
    sqlite: () => {
      if (!sqlite) throw new Error('this process does not lead')
      return sqlite
    },
  }
}

/** The same, reached by other processes over HTTP. */
export const openPeer = async (options: ProcessOptions): Promise<Process & { peerUrl: string }> => {
  const ready = Promise.withResolvers<Process>()
  const server = createAdaptorServer({ fetch: async request => (await ready.promise).replica.answerPeer(request) })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const peerUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const process = openProcess({ ...options, peerUrl })
  ready.resolve(process)
  return { ...process, peerUrl }
}

export const following = async ({ replica }: Pick<Process, 'replica'>): Promise<void> => {
  while (!replica.follows) await Promise.race([replica.failed, new Promise(resolve => setTimeout(resolve, 10))])
}

export const leading = async ({ replica }: Pick<Process, 'replica'>): Promise<void> => {
  while (!replica.leads) await Promise.race([replica.failed, new Promise(resolve => setTimeout(resolve, 10))])
}

export const newHouse = (): string => `t.invalid/${randomUUID()}`

/** For the contract suite: each restart is another process, whose database is made from the commit log alone. */
export const openOnCommitLog =
  (url: () => string) =>
  async ({ now: start, policy, secrets }: OpenOptions): Promise<Opened> => {
    const house = newHouse()
    const keys = await readSecrets(secrets)
    const folder = newFolder()
    const serve = async (now: number, policy: unknown): Promise<Opened> => {
      let time = now
      const process = openProcess({ url: url(), house, folder, secrets: keys, policy, clock: { now: () => time } })
      await leading(process)
      return {
        ledger: process.replica.ledger,
        setClock: async to => {
          time = to
        },
        sql: async query => {
          const statement = process.sqlite().prepare<[], Record<string, unknown>>(query)
          if (statement.reader) return statement.all()
          statement.run()
          return []
        },
        restart: async (next = policy) => {
          await process.replica.close()
          for (const name of ['ledger.db', 'ledger.db-wal']) rmSync(join(folder, name), { force: true })
          return serve(time, next)
        },
        close: () => process.replica.close(),
      }
    }
    return serve(start, policy)
  }

export const newKeys = async (): Promise<Secrets> => readSecrets(await makeSecrets())
