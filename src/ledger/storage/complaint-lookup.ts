import { yieldToEventLoop } from '../../complaint/time.ts'
import { barePhone, pickedUp } from '../../link/id.ts'
import { orderTag, phoneTag } from '../commands/executor.ts'
import type { InboxItem, InboxQuery, Ledger, Loads, SearchQuery, Tally } from '../contract/ledger.ts'
import type { Db } from '../host.ts'
import type { Tagger } from '../log/secrets.ts'
import { type ComplaintRepository, pack } from './complaint-repository.ts'
import { idsOfPhone, inboxCount, inboxRows, loadsOf, searchRows, tallyOf } from './inbox-queries.ts'
import type { ComplaintRow, Store } from './queries.ts'
import { fieldAt, leafAfter, summaryOf } from './timeline-reader.ts'

interface LookupDeps {
  db: Db
  store: Store
  complaints: ComplaintRepository
  tag: Tagger
  shard: number
  pickupSecret: Uint8Array
}
type Sought = { code: string; last4: string } | { orderId: string; phone: string }

/** Rows between two pauses: some milliseconds. */
const READ_AT_ONCE = 50

/** What was read, after a pause: the next query of the same request is not in the same turn of the event loop. */
const apart = async <T>(read: T): Promise<T> => {
  await yieldToEventLoop()
  return read
}

/** Old rows that get the tag of their phone in one go: under ten milliseconds. */
const TAGGED_AT_ONCE = 200

/** Lists complaints, and finds them by what a person knows of them. Stored are keyed tags. */
export class ComplaintLookup {
  readonly #deps: LookupDeps
  #isTagged = false

  constructor(deps: LookupDeps) {
    this.#deps = deps
  }

  inbox({ limit, after, ...query }: InboxQuery): Promise<InboxItem[]> {
    return this.#items(inboxRows(this.#deps.db, { ...this.#placed(query), limit, after }))
  }

  inboxCount(query: Omit<InboxQuery, 'limit' | 'after'>): Promise<number> {
    return apart(inboxCount(this.#deps.db, this.#placed(query)))
  }

  #placed({ updatedSince, afterLeaf, ...query }: Omit<InboxQuery, 'limit' | 'after'>) {
    return { ...query, afterLeaf: this.#leafBefore(updatedSince, afterLeaf) }
  }

  #leafBefore(instant: number | undefined, leaf: number | undefined): Uint8Array | undefined {
    if (leaf !== undefined) return pack([leaf])
    // Leaf 0 is the log's own, so no complaint's newest one.
    return instant === undefined ? undefined : pack([Math.max(0, leafAfter(this.#deps.store, instant) - 1)])
  }

  async #items(rows: readonly ComplaintRow[]): Promise<InboxItem[]> {
    const items: InboxItem[] = []
    for (const row of rows) {
      if (items.length % READ_AT_ONCE === 0) await yieldToEventLoop()
      items.push(this.#item(row))
    }
    return apart(items)
  }

  #item(row: ComplaintRow): InboxItem {
    const { store, complaints } = this.#deps
    const stored = complaints.fromRow(row)
    const { state, holder, due, openedAt, closedAt, category, handoffs } = stored.complaint
    const { id, merchant } = stored
    return { id, merchant, state, holder, due, openedAt, closedAt, category, handoffs, ...summaryOf(store, stored) }
  }

  loads(now: number): Loads {
    return loadsOf(this.#deps.db, now)
  }

  tally(query: { merchant?: string; now: number; until: number }): Promise<Tally> {
    return apart(tallyOf(this.#deps.db, query))
  }

  async search({ id, orderId, phone, updatedSince, ...query }: SearchQuery) {
    const { db, tag } = this.#deps
    if (id === undefined && orderId === undefined && phone === undefined) return { items: [], total: 0 }
    const tags = {
      id,
      order: orderId === undefined ? undefined : orderTag(tag, orderId),
      phone: phone === undefined ? undefined : phoneTag(tag, phone),
      afterLeaf: this.#leafBefore(updatedSince, undefined),
    }
    const { rows, total } = searchRows(db, tags, query)
    return { items: await this.#items(rows), total }
  }

  /** Backfill: are there rows of before the column, without the tag of their phone? Asks until there are none. */
  hasUntagged(): boolean {
    this.#isTagged ||= this.#deps.store.untagged.all({ limit: 1 }).length === 0
    return !this.#isTagged
  }

  /** Tags some of them. */
  tagSomePhones(): void {
    const { store, tag } = this.#deps
    for (const { first } of store.untagged.all({ limit: TAGGED_AT_ONCE })) {
      const phone = fieldAt(store, first, 'buyerPhone')
      store.tagPhone.run({ first, phone: typeof phone === 'string' ? phoneTag(tag, phone) : '' })
    }
  }

  find(by: Parameters<Ledger['find']>[0]): number[] {
    if (!('code' in by) && !('orderId' in by)) return idsOfPhone(this.#deps.db, phoneTag(this.#deps.tag, by.phone))
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
