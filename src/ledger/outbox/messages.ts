// The message outbox (transactional outbox pattern): messages are planned with their steps, sent by `notify/sms`, and
// their results recorded here. No phone number of a buyer and no text is stored in a message.

import type { NoticeProof } from '../../complaint/command.ts'
import { DAY } from '../../complaint/time.ts'
import { formatId, parseId } from '../../link/id.ts'
import type { Clock } from '../clock.ts'
import type { Executor } from '../commands/executor.ts'
import type { GroupCommit } from '../commands/group-commit.ts'
import type {
  ContactCode,
  Delivery,
  DigestMessage,
  FailedMessage,
  Message,
  Outbox,
  Outcome,
  Party,
  Report,
} from '../contract/outbox.ts'
import type { Db } from '../host.ts'
import type { Tagger } from '../log/secrets.ts'
import type { WitnessGate } from '../log/witnesses.ts'
import type { ComplaintRepository, StoredComplaint } from '../storage/complaint-repository.ts'
import { type MessageRow, MOST_COUNTED } from '../storage/outbox-queries.ts'
import type { Store } from '../storage/queries.ts'
import { AlteredRow, stepAt } from '../storage/timeline-reader.ts'
import type { Writes } from '../storage/write-statements.ts'
import { Contacts } from './contacts.ts'

interface OutboxDeps {
  db: Db
  store: Store
  writes: Writes
  executor: Executor
  complaints: ComplaintRepository
  clock: Clock
  gate: WitnessGate
  commit: GroupCommit
  tag: Tagger
  /** Runs work in the next group commit, since an accepted notice is a step. Rejects while the ledger is read-only. */
  write<T>(work: () => T): Promise<T>
}

/** As long as webhook deliveries. A lapse counts the notices of the log, not these rows. */
const RETENTION_MS = 30 * DAY
const PRUNED_AT_ONCE = 200

export class MessageOutbox implements Outbox {
  readonly #deps: OutboxDeps
  readonly #store: Store
  readonly #contacts: Contacts
  /** When retention last reached the end of what is old, and the row that it has come to since. */
  #prunedAt = 0
  #prunedTo = 0

  constructor(deps: OutboxDeps) {
    this.#deps = deps
    this.#store = deps.store
    this.#contacts = new Contacts(deps.db, deps.tag)
  }

  async dueMessages(limit: number): Promise<Message[]> {
    if (this.#isReadOnly) return []
    return this.#store.messagesDue.all({ now: this.#deps.clock.now(), limit }).map(messageOf)
  }

  async dueRecipients(limit: number): Promise<string[]> {
    if (this.#isReadOnly) return []
    const rows = this.#store.recipientsDue.all({ now: this.#deps.clock.now(), limit })
    return [...new Set(rows.flatMap(({ recipient }) => recipient ?? []))]
  }

  async dueDigest(recipient: string, limit: number, after?: Message): Promise<DigestMessage[]> {
    if (this.#isReadOnly) return []
    const now = this.#deps.clock.now()
    const nextAt = after?.nextAt ?? -1
    const same = after ? this.#store.digestAtOnce.all({ recipient, nextAt, id: after.id, limit }) : []
    const later =
      same.length < limit ? this.#store.digestDue.all({ recipient, nextAt, now, limit: limit - same.length }) : []
    return [...same, ...later].flatMap(row => {
      const stored = this.#unaltered(row.complaint)
      return stored ? [{ ...messageOf(row), due: dueOf(row, stored, now) }] : []
    })
  }

  /** Null where the row contradicts the log, of which an alert was written: its message waits, and holds up no other. */
  #unaltered(id: number): StoredComplaint | null {
    try {
      return this.#deps.complaints.get(id)
    } catch (error) {
      if (error instanceof AlteredRow) return null
      throw error
    }
  }

  get #isReadOnly(): boolean {
    return this.#deps.gate.readOnly !== null
  }

  recordDeliveries(outcomes: readonly Outcome[]): Promise<void> {
    const { clock, write } = this.#deps
    return write(() => {
      for (const { message, delivery } of outcomes) this.#record(message.id, delivery, clock.now())
    })
  }

  recordReport(report: Report): Promise<void> {
    const { clock, write } = this.#deps
    return write(() => this.#report(report, clock.now()))
  }

  async acceptedCount(reader: string, since: number, complaint?: number): Promise<number> {
    return this.#store.sentTo.get({ reader, since, complaint: complaint ?? null })?.count ?? 0
  }

  async failedMessages(limit: number): Promise<FailedMessage[]> {
    return this.#store.troubled.all({ limit }).map(row => {
      const { id, complaint, party, template, outcome, reason, attempts, createdAt, nextAt } = row
      const message = { id, complaint, party: partyOf(party), template }
      return { ...message, outcome, reason: reason ?? '', attempts, createdAt, nextAt }
    })
  }

