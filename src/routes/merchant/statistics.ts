import { DAY } from '../../complaint/time.ts'
import { PERIODS, statisticsPage } from '../../views/merchant/statistics.ts'
import type { Deps } from '../deps.ts'
import { Problem } from '../problem.ts'
import { deskOf, merchantOf, ownLedger, type Visitor } from './context.ts'

export const showFigures = async (c: Visitor, deps: Deps) => {
  const desk = deskOf(c, deps)
  const period = PERIODS.find(days => String(days) === (c.req.query('days') ?? '90'))
  if (period === undefined) throw new Problem('invalid', [{ field: 'days', code: 'choose' }])
  const since = desk.now - period * DAY
  const counted = await ownLedger(deps, c.var.person).statistics(merchantOf(c.var.person), since)
  return c.html(String(statisticsPage(desk, counted, period, new Date(since).toISOString())))
}
