import type { ComplaintBook } from './complaint-book.ts'
import { fieldsAt } from './entries.ts'
import { orderTag } from './executor.ts'
import type { Credential, Ledger } from './port.ts'
import type { Tagger } from './secrets.ts'
import type { Store } from './store.ts'

type Sought = Parameters<Ledger['find']>[0]

/** Finds complaints by what a person knows of them, and the holders of API keys. Stored are keyed tags and hashes. */
export class Finder {
  readonly #store: Store
  readonly #book: ComplaintBook
  readonly #tag: Tagger

  constructor(store: Store, book: ComplaintBook, tag: Tagger) {
    this.#store = store
    this.#book = book
    this.#tag = tag
  }

  complaints(by: Sought): number[] {
    return this.#candidates(by)
      .map(row => row.complaint)
      .filter(id => isPhoneOf(by, this.#phone(id)))
  }

  #candidates(by: Sought): { complaint: number }[] {
    if ('code' in by) return this.#store.pickedUp.all({ tag: this.#tag('pickup', by.code) })
    const from = orderTag(this.#tag, by.orderId)
    // Base64url sorts below the tilde.
    return this.#store.itemsFrom.all({ from, to: `${from}~` })
  }

  /** Not there any more once it was erased. */
  #phone(id: number): unknown {
    return fieldsAt(this.#store, this.#book.get(id)?.chain[0] ?? -1).buyerPhone
  }

  credential(hash: string): Credential | null {
    const row = this.#store.apiKey.get({ hash })
    if (!row || !isApiRole(row.role)) return null
    return { role: row.role, name: row.name, ...(row.merchant !== null && { merchant: row.merchant }) }
  }

  addCredential(hash: string, { role, merchant, name }: Credential): void {
    this.#store.addApiKey.run({ hash, role, merchant: merchant ?? null, name })
  }
}

const LAST4 = /^\d{4}$/
const isPhoneOf = (by: Sought, phone: unknown): boolean => {
  if (typeof phone !== 'string') return false
  return 'code' in by ? LAST4.test(by.last4) && phone.endsWith(by.last4) : phone === by.phone
}

const isApiRole = (role: string): role is Credential['role'] =>
  role === 'platform' || role === 'supervisor' || role === 'merchant'
