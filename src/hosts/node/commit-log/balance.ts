// Who leads which shard: a process that leads two fewer than another asks it for one, and so each shard stays with one that has
// room. A hand-over is orderly: what the old leader answered is kept, and the new one leads within a second.

import { randomUUID } from 'node:crypto'
import type { CommitLog } from './commit-log.ts'

/** Between two requests of one process: the shard that it asked for counts as its own by then. */
const REST_MS = 2_000

/** What the replicas of one process share. */
export class Balance {
  /** Of the process, unlike any other. */
  readonly holder = randomUUID()
  readonly #houses: readonly string[]
  #restUntil = 0

  constructor(houses: readonly string[]) {
    this.#houses = houses
  }

  /** Whether this process should ask the leader of `house` to hand over: one shard at a time. */
  async wants(log: CommitLog, house: string): Promise<boolean> {
    if (this.#houses.length < 2 || performance.now() < this.#restUntil) return false
    const leads = await log.leads(this.#houses)
    const holder = leads.find(each => each.house === house)?.holder
    const countOf = (process: string | undefined) => leads.filter(each => each.holder === process).length
    if (holder === undefined || countOf(holder) < countOf(this.holder) + 2) return false
    // Again: another replica of this process may have asked while this one waited for the answer.
    if (performance.now() < this.#restUntil) return false
    this.#restUntil = performance.now() + REST_MS
    return true
  }
}
