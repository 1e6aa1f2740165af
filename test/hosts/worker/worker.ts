import type { DurableObjectState } from '@cloudflare/workers-types'
import type { Env } from '../../../src/hosts/worker/bindings.ts'
import { Shard } from '../../../src/hosts/worker/main.ts'
import { HOUSE, HOUSE_START, LIVE } from './live.ts'

export { default, Notes, Shard } from '../../../src/hosts/worker/main.ts'
export { BareLedger } from './bare-ledger.ts'

/** A shard as in production: by the system's clock, without a phone. */
export class LiveShard extends Shard {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, { ...env, ...LIVE })
  }
}

/** A shard of a demo that begins when the HTTP suite does. */
export class HouseShard extends Shard {
  constructor(ctx: DurableObjectState, env: Env) {
    if (ctx.storage.kv.get('demo clock ahead') === undefined) {
      ctx.storage.kv.put('demo clock ahead', HOUSE_START - Date.now())
    }
    super(ctx, { ...env, ...HOUSE, NOTES: notesOf(ctx, env) })
  }

  /** No alarm: the suite moves the clock and calls `runOnce`. */
  override async alarm(): Promise<void> {}
}

/** Servers keep their checkpoints apart. */
const notesOf = ({ id }: DurableObjectState, { NOTES }: Env): Env['NOTES'] => ({
  idFromName: name => NOTES.idFromName(`${name} of ${id}`),
  get: each => NOTES.get(each),
  jurisdiction: name => NOTES.jurisdiction(name),
})
