import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { policyDocument } from '../src/config/policy.ts'
import { openNodeHost } from '../src/hosts/node/sqlite.ts'
import { LocalLedger } from '../src/ledger/local-ledger.ts'
import { readSecrets } from '../src/ledger/log/secrets.ts'

/** A folder on the disk that is measured (`BENCH_DIR`, or where temporary files go), gone afterwards. */
export const inFolder = async <T>(work: (folder: string) => Promise<T>): Promise<T> => {
  const folder = mkdtempSync(join(process.env.BENCH_DIR ?? tmpdir(), 'tousu-bench-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export const secretsIn = (folder: string) => readSecrets(JSON.parse(readFileSync(join(folder, 'secrets.json'), 'utf8')))

/** The ledger of a filled folder, as live mode opens it; `hours` puts its clock ahead. */
export const openLedger = async (folder: string, hours = 0) => {
  const host = openNodeHost(folder)
  const clock = { now: () => Date.now() + hours * 3_600_000 }
  const options = { secrets: await secretsIn(folder), policy: policyDocument(), origin: 'demo.tousu.invalid/log/0' }
  return { ledger: new LocalLedger({ host, clock, ...options }), sqlite: host.sqlite }
}

/** What execute is compared with: one row of 400 bytes, one transaction, one fsync. Journal settings as the ledger's. */
export const openBaseline = (folder: string) => {
  const sqlite = new Database(join(folder, 'baseline.db'))
  sqlite.pragma('journal_mode = WAL')
  sqlite.pragma('synchronous = FULL')
  sqlite.pragma('wal_autocheckpoint = 16000')
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
