import { pickedUp } from '../link/pickup.ts'
import type { ComplaintBook } from './complaint-book.ts'
import { fieldAt } from './entries.ts'
import { orderTag } from './executor.ts'
import type { Credential, Ledger } from './port.ts'
import type { Tagger } from './secrets.ts'
import type { Store } from './store.ts'

export interface FinderDesk {
  store: Store
  book: ComplaintBook
  tag: Tagger
  shard: number
  pickupSecret: Uint8Array
}
type Sought = Parameters<Ledger['find']>[0]

/** Finds complaints by what a person knows of them, and the holders of API keys. Stored are keyed tags and hashes. */
export class Finder {
  readonly #desk: FinderDesk

  constructor(desk: FinderDesk) {
    this.#desk = desk
  }

  complaints(by: Sought): number[] {
    return this.#candidates(by).filter(id => isPhoneOf(by, this.#phone(id)))
  }

  #candidates(by: Sought): number[] {
    const { store, tag, shard, pickupSecret } = this.#desk
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
    const { store, book } = this.#desk
    return fieldAt(store, book.get(id)?.chain[0] ?? -1, 'buyerPhone')
  }

  credential(hash: string): Credential | null {
    const row = this.#desk.store.apiKey.get({ hash })
    if (!row || !isApiRole(row.role)) return null
    return { role: row.role, name: row.name, ...(row.merchant !== null && { merchant: row.merchant }) }
  }

  addCredential(hash: string, { role, merchant, name }: Credential): void {
    this.#desk.store.addApiKey.run({ hash, role, merchant: merchant ?? null, name })
  }
}

const LAST4 = /^\d{4}$/
const isPhoneOf = (by: Sought, phone: unknown): boolean => {
  if (typeof phone !== 'string') return false
  return 'code' in by ? LAST4.test(by.last4) && phone.endsWith(by.last4) : phone === by.phone
}

const isApiRole = (role: string): role is Credential['role'] =>
  role === 'platform' || role === 'supervisor' || role === 'merchant'
