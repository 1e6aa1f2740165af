// The ledger on the database of its own host: the contract's methods, wired to the parts of `assemble.ts`.

import type { Act } from '../complaint/command.ts'
import type { AdoptedRule, PlatformRule } from '../complaint/platform-rule.ts'
import type { NewestState } from '../complaint/view/complaint-view.ts'
import type { Entry } from '../complaint/view/timeline.ts'
import type { Reader } from '../complaint/view/visibility.ts'
import { shardOf } from '../link/id.ts'
import { isSignedBy } from '../log/author-signature.ts'
import { merchantTag } from '../log/leaf.ts'
import type { Receipt } from '../log/receipt.ts'
import { assemble, type LedgerOptions, unlessRefused } from './assemble.ts'
import { isSubmission } from './commands/executor.ts'
import { ownTags } from './commands/person-tags.ts'
import { judgeSignature, judgeSubmission } from './commands/preconditions.ts'
import type { Figures } from './contract/figures.ts'
import type { Illness, LedgerMetrics } from './contract/health.ts'
import type {
  Alert,
  Done,
  ErasedFile,
  Head,
  InboxItem,
  InboxQuery,
  Ledger,
  Loads,
  OrderOf,
  Person,
  PolicyTrial,
  PolicyTrialQuery,
  Refused,
  SearchQuery,
  Tally,
  TextsOf,
  Timeline,
} from './contract/ledger.ts'
import type { Outbox, Webhooks } from './contract/outbox.ts'
import type { PartyKeys } from './contract/party-keys.ts'
import type { PublishedLog } from './contract/published-log.ts'
import type { Registry } from './contract/registry.ts'
import type { Team } from './contract/team.ts'
import type { LeafProgress } from './log/leaf-check.ts'
import { LogChain } from './log/log-writer.ts'
import { adoptRule, allRules } from './log/policies.ts'
import { headOf, type StoredComplaint } from './storage/complaint-repository.ts'
import { tryPolicy } from './storage/policy-trial.ts'
import { nextDueIn } from './storage/queries.ts'
import { AlteredRow, entriesOf, fieldAt, newestOf, stepAt } from './storage/timeline-reader.ts'

export { ReadOnly } from './log/witnesses.ts'

/** Between two portions of a backfill: callers that wait for the ledger come first. */
const TAG_PAUSE_MS = 50

/** Batch size: due complaints in one commit, some 8 ms. With 200 each commit held every caller up for 60 ms. */
const DUE_LIMIT = 50
/** So much of the time that a portion took, its wait for others included, is left to them before the next one. */
const REST = 1 / 3
/** More than so many at once are not broken rows: it is the database that takes nothing. */
const MOST_FAILED = 500

export class LocalLedger implements Ledger {
  readonly log: PublishedLog
  readonly registry: Registry
  readonly webhooks: Webhooks
  readonly outbox: Outbox
  readonly team: Team
  readonly figures: Figures
  readonly partyKeys: PartyKeys
  readonly #parts: ReturnType<typeof assemble>

  /** Throws WrongLog. */
  constructor(options: LedgerOptions) {
    this.#parts = assemble(options)
    this.log = this.#parts.log
    this.registry = this.#parts.registry
    this.webhooks = this.#parts.webhooks
    this.outbox = this.#parts.outbox
    this.team = this.#parts.team
    this.figures = this.#parts.figures
    this.partyKeys = this.#parts.parties
    const { signer, gate, wasPublished, adopted } = this.#parts
    if (gate.isFork) void signer.stop()
    // A log that was published before signs nothing until its witnesses confirm that it is the same log.
    else if (gate.readOnly !== null && wasPublished) signer.pause()
    else signer.requestCheckpoint()
    if (adopted === null) gate.poke()
    else void adopted.then(() => gate.poke())
  }

  /** Of a ledger that follows: its rows have changed. Keys, checkpoints and tiles are those of when it was made. */
  forget(): void {
    this.#parts.complaints.forget()
    this.#parts.parties.forget()
    this.#parts.figures.forget()
  }

  /** Resolves once it is clear which checkpoint is the newest: at once, unless the row of the published one was lost. */
  async opened(): Promise<void> {
    await this.#parts.adopted
  }

