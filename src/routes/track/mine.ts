// A buyer's own: the other open complaints of the same phone, and all data of that phone as one file.

import type { Context } from 'hono'
import { iso } from '../../complaint/time.ts'
import { toComplaintView } from '../../complaint/view/complaint-view.ts'
import type { Dictionary } from '../../complaint/view/types.ts'
import { formatId } from '../../link/id.ts'
import type { OtherComplaint } from '../../views/track/mine.ts'
import { askAll, type Deps, ledgerOf, linkUrl, tokenIn } from '../deps.ts'
import { keepDevice } from './device.ts'

/** Of one phone, at most. */
const LISTED = 20
const EXPORTED = 200

const phoneOf = async (deps: Deps, id: number): Promise<string | null> => {
  const phone = (await ledgerOf(deps, id).newest(id))?.first.fields.buyerPhone
  return typeof phone === 'string' ? phone : null
}

const ofPhone = async (deps: Deps, phone: string, limit: number) => {
  const now = deps.clock.now()
  const { answers } = await askAll(deps.ledgers, ledger => ledger.search({ phone, limit, now, first: ['buyer'] }))
  return answers.flatMap(({ items }) => items)
}

/** The open complaints of the same phone but this one, each with its link; this browser is then known there too. */
export const othersOf = async (c: Context, deps: Deps, id: number): Promise<OtherComplaint[]> => {
  const phone = await phoneOf(deps, id)
  if (phone === null) return []
  const open = (await ofPhone(deps, phone, LISTED)).filter(each => each.closedAt === null && each.id !== id)
  return Promise.all(
    open.map(async ({ id: other, state, due, item, category }) => {
      const head = await ledgerOf(deps, other).head(other)
      const url = linkUrl(deps, other, 'act', head?.linkEpoch ?? 0)
      keepDevice(c, deps, tokenIn(url))
      return { id: formatId(other), url, state, due, item, category }
    }),
  )
}

/**
 * All data of the buyer (PIPL, article 45): every complaint of the phone, open or closed, as its buyer reads it, with the phone and
 * the receipt, whose disclosures are the texts. Files are named by their SHA-256. Once a phone was erased, this complaint alone.
 */
export const dataOf = async (deps: Deps, id: number, dictionary: Dictionary) => {
  const phone = await phoneOf(deps, id)
  const found = phone === null ? [] : (await ofPhone(deps, phone, EXPORTED)).map(each => each.id)
  const now = deps.clock.now()
  const complaints = []
  // One after another: a person's complaints are few, and a timeline may be long.
  for (const each of new Set([id, ...found])) {
    const ledger = ledgerOf(deps, each)
    const timeline = await ledger.read(each)
    if (!timeline) continue
    const view = {
      id: formatId(each),
      entries: timeline.entries,
      loss: timeline.loss,
      reader: 'buyer',
      role: 'buyer',
      now,
      dictionary,
    } as const
    complaints.push({ ...toComplaintView(view), receipt: await ledger.receipt(each, 'buyer') })
  }
  return { exportedAt: iso(now), phone, complaints }
}
