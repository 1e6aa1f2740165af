import { DurableObject } from 'cloudflare:workers'
import type { Env } from './worker-config.ts'

/** Keeps the last published checkpoint of each shard, apart from the shard: point-in-time recovery of one leaves the other. */
export class Notes extends DurableObject<Env> {
  async last(shard: number): Promise<string | null> {
    return (await this.ctx.storage.get<string>(`shard ${shard}`)) ?? null
  }

  async keep(shard: number, note: string): Promise<void> {
    await this.ctx.storage.put(`shard ${shard}`, note)
  }
}
