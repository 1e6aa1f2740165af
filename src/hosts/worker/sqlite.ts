import type { DurableObjectStorage } from '@cloudflare/workers-types'
import { drizzle } from 'drizzle-orm/durable-sqlite'
import { migrate } from 'drizzle-orm/durable-sqlite/migrator'
import ledgerSql from '../../../db/migrations/0000_ledger.sql'
import appendOnlySql from '../../../db/migrations/0001_append_only.sql'
import peopleSql from '../../../db/migrations/0002_people.sql'
import alertsSql from '../../../db/migrations/0003_alerts_of.sql'
import findSql from '../../../db/migrations/0004_find.sql'
import journal from '../../../db/migrations/meta/_journal.json' with { type: 'json' }
import type { Host } from '../../ledger/host.ts'

/**
 * A Durable Object's SQLite storage, brought up to date from the same migrations as on Node. The object coalesces
 * writes by itself and holds every answer until they are durable, so commands run at once, a transaction each.
 */
export const openWorkerHost = async (
  storage: DurableObjectStorage,
  checkpointFile: Host['checkpointFile'],
): Promise<Host> => {
  // Append-only: without this, INSERT OR REPLACE deletes a leaf without firing the trigger that forbids it.
  storage.sql.exec('PRAGMA recursive_triggers = ON')
  const db = drizzle(storage)
  const migrations = { m0000: ledgerSql, m0001: appendOnlySql, m0002: peopleSql, m0003: alertsSql, m0004: findSql }
  await migrate(db, { journal, migrations })
  return {
    db,
    statement: text => values => void storage.sql.exec(text, ...values),
    transaction: work => storage.transactionSync(work),
    // Storage that fails resets the whole object, so no transaction is left half open.
    inTransaction: () => true,
    soon: work => work(),
    checkpointFile,
    // The write-ahead log is Cloudflare's, out of reach.
    afterErasure: () => undefined,
    // An isolate has 128 MB, and may hold several objects.
    complaintsInMemory: 8_000,
    close: () => undefined,
  }
}
