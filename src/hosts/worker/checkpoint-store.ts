import { DurableObject } from 'cloudflare:workers'
import { parseCheckpoint } from '../../log/checkpoint.ts'
import { parseNote } from '../../log/note.ts'
import type { CheckpointStore, Env } from './bindings.ts'

/**
 * Fork detection: keeps the last published checkpoint of each shard outside the shard's own storage, since point-in-time
 * recovery of the shard does not restore this object with it.
 */
export class Notes extends DurableObject<Env> implements CheckpointStore {
  async last(shard: number): Promise<string | null> {
    return (await this.ctx.storage.get<string>(`shard ${shard}`)) ?? null
  }

  /** Never replaces a larger tree by a smaller one: an evicted instance may still be running. */
  async keep(shard: number, note: string): Promise<void> {
    const last = await this.last(shard)
    if (last === null || sizeOf(note) >= sizeOf(last)) await this.ctx.storage.put(`shard ${shard}`, note)
  }
}

const sizeOf = (note: string): number => parseCheckpoint(parseNote(note).text).size
