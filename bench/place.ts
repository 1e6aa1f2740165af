import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { policyDocument } from '../src/config/schema.ts'
import { type Commit, StatementRecorder } from '../src/hosts/node/commit-log/recorder.ts'
import { type NodeHost, openNodeHost } from '../src/hosts/node/sqlite.ts'
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

/** The ledger of a filled folder, as live mode opens it, more than a day later: a day's quota would read all of its steps. */
export const openLedger = async (folder: string) => openOn(openNodeHost(folder), folder)

/** The same, with a recorder of what it writes, which costs it some time. */
export const openRecorded = async (folder: string) => {
  const host = openNodeHost(folder)
  const recorder = new StatementRecorder(host.sqlite)
  const recorded = { ...host, transaction: <T>(work: () => T) => recorder.transaction(() => host.transaction(work)) }
  return { ...(await openOn(recorded, folder)), recorder }
}

const LATER = 25 * 3_600_000

const openOn = async (host: NodeHost, folder: string) => {
  const clock = { now: () => Date.now() + LATER }
  const options = { secrets: await secretsIn(folder), policy: policyDocument(), origin: 'demo.tousu.invalid/log/0' }
  return { ledger: new LocalLedger({ host, clock, ...options }), sqlite: host.sqlite }
}

/**
 * The floor of a ledger: what another one wrote, statement by statement with the same values, in the same transactions. `folder` must
 * be a copy of the other's from before it wrote that.
 */
export const openFloor = (folder: string) => {
  const host = openNodeHost(folder)
  const prepared = new Map<string, Database.Statement>()
  const statement = (text: string): Database.Statement => {
    const known = prepared.get(text) ?? host.sqlite.prepare(text)
    prepared.set(text, known)
    return known
  }
  return {
    replay: (commits: readonly Commit[]) => {
      for (const { statements } of commits)
        host.transaction(() => {
          for (const [text, values] of statements) {
            const own = statement(text)
            if (own.reader) own.all(...values)
            else own.run(...values)
          }
        })
    },
    close: () => host.close(),
  }
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
