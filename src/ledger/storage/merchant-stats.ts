import type { Step } from '../../complaint/step.ts'
import { addComplaint, noStatistics, type Statistics } from '../../complaint/view/statistics.ts'
import type { Clock } from '../clock.ts'
import type { ComplaintRepository, StoredComplaint } from './complaint-repository.ts'
import type { Store } from './queries.ts'
import { stepAt } from './timeline-reader.ts'

interface StatsDeps {
  store: Store
  complaints: ComplaintRepository
  clock: Clock
}

/** Yields to the event loop between two chunks, so that other requests are not blocked. */
const LOT = 50

/** Statistics of a merchant, computed from its leaves on request. */
export class MerchantStats {
  readonly #deps: StatsDeps

  constructor(deps: StatsDeps) {
    this.#deps = deps
  }

  /** Of complaints that were opened at `since` or later. */
  async since(merchant: string, since: number): Promise<Statistics> {
    const { store, complaints, clock } = this.#deps
    const statistics = noStatistics()
    const found = store.complaintsOf(merchant, since).map(row => complaints.fromRow(row))
    for (const [i, stored] of found.filter(({ complaint }) => complaint.openedAt >= since).entries()) {
      if (i % LOT === LOT - 1) await new Promise(resolve => setTimeout(resolve))
      addComplaint(statistics, this.#steps(stored), clock.now())
    }
    return statistics
  }

  #steps({ chain, complaint }: StoredComplaint): Step[] {
    return chain.map(idx => {
      const step = stepAt(this.#deps.store, idx)
      return step.kind === 'submitted' ? { ...step, policy: complaint.policy } : step
    })
  }
}
