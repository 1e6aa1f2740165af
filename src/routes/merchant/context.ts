import type { Context } from 'hono'
import { latestExtension } from '../../complaint/acts/shared.ts'
import { interimCap, lengthOf } from '../../complaint/deadlines/policy.ts'
import { foldAll } from '../../complaint/evolve.ts'
import { iso } from '../../complaint/time.ts'
import { LOCALES } from '../../complaint/words.ts'
import type { Ledger, Timeline } from '../../ledger/contract/ledger.ts'
import type { Session } from '../../ledger/contract/registry.ts'
import { formatId } from '../../link/id.ts'
import type { NextCase } from '../../views/console.ts'
import type { PageContext, TrackContext } from '../../views/context.ts'
import type { Bounds, Desk } from '../../views/merchant/context.ts'
import { consolePageOf } from '../console.ts'
import type { Deps } from '../deps.ts'
import { ledgerForMerchant } from '../merchant-shards.ts'
import { Problem } from '../problem.ts'
import type { Signed } from '../signin/session.ts'

export type Visitor = Context<Signed>

/** Whose console it is. A session that names no merchant has none. */
export const merchantOf = ({ merchant }: Session): string => {
  if (merchant === undefined || merchant === '') throw new Problem('not_yours')
  return merchant
}

/** As `ledger.team` knows the merchant's people. */
export const teamOf = (person: Session): string => `merchant:${merchantOf(person)}`

/** The ledger in which all complaints of the clerk's merchant lie. */
export const ownLedger = (deps: Deps, person: Session): Promise<Ledger> => ledgerForMerchant(deps, merchantOf(person))

export const deskOf = (c: Visitor, deps: Deps): Desk => ({
  page: consolePageOf(c, deps),
  person: c.var.person,
  now: deps.clock.now(),
})

/** How far the policy of this complaint lets a date go. */
export const boundsOf = ({ entries }: Timeline, now: number): Bounds => {
  const c = foldAll(entries.map(({ step }) => step))
  if (!c) throw new Problem('not_found')
  const { caps, limits } = c.policy
  return {
    latestDue: c.due === null ? null : iso(latestExtension(c, c.due)),
    latestEnd: iso(now + interimCap(c.policy)),
    promiseMoney: iso(now + lengthOf(caps.promise_money)),
    promiseGoods: iso(now + lengthOf(caps.promise_goods)),
    offersLeft: Math.max(0, limits.better_offers.count - c.offerImprovements),
  }
}

/** The language in which the buyer complained: what is written to the buyer is written in it. */
export const buyerPage = ({ pages }: Deps, { entries }: Timeline): PageContext => {
  const first = entries[0]?.step
  const locale = first?.kind === 'submitted' ? LOCALES.find(each => each === first.p.locale) : undefined
  return pages(locale ?? 'zh-CN')
}

/** The steps are rendered as on the tracking page, for a reader who is not the buyer. */
export const trackOf = ({ page, now }: Desk, base: string): TrackContext => ({
  ...page,
  base,
  scope: 'view',
  now,
  checked: { witnesses: 0 },
})

/** The complaint that waits for this merchant behind this one, or the most urgent other; `due` is null where this one does not wait. */
export const nextWaiting = async (
  deps: Deps,
  person: Session,
  { id, due }: { id: number; due: number | null },
): Promise<NextCase | null> => {
  const query = { merchant: merchantOf(person), holders: ['merchant', 'both'] as const, now: deps.clock.now() }
  const ledger = await ownLedger(deps, person)
  const after = due === null ? undefined : { due, id }
  // Those without an answer first: a clerk who has just answered goes on with the next that has none.
  for (const list of [{ ...query, state: 'awaiting_merchant' as const }, query]) {
    const behind = after ? await ledger.inbox({ ...list, after, limit: 1 }) : []
    const next = behind[0] ?? (await ledger.inbox({ ...list, limit: 2 })).find(item => item.id !== id)
    if (next) return { id: formatId(next.id), again: after !== undefined && behind.length === 0 }
  }
  return null
}
