import type { DurableObjectState } from '@cloudflare/workers-types'
import { Shard } from '../../src/worker.ts'
import type { Env } from '../../src/worker-config.ts'
import { LIVE } from './live.ts'

export { default, Notes, Shard } from '../../src/worker.ts'
export { BareLedger } from './bare-ledger.ts'

/** A shard as in production: by the system's clock, without a phone. */
export class LiveShard extends Shard {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, { ...env, ...LIVE })
  }
}
