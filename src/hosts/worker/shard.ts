import type { DurableObjectState } from '@cloudflare/workers-types'
import { DeadlinePolicyError } from '../../complaint/deadlines/policy.ts'
import { DAY } from '../../complaint/time.ts'
import { readWorkerSettings, type WorkerSettings } from '../../config/settings.ts'
import type { DemoFacts } from '../../demo/replay.ts'
import { type Clock, systemClock } from '../../ledger/clock.ts'
import type { LeafProgress } from '../../ledger/log/leaf-check.ts'
import type { demoPhone, PhoneMessage } from '../../notify/sms/demo-phone.ts'
import type { WebhookClient } from '../../notify/webhooks/deliver.ts'
import { errorFields, FaultLog, log } from '../../telemetry/log.ts'
import type { createDeliveries } from '../deliveries.ts'
import { DrainLoop } from '../drain-loop.ts'
import { type Env, type OperatorAct, type OperatorAnswer, objectOf, type ShardObject } from './bindings.ts'
import { LedgerObject } from './ledger-rpc.ts'

/** How far a demo's clock is ahead of the real one, in ms. */
const AHEAD = 'demo clock ahead'
const FACTS = 'demo facts'
/** Passes in a row that failed or left something due. */
const RETRIES = 'retries'

/** How far the check of old leaves has come, and when it came to the end. */
const LEAVES = 'leaves read'
type LeavesRead = LeafProgress & { doneAt?: number }
/** Between two checks of all old leaves: an object is opened as often as it is asked. */
const LEAVES_EVERY_MS = 7 * DAY

const SOON_MS = 20
/** How long an alarm waits for SMS and webhooks. */
const SENDING_MS = 5000
/** Exponential backoff: the first pause after a failure, doubled each time, and the longest. */
const RETRY_MS = 15_000
const LONGEST_MS = 300_000

/** Names a policy that must not be adopted, for the operator who reads the logs; shows nothing of any other error. */
const logAndRethrow = (error: unknown): never => {
  log('error', 'not opened', error instanceof DeadlinePolicyError ? { reason: error.message } : errorFields(error))
  throw error
}

/** Timeout: resolves with the work, or without it after `ms`; rejects with it. */
const atMost = async (ms: number, work: Promise<void>): Promise<void> => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const enough = new Promise<void>(resolve => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([work, enough]).finally(() => clearTimeout(timer))
}

/** Waits for all; rejects after the last where one fails. */
const settleAll = async (work: readonly Promise<void>[]): Promise<void> => {
  for (const each of await Promise.allSettled(work)) if (each.status === 'rejected') throw each.reason
}

/** A shard: a ledger on a Durable Object's storage. The object's alarm is its scheduler. */
export class Shard extends LedgerObject<Env> implements ShardObject {
  #settings!: WorkerSettings
  #clock: Clock & { moveTo?(instant: number): void } = systemClock
  #phone: ReturnType<typeof demoPhone> | null = null
  #deliveries!: ReturnType<typeof createDeliveries>
  /** SMS and webhooks apart, so that a slow endpoint delays no SMS. */
  readonly #sms = new DrainLoop(() => this.#deliveries.sms(this.ledger))
  readonly #webhooks = new DrainLoop(() => this.#deliveries.webhooks(this.ledger))
  /** Of erased content. */
  readonly #files = new DrainLoop(() => this.#removeFiles())
  #removeFiles: () => Promise<number> = async () => 0
  #retries = 0
  #leaves: LeavesRead = { next: 0, altered: 0 }
  readonly #faults = new FaultLog('scheduler')
  #facts: Promise<DemoFacts> | null = null

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    // Where this fails, the runtime resets the object, and the next call opens it again.
    void ctx.blockConcurrencyWhile(() => this.#open().catch(logAndRethrow))
  }

