// What an operator does to the storage of a shard's object: point-in-time recovery (Cloudflare keeps 30 days), and the rule of
// `tousu recover`: go on if the newest checkpoint is covered, put back what copies have, or declare the exact number lost.

import type { DurableObjectState } from '@cloudflare/workers-types'
import type { WorkerSettings } from '../../config/settings.ts'
import type { Clock } from '../../ledger/clock.ts'
import type { LocalLedger } from '../../ledger/local-ledger.ts'
import { NotRecovered } from '../../ledger/put-back.ts'
import { recoverLedger } from '../../ledger/recovery.ts'
import type { CheckpointStore, OperatorAct, OperatorAnswer } from './bindings.ts'
import { openWorkerHost } from './open-shard.ts'

interface Operated {
  ctx: DurableObjectState
  ledger: LocalLedger
  notes: CheckpointStore
  settings: WorkerSettings
  clock: Clock
}

/** After `rewind` and `recover` the open ledger is not that of the storage: call `restart`. */
export const operateShard = async (shard: Operated, act: OperatorAct): Promise<OperatorAnswer> => {
  const { ctx, ledger } = shard
  if (act.act === 'restart') ctx.abort('started anew by its operator')
  if (act.act === 'rewind') return rewind(ctx.storage, act.to)
  // Nothing else runs meanwhile.
  if (act.act === 'recover') return ctx.blockConcurrencyWhile(() => recover(shard, act))
  const { size } = ctx.storage.sql.exec<{ size: number }>('SELECT coalesce(max(idx) + 1, 0) AS size FROM leaves').one()
  return { size, readOnly: await ledger.readOnly() }
}

const rewind = async (
  storage: DurableObjectState['storage'],
  to: { at: number } | { bookmark: string },
): Promise<OperatorAnswer> => {
  try {
    const bookmark = 'at' in to ? await storage.getBookmarkForTime(to.at) : to.bookmark
    return { bookmark, undo: await storage.onNextSessionRestoreBookmark(bookmark) }
  } catch (error) {
    // The runtime's own words: it keeps no history (workerd alone), or not of that time. No text of a person is in them.
    return { notDone: error instanceof Error ? error.message : 'the storage could not do it' }
  }
}

const recover = async (
  { ctx, notes, settings: { secrets, policy }, clock }: Operated,
  { copies, declared }: Extract<OperatorAct, { act: 'recover' }>,
): Promise<OperatorAnswer> => {
  const shard = Number(ctx.id.name)
  const last = await notes.last(shard)
  const host = await openWorkerHost(ctx.storage, { read: () => last, write: note => notes.keep(shard, note) })
  try {
    // The log may have adopted the policy in force since.
    return await recoverLedger(host, secrets, { ...copies, policies: [...copies.policies, policy] }, declared, clock)
  } catch (error) {
    if (error instanceof NotRecovered) return { notDone: error.message }
    throw error
  }
}
