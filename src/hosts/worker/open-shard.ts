// What a shard's object needs once it is opened, as one module: the isolates that only answer requests never load it.

import type { DurableObjectStorage } from '@cloudflare/workers-types'
import { drizzle } from 'drizzle-orm/durable-sqlite'
import { migrate } from 'drizzle-orm/durable-sqlite/migrator'
import ledgerSql from '../../../db/migrations/0000_ledger.sql'
import appendOnlySql from '../../../db/migrations/0001_append_only.sql'
import peopleSql from '../../../db/migrations/0002_people.sql'
import alertsSql from '../../../db/migrations/0003_alerts_of.sql'
import merchantShardsSql from '../../../db/migrations/0004_merchant_shards.sql'
import failingSql from '../../../db/migrations/0005_outbox_failing.sql'
import supersededSql from '../../../db/migrations/0006_superseded.sql'
import outboxSql from '../../../db/migrations/0007_outbox_by_recipient.sql'
import findSql from '../../../db/migrations/0008_find.sql'
import contactCodesSql from '../../../db/migrations/0009_contact_codes.sql'
import teamSql from '../../../db/migrations/0010_team.sql'
import wholeCaseSql from '../../../db/migrations/0011_whole_case.sql'
import figuresSql from '../../../db/migrations/0012_figures.sql'
import incidentsSql from '../../../db/migrations/0013_incidents.sql'
import partyKeysSql from '../../../db/migrations/0014_party_keys.sql'
import timeStampsSql from '../../../db/migrations/0015_time_stamps.sql'
import rulesSql from '../../../db/migrations/0016_platform_rules.sql'
import deskLoadSql from '../../../db/migrations/0017_desk_load.sql'
import closedShardsSql from '../../../db/migrations/0018_closed_shards.sql'
import passkeysSql from '../../../db/migrations/0019_passkeys.sql'
import figuresAnewSql from '../../../db/migrations/0020_figures_anew.sql'
import retentionSql from '../../../db/migrations/0021_retention.sql'
import officerLoadSql from '../../../db/migrations/0022_officer_load.sql'
import figuresDeadlinesSql from '../../../db/migrations/0023_figures_deadlines.sql'
import listsSql from '../../../db/migrations/0024_lists.sql'
import figureChangesSql from '../../../db/migrations/0025_figure_changes.sql'
import idempotencyPeriodsSql from '../../../db/migrations/0026_idempotency_periods.sql'
import openCountsSql from '../../../db/migrations/0027_open_counts.sql'
import journal from '../../../db/migrations/meta/_journal.json' with { type: 'json' }
import type { Host } from '../../ledger/host.ts'

export { objectFileStore } from '../../files/store.ts'
export { DemoClock } from '../../ledger/clock.ts'
export { LocalLedger } from '../../ledger/local-ledger.ts'
export { demoPhone } from '../../notify/sms/demo-phone.ts'
export { failoverSmsProvider } from '../../notify/sms/vendors/failover.ts'
export { removeErasedFiles } from '../../routes/evidence.ts'
export { createDeliveries } from '../deliveries.ts'
export { bucketStore } from './bindings.ts'

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
  const migrations = {
    m0000: ledgerSql,
    m0001: appendOnlySql,
    m0002: peopleSql,
    m0003: alertsSql,
    m0004: merchantShardsSql,
    m0005: failingSql,
    m0006: supersededSql,
    m0007: outboxSql,
    m0008: findSql,
    m0009: contactCodesSql,
    m0010: teamSql,
    m0011: wholeCaseSql,
    m0012: figuresSql,
    m0013: incidentsSql,
    m0014: partyKeysSql,
    m0015: timeStampsSql,
    m0016: rulesSql,
    m0017: deskLoadSql,
    m0018: closedShardsSql,
    m0019: passkeysSql,
    m0020: figuresAnewSql,
    m0021: retentionSql,
    m0022: officerLoadSql,
    m0023: figuresDeadlinesSql,
    m0024: listsSql,
    m0025: figureChangesSql,
    m0026: idempotencyPeriodsSql,
    m0027: openCountsSql,
  }
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
    storage: () => ({ bytes: storage.sql.databaseSize, free: null }),
    // An isolate has 128 MB, and may hold several objects.
    complaintsInMemory: 8_000,
    close: () => undefined,
  }
}
