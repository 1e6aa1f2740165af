import type { Policy } from '../complaint/policy.ts'
import { shardOf } from '../link/id.ts'
import { parseCheckpoint } from '../log/checkpoint.ts'
import { toBase64url } from '../log/encoding.ts'
import { parseNote } from '../log/note.ts'
import type { Receipt } from '../log/receipt.ts'
import { type Clock, systemClock } from './clock.ts'
import { ComplaintBook, headOf } from './complaint-book.ts'
import { entriesOf, fieldsAt } from './entries.ts'
import { Executor, orderTag } from './executor.ts'
import { GroupCommit } from './group-commit.ts'
import type { Host } from './host.ts'
import { ClockBehind, LogWriter } from './log-writer.ts'
import { adoptPolicy, forkOf, identify, LogChain, readPolicy } from './opening.ts'
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
import { publishedLog, tileReader } from './published-log.ts'
import { Receipts } from './receipts.ts'
import { type Secrets, type Tagger, tagger } from './secrets.ts'
import { Signer } from './signer.ts'
import { openStore, type Store } from './store.ts'

export interface LedgerOptions {
  host: Host
  secrets: Secrets
  /** The policy document in force; new complaints are pinned to it. */
  policy: unknown
  /** Names the log for ever; read when it is opened, from leaf 0 afterwards. */
  origin: string
  shard?: number
  clock?: Clock
  signEveryMs?: number
}

const BATCH = 200

/** The ledger on the database of its own host. */
export class LocalLedger implements Ledger {
  readonly log: PublishedLog
  readonly #host: Host
  readonly #store: Store
  readonly #book: ComplaintBook
  readonly #commit: GroupCommit
  readonly #executor: Executor
  readonly #signer: Signer
  readonly #receipts: Receipts
  readonly #tag: Tagger
  readonly #clock: Clock
  readonly #shard: number
  readonly #fork: string | null

