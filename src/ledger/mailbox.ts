import type { Kept } from './complaint-book.ts'
import { stepAt } from './entries.ts'
import type { Executor } from './executor.ts'
import type { Delivery, Message } from './port.ts'
import type { MessageRow, Store } from './store.ts'
import type { Writes } from './writes.ts'

/** Messages to the buyer: planned with their steps, sent by somebody else, and what became of them. */
export class Mailbox {
  readonly #store: Store
  readonly #writes: Writes
  readonly #executor: Executor

  constructor(store: Store, writes: Writes, executor: Executor) {
    this.#store = store
    this.#writes = writes
    this.#executor = executor
  }

  due(now: number, limit: number): Message[] {
    return this.#store.messagesDue.all({ now, limit })
  }

  /** When the next one is to go out. */
  next(): number | null {
    return this.#store.nextMessage.get()?.nextAt ?? null
  }

  addLink({ id, complaint: { seq, stay } }: Kept, now: number): void {
    this.#writes.addMessages(1)({ complaint: id, seq, stay, createdAt: now, template0: 'link', nextAt0: now })
  }

  /** Call inside a transaction. A message ends once: what is reported again, or too late, changes nothing. */
  record(id: number, delivery: Delivery): void {
    const row = this.#store.message.get({ id })
    if (!row) return
    if (row.outcome === null) this.#end(row, delivery)
    else if (row.outcome === 'accepted' && 'outcome' in delivery && delivery.outcome === 'undelivered') {
      this.#store.saveMessage.run({ id, attempts: row.attempts, outcome: 'undelivered', nextAt: null })
    }
  }

  #end(row: MessageRow, delivery: Delivery): void {
    const attempts = row.attempts + 1
    if ('retryAt' in delivery) {
      this.#store.saveMessage.run({ id: row.id, attempts, outcome: null, nextAt: delivery.retryAt })
      return
    }
    // `undelivered` takes back a notice that was counted; this one never was.
    const outcome = delivery.outcome === 'undelivered' ? 'expired' : delivery.outcome
    this.#store.saveMessage.run({ id: row.id, attempts, outcome, nextAt: null })
    if (outcome === 'accepted') this.#recordNotice(row)
  }

  /** A step only where it counts: a notice of what the buyer must do, or of a new link. */
  #recordNotice({ template, complaint, seq, stay }: MessageRow): void {
    const kept = this.#executor.settle(complaint)
    if (!kept) return
    const { complaint: c, chain } = kept
    const counts = c.stay === stay && (c.holder === 'buyer' || c.holder === 'both') && template !== 'link'
    if (!counts && template !== 'link_rotated') return
    // The link that this message carried; another may have replaced it since.
    const made = template === 'link_rotated' ? stepAt(this.#store, chain[seq] ?? -1) : null
    this.#executor.run({
      act: 'notice',
      complaint,
      by: { role: 'system', automated: true },
      body: { to: 'buyer', stay, ...(made?.kind === 'link_rotated' && { link: made.p.epoch }) },
    })
  }
}
