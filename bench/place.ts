import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import document from '../db/policies/cn-2026-1.json' with { type: 'json' }
import { openNodeHost } from '../src/hosts/node/sqlite.ts'
import { LocalLedger } from '../src/ledger/local-ledger.ts'
import { makeSecrets, readSecrets } from '../src/ledger/log/secrets.ts'

/** A folder on the disk that is measured (`BENCH_DIR`, or where temporary files go), gone afterwards. */
export const inFolder = async <T>(work: (folder: string) => Promise<T>): Promise<T> => {
  const folder = mkdtempSync(join(process.env.BENCH_DIR ?? tmpdir(), 'tousu-bench-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export const openLedger = async (folder: string) => {
  const host = openNodeHost(folder)
  const secrets = await readSecrets(await makeSecrets())
  const ledger = new LocalLedger({ host, secrets, policy: document, origin: 'bench.invalid/log/0' })
  return { ledger, host, secrets }
}

/** What everything is compared with: one row of 400 bytes, one transaction, one fsync. */
export const openBaseline = (folder: string) => {
  const sqlite = new Database(join(folder, 'baseline.db'))
  sqlite.pragma('journal_mode = WAL')
  sqlite.pragma('synchronous = FULL')
  sqlite.exec('create table rows (id integer primary key, bytes blob not null)')
  const insert = sqlite.prepare('insert into rows (bytes) values (?)')
  const row = Buffer.alloc(400, 'x')
  return {
    insertAll: (count: number) => {
      for (let i = 0; i < count; i++) insert.run(row)
    },
    close: () => sqlite.close(),
  }
}
