import type { R2Bucket } from '@cloudflare/workers-types'
import type { SettingName } from '../../config/schema.ts'
import type { Notes } from './checkpoint-store.ts'
import type { Shard } from './shard.ts'

/** A namespace of Durable Objects whose methods all answer by promise, as RPC makes them. */
export interface Namespace<T> {
  idFromName(name: string): object
  get(id: object): T
}

/** What a Worker is given: the bindings and settings of wrangler.toml, and the secrets. */
export interface Env extends Partial<Record<SettingName, string>> {
  SHARD: Namespace<Shard>
  NOTES: Namespace<Notes>
  FILES: R2Bucket
}
