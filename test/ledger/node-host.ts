import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import document from '../../db/policies/cn-2026-1.json' with { type: 'json' }
import { openNodeHost } from '../../src/hosts/node/sqlite.ts'
import { type Clock, systemClock } from '../../src/ledger/clock.ts'
import type { Host } from '../../src/ledger/host.ts'
import { LocalLedger } from '../../src/ledger/local-ledger.ts'
import { makeSecrets, readSecrets, type Secrets } from '../../src/ledger/log/secrets.ts'
import type { Opened, OpenOptions } from './fixture.ts'

export const ORIGIN = 't.invalid/log/0'

/** Ledgers on Node, each in a folder of its own that is gone after it. */
export const openOnNode = async (options: OpenOptions): Promise<Opened> => {
  const folder = newFolder()
  return serve(folder, options, await readSecrets(options.secrets))
}

const serve = (folder: string, { now: start, policy }: OpenOptions, secrets: Secrets): Opened => {
  let now = start
  const host = openNodeHost(folder)
  const ledger = new LocalLedger({
    host,
    secrets,
    policy,
    clock: { now: () => now },
    origin: ORIGIN,
    signEveryMs: 0,
  })
  return {
    ledger,
    setClock: async to => {
      now = to
    },
    sql: async query => {
      const statement = host.sqlite.prepare<[], Record<string, unknown>>(query)
      if (statement.reader) return statement.all()
      statement.run()
      return []
    },
    restart: async (next = policy) => {
      await ledger.close()
      return serve(folder, { now, policy: next, secrets: await makeSecrets() }, secrets)
    },
    close: () => ledger.close(),
  }
}

/** Gone after the test. */
export const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'tousu-ledger-'))
  // A signer may be writing its checkpoint yet.
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }))
  return folder
}

type NodeHost = ReturnType<typeof openNodeHost>
export interface NodeOptions {
  secrets?: Secrets
  policy?: unknown
  signEveryMs?: number
  clock?: Clock
  /** Puts something between the ledger and its host. */
  wrap?: (host: NodeHost) => Host
}

export const newSecrets = async (): Promise<Secrets> => readSecrets(await makeSecrets())

/** A ledger by the system's clock, or another, with all of its host in reach; closed after the test, if it isn't before. */
export const openFolder = async (folder: string, options: NodeOptions = {}) => {
  const {
    secrets = await newSecrets(),
    policy = document,
    signEveryMs = 0,
    clock = systemClock,
    wrap = (host: NodeHost) => host,
  } = options
  const host = openNodeHost(folder)
  onTestFinished(host.close)
  const ledger = new LocalLedger({ host: wrap(host), secrets, policy, origin: ORIGIN, signEveryMs, clock })
  return { ledger, sqlite: host.sqlite, secrets }
}
