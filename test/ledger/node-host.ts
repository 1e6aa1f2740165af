import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openNodeHost } from '../../src/ledger/host-node.ts'
import { LocalLedger } from '../../src/ledger/local-ledger.ts'
import { readSecrets } from '../../src/ledger/secrets.ts'
import type { Opened, OpenOptions } from './world.ts'

/** Ledgers on Node, each in a folder of its own that is gone after it. */
export const openOnNode = async (options: OpenOptions): Promise<Opened> => {
  const folder = mkdtempSync(join(tmpdir(), 'tousu-ledger-'))
  return serve(folder, options)
}

const serve = async (folder: string, options: OpenOptions): Promise<Opened> => {
  let { now } = options
  const host = openNodeHost(folder)
  const secrets = await readSecrets(options.secrets)
  const clock = { now: () => now }
  const { policy } = options
  const ledger = new LocalLedger({ host, secrets, policy, clock, origin: 't.invalid/log/0', signEveryMs: 0 })
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
    restart: async () => {
      await ledger.close()
      return serve(folder, { ...options, now })
    },
    close: async () => {
      await ledger.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
