import type { Step } from '../../complaint/step.ts'
import { addComplaint, type Figures, noFigures } from '../../complaint/view/statistics.ts'
import type { Clock } from '../clock.ts'
import type { ComplaintBook, Kept } from './complaint-repository.ts'
import type { Store } from './queries.ts'
import { stepAt } from './timeline-reader.ts'

interface RecordsDesk {
  store: Store
  book: ComplaintBook
  clock: Clock
}

/** Whoever waits for a step or a page goes between two lots. */
const LOT = 50

/** Merchants' records, reckoned from their leaves when somebody asks. */
export class Records {
  readonly #desk: RecordsDesk

  constructor(desk: RecordsDesk) {
    this.#desk = desk
  }

  /** Of complaints that were opened at `since` or later. */
  async figures(merchant: string, since: number): Promise<Figures> {
    const { store, book, clock } = this.#desk
    const figures = noFigures()
    const found = store.complaintsOf(merchant, since).map(row => book.fromRow(row))
    for (const [i, kept] of found.filter(({ complaint }) => complaint.openedAt >= since).entries()) {
      if (i % LOT === LOT - 1) await new Promise(resolve => setTimeout(resolve))
      addComplaint(figures, this.#steps(kept), clock.now())
    }
    return figures
  }

  #steps({ chain, complaint }: Kept): Step[] {
    return chain.map(idx => {
      const step = stepAt(this.#desk.store, idx)
      return step.kind === 'submitted' ? { ...step, policy: complaint.policy } : step
    })
  }
}
