import { parseId } from '../../link/id.ts'
import type { Executor } from '../commands/executor.ts'
import type { Delivery, FailedMessage, Message, Party, PendingDigest, Report } from '../port.ts'
import type { ComplaintRepository, StoredComplaint } from '../storage/complaint-repository.ts'
import type { MessageRow, Store } from '../storage/queries.ts'
import { stepAt } from '../storage/timeline-reader.ts'
import type { Writes } from '../storage/write-statements.ts'

/** Messages: planned with their steps, sent by somebody else, and what became of them. */
export class MessageOutbox {
  readonly #store: Store
  readonly #writes: Writes
  readonly #executor: Executor
  readonly #book: ComplaintRepository

  constructor(store: Store, writes: Writes, executor: Executor, book: ComplaintRepository) {
    this.#store = store
    this.#writes = writes
    this.#executor = executor
    this.#book = book
  }

  due(now: number, limit: number): Message[] {
    return this.#store.messagesDue.all({ now, limit }).map(messageOf)
  }

  digests(now: number): PendingDigest[] {
    const rows = this.#store.digestsDue.all({ now }).flatMap(row => {
      const kept = this.#book.get(row.complaint)
      return kept ? [{ party: contactOf(row, kept), message: { ...messageOf(row), due: dueOf(row, kept, now) } }] : []
    })
    return [...Map.groupBy(rows, row => row.party)].map(([party, these]) => ({
      party,
      messages: these.map(({ message }) => message),
    }))
  }

  /** When the next one is to go out. */
  next(): number | null {
    return this.#store.nextMessage.get()?.nextAt ?? null
  }

  sentTo(reader: string, since: number): number {
    return this.#store.sentTo.get({ reader, since })?.count ?? 0
  }

  troubled(limit: number): FailedMessage[] {
    return this.#store.troubled
      .all({ limit })
      .map(({ id, complaint, party, template, outcome, reason, attempts, createdAt, nextAt }) => {
        return {
          id,
          complaint,
          party: partyOf(party),
          template,
          outcome,
          reason: reason ?? '',
          attempts,
          createdAt,
          nextAt,
        }
      })
  }

  addLink({ id, complaint: { seq, enteredSeq: stay } }: StoredComplaint, now: number): void {
    const message = { complaint: id, seq, stay, createdAt: now, party0: 'buyer', template0: 'link', nextAt0: now }
    this.#writes.addMessages(1)(message)
  }

  /** Call inside a transaction. A message ends once: what is reported again, or too late, changes nothing. */
  record(id: number, delivery: Delivery, now: number): void {
    const row = this.#store.message.get({ id })
    if (!row) return
    if (row.outcome === null) this.#end(row, delivery, now)
    else if ('outcome' in delivery && delivery.outcome === 'undelivered') this.#takeBack(row, delivery.reason)
  }

  /** Call inside a transaction. What a vendor says later: of a digest, about all that it brought. */
  report({ key, reference, status, reason }: Report, now: number): void {
    for (const row of this.#reportedRows(key, reference)) {
      if (status === 'delivered') {
        if (row.outcome === 'accepted') this.#save(row, { outcome: 'delivered' })
      } else if (isUnderWay(row, now)) this.#end(row, { outcome: 'undelivered', reason }, now)
      else this.#takeBack(row, reason)
    }
  }

  #reportedRows(key: string | undefined, reference: string | undefined): MessageRow[] {
    const named = KEY.exec(key ?? '')
    if (!named) return reference === undefined ? [] : this.#store.messagesOf.all({ reference })
    const row = this.#store.message.get({ id: Number(named[2]) })
    if (row?.complaint !== parseId(named[1] ?? '')) return []
    // A digest bears the key of the first message that it brought.
    return row.reference === null ? [row] : this.#store.messagesOf.all({ reference: row.reference })
  }

  /** Also what was reported delivered: of two reports the bad one is believed, since silence may close a complaint. */
  #takeBack(row: MessageRow, reason?: string): void {
    if (row.outcome === 'accepted' || row.outcome === 'delivered')
      this.#save(row, { outcome: 'undelivered', reason: reason ?? row.reason })
  }

  #end(row: MessageRow, delivery: Delivery, now: number): void {
    if ('heldUntil' in delivery) this.#save(row, { nextAt: delivery.heldUntil })
    else if ('retryAt' in delivery) this.#save(row, { ...failed(row, delivery), nextAt: delivery.retryAt })
    else if (delivery.outcome === 'accepted') this.#accept(row, delivery, now)
    // `undelivered` takes back a notice that was counted; this one never was.
    else {
      const outcome = delivery.outcome === 'undelivered' ? 'expired' : delivery.outcome
      this.#save(row, { ...failed(row, delivery), outcome, nextAt: null })
    }
  }

  #accept(row: MessageRow, { reference = null, reader = null }: Accepted, acceptedAt: number): void {
    const attempts = row.attempts + 1
    this.#save(row, { attempts, outcome: 'accepted', reason: null, reference, reader, acceptedAt, nextAt: null })
    if (row.party === 'buyer') this.#recordNotice(row)
  }

  #save(row: MessageRow, changes: Partial<MessageRow>): void {
    const { id, attempts, outcome, nextAt, reason, reference, reader, acceptedAt } = { ...row, ...changes }
    this.#store.saveMessage.run({ id, attempts, outcome, nextAt, reason, reference, reader, acceptedAt })
  }

  /** A step only where it counts: a notice of what the buyer must do, or of a new link. */
  #recordNotice({ template, complaint, seq, stay }: MessageRow): void {
    const kept = this.#executor.appendDue(complaint)
    if (!kept) return
    const { complaint: c, chain } = kept
    const counts = c.enteredSeq === stay && (c.holder === 'buyer' || c.holder === 'both') && template !== 'link'
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

interface Accepted {
  reference?: string | null | undefined
  reader?: string | null | undefined
}

/** A vendor may report before it has answered; what waits for its next try is not under way. */
const isUnderWay = ({ outcome, nextAt }: MessageRow, now: number): boolean =>
  outcome === null && nextAt !== null && nextAt <= now

const failed = ({ attempts }: MessageRow, { reason }: { reason?: string | undefined }) => ({
  attempts: attempts + 1,
  reason: reason ?? null,
})

/** `ID:ROW`, as messages are numbered for vendors. */
const KEY = /^([0-9A-HJKMNP-TV-Z]{10}):(\d{1,15})$/

const partyOf = (party: string): Party =>
  party === 'merchant' || party === 'platform' || party === 'supervisor' ? party : 'buyer'

const messageOf = ({
  id,
  complaint,
  party,
  seq,
  stay,
  template,
  attempts,
  createdAt,
  nextAt,
}: MessageRow): Message => ({
  ...{ id, complaint, party: partyOf(party), seq, stay },
  ...{ template, attempts, createdAt, nextAt },
})

const contactOf = ({ party }: MessageRow, { merchant }: StoredComplaint): string =>
  party === 'merchant' ? `merchant:${merchant}` : party

/** By when this party must act in the stay that the message is about. */
const dueOf = ({ party, stay }: MessageRow, { complaint: c }: StoredComplaint, now: number): number | null => {
  const holds = c.holder === party || (c.holder === 'both' && party === 'merchant')
  return c.enteredSeq === stay && holds && c.due !== null && c.due > now ? c.due : null
}
