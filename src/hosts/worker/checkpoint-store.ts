import { DurableObject } from 'cloudflare:workers'
import type { Env } from '../../config/worker.ts'
import { parseCheckpoint } from '../../log/checkpoint.ts'
import { parseNote } from '../../log/note.ts'

/** Keeps the last published checkpoint of each shard, apart from the shard: point-in-time recovery of one leaves the other. */
export class Notes extends DurableObject<Env> {
  async last(shard: number): Promise<string | null> {
    return (await this.ctx.storage.get<string>(`shard ${shard}`)) ?? null
  }

  /** Never takes a smaller tree for a larger one: an evicted instance may still be speaking. */
  async keep(shard: number, note: string): Promise<void> {
    const last = await this.last(shard)
    if (last === null || sizeOf(note) >= sizeOf(last)) await this.ctx.storage.put(`shard ${shard}`, note)
  }
}

const sizeOf = (note: string): number => parseCheckpoint(parseNote(note).text).size