  constructor({ host, secrets, policy, origin, shard = 0, clock = systemClock, signEveryMs = 1000 }: LedgerOptions) {
    this.#host = host
    this.#clock = clock
    this.#shard = shard
    const store = openStore(host.db)
    const last = store.lastCheckpoint.get()
    const writer = new LogWriter(store, clock, last?.at ?? 0)
    this.#fork = forkOf(host, store, writer)
    const { identity, policies } = host.transaction(() => open(store, writer, secrets, origin, policy))
    const inForce = policies.get(readPolicy(policy).policy.hash)
    if (!inForce) throw new RangeError('the policy in force was not adopted')
    const readTile = tileReader(store, writer)
    const signer = new Signer(
      {
        host,
        store,
        writer,
        clock,
        origin: identity.origin,
        key: identity.key,
        sign: secrets.note,
        everyMs: signEveryMs,
      },
      last ? { ...last, root: rootOf(last.note) } : null,
    )
    const book = new ComplaintBook(store, policies)
    const tag = tagger(secrets.tags)
    this.#store = store
    this.#book = book
    this.#tag = tag
    this.#signer = signer
    this.#commit = new GroupCommit(host, {
      mark: () => {
        const marks = [book.mark(), writer.mark()]
        return () => {
          for (const rollback of marks) rollback()
        }
      },
      adopt: () => book.adopt(),
    })
    this.#executor = new Executor({ store, writer, book, secrets, tag, shard, policy: (): Policy => inForce })
    this.#receipts = new Receipts({
      store,
      book,
      signer,
      origin: identity.origin,
      readTile,
      key: secrets.statement,
      keyLeaf: identity.keyLeaf,
    })
    this.log = publishedLog({
      store,
      signer,
      readTile,
      origin: identity.origin,
      key: identity.key,
      statementKey: secrets.statement,
    })
    if (!this.#fork) signer.poke()
  }

  readOnly(): string | null {
    return this.#fork
  }

  async execute(order: Order): Promise<Done | Refused> {
    if (this.#fork) return { refused: 'read_only' }
    try {
      return await this.#write(() => this.#executor.run(order))
    } catch (error) {
      if (error instanceof ClockBehind) return { refused: 'clock_behind' }
      throw error
    }
  }

  async #write<T>(work: () => T): Promise<T> {
    const result = await this.#commit.run(work)
    this.#signer.poke()
    return result
  }

  async read(id: number): Promise<Timeline | null> {
    const kept = this.#find(id)
    return kept && { id, entries: entriesOf(this.#store, kept) }
  }

  async head(id: number): Promise<Head | null> {
    const kept = this.#find(id)
    return kept && headOf(kept)
  }

  #find(id: number) {
    return shardOf(id) === this.#shard ? this.#book.get(id) : null
  }

  async inbox(query: InboxQuery): Promise<InboxItem[]> {
    return this.#store.inbox(query).map(row => {
      const { id, merchant, complaint: c } = this.#book.fromRow(row)
      const { state, holder, due, openedAt, closedAt, category, handoffs } = c
      return { id, merchant, state, holder, due, openedAt, closedAt, category, handoffs }
    })
  }

  statement(id: number): Promise<string | null> {
    return this.#receipts.statement(id)
  }

  receipt(id: number, reader: Parameters<Ledger['receipt']>[1]): Promise<Receipt | null> {
    return this.#receipts.receipt(id, reader)
  }

  async find(by: Parameters<Ledger['find']>[0]): Promise<number[]> {
    const matches = (phone: unknown) =>
      typeof phone === 'string' && ('code' in by ? phone.endsWith(by.last4) : phone === by.phone)
    return this.#candidates(by)
      .map(row => row.complaint)
      .filter(id => matches(fieldsAt(this.#store, this.#book.get(id)?.chain[0] ?? -1).buyerPhone))
  }

  #candidates(by: Parameters<Ledger['find']>[0]): { complaint: number }[] {
    if ('code' in by) return this.#store.pickedUp.all({ tag: this.#tag('pickup', by.code) })
    const from = orderTag(this.#tag, by.orderId)
    // Base64url sorts below the tilde.
    return this.#store.itemsFrom.all({ from, to: `${from}~` })
  }

  async credential(keyHash: string): Promise<Credential | null> {
    const row = this.#store.apiKey.get({ hash: keyHash })
    if (!row || !isApiRole(row.role)) return null
    return { role: row.role, name: row.name, ...(row.merchant !== null && { merchant: row.merchant }) }
  }

  async addCredential(hash: string, { role, merchant, name }: Credential): Promise<void> {
    await this.#commit.run(() => this.#store.addApiKey.run({ hash, role, merchant: merchant ?? null, name }))
  }

  async resend(id: number): Promise<void> {
    const kept = this.#find(id)
    if (!kept) return
    const { seq, stay } = kept.complaint
    const now = this.#clock.now()
    const message = { complaint: id, seq, stay, template: 'link', nextAt: now, attempts: 0, createdAt: now }
    await this.#commit.run(() => this.#store.addMessage.run(message))
  }

  async tick(): Promise<number | null> {
    if (this.#fork) return null
    for (;;) {
      const due = this.#store.fallenDue.all({ now: this.#clock.now(), limit: BATCH })
      if (due.length === 0) break
      await this.#write(() => {
        for (const { id } of due) this.#executor.settle(id)
      })
    }
    const next = [this.#store.nextDue.get()?.due, this.#store.nextMessage.get()?.nextAt].filter(at => at != null)
    return next.length === 0 ? null : Math.min(...next)
  }

  async outbox(limit: number): Promise<Message[]> {
    return this.#store.messagesDue.all({ now: this.#clock.now(), limit })
  }

  async delivered(message: Message, delivery: Delivery): Promise<void> {
    const { id, attempts, complaint, stay } = message
    const [outcome, nextAt] = 'retryAt' in delivery ? [null, delivery.retryAt] : [delivery.outcome, null]
    await this.#write(() => {
      this.#store.saveMessage.run({ id, attempts: attempts + 1, outcome, nextAt })
      if (outcome === 'accepted') this.#recordNotice(message, complaint, stay)
    })
  }

  /** A step only where it counts: a notice of what the buyer must do, or of a new link. */
  #recordNotice({ template }: Message, complaint: number, stay: number): void {
    const c = this.#executor.settle(complaint)?.complaint
    if (!c) return
    const counts = c.stay === stay && (c.holder === 'buyer' || c.holder === 'both') && template !== 'link'
    const link = template === 'link_rotated' ? { link: c.linkEpoch } : {}
    if (!counts && template !== 'link_rotated') return
    this.#executor.run({
      act: 'notice',
      complaint,
      by: { role: 'system', automated: true },
      body: { to: 'buyer', stay: counts ? stay : c.stay, ...link },
    })
  }

  async close(): Promise<void> {
    await this.#signer.idle()
    this.#host.close()
  }
}

const isApiRole = (role: string): role is Credential['role'] =>
  role === 'platform' || role === 'supervisor' || role === 'merchant'

const open = (store: Store, writer: LogWriter, secrets: Secrets, origin: string, policy: unknown) => {
  const chain = new LogChain(store, writer)
  const identity = identify(store, chain, secrets, origin)
  return { identity, policies: adoptPolicy(store, chain, policy) }
}

const rootOf = (note: string): string => toBase64url(parseCheckpoint(parseNote(note).text).root)
