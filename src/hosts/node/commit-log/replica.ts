import { DeadlinePolicyError } from '../../../complaint/deadlines/policy.ts'
import type { Illness } from '../../../ledger/contract/health.ts'
import type { Ledger } from '../../../ledger/contract/ledger.ts'
import { type ContractName, isOperation, ledgerOver } from '../../../ledger/contract/operations.ts'
import type { Host } from '../../../ledger/host.ts'
import type { LocalLedger } from '../../../ledger/local-ledger.ts'
import { WrongLog } from '../../../ledger/log/opening.ts'
import { Problem } from '../../../routes/problem.ts'
import { errorFields, FaultLog, log as logLine } from '../../../telemetry/log.ts'
import { LedgerInUse, NewerSchema } from '../sqlite.ts'
import { CommitLog, CommitLogBroken, Unreachable } from './commit-log.ts'
import { Follower } from './follower.ts'
import { Leader } from './leader.ts'
import { Balance, instant, Lease } from './lease.ts'
import { ForeignFolder, LocalCopy } from './local-copy.ts'
import { type Asked, askPeer, peerPath, peerServer } from './peer.ts'
import { Diverged } from './recorder.ts'

interface ReplicaOptions {
  /** The commit log, `postgres://…`. */
  url: string
  /** Whose log: several houses may share a database. */
  house: string
  /** Of the local copy. */
  folder: string
  /** Where other processes reach this one; unset, it leads and follows, but passes no acts on. */
  peerUrl?: string | undefined
  /** How long the lease lasts without renewal; five seconds by default. */
  leaseMs?: number | undefined
  /** Of `peerKey`, and where it answers, of `peerPath`. */
  peerKey: Uint8Array
  peerPath?: string | undefined
  /** Shared by the shards of this process; a house of one needs none. */
  balance?: Balance | undefined
  openLedger(host: Host, follows: boolean): LocalLedger
  /** Called each time that this process begins to lead. */
  leads?: ((ledger: Ledger) => Promise<void>) | undefined
}

const RETRY_MS = 1_000
/** How often a process that does not lead applies new rows, and how many such turns pass until it asks for the lease. */
const FOLLOW_MS = 200
const FOLLOWS_PER_ASK = 5
/** What the process with fewer shards asks of the one that leads; not an operation of a ledger. */
const HAND_OVER = 'handOver'
/** Who handed over does not take the lease again at once. */
const HANDED_OVER_MS = 3_000

/**
 * One process of a house on a commit log: leads, or follows until it may. Its ledger is the same object throughout, and answers
 * `unavailable` while this process does not lead.
 */
export class Replica {
  readonly ledger: Ledger
  /** Rejects once this process can't go on: the commit log is not what it was, or the folder not its copy. */
  readonly failed: Promise<never>
  readonly #options: ReplicaOptions
  readonly #balance: Balance
  readonly #faults = new FaultLog('commit log')
  readonly #stopping = new AbortController()
  readonly #running: Promise<void>
  #leader: Leader | null = null
  #follower: Follower | null = null
  /** The address of the process that leads; '' where it has none, null where none does. */
  #peer: string | null = null
  #answerPeer: ((request: Request) => Promise<Response>) | undefined
  /** The newest row that was known to be kept. */
  #seen = 0
  /** Hands the lead over; resolves once another may take it. */
  #handOver: (() => Promise<void>) | null = null
  #restUntil = 0
  #illness: Illness = { reason: 'catching_up', detail: 'this process reads the commit log' }

  constructor(options: ReplicaOptions) {
    this.#options = options
    this.#balance = options.balance ?? new Balance([options.house])
    this.ledger = ledgerOver(
      (contract, name, args) => this.#call(contract, name, args),
      () => this.close(),
    )
    const failure = Promise.withResolvers<never>()
    this.failed = failure.promise
    this.failed.catch(() => undefined)
    this.#running = this.#run().catch(failure.reject)
  }

  get leads(): boolean {
    return this.#leader !== null
  }

  get follows(): boolean {
    return this.#follower !== null
  }

  /** Ends in order, so that another process leads at once. */
  async close(): Promise<void> {
    this.#stopping.abort()
    await this.#running
  }

