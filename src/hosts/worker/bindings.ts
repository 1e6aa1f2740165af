import type { R2Bucket } from '@cloudflare/workers-types'
import type { SettingName } from '../../config/schema.ts'
import type { DemoFacts } from '../../demo/replay.ts'
import type { PhoneMessage } from '../../notify/sms/demo-phone.ts'
import type { LedgerStub } from './ledger-object.ts'

/** A namespace of Durable Objects whose methods all answer by promise, as RPC makes them. */
export interface Namespace<T> {
  idFromName(name: string): object
  get(id: object): T
}

/** What the Worker, and a shard's peers, call of a shard's object (`shard.ts`): its ledger, and the demo's clock and stories. */
export interface ShardObject extends LedgerStub {
  runOnce(): Promise<number | null>
  now(): Promise<number>
  moveClock(instant: number): Promise<void>
  messages(): Promise<PhoneMessage[]>
  facts(): Promise<DemoFacts>
}

/** The last published checkpoint of each shard (`checkpoint-store.ts`). */
export interface CheckpointStore {
  last(shard: number): Promise<string | null>
  keep(shard: number, note: string): Promise<void>
}

/** What a Worker is given: the bindings and settings of wrangler.toml, and the secrets. */
export interface Env extends Partial<Record<SettingName, string>> {
  SHARD: Namespace<ShardObject>
  NOTES: Namespace<CheckpointStore>
  FILES: R2Bucket
}
