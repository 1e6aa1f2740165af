import { DurableObject } from 'cloudflare:workers'
import type { CheckpointStore, Env } from './bindings.ts'
import { workerServer } from './server.ts'

export { Shard } from './shard.ts'

export default workerServer()

/**
 * Fork detection: keeps the last published checkpoint of each shard outside the shard's own storage, since point-in-time
 * recovery of the shard does not restore this object with it.
 */
export class Notes extends DurableObject<Env> implements CheckpointStore {
  async last(shard: number): Promise<string | null> {
    return (await this.ctx.storage.get<string>(`shard ${shard}`)) ?? null
  }

  /**
   * Never replaces a larger tree by a smaller one, nor a successor's by one of the log before it: an evicted instance may still be
   * running. Whether a successor stands is judged by its own leaves, which name the log before.
   */
  async keep(shard: number, note: string): Promise<void> {
    // Before anything is read: what is read is still so when it is written (input gates).
    const checkpointOf = await checkpointReader()
    const [last, ended] = [await this.last(shard), (await this.ctx.storage.get<string[]>(`ended ${shard}`)) ?? []]
    const { origin, size } = checkpointOf(note)
    if (ended.includes(origin)) return
    const before = last === null ? null : checkpointOf(last)
    if (before?.origin === origin && size < before.size) return
    if (before !== null && before.origin !== origin)
      await this.ctx.storage.put(`ended ${shard}`, [...ended, before.origin])
    await this.ctx.storage.put(`shard ${shard}`, note)
  }
}

/** Loaded in the isolate of this object: a page needs no note. */
const checkpointReader = async () => {
  const [{ parseNote }, { parseCheckpoint }] = await Promise.all([
    import('../../log/note.ts'),
    import('../../log/checkpoint.ts'),
  ])
  return (note: string) => parseCheckpoint(parseNote(note).text)
}