  async readOnly(): Promise<string | null> {
    return this.#halted
  }

  get #halted(): string | null {
    const { gate, writer } = this.#parts
    return gate.readOnly ?? (writer.clockFault === 'clock_ahead' ? 'the clock leapt ahead' : null)
  }

  async health(): Promise<Illness | null> {
    return this.#parts.health.check()
  }

  async metrics(): Promise<LedgerMetrics> {
    return this.#parts.health.metrics()
  }

  async execute<A extends Act>(order: OrderOf<A>): Promise<Done | Refused> {
    const { gate, executor, host, write } = this.#parts
    if (gate.readOnly !== null) return { refused: 'read_only' }
    const refused = await this.#judge(order)
    if (refused !== null) return { refused }
    const answer = await unlessRefused(() => write(() => executor.run(order)))
    if (order.act === 'redactions') host.afterErasure()
    return answer
  }

  answered(order: OrderOf<'submit'>): Promise<Done | Refused | null> {
    return unlessRefused(async () => this.#parts.executor.answered(order))
  }

  /** Null without a signature, where one is not needed, and for a complaint that is not there: the executor says so. */
  async #judge<A extends Act>(order: OrderOf<A>) {
    const { origin, parties, writer, host, store } = this.#parts
    const isSigned = host.isSigned ?? isSignedBy
    if (isSubmission(order)) return judgeSubmission(order, { origin, isSigned })
    const stored = order.signed || order.act === 'device-keys' ? this.#stored(order.complaint ?? -1) : null
    const index = writer.frontier.size
    return stored && judgeSignature(order, stored, { store, origin, parties, index, isSigned })
  }

  async read(id: number, texts?: TextsOf, reader?: Person): Promise<Timeline | null> {
    const stored = this.#stored(id)
    if (stored === null) return null
    const entries = this.#marked(stored, entriesOf(this.#parts.store, stored, texts))
    const tags = reader && ownTags(this.#parts.tag, stored.tag, reader, entries)
    return { id, entries, ownTags: tags, loss: this.#lossSince(stored) }
  }

  /** Marks what a merchant or an officer left unsigned though their party had a key. */
  #marked({ merchant }: StoredComplaint, entries: Entry[]): Entry[] {
    const { book } = this.#parts.parties
    const m = merchantTag(merchant)
    if ([m, 'platform', 'supervisor'].every(party => book.keysOf(party).length === 0)) return entries
    return entries.map(entry => {
      const { kind, by, signed } = entry.step
      const isUnsigned = !signed && book.isUnsignedThough({ kind, by, p: {} }, m, entry.index)
      return isUnsigned ? { ...entry, unsignedThough: true as const } : entry
    })
  }

  /** The newest one that the log declared since the complaint began. */
  #lossSince({ chain }: StoredComplaint): Timeline['loss'] {
    const declared = this.#parts.successions.findLast(({ index }) => index > (chain[0] ?? index))
    return declared && { at: declared.at, leaves: declared.continues.lost }
  }

  async newest(id: number): Promise<NewestState | null> {
    const stored = this.#stored(id)
    return stored && newestOf(this.#parts.store, stored)
  }

  async head(id: number): Promise<Head | null> {
    return this.headNow(id)
  }

  headNow(id: number): Head | null {
    const stored = this.#stored(id)
    if (!stored) return null
    const witnessed = this.#parts.cosignatures.seeing(stored.chain.at(-1) ?? 0)
    return { ...headOf(stored), origin: this.#parts.origin, witnessed, isHalted: this.#halted !== null }
  }

  #stored(id: number): StoredComplaint | null {
    return shardOf(id) === this.#parts.shard ? this.#parts.complaints.get(id) : null
  }

  async inbox(query: InboxQuery): Promise<InboxItem[]> {
    return this.#parts.lookup.inbox(query)
  }

  async inboxCount(query: Parameters<Ledger['inboxCount']>[0]): Promise<number> {
    return this.#parts.lookup.inboxCount(query)
  }

  async search(query: SearchQuery): ReturnType<Ledger['search']> {
    return this.#parts.lookup.search(query)
  }

  async loads(now: number): Promise<Loads> {
    return this.#parts.lookup.loads(now)
  }

  tryPolicy(query: PolicyTrialQuery): Promise<PolicyTrial> {
    return tryPolicy({ db: this.#parts.host.db, ...this.#parts }, query)
  }

  async tally(query: Parameters<Ledger['tally']>[0]): Promise<Tally> {
    return this.#parts.lookup.tally(query)
  }

  statement(id: number): Promise<string | null> {
    return this.#parts.receipts.statement(id)
  }

  promise(id: number): Promise<string | null> {
    return this.#parts.receipts.promise(id)
  }

  certificate(id: number, seq: number): Promise<string | null> {
    return this.#parts.receipts.certificate(id, seq)
  }

  receipt(id: number, reader: Reader): Promise<Receipt | null> {
    return this.#parts.receipts.receipt(id, reader)
  }

  async find(by: Parameters<Ledger['find']>[0]): Promise<number[]> {
    return this.#parts.lookup.find(by)
  }

  resend(id: number): Promise<void> {
    const { outbox, clock, write } = this.#parts
    return write(() => {
      const stored = this.#stored(id)
      if (stored) outbox.addLink(stored, clock.now())
    })
  }

  async alerts(limit: number): Promise<Alert[]> {
    return this.#parts.alerts.open(limit)
  }

  /** In no leaf, so it waits for no witness. */
  resolveAlert(id: number, officer: string): Promise<void> {
    const { commit, alerts, clock } = this.#parts
    return commit.run(() => alerts.resolve(id, officer, clock.now()))
  }

  async holds(merchant: string): Promise<boolean> {
    const { store, webhooks, outbox } = this.#parts
    if (store.hasComplaint(merchant) || (await outbox.contact(`merchant:${merchant}`)) !== null) return true
    return (await webhooks.list(merchant)).length > 0
  }

  async rules(): Promise<AdoptedRule[]> {
    return allRules(this.#parts.store)
  }

  async adoptRule(rule: PlatformRule): ReturnType<Ledger['adoptRule']> {
    const { store, writer, write } = this.#parts
    return unlessRefused(() => write(() => adoptRule(store, new LogChain(store, writer), rule)))
  }

  async erasedFiles(limit: number): Promise<ErasedFile[]> {
    return this.#parts.store.erasedFiles.all({ limit })
  }

  filesRemoved(files: readonly ErasedFile[]): Promise<void> {
    const { commit, store } = this.#parts
    return commit.run(() => {
      for (const { complaint, sha256 } of files) store.forgetErasedFile.run({ complaint, sha256 })
    })
  }

  /** The officer of a complaint as the newest step of theirs disclosed them. */
  #officerOf(id: number): string | null {
    const { store } = this.#parts
    try {
      const stored = this.#stored(id)
      for (const idx of stored?.chain.toReversed() ?? []) {
        const name = stepAt(store, idx).who === stored?.complaint.officer && fieldAt(store, idx, 'officer')
        if (typeof name === 'string') return name
      }
    } catch (error) {
      // The row was edited: `read` says so, and it stops no other complaint.
      if (!(error instanceof AlteredRow)) throw error
    }
    return null
  }

  async tick(): Promise<number | null> {
    try {
      return await this.#tick()
    } finally {
      // A change of health has its line also where no prober asks for `/readyz`.
      this.#parts.health.check()
    }
  }

  async #tick(): Promise<number | null> {
    const { gate, writer, clock, commit, lookup, figures, outbox, team, webhooks, signer, stamper, leafCheck } =
      this.#parts
    const { retention } = this.#parts
    gate.poke()
    stamper.poke()
    // A clock that is not believed records no deadline as missed.
    if (gate.readOnly !== null || writer.clockFault === 'clock_ahead') return null
    await this.#appendDue()
    await outbox.prune()
    await team.prune()
    const sweepAt = await retention.sweep()
    signer.requestCheckpoint()
    const untagged = lookup.hasUntagged()
    if (untagged) await commit.run(() => lookup.tagSomePhones())
    const uncounted = figures.hasUncounted()
    if (uncounted) await commit.run(() => figures.countSome())
    const unnamed = team.hasUnnamed()
    if (unnamed) await commit.run(() => team.nameSomeOfficers(id => this.#officerOf(id)))
    leafCheck.readSome()
    const again = untagged || uncounted || unnamed || !leafCheck.isDone ? clock.now() + TAG_PAUSE_MS : null
    // The host removes them after this.
    const filesAt = (await this.erasedFiles(1)).length > 0 ? clock.now() : null
    const next = [this.nextDue(), outbox.next(), webhooks.next(), again, sweepAt, filesAt].filter(at => at !== null)
    return next.length === 0 ? null : Math.min(...next)
  }

  /** Appends all that is due, in portions with rests between them. The first error of those that failed is thrown after the others. */
  async #appendDue(): Promise<void> {
    const failed = new Map<number, unknown>()
    let from: number | null = 0
    while (from !== null && failed.size <= MOST_FAILED) {
      const began = performance.now()
      from = await this.#appendSomeDue(from, failed)
      if (from !== null) await rest((performance.now() - began) * REST)
    }
    for (const error of failed.values()) throw error
  }

  /**
   * Appends a portion of the steps that are due since `from`, in the order of their instants, across complaints. Answers from when
   * on the next portion is due, since no step makes a complaint due before the step's own instant; null once nothing is, but for
   * those that failed before. Adds those that fail now.
   */
  async #appendSomeDue(from: number, failed: Map<number, unknown>): Promise<number | null> {
    const { store, clock, complaints, executor, write } = this.#parts
    const now = clock.now()
    const limit = DUE_LIMIT + failed.size
    const lists = [store.fallenDue, store.fallenAside].map(fallen => fallen.all({ from, now, limit }))
    // A full list may hide complaints that come before a second deadline of these: stop at the last one listed.
    const last = Math.min(now, ...lists.map(list => (list.length < limit ? now : (list.at(-1)?.due ?? now))))
    const due = [...new Map(lists.flat().map(row => [row.id, row])).values()].filter(({ id }) => !failed.has(id))
    const turns = due.flatMap(row => this.#turns(row, now))
    const withTurns = new Set(turns.map(({ id }) => id))
    const misplaced = due.filter(({ id }) => !withTurns.has(id))
    const inOrder = turns.filter(({ on }) => on <= last).sort((a, b) => a.on - b.on)
    const writeOf = (id: number, work: () => unknown) => write(work).catch(error => void failed.set(id, error))
    await Promise.all([
      ...inOrder.map(({ id, on }) => writeOf(id, () => executor.appendDue(id, undefined, on))),
      ...misplaced.map(({ id }) => writeOf(id, () => complaints.restore(id))),
    ])
    return due.length > 0 ? (lists[0]?.[0]?.due ?? from) : null
  }

  /** One turn for each missed instant of a complaint. */
  #turns({ id, due }: { id: number; due: number | null }, now: number): { id: number; on: number }[] {
    try {
      return this.#parts.executor.dueInstants(id, now).map(on => ({ id, on }))
    } catch {
      // A complaint that can't be read fails at its own turn.
      return [{ id, on: due ?? now }]
    }
  }

  /** The next deadline, or null; `tick` also counts the messages. */
  nextDue(): number | null {
    return nextDueIn(this.#parts.store)
  }

  /** How far the check of old leaves has come. */
  get leafProgress(): LeafProgress & { isDone: boolean } {
    const { leafCheck } = this.#parts
    return { ...leafCheck.progress, isDone: leafCheck.isDone }
  }

  /** When `tick` is to be called for the sake of witnesses and time stamps, or null: for a timer that would sleep longer. */
  nextAsk(): number | null {
    const { gate, stamper } = this.#parts
    const next = [gate.next(), stamper.next()].filter(at => at !== null)
    return next.length === 0 ? null : Math.min(...next)
  }

  /** Resolves once neither a witness nor an authority is being asked: at most their time limit, and never rejects. */
  async asked(): Promise<void> {
    const { gate, stamper } = this.#parts
    await Promise.all([gate.settled(), stamper.settled()])
  }

  async close(): Promise<void> {
    const { commit, signer, stamper, gate, host } = this.#parts
    await Promise.all([gate.stop(), stamper.stop()])
    await commit.idle()
    await signer.stop()
    await host.close()
  }
}

/** Lets callers through. At least a macrotask, in which all that has arrived is answered. On Workers the clock stands still meanwhile: 0. */
const rest = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))
