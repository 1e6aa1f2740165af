// What open complaints keep of their counts, in sum: by merchant, day and category. Read once, in portions, and kept right by every
// commit since, so that neither a period nor a merchant with many open complaints is summed from their rows again.

import { addCounts, type Counts, isEmpty } from '../../complaint/figures/reckon.ts'
import { yieldToEventLoop } from '../../complaint/time.ts'
import type { Db } from '../host.ts'
import { clockedIds, type FigureRow, type PendingChange, pendingAmong } from './figure-rows.ts'

/** Complaints that are read before others have their turn: some milliseconds. */
const PORTION = 500

/** Changed by commits: who gives it away copies the counts. */
export type OpenCell = Omit<FigureRow, 'scope'>

export class OpenCounts {
  readonly #byMerchant = new Map<string, Map<string, OpenCell>>()
  /** Complaints that were not read yet: a commit that changes one is seen when it is. */
  readonly #waiting: Set<number>
  readonly whole: Promise<void>
  #isWhole = false

  constructor(db: Db) {
    this.#waiting = new Set(clockedIds(db))
    this.whole = this.#read(db)
  }

  get isWhole(): boolean {
    return this.#isWhole
  }

  async #read(db: Db): Promise<void> {
    const ids = [...this.#waiting]
    for (let at = 0; at < ids.length; at += PORTION) {
      if (at > 0) await yieldToEventLoop()
      const portion = ids.slice(at, at + PORTION)
      for (const kept of pendingAmong(db, portion)) this.#add(kept)
      for (const id of portion) this.#waiting.delete(id)
    }
    this.#isWhole = true
  }

  changed(pending: readonly PendingChange[]): void {
    for (const change of pending) if (!this.#waiting.has(change.id)) this.#add(change)
  }

  merchants(): string[] {
    return [...this.#byMerchant.keys()]
  }

  of(merchant: string): Iterable<OpenCell> {
    return this.#byMerchant.get(merchant)?.values() ?? []
  }

  #add({ merchant, listed, day, category, counts }: PendingChange): void {
    const cells = this.#byMerchant.get(merchant) ?? new Map<string, OpenCell>()
    const key = `${listed} ${day} ${category}`
    const known = cells.get(key)?.counts
    const sum: Counts = known ? addCounts(known, counts) : { ...counts }
    if (!known) {
      cells.set(key, { listed, day, category, counts: sum })
      this.#byMerchant.set(merchant, cells)
    } else if (isEmpty(sum)) {
      cells.delete(key)
      if (cells.size === 0) this.#byMerchant.delete(merchant)
    }
  }
}
