import type { Step } from '../../complaint/step.ts'
import { addComplaint, noStatistics, type Statistics } from '../../complaint/view/statistics.ts'
import type { Clock } from '../clock.ts'
import type { ComplaintRepository, StoredComplaint } from './complaint-repository.ts'
import type { Store } from './queries.ts'
import { stepAt } from './timeline-reader.ts'

interface RecordsDesk {
  store: Store
  book: ComplaintRepository
  clock: Clock
}

/** Whoever waits for a step or a page goes between two lots. */
const LOT = 50

/** Merchants' records, reckoned from their leaves when somebody asks. */
export class MerchantStats {
  readonly #desk: RecordsDesk

  constructor(desk: RecordsDesk) {
    this.#desk = desk
  }

  /** Of complaints that were opened at `since` or later. */
  async figures(merchant: string, since: number): Promise<Statistics> {
    const { store, book, clock } = this.#desk
    const figures = noStatistics()
    const found = store.complaintsOf(merchant, since).map(row => book.fromRow(row))
    for (const [i, kept] of found.filter(({ complaint }) => complaint.openedAt >= since).entries()) {
      if (i % LOT === LOT - 1) await new Promise(resolve => setTimeout(resolve))
      addComplaint(figures, this.#steps(kept), clock.now())
    }
    return figures
  }

  #steps({ chain, complaint }: StoredComplaint): Step[] {
    return chain.map(idx => {
      const step = stepAt(this.#desk.store, idx)
      return step.kind === 'submitted' ? { ...step, policy: complaint.policy } : step
    })
  }
}