  async contact(party: string): Promise<string | null> {
    return this.#contacts.get(party)
  }

  // Contacts are in no leaf, so they wait for no witness.

  setContact(party: string, phone: string | null): Promise<void> {
    return this.#deps.commit.run(() => this.#contacts.set(party, phone))
  }

  requestContact(party: string, phone: string): Promise<void> {
    return this.#deps.commit.run(() => this.#contacts.request(party, phone, this.#deps.clock.now()))
  }

  async pendingContact(party: string): Promise<string | null> {
    return this.#contacts.pending(party, this.#deps.clock.now())?.phone ?? null
  }

  confirmContact(party: string, code: string): Promise<boolean> {
    return this.#deps.commit.run(() => this.#contacts.confirm(party, code, this.#deps.clock.now()))
  }

  async dueCodes(): Promise<ContactCode[]> {
    return this.#isReadOnly ? [] : this.#contacts.due(this.#deps.clock.now())
  }

  recordCode(key: string, retryAt: number | null): Promise<void> {
    return this.#deps.commit.run(() => this.#contacts.sent(key, retryAt))
  }

  /** When the next message is due, or null. */
  next(): number | null {
    const { nextToBuyer, nextDigest } = this.#store
    const nextCode = this.#contacts.next(this.#deps.clock.now())
    const next = [nextToBuyer.get()?.nextAt, nextDigest.get()?.nextAt, nextCode].filter(at => typeof at === 'number')
    return next.length === 0 ? null : Math.min(...next)
  }

  /**
   * Retention: deletes one portion of the messages that ended, once a day from the oldest on. Without a transaction of its own
   * it would hold up the commands; without portions, after a month of rest, for seconds.
   */
  async prune(): Promise<void> {
    const { clock, commit } = this.#deps
    const now = clock.now()
    if (now < this.#prunedAt + DAY) return
    const rows = this.#store.oldMessages.all({ after: this.#prunedTo, limit: PRUNED_AT_ONCE })
    const before = now - RETENTION_MS
    const old = rows.filter(({ createdAt }) => createdAt < before)
    const [first, last] = [old[0], old.at(-1)]
    if (first && last) await commit.run(() => this.#store.forgetMessages.run({ from: first.id, to: last.id, before }))
    this.#prunedTo = last?.id ?? 0
    if (old.length < PRUNED_AT_ONCE) {
      this.#prunedAt = now
      this.#prunedTo = 0
    }
  }

  /** What is due or being retried: how many, up to `MOST_COUNTED`, and since when the oldest of them waits. */
  backlog(): { count: number; since: number | null } {
    const now = this.#deps.clock.now()
    const due = this.next()
    const since = [this.#store.failingLongest.get()?.since ?? null, due !== null && due <= now ? due : null]
    const { dueToBuyers, dueToOthers, failingCount } = this.#store
    const count = [dueToBuyers, dueToOthers, failingCount].reduce((n, of) => n + (of.get({ now })?.count ?? 0), 0)
    return { count: Math.min(count, MOST_COUNTED), since: earliest(since) }
  }

  /** Plans a message with the tracking link. Call inside a transaction. */
  addLink({ id, complaint: { seq, enteredSeq: stay } }: StoredComplaint, now: number): void {
    const message = {
      complaint: id,
      seq,
      stay,
      createdAt: now,
      party0: 'buyer',
      recipient0: null,
      template0: 'link',
      nextAt0: now,
    }
    this.#deps.writes.addMessages(1)(message)
  }

  /** Idempotent: a message ends once; a result that is repeated, or comes too late, changes nothing. */
  #record(id: number, delivery: Delivery, now: number): void {
    const row = this.#store.message.get({ id })
    if (!row) return
    if (row.outcome === null) this.#end(row, delivery, now)
    else if ('outcome' in delivery && delivery.outcome === 'undelivered') this.#takeBack(row, delivery.reason)
  }

  /** Delivery report of a vendor. A digest's report is about every message that it carried. */
  #report({ key, reference, status, reason }: Report, now: number): void {
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

  /** Of two contradicting reports the bad one wins, since silence after a delivered notice may close a complaint. */
  #takeBack(row: MessageRow, reason?: string): void {
    if (row.outcome === 'accepted' || row.outcome === 'delivered')
      this.#save(row, { outcome: 'undelivered', reason: reason ?? row.reason })
  }

  #end(row: MessageRow, delivery: Delivery, now: number): void {
    if ('heldUntil' in delivery) this.#save(row, { nextAt: delivery.heldUntil, failingSince: null })
    else if ('retryAt' in delivery)
      this.#save(row, { ...failed(row, delivery), nextAt: delivery.retryAt, failingSince: row.failingSince ?? now })
    else if (delivery.outcome === 'accepted') this.#accept(row, delivery, now)
    // `undelivered` takes back a notice that was counted; this one never was.
    else {
      const outcome = delivery.outcome === 'undelivered' ? 'expired' : delivery.outcome
      this.#save(row, { ...failed(row, delivery), outcome, nextAt: null, failingSince: null })
    }
  }

