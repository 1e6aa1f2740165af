import { shardOf } from '../link/id.ts'
import type { Receipt } from '../log/receipt.ts'
import { assemble, type LedgerOptions } from './assemble.ts'
import { ClockBehind } from './log/log-writer.ts'
import type {
  Alert,
  Delivery,
  Done,
  FailedMessage,
  Figures,
  Head,
  InboxItem,
  InboxQuery,
  Ledger,
  Message,
  Order,
  PendingDigest,
  PublishedLog,
  Refused,
  Registry,
  Report,
  Timeline,
  Webhooks,
} from './port.ts'
import { headOf, type StoredComplaint } from './storage/complaint-repository.ts'
import { entriesOf } from './storage/timeline-reader.ts'
import { ReadOnly } from './witnesses/witness-gate.ts'

export { ReadOnly } from './witnesses/witness-gate.ts'

const SETTLED_AT_ONCE = 200

/** The ledger on the database of its own host. */
export class LocalLedger implements Ledger {
  readonly log: PublishedLog
  readonly registry: Registry
  readonly webhooks: Webhooks
  readonly #parts: ReturnType<typeof assemble>

  /** Throws WrongLog. */
  constructor(options: LedgerOptions) {
    this.#parts = assemble(options)
    this.log = this.#parts.log
    this.registry = this.#parts.registry
    this.webhooks = this.#parts.hooks
    const { signer, witnessing } = this.#parts
    if (witnessing.isFork) void signer.stop()
    // A log that was published before signs nothing until its witnesses know it again.
    else if (witnessing.readOnly !== null && signer.published) signer.pause()
    else signer.requestCheckpoint()
    witnessing.poke()
  }

  async readOnly(): Promise<string | null> {
    return this.#parts.witnessing.readOnly
  }

  async execute(order: Order): Promise<Done | Refused> {
    if (this.#parts.witnessing.readOnly !== null) return { refused: 'read_only' }
    try {
      const answer = await this.#write(() => this.#parts.executor.run(order))
      if (order.act === 'redactions') this.#parts.host.afterErasure()
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
    signer.requestCheckpoint()
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

  #find(id: number): StoredComplaint | null {
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

  resend(id: number): Promise<void> {
    const { mailbox, clock } = this.#parts
    return this.#write(() => {
      const kept = this.#find(id)
      if (kept) mailbox.addLink(kept, clock.now())
    })
  }

  async alerts(limit: number): Promise<Alert[]> {
    return this.#parts.alerts.open(limit)
  }

  // What follows is in no leaf, so no witness need be waited for.

  resolveAlert(id: number, officer: string): Promise<void> {
    const { commit, alerts, clock } = this.#parts
    return commit.run(() => alerts.settle(id, officer, clock.now()))
  }

  statistics(merchant: string, since: number): Promise<Figures> {
    return this.#parts.records.figures(merchant, since)
  }

  setContact(party: string, phone: string | null): Promise<void> {
    return this.#parts.commit.run(() => this.#parts.contacts.set(party, phone))
  }

  async contact(party: string): Promise<string | null> {
    return this.#parts.contacts.get(party)
  }

  async tick(): Promise<number | null> {
    const { witnessing, store, mailbox, signer } = this.#parts
    witnessing.poke()
    if (witnessing.readOnly !== null) return null
    while (await this.#settleSome()) {}
    signer.requestCheckpoint()
    const next = [store.nextDue.get()?.due, mailbox.next(), this.#parts.hooks.next()].filter(at => at != null)
    return next.length === 0 ? null : Math.min(...next)
  }

  /**
   * In the order of the instants missed, across complaints. False once nothing is due. One complaint that can't be settled
   * keeps no other from it, but is told of.
   */
  async #settleSome(): Promise<boolean> {
    const { store, clock, executor } = this.#parts
    const now = clock.now()
    const due = store.fallenDue.all({ now, limit: SETTLED_AT_ONCE })
    // Behind the last of a full list there may be others whose turn comes before a second deadline of these.
    const last = due.length < SETTLED_AT_ONCE ? now : (due.at(-1)?.due ?? now)
    const turns = due.flatMap(row => this.#turns(row, now))
    const inOrder = turns.filter(({ on }) => on <= last).sort((a, b) => a.on - b.on)
    const settled = await Promise.allSettled(
      inOrder.map(({ id, on }) => this.#write(() => executor.appendDue(id, undefined, on))),
    )
    const failed = settled.find(result => result.status === 'rejected')
    if (failed) throw failed.reason
    return due.length > 0
  }

  /** When a complaint is to be settled: one turn for each instant missed. */
  #turns({ id, due }: { id: number; due: number | null }, now: number): { id: number; on: number }[] {
    try {
      return this.#parts.executor.fallsDueAt(id, now).map(on => ({ id, on }))
    } catch {
      // What can't be read fails at its own turn.
      return [{ id, on: due ?? now }]
    }
  }

  async dueMessages(limit: number): Promise<Message[]> {
    const { witnessing, mailbox, clock } = this.#parts
    return witnessing.readOnly === null ? mailbox.due(clock.now(), limit) : []
  }

  async dueDigests(): Promise<PendingDigest[]> {
    const { witnessing, mailbox, clock } = this.#parts
    return witnessing.readOnly === null ? mailbox.digests(clock.now()) : []
  }

  recordDelivery({ id }: Message, delivery: Delivery): Promise<void> {
    return this.#write(() => this.#parts.mailbox.record(id, delivery, this.#parts.clock.now()))
  }

  recordReport(report: Report): Promise<void> {
    const { mailbox, clock } = this.#parts
    return this.#write(() => mailbox.report(report, clock.now()))
  }

  async acceptedCount(reader: string, since: number): Promise<number> {
    return this.#parts.mailbox.sentTo(reader, since)
  }

  async failedMessages(limit: number): Promise<FailedMessage[]> {
    return this.#parts.mailbox.troubled(limit)
  }

  /** The next deadline, or null; `tick` also counts the messages. */
  nextDue(): number | null {
    return this.#parts.store.nextDue.get()?.due ?? null
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