  get #stopped(): boolean {
    return this.#stopping.signal.aborted
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      try {
        await this.#turn()
      } catch (error) {
        if (isFinal(error)) throw error
        this.#noteFailure(error)
        await this.#pause(RETRY_MS)
      }
    }
  }

  /** Follows, then leads until the lease is lost. */
  async #turn(): Promise<void> {
    const { url, house, folder, leaseMs } = this.#options
    const copy = new LocalCopy(folder, house, this.#seen)
    const log = new CommitLog(url, house, this.#balance.holder, leaseMs)
    try {
      await log.open()
      await this.#follow(log, copy)
      if (!this.#stopped) await this.#lead(log, copy)
    } finally {
      copy.close()
      await log.end()
    }
  }

  /** Applies rows, and reads from them, until no other process leads. */
  async #follow(log: CommitLog, copy: LocalCopy): Promise<void> {
    const { folder, openLedger } = this.#options
    const follower = new Follower({ log, copy, folder, openLedger })
    try {
      for (let turn = 0; !this.#stopped; turn++) {
        if (turn % FOLLOWS_PER_ASK === 0 || this.#peer === null) this.#peer = await log.leader()
        if (this.#peer === null && performance.now() >= this.#restUntil) return
        if (turn % FOLLOWS_PER_ASK === 1 && (await this.#isGiven(log))) return
        await follower.fresh()
        this.#follower = follower
        this.#faults.worked()
        await this.#pause(FOLLOW_MS)
      }
    } finally {
      this.#follower = null
      await follower.stop()
    }
  }

  /** Balance: whether the process that leads, asked to, has handed over. */
  async #isGiven(log: CommitLog): Promise<boolean> {
    const peer = this.#peer
    if (!peer || !(await this.#balance.wants(log, this.#options.house))) return false
    return this.#ask(peer, undefined, HAND_OVER, []).then(
      () => true,
      () => false,
    )
  }

  #ask(peer: string, ...asked: Parameters<Asked>): Promise<unknown> {
    const { peerKey, peerPath: path = peerPath() } = this.#options
    return askPeer(peerKey, peer + path, ...asked)
  }

  async #lead(log: CommitLog, copy: LocalCopy): Promise<void> {
    const begun = instant()
    const epoch = await log.acquire(this.#options.peerUrl ?? '')
    if (epoch === null) return
    const loss = Promise.withResolvers<unknown>()
    const lease = new Lease(log, epoch, begun, loss.resolve)
    let handedOver = () => {}
    try {
      const { folder, openLedger, leads } = this.#options
      const leader = await Leader.start({
        ...{ log, copy, lease, folder, lost: loss.resolve },
        openLedger: host => openLedger(host, false),
      })
      this.#leader = leader
      logLine('info', 'leads', { epoch, row: copy.at.n })
      this.#faults.worked()
      const asked = Promise.withResolvers<void>()
      const released = Promise.withResolvers<void>()
      this.#handOver = () => {
        this.#restUntil = performance.now() + HANDED_OVER_MS
        asked.resolve()
        return released.promise
      }
      handedOver = released.resolve
      const stopped = new Promise<void>(resolve => this.#stopping.signal.addEventListener('abort', () => resolve()))
      if (!this.#stopped) {
        // What it writes may reject with the lease, and is written by the next leader.
        leads?.(this.ledger).catch(error => logLine('warn', 'could not greet', errorFields(error)))
        const error = await Promise.race([loss.promise, stopped.then(() => null), asked.promise.then(() => null)])
        if (error !== null) return await this.#abandon(leader, error)
      }
      // Still the leader for those whose answers wait for it.
      await leader.leave()
      await log.release(epoch)
    } finally {
      this.#leader = null
      this.#handOver = null
      lease.stop()
      // The process that asked for it looks for itself whether the lease is free.
      handedOver()
    }
  }

  async #abandon(leader: Leader, error: unknown): Promise<never> {
    this.#leader = null
    this.#seen = leader.at.n
    this.#noteFailure(error)
    await leader.abandon(error)
    throw error
  }

  #noteFailure(error: unknown): void {
    const detail = error instanceof Error ? error.message : 'failed'
    this.#illness = { reason: 'commit_log_unreachable', detail }
    this.#faults.failed('commit_log_unreachable', { detail, ...errorFields(error) })
  }

  #pause(ms: number): Promise<void> {
    return new Promise(resolve => {
      const done = () => {
        clearTimeout(timer)
        this.#stopping.signal.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, ms)
      this.#stopping.signal.addEventListener('abort', done)
      if (this.#stopped) done()
    })
  }

  async #call(contract: ContractName | undefined, name: string, args: unknown[]): Promise<unknown> {
    const leader = this.#leader
    return leader ? this.#callLeader(leader, contract, name, args) : this.#callElsewhere(contract, name, args)
  }

  async #callLeader(
    leader: Leader,
    contract: ContractName | undefined,
    name: string,
    args: unknown[],
  ): Promise<unknown> {
    const key = keyOf(contract, name)
    try {
      return await this.#answer(leader, contract, name, args)
    } catch (error) {
      if (this.#leader !== leader) throw new Problem('unavailable')
      throw error
    } finally {
      // Output gate: neither an answer nor an error tells of what is not durable.
      if (!UNGATED.has(key))
        await leader.durable().catch(() => {
          throw new Problem('unavailable')
        })
    }
  }

  async #answer(leader: Leader, contract: ContractName | undefined, name: string, args: unknown[]): Promise<unknown> {
    const target = contract === undefined ? leader.ledger : leader.ledger[contract]
    // Cast: the name comes from an allow-list that the contract's type made.
    const answer = await (target as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>)[name]?.(
      ...args,
    )
    if (contract !== undefined) return answer
    if (name === 'metrics') return { ...(answer as object), replicationLag: leader.lag }
    return name === 'health' ? (answer ?? (leader.synchronous ? null : ALONE)) : answer
  }

  /** What another process asks of the one that leads. Anyone who lacks the key is answered 404. */
  get answerPeer(): (request: Request) => Promise<Response> {
    this.#answerPeer ??= peerServer(this.#options.peerKey, async (contract, name, args) => {
      const leader = this.#leader
      if (leader === null) throw new Problem('unavailable')
      if (contract === undefined && name === HAND_OVER) return this.#handOver?.()
      if (!isOperation(contract, name)) throw new Error('there is no such operation')
      return this.#callLeader(leader, contract, name, args)
    })
    return this.#answerPeer
  }

  /** Reads from the copy, passes all else on; timers find nothing to do. */
  async #callElsewhere(contract: ContractName | undefined, name: string, args: unknown[]): Promise<unknown> {
    const key = keyOf(contract, name)
    const follower = this.#follower
    if (key === 'health') return this.#healthElsewhere()
    if (Object.hasOwn(IDLE, key)) return IDLE[key]
    if (follower === null) {
      if (key === 'readOnly') return NOT_LEADING
      throw new Problem('unavailable')
    }
    try {
      if (key === 'metrics') return await follower.metrics()
      if (follower.isReadable && Follower.reads(key)) return await follower.call(contract, name, args)
    } catch (error) {
      if (error instanceof Unreachable || this.#follower !== follower) throw new Problem('unavailable')
      throw error
    }
    const asked = this.#peer ? this.#ask(this.#peer, contract, name, args) : Promise.reject(new Problem('unavailable'))
    return key === 'readOnly' ? asked.catch(() => NOT_LEADING) : asked
  }

  #healthElsewhere(): Illness | null {
    if (this.#follower === null) return this.#illness
    if (this.#peer) return null
    return { reason: 'catching_up', detail: 'the process that leads has no TOUSU_PEER_URL: here is only read' }
  }
}

/** For the operator, above all while nothing becomes durable. They tell of no step. */
const UNGATED: ReadonlySet<string> = new Set(['health', 'metrics', 'readOnly'])

const ALONE: Illness = {
  reason: 'commit_log_alone',
  detail: 'PostgreSQL has no synchronous standby: its disk is the only one',
  isWarning: true,
}

const NOT_LEADING = 'another process leads, or the commit log is not reached'

const IDLE: Readonly<Record<string, unknown>> = {
  tick: null,
  erasedFiles: [],
  'outbox.dueMessages': [],
  'outbox.dueRecipients': [],
  'outbox.dueCodes': [],
  'webhooks.due': [],
}

const keyOf = (contract: ContractName | undefined, name: string): string =>
  contract === undefined ? name : `${contract}.${name}`

/** Nothing that waiting mends. */
const isFinal = (error: unknown): boolean =>
  [CommitLogBroken, Diverged, ForeignFolder, LedgerInUse, NewerSchema, WrongLog, DeadlinePolicyError].some(
    kind => error instanceof kind,
  )