  async #open(): Promise<void> {
    const { createDeliveries, failoverSmsProvider, LocalLedger, openWorkerHost, ...parts } = await import(
      './open-shard.ts'
    )
    const files = parts.objectFileStore(parts.bucketStore(this.env.FILES))
    this.#removeFiles = () => parts.removeErasedFiles(files, this.ledger)
    // An object that is reached by its id, as from the data browser, has no name: it would take itself for another shard.
    const shard = Number(this.ctx.id.name ?? Number.NaN)
    if (!Number.isInteger(shard)) throw new RangeError('an object that is no shard: its name is not a number')
    const settings = await readWorkerSettings(this.env)
    const { secrets, origin, demo, witnesses, tsa, policy, sms, baseUrl } = settings
    this.#settings = settings
    this.#retries = (await this.ctx.storage.get<number>(RETRIES)) ?? 0
    if (demo) await this.#openDemo(shard)
    const provider = this.#phone ?? (sms && failoverSmsProvider(sms, baseUrl))
    this.#deliveries = createDeliveries({ provider, poster: workerWebhookClient, clock: this.#clock }, settings)
    const notes = objectOf(this.env.NOTES, 'notes', settings)
    const last = await notes().last(shard)
    // Fork detection: kept by another object, so that a restored backup of this one is noticed.
    const checkpointFile = { read: () => last, write: (note: string) => notes().keep(shard, note) }
    const host = await openWorkerHost(this.ctx.storage, checkpointFile)
    const signEveryMs = demo ? 50 : 1000
    this.#leaves = (await this.ctx.storage.get<LeavesRead>(LEAVES)) ?? { next: 0, altered: 0 }
    this.ledger = new LocalLedger({
      host,
      secrets,
      policy,
      origin: `${origin}/${shard}`,
      shard,
      clock: this.#clock,
      signEveryMs,
      witnesses,
      tsa,
      checksLeaves: this.#leavesToRead(),
    })
    await this.ledger.opened()
    await this.#arm()
  }

  /** All of them again when the last check is a week old; meanwhile what it found stays in the gauge. */
  #leavesToRead(): LeafProgress {
    const { next, altered, doneAt } = this.#leaves
    if (doneAt === undefined) return { next, altered }
    return Date.now() - doneAt < LEAVES_EVERY_MS ? { next: Number.MAX_SAFE_INTEGER, altered } : { next: 0, altered: 0 }
  }

  /** Stored after each alarm, so that an eviction costs one tile. */
  async #keepLeavesRead(): Promise<void> {
    const { isDone, ...progress } = this.ledger.leafProgress
    if (this.#leaves.doneAt !== undefined && isDone) return
    if (progress.next === this.#leaves.next && !isDone) return
    this.#leaves = { ...progress, ...(isDone && { doneAt: Date.now() }) }
    await this.ctx.storage.put(LEAVES, this.#leaves)
  }

  /** What `tousu recover` asks of a shard. */
  async operate(act: OperatorAct): Promise<OperatorAnswer> {
    const { operateShard } = await import('./recover-shard.ts')
    const { ctx, ledger } = this
    const notes = objectOf(this.env.NOTES, 'notes', this.#settings)()
    return operateShard({ ctx, ledger, notes, settings: this.#settings, clock: this.#clock }, act)
  }

  // Time.

  protected override changed(): Promise<void> {
    return this.#arm()
  }

  /**
   * Alarms come late, and may come twice, so this is idempotent. The runtime gives up after six failures, so this rejects
   * only where not even the next alarm can be stored; then the next call that opens the object sets it.
   */
  async alarm(): Promise<void> {
    try {
      await this.ledger.tick()
      // A slow SMS vendor must not delay deadlines: after 5 s sending continues in the background.
      await atMost(SENDING_MS, settleAll([this.#sms, this.#webhooks, this.#files].map(each => each.drainOrJoin())))
      const next = await this.ledger.tick()
      // Keeps the object alive until its witnesses have answered.
      await this.ledger.asked()
      await this.#keepLeavesRead()
      this.#faults.worked()
      // Back off where something stays due: it can't be done at present, such as messages without a provider.
      await this.#countRetries(next !== null && next <= this.#clock.now())
    } catch (error) {
      this.#note(error)
      await this.#countRetries(true)
    } finally {
      await this.#arm()
    }
  }

  #note(error: unknown): void {
    this.#faults.failed(error instanceof Error ? error.name : 'failed', {
      shard: this.ctx.id.name,
      ...errorFields(error),
    })
  }

  /** Stored, or each eviction of an idle object would begin the backoff anew. */
  async #countRetries(again: boolean): Promise<void> {
    const retries = again ? this.#retries + 1 : 0
    if (retries === this.#retries) return
    this.#retries = retries
    await this.ctx.storage.put(RETRIES, retries)
  }

  /** Appends the steps that fell due and sends SMS and webhooks, in this order. */
  async runOnce(): Promise<number | null> {
    await this.ledger.tick()
    await settleAll([this.#sms, this.#webhooks, this.#files].map(each => each.drain()))
    return this.ledger.tick()
  }

  /** Sets the alarm to the next due instant; what is due and could not be done waits for its backoff. */
  async #arm(): Promise<void> {
    const now = Date.now()
    const pause = this.#retries === 0 ? SOON_MS : Math.min(RETRY_MS * 2 ** (this.#retries - 1), LONGEST_MS)
    const instants = (await this.#dueInstants()).map(next => {
      const wait = next - this.#clock.now()
      return now + (wait > 0 ? Math.max(wait, SOON_MS) : pause)
    })
    if (instants.length === 0) return
    const at = Math.min(...instants)
    // An earlier alarm stays: otherwise a steady load would put it off for ever.
    const set = await this.ctx.storage.getAlarm()
    if (set === null || at < set) await this.ctx.storage.setAlarm(at)
  }

  /** The next deadline counts also where messages stay due. After a failure the ledger is asked again at once. */
  async #dueInstants(): Promise<number[]> {
    try {
      const next = await this.ledger.tick()
      return [next, this.ledger.nextDue(), this.ledger.nextAsk()].filter(at => at !== null)
    } catch (error) {
      this.#note(error)
      return [this.#clock.now()]
    }
  }

  // Demo mode: a movable clock, a phone for every number, and the stories.

  async #openDemo(shard: number): Promise<void> {
    const { DemoClock, demoPhone } = await import('./open-shard.ts')
    const clock = new DemoClock(Date.now() + (await this.#ahead(shard)))
    this.#clock = clock
    const { sql } = this.ctx.storage
    sql.exec('CREATE TABLE IF NOT EXISTS demo_phone (line TEXT NOT NULL)')
    const append = (line: string) => void sql.exec('INSERT INTO demo_phone VALUES (?)', line)
    const lines = () =>
      sql
        .exec<{ line: string }>('SELECT line FROM demo_phone ORDER BY rowid')
        .toArray()
        .map(row => row.line)
    this.#phone = demoPhone({ append, lines }, clock)
  }

  /** Shard 0 of a new demo begins where the stories do; a shard that is added later takes the time of shard 0. */
  async #ahead(shard: number): Promise<number> {
    const kept = await this.ctx.storage.get<number>(AHEAD)
    if (kept !== undefined) return kept
    const { storiesBegin } = await import('../../demo/replay.ts')
    return shard === 0 ? storiesBegin(0) : (await this.#peer(0).now()) - Date.now()
  }

  #peer(shard: number): ShardObject {
    return this.env.SHARD.get(this.env.SHARD.idFromName(String(shard)))
  }

  async now(): Promise<number> {
    return this.#clock.now()
  }

  /** Moves the demo's clock to an instant. The offset is stored, so it survives an eviction; it never goes back. */
  async moveClock(instant: number): Promise<void> {
    this.#clock.moveTo?.(instant)
    await this.ctx.storage.put(AHEAD, this.#clock.now() - Date.now())
    await this.#arm()
  }

  async messages(): Promise<PhoneMessage[]> {
    return this.#phone?.messages() ?? []
  }

  /** Seeds the demo at the first call. In the object, since a Worker's request may be cancelled when the visitor leaves. */
  facts(): Promise<DemoFacts> {
    this.#facts ??= this.#loadFacts()
    this.#facts.catch(() => {
      this.#facts = null
    })
    return this.#facts
  }

  async #loadFacts(): Promise<DemoFacts> {
    const kept = await this.ctx.storage.get<DemoFacts>(FACTS)
    if (kept) return kept
    const others = Array.from({ length: this.#settings.shards - 1 }, (_, i) => () => this.#peer(i + 1))
    const { seedShards } = await import('./demo.ts')
    const facts = await seedShards(this.env, this.#settings, [() => this, ...others])
    await this.ctx.storage.put(FACTS, facts)
    return facts
  }
}

/**
 * SSRF guard: a Worker is in no private network, and `global_fetch_strictly_public` (wrangler.toml) limits fetch to
 * public addresses. Redirects are not followed.
 */
const workerWebhookClient: WebhookClient = {
  post: async (url, headers, body, signal) => {
    try {
      const response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' })
      await response.body?.cancel()
      return { status: response.status }
    } catch {
      return { failed: signal.aborted ? 'timeout' : 'unreachable' }
    }
  },
}
