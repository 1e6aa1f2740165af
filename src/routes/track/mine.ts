import type { Context } from 'hono'
import { formatId } from '../../link/id.ts'
import type { OtherComplaint } from '../../views/track/mine.ts'
import { askAll, type Deps, ledgerOf, linkUrl, tokenIn } from '../deps.ts'
import { keepDevice } from './device.ts'

/** Of one phone, at most. */
const LISTED = 20

/** The open complaints of the same phone but this one, each with its link; this browser is then known there too. */
export const othersOf = async (c: Context, deps: Deps, id: number): Promise<OtherComplaint[]> => {
  const phone = (await ledgerOf(deps, id).newest(id))?.first.fields.buyerPhone
  if (typeof phone !== 'string') return []
  const now = deps.clock.now()
  const { answers } = await askAll(deps.ledgers, ledger =>
    ledger.search({ phone, limit: LISTED, now, first: ['buyer'] }),
  )
  const open = answers.flatMap(({ items }) => items).filter(each => each.closedAt === null && each.id !== id)
  return Promise.all(
    open.map(async ({ id: other, state, due, item, category }) => {
      const head = await ledgerOf(deps, other).head(other)
      const url = linkUrl(deps, other, 'act', head?.linkEpoch ?? 0)
      keepDevice(c, deps, tokenIn(url))
      return { id: formatId(other), url, state, due, item, category }
    }),
  )
}