  #accept(row: MessageRow, { reference = null, reader = null, sent }: Accepted, acceptedAt: number): void {
    const attempts = row.attempts + 1
    const ended = { outcome: 'accepted', reason: null, failingSince: null, nextAt: null }
    this.#save(row, { ...ended, attempts, reference, reader, acceptedAt })
    const key = `${formatId(row.complaint)}:${row.id}`
    if (row.party === 'buyer') this.#recordNotice(row, sent && { ...sent, id: reference ?? key })
  }

  #save(row: MessageRow, changes: Partial<MessageRow>): void {
    this.#store.saveMessage.run({ ...row, ...changes })
  }

  /** Appends a step only if the notice counts: it said what the buyer must do, or carried a new link. */
  #recordNotice({ template, complaint, seq, stay }: MessageRow, proof?: NoticeProof): void {
    const stored = this.#deps.executor.appendDue(complaint)
    if (!stored) return
    const { complaint: c, chain } = stored
    const counts = c.enteredSeq === stay && (c.holder === 'buyer' || c.holder === 'both') && template !== 'link'
    if (!counts && template !== 'link_rotated') return
    // The link that this message carried; a later rotation may have replaced it.
    const rotation = template === 'link_rotated' ? stepAt(this.#store, chain[seq] ?? -1) : null
    this.#deps.executor.run({
      act: 'notice',
      complaint,
      by: { role: 'system', automated: true },
      body: { to: 'buyer', stay, proof, ...(rotation?.kind === 'link_rotated' && { link: rotation.p.epoch }) },
    })
  }
}

const earliest = (instants: readonly (number | null)[]): number | null => {
  const known = instants.filter(at => at !== null)
  return known.length === 0 ? null : Math.min(...known)
}

interface Accepted {
  reference?: string | null | undefined
  reader?: string | null | undefined
  sent?: { vendor: string; digest: string } | undefined
}

/** A vendor may report before it answers the request. A message that waits for its next attempt is not under way. */
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

const messageOf = (row: MessageRow): Message => {
  const { id, complaint, party, seq, stay, template, attempts, createdAt, nextAt } = row
  return { id, complaint, party: partyOf(party), seq, stay, template, attempts, createdAt, nextAt }
}

/** When this party must have acted in the stay that the message is about; null if that stay or its due is over. */
const dueOf = ({ party, stay }: MessageRow, { complaint: c }: StoredComplaint, now: number): number | null => {
  const holds = c.holder === party || (c.holder === 'both' && party === 'merchant')
  return c.enteredSeq === stay && holds && c.due !== null && c.due > now ? c.due : null
}

/** Phones of merchants and desks, by party. */
