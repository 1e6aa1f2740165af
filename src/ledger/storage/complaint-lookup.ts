import { barePhone, pickedUp } from '../../link/pickup.ts'
import { orderTag } from '../commands/executor.ts'
import type { Ledger } from '../contract/ledger.ts'
import type { Tagger } from '../log/secrets.ts'
import type { ComplaintRepository } from './complaint-repository.ts'
import type { Store } from './queries.ts'
import { fieldAt } from './timeline-reader.ts'

interface LookupDeps {
  store: Store
  complaints: ComplaintRepository
  tag: Tagger
  shard: number
  pickupSecret: Uint8Array
}
type Sought = Parameters<Ledger['find']>[0]

/** Finds complaints by what a person knows of them. Stored are keyed tags. */
export class ComplaintLookup {
  readonly #deps: LookupDeps

  constructor(deps: LookupDeps) {
    this.#deps = deps
  }

  find(by: Sought): number[] {
    return this.#candidates(by).filter(id => isPhoneOf(by, this.#phone(id)))
  }

  #candidates(by: Sought): number[] {
    const { store, tag, shard, pickupSecret } = this.#deps
    if ('code' in by) {
      const id = pickedUp(by.code, shard, pickupSecret)
      return id === null ? [] : [id]
    }
    const from = orderTag(tag, by.orderId)
    // Base64url sorts below the tilde.
    return store.about.all({ from, to: `${from}~` }).map(row => row.id)
  }

  /** Not there any more once it was erased. */
  #phone(id: number): unknown {
    const { store, complaints } = this.#deps
    return fieldAt(store, complaints.get(id)?.chain[0] ?? -1, 'buyerPhone')
  }
}

const LAST4 = /^\d{4}$/
const isPhoneOf = (by: Sought, phone: unknown): boolean => {
  if (typeof phone !== 'string') return false
  const bare = barePhone(phone)
  return 'code' in by ? LAST4.test(by.last4) && bare.endsWith(by.last4) : bare !== '' && bare === barePhone(by.phone)
}
