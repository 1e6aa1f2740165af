import { shardOf } from '../link/id.ts'
import type { Receipt } from '../log/receipt.ts'
import { assemble, type LedgerOptions } from './assemble.ts'
import { headOf, type Kept } from './complaint-book.ts'
import { entriesOf } from './entries.ts'
import { ClockBehind } from './log-writer.ts'
import type {
  Credential,
  Delivery,
  Done,
  Head,
  InboxItem,
  InboxQuery,
  Ledger,
  Message,
  Order,
  PublishedLog,
  Refused,
  Timeline,
} from './port.ts'

export type { LedgerOptions } from './assemble.ts'

/** Nothing is written to this ledger; the message says why. */
export class ReadOnly extends Error {}

const SETTLED_AT_ONCE = 200

/** The ledger on the database of its own host. */
export class LocalLedger implements Ledger {
  readonly log: PublishedLog
  readonly #parts: ReturnType<typeof assemble>

  /** Throws WrongLog. */
  constructor(options: LedgerOptions) {
    this.#parts = assemble(options)
    this.log = this.#parts.log
    const { signer, witnessing } = this.#parts
    if (witnessing.isFork) void signer.stop()
    // A log that was published before signs nothing until its witnesses know it again.
    else if (witnessing.readOnly !== null && signer.published) signer.hold()
    else signer.poke()
    witnessing.poke()
  }

  async readOnly(): Promise<string | null> {
    return this.#parts.witnessing.readOnly
  }

  async execute(order: Order): Promise<Done | Refused> {
    if (this.#parts.witnessing.readOnly !== null) return { refused: 'read_only' }
    try {
      const answer = await this.#write(() => this.#parts.executor.run(order))
      if (order.act === 'redactions') this.#parts.host.erased()
      return answer
    } catch (error) {
      if (error instanceof ClockBehind) return { refused: 'clock_behind' }
      throw error
    }
  }

  async #write<T>(work: () => T): Promise<T> {
    const { witnessing, commit, signer } = this.#parts
    if (witnessing.readOnly !== null) throw new ReadOnly(witnessing.readOnly)
    const result = await commit.run(work)
    signer.poke()
    return result
  }

  async read(id: number): Promise<Timeline | null> {
    const kept = this.#find(id)
    return kept && { id, entries: entriesOf(this.#parts.store, kept) }
  }

  async head(id: number): Promise<Head | null> {
    const kept = this.#find(id)
    return kept && { ...headOf(kept), witnessed: this.#parts.cosignatures.seeing(kept.chain.at(-1) ?? 0) }
  }

  #find(id: number): Kept | null {
    return shardOf(id) === this.#parts.shard ? this.#parts.book.get(id) : null
  }

  async inbox(query: InboxQuery): Promise<InboxItem[]> {
    return this.#parts.store.inbox(query).map(row => {
      const { id, merchant, complaint: c } = this.#parts.book.fromRow(row)
      const { state, holder, due, openedAt, closedAt, category, handoffs } = c
      return { id, merchant, state, holder, due, openedAt, closedAt, category, handoffs }
    })
  }

  statement(id: number): Promise<string | null> {
    return this.#parts.receipts.statement(id)
  }

  receipt(id: number, reader: Parameters<Ledger['receipt']>[1]): Promise<Receipt | null> {
    return this.#parts.receipts.receipt(id, reader)
  }

  async find(by: Parameters<Ledger['find']>[0]): Promise<number[]> {
    return this.#parts.finder.complaints(by)
  }

  async credential(keyHash: string): Promise<Credential | null> {
    return this.#parts.finder.credential(keyHash)
  }

  addCredential(hash: string, credential: Credential): Promise<void> {
    const { witnessing, commit, finder } = this.#parts
    // No leaf, so no witness need be waited for: a server that starts has keys.
    if (witnessing.isFork) return Promise.reject(new ReadOnly(witnessing.readOnly ?? ''))
    return commit.run(() => finder.addCredential(hash, credential))
  }

  resend(id: number): Promise<void> {
    const { mailbox, clock } = this.#parts
    return this.#write(() => {
      const kept = this.#find(id)
      if (kept) mailbox.addLink(kept, clock.now())
    })
  }

  async tick(): Promise<number | null> {
    const { witnessing, store, mailbox, signer } = this.#parts
    witnessing.poke()
    if (witnessing.readOnly !== null) return null
    while (await this.#settleSome()) {}
    signer.poke()
    const next = [store.nextDue.get()?.due, mailbox.next()].filter(at => at != null)
    return next.length === 0 ? null : Math.min(...next)
  }

  /** False once nothing is due. One complaint that can't be settled keeps no other from it, but is told of. */
  async #settleSome(): Promise<boolean> {
    const { store, clock, executor } = this.#parts
    const due = store.fallenDue.all({ now: clock.now(), limit: SETTLED_AT_ONCE })
    const settled = await Promise.allSettled(due.map(({ id }) => this.#write(() => executor.settle(id))))
    const failed = settled.find(result => result.status === 'rejected')
    if (failed) throw failed.reason
    return due.length > 0
  }

  async outbox(limit: number): Promise<Message[]> {
    const { witnessing, mailbox, clock } = this.#parts
    return witnessing.readOnly === null ? mailbox.due(clock.now(), limit) : []
  }

  delivered({ id }: Message, delivery: Delivery): Promise<void> {
    return this.#write(() => this.#parts.mailbox.record(id, delivery))
  }

  /** When `tick` is to be called for the witnesses' sake, or null: what a timer that sleeps longer must know. */
  nextAsk(): number | null {
    return this.#parts.witnessing.next()
  }

  /** Resolves once no witness is being asked: at most its time limit, and never rejects. */
  asked(): Promise<void> {
    return this.#parts.witnessing.settled()
  }

  async close(): Promise<void> {
    const { commit, signer, witnessing, host } = this.#parts
    await witnessing.stop()
    await commit.idle()
    await signer.stop()
    host.close()
  }
}
