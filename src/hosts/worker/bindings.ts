import type { DurableObjectJurisdiction, DurableObjectLocationHint, R2Bucket } from '@cloudflare/workers-types'
import type { SettingName } from '../../config/schema.ts'
import type { WorkerSettings } from '../../config/settings.ts'
import type { DemoFacts } from '../../demo/replay.ts'
import type { ObjectStore } from '../../files/store.ts'
import type { Copies } from '../../ledger/put-back.ts'
import type { Declaration, Recovery } from '../../ledger/recovery.ts'
import type { PhoneMessage } from '../../notify/sms/demo-phone.ts'
import type { LedgerStub } from './ledger-rpc.ts'

/** A namespace of Durable Objects whose methods all answer by promise, as RPC makes them. */
export interface Namespace<T> {
  idFromName(name: string): object
  get(id: object, options?: { locationHint?: DurableObjectLocationHint }): T
  jurisdiction(name: DurableObjectJurisdiction): Namespace<T>
}

/** Where an object lives: `locationHint` counts when it is made, `jurisdiction` is part of its id and so never changes. */
export type Place = Pick<WorkerSettings, 'locationHint' | 'jurisdiction'>

/** Makes stubs of the object of this name. The id, a hash of the name, is kept; a stub that saw an error stays broken, so it is not. */
export const objectOf = <T>(
  namespace: Namespace<T>,
  name: string,
  { locationHint, jurisdiction }: Place,
): (() => T) => {
  const within = jurisdiction === undefined ? namespace : namespace.jurisdiction(jurisdiction)
  const options = locationHint === undefined ? {} : { locationHint }
  let id: object | undefined
  return () => {
    id ??= within.idFromName(name)
    return within.get(id, options)
  }
}

/** What the Worker, and a shard's peers, call of a shard's object (`shard.ts`): its ledger, and the demo's clock and stories. */
export interface ShardObject extends LedgerStub {
  operate(act: OperatorAct): Promise<OperatorAnswer>
  runOnce(): Promise<number | null>
  now(): Promise<number>
  moveClock(instant: number): Promise<void>
  messages(): Promise<PhoneMessage[]>
  facts(): Promise<DemoFacts>
}

/** What an operator asks of a shard (`recover-shard.ts`). `restart` rejects at its caller too. */
export type OperatorAct =
  | { act: 'standing' | 'restart' }
  | { act: 'rewind'; to: { at: number } | { bookmark: string } }
  | { act: 'recover'; copies: Copies; declared: Declaration | undefined }

export type OperatorAnswer =
  /** How many leaves it has, and why it takes no more of them, or null. */
  | { size: number; readOnly: string | null }
  /** What the storage will be when the object starts again, and the bookmark that takes it back. */
  | { bookmark: string; undo: string }
  | Recovery
  /** Why nothing was changed; for the operator. */
  | { notDone: string }

/** The last published checkpoint of each shard (`main.ts`). */
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

/** An R2 bucket. */
export const bucketStore = (bucket: R2Bucket): ObjectStore => ({
  put: async (key, bytes) => void (await bucket.put(key, bytes)),
  get: async key => {
    const object = await bucket.get(key)
    return object && new Uint8Array(await object.arrayBuffer())
  },
  has: async key => (await bucket.head(key)) !== null,
  copy: async (from, to) => {
    const object = await bucket.get(from)
    if (object === null) throw new Error('an upload is gone')
    await bucket.put(to, object.body)
  },
  remove: key => bucket.delete(key),
  async *list(prefix) {
    for (let cursor: string | undefined, more = true; more; ) {
      const page = await bucket.list({ prefix, ...(cursor !== undefined && { cursor }) })
      for (const { key, size, uploaded } of page.objects) yield { key, size, storedAt: uploaded.getTime() }
      more = page.truncated
      cursor = page.truncated ? page.cursor : undefined
    }
  },
})
