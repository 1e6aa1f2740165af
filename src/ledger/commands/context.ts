import type { Amount, Context } from '../../complaint/command.ts'
import type { Order } from '../port.ts'
import type { StoredComplaint } from '../storage/complaint-repository.ts'
import type { Store } from '../storage/queries.ts'
import { disclosuresAt, fieldAt, stepAt } from '../storage/timeline-reader.ts'

/** What an act's decision needs of the texts that were disclosed. */
export const contextOf = (store: Store, order: Order, { chain }: StoredComplaint): Context => {
  switch (order.act) {
    case 'responses':
      return order.body.answer === 'offer' ? { sought: soughtAt(store, chain[0]) } : {}
    case 'redactions':
    case 'redaction-request':
      return { target: targetAt(store, chain[order.body.seq]) }
    default:
      return {}
  }
}

const soughtAt = (store: Store, idx = -1): Amount | undefined => {
  const amount = fieldAt(store, idx, 'remedySoughtAmount')
  return isAmount(amount) ? amount : undefined
}
const isAmount = (value: unknown): value is Amount =>
  typeof value === 'object' && value !== null && 'value' in value && 'currency' in value

/** What says which complaint it is and whose: nobody's to erase, since receipts and the merchant's own reading need it. */
const KEPT = ['id', 'merchantId', 'merchantName']

/** The words of a submission are the buyer's, whoever handed them in. */
const targetAt = (store: Store, idx: number | undefined): Context['target'] => {
  if (idx === undefined) return undefined
  const { kind, by } = stepAt(store, idx)
  const fields = [...disclosuresAt(store, idx).keys()].filter(name => !KEPT.includes(name))
  return { by: kind === 'submitted' ? 'buyer' : by, fields }
}
