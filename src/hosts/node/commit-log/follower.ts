import type Database from 'better-sqlite3'
import type { LedgerMetrics } from '../../../ledger/contract/health.ts'
import type { ContractName } from '../../../ledger/contract/operations.ts'
import type { Host } from '../../../ledger/host.ts'
import type { LocalLedger } from '../../../ledger/local-ledger.ts'
import { hostOn, newestMigration } from '../sqlite.ts'
import type { CommitLog } from './commit-log.ts'
import type { LocalCopy } from './local-copy.ts'

/** Making a ledger costs some ten milliseconds: between, the one there is forgets its complaints. */
const REMAKE_MS = 1_000

/** What a follower reads from its own copy. All else goes to the process that leads: acts, signatures, and the served checkpoint. */
const READS: ReadonlySet<string> = new Set([
  ...[
    'read',
    'newest',
    'head',
    'inbox',
    'inboxCount',
    'search',
    'tally',
    'loads',
    'tryPolicy',
    'find',
    'alerts',
    'holds',
  ],
  ...['registry.shardsOf', 'registry.credential', 'registry.keys', 'registry.session', 'registry.people'],
  ...['webhooks.list', 'webhooks.deliveries', 'outbox.contact', 'outbox.pendingContact', 'outbox.failedMessages'],
  ...['team.texts', 'team.work', 'team.assignees', 'log.identity', 'log.policy', 'log.tile', 'log.entries'],
  ...['log.timeStamps', 'log.timeStamp', 'log.rule', 'rules'],
])

interface FollowerOptions {
  log: CommitLog
  copy: LocalCopy
  folder: string
  openLedger(host: Host, follows: boolean): LocalLedger
}

/**
 * Reads from this machine's copy, never older than the commit log was when the read began: a caller who acted, by any process, sees
 * the act. Reads that come together ask PostgreSQL once.
 */
export class Follower {
  readonly #options: FollowerOptions
  #host: (Host & { sqlite: Database.Database }) | null = null
  #ledger: LocalLedger | null = null
  #madeAt = 0
  /** Rows that the ledger was made of, and that its memory fits. */
  #madeOf = -1
  #fits = -1
  #running: Promise<void> | null = null
  #next: Promise<void> | null = null
  #closed = false

  constructor(options: FollowerOptions) {
    this.#options = options
  }

  static reads(key: string): boolean {
    return READS.has(key)
  }

  /** Of another version it keeps the rows, and understands them once it leads. */
  get isReadable(): boolean {
    return this.#options.copy.schema === String(newestMigration())
  }

  /** Resolves once all rows that were there when it was called are here. Rejects as the commit log does. */
  fresh(): Promise<void> {
    this.#next ??= this.#catchUpNext()
    return this.#next
  }

  async #catchUpNext(): Promise<void> {
    // One that is under way may have asked before the newest row came.
    await this.#running?.catch(() => undefined)
    const { copy, log } = this.#options
    this.#running = copy.catchUp(log)
    this.#next = null
    await this.#running
  }

  async call(contract: ContractName | undefined, name: string, args: unknown[]): Promise<unknown> {
    await this.fresh()
    const ledger = this.#current(contract === 'log')
    try {
      return await ask(ledger, contract, name, args)
    } catch (error) {
      if (this.#madeOf === this.#options.copy.at.n) throw error
      // A policy or key may have come since.
      return await ask(this.#current(true), contract, name, args)
    }
  }

  async metrics(): Promise<LedgerMetrics> {
    const { copy, log } = this.#options
    const last = await log.lastRow()
    return { ...(await this.#current(false).metrics()), replicationLag: Math.max(0, (last ?? 0) - copy.at.n) }
  }

  /** `whole`: made of every row, with keys and tiles. */
  #current(whole: boolean): LocalLedger {
    const { copy, folder, openLedger } = this.#options
    if (this.#closed) throw new Error('this process no longer follows')
    const { n } = copy.at
    const isOld = n !== this.#madeOf && (whole || performance.now() - this.#madeAt > REMAKE_MS)
    if (this.#ledger === null || this.#host?.sqlite !== copy.sqlite || isOld) {
      if (this.#host?.sqlite !== copy.sqlite) this.#host = hostOn(folder, copy.sqlite, () => undefined)
      this.#ledger = openLedger(this.#host, true)
      this.#madeAt = performance.now()
      this.#madeOf = n
    } else if (n !== this.#fits) this.#ledger.forget()
    this.#fits = n
    return this.#ledger
  }

  /** Resolves once the copy is not read or written any more. */
  async stop(): Promise<void> {
    this.#closed = true
    await this.#next?.catch(() => undefined)
    await this.#running?.catch(() => undefined)
    await this.#host?.close()
  }
}

const ask = (
  ledger: LocalLedger,
  contract: ContractName | undefined,
  name: string,
  args: unknown[],
): Promise<unknown> => {
  const target = contract === undefined ? ledger : ledger[contract]
  // Cast: the name comes from an allow-list that the contract's type made.
  return (target as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>)[name]!(...args)
}
