import type { Context } from 'hono'
import type { Ledger, Session } from '../../ledger/port.ts'
import type { Desk } from '../../views/merchant/frame.ts'
import { type Deps, shardForMerchant } from '../deps.ts'
import { pageOf } from '../language.ts'
import { Problem } from '../problem.ts'
import type { Signed } from '../signin/session.ts'

export type Visitor = Context<Signed>

/** Whose console it is. A session that names no merchant has none. */
export const merchantOf = ({ merchant }: Session): string => {
  if (merchant === undefined || merchant === '') throw new Problem('not_yours')
  return merchant
}

/** The ledger in which all complaints of this merchant lie. */
export const ownLedger = (deps: Deps, person: Session): Ledger => {
  const ledger = deps.ledgers[shardForMerchant(merchantOf(person), deps.ledgers.length)]
  if (!ledger) throw new Problem('not_found')
  return ledger
}

export const deskOf = (c: Visitor, deps: Deps): Desk => ({
  page: pageOf(c, deps),
  person: c.var.person,
  now: deps.clock.now(),
})
