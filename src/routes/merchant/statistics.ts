import { DAY, MINUTE } from '../../complaint/time.ts'
import type { Ledger } from '../../ledger/contract/ledger.ts'
import { PERIODS, statisticsPage } from '../../views/merchant/statistics.ts'
import type { Deps } from '../deps.ts'
import { Problem } from '../problem.ts'
import { deskOf, merchantOf, ownLedger, type Visitor } from './context.ts'

const RECORD_MS = 90 * DAY
const FRESH_MS = 5 * MINUTE
const KEPT = 500

/**
 * The share of deadlines that a merchant kept in 90 days; null before there was one. It is counted over all of their
 * complaints, so that a list which is opened all day long asks for it only now and then.
 */
export class OnTimeShares {
  readonly #known = new Map<string, { at: number; share: number | null }>()

  async of(ledger: Ledger, merchant: string, now: number): Promise<number | null> {
    const known = this.#known.get(merchant)
    if (known && now - known.at < FRESH_MS) return known.share
    const { onTime, missed } = await ledger.statistics(merchant, now - RECORD_MS)
    const share = onTime + missed === 0 ? null : onTime / (onTime + missed)
    this.#known.delete(merchant)
    this.#known.set(merchant, { at: now, share })
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= KEPT) break
      this.#known.delete(oldest)
    }
    return share
  }
}

export const showFigures = async (c: Visitor, deps: Deps) => {
  const desk = deskOf(c, deps)
  const period = PERIODS.find(days => String(days) === (c.req.query('days') ?? '90'))
  if (period === undefined) throw new Problem('invalid', [{ field: 'days', code: 'choose' }])
  const since = desk.now - period * DAY
  const counted = await (await ownLedger(deps, c.var.person)).statistics(merchantOf(c.var.person), since)
  return c.html(String(statisticsPage(desk, counted, period, new Date(since).toISOString())))
}
