// A shard's ledger behind RPC: the contracts of `ledger/contract` as methods of a Durable Object, each nested contract as
// an RpcTarget behind a getter of the class. `stub.registry.credential(hash)` is promise pipelining: one round trip, and
// no RpcTarget ever leaves the object, so there is no stub to dispose of.

import { DurableObject, RpcTarget } from 'cloudflare:workers'
import type { Ledger } from '../../ledger/contract/ledger.ts'
import type { Outbox } from '../../ledger/contract/outbox.ts'
import type { PublishedLog } from '../../ledger/contract/published-log.ts'
import type { Registry } from '../../ledger/contract/registry.ts'
import type { Webhooks } from '../../ledger/contract/webhooks.ts'
import type { LocalLedger } from '../../ledger/local-ledger.ts'

/** A `write` may bring an earlier due instant, so the alarm is set anew after it. */
type Operations<C> = Readonly<Record<keyof C, 'read' | 'write'>>
type LedgerMethods = Omit<Ledger, 'close' | 'registry' | 'webhooks' | 'outbox' | 'log'>

/** Allow-list: what can be called across RPC. The types see to it that no method of a contract is missing. */
export const LEDGER: Operations<LedgerMethods> = {
  execute: 'write',
  read: 'read',
  head: 'read',
  inbox: 'read',
  statement: 'read',
  receipt: 'read',
  find: 'read',
  resend: 'write',
  alerts: 'read',
  resolveAlert: 'read',
  statistics: 'read',
  tick: 'write',
  readOnly: 'read',
}
export const REGISTRY: Operations<Registry> = {
  credential: 'read',
  addCredential: 'read',
  keys: 'read',
  revokeKey: 'read',
  openSession: 'read',
  session: 'read',
  endSession: 'read',
  endSessionsOf: 'read',
  recordAttempt: 'read',
  clearAttempts: 'read',
}
