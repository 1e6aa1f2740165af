import type { DurableObjectState } from '@cloudflare/workers-types'
import { DeadlinePolicyError } from '../../complaint/deadlines/policy.ts'
import { type Env, readWorkerConfig, type WorkerConfig } from '../../config/worker.ts'
import { type DemoFacts, storiesBegin } from '../../demo/replay.ts'
import { type Clock, DemoClock, systemClock } from '../../ledger/clock.ts'
import { LocalLedger } from '../../ledger/local-ledger.ts'
import { deliverDue, type Unrecorded } from '../../notify/sms/deliver.ts'
import { demoPhone, type PhoneMessage } from '../../notify/sms/demo-phone.ts'
import type { SmsProvider } from '../../notify/sms/provider.ts'
import { failoverSmsProvider } from '../../notify/sms/vendors/failover.ts'
import { deliverHooks } from '../../notify/webhooks/deliver.ts'
import { tellStories } from './demo.ts'
import { describeError, LedgerObject } from './ledger-object.ts'
import { openWorkerHost } from './sqlite.ts'
import { workerWebhookClient } from './webhook-client.ts'

/** How far a demo's clock is ahead of the real one, in ms. */
const AHEAD = 'demo clock ahead'
const FACTS = 'demo facts'

const SOON_MS = 20
/** How long an alarm waits for what is being sent. */
const SENDING_MS = 5000
/** What could not be done is tried again after this, then after twice as long, up to five minutes. */
const RETRY_MS = 15_000
const LONGEST_MS = 300_000

/** A policy that must not be adopted is named, to whoever reads the logs; nothing else of an error is. */
const told = (error: unknown): never => {
  console.error('not opened:', error instanceof DeadlinePolicyError ? error.message : describeError(error))
  throw error
}

/** Resolves with the work, or without it after a while; rejects with it. */
const atMost = async (ms: number, work: Promise<void>): Promise<void> => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const enough = new Promise<void>(resolve => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([work, enough]).finally(() => clearTimeout(timer))
}

/** Work that is done until nothing is left of it, and never twice at a time: whoever comes meanwhile joins in. */
class Round {
  readonly #once: () => Promise<number>
  #running: Promise<void> | null = null

  constructor(once: () => Promise<number>) {
    this.#once = once
  }

  run(): Promise<void> {
    this.#running ??= this.#all().finally(() => {
      this.#running = null
    })
    return this.#running
  }

  async #all(): Promise<void> {
    while ((await this.#once()) > 0);
  }

  async idle(): Promise<void> {
    await this.#running?.catch(() => undefined)
  }
}

/** One shard: a ledger on a Durable Object's storage, and the one alarm that lets its time pass. */
export class Shard extends LedgerObject<Env> {
  #config!: WorkerConfig
  #clock: Clock & { moveTo?(instant: number): void } = systemClock
  #phone: (SmsProvider & { messages(): PhoneMessage[] }) | null = null
  /** Live mode's vendors, if any are configured. */
  #post: SmsProvider | null = null
  /** What is being sent, SMS and events apart, so that a slow ERP holds up no SMS; neither twice at a time. */
  readonly #letters = new Round(() => this.#sendLetters())
  readonly #events = new Round(() => this.#sendEvents())
  readonly #unrecorded: Unrecorded = new Map()
  #retries = 0
  #facts: Promise<DemoFacts> | null = null

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    // Should this fail, the object is reset, and the next call opens it again.
    void ctx.blockConcurrencyWhile(() => this.#open().catch(told))
  }

  async #open(): Promise<void> {
    const shard = Number(this.ctx.id.name)
    this.#config = await readWorkerConfig(this.env)
    const { secrets, origin, demo, witnesses, policy, sms, baseUrl } = this.#config
    if (demo) await this.#openDemo(shard)
    if (sms) this.#post = failoverSmsProvider(sms, baseUrl)
    const notes = () => this.env.NOTES.get(this.env.NOTES.idFromName('notes'))
    const keeper = { last: await notes().last(shard), keep: (note: string) => notes().keep(shard, note) }
    const host = await openWorkerHost(this.ctx.storage, keeper)
    const signEveryMs = demo ? 50 : 1000
    this.ledger = new LocalLedger({
      host,
      secrets,
      policy,
      origin: origin(shard),
      shard,
      clock: this.#clock,
      signEveryMs,
      witnesses,
    })
    await this.#arm()
  }

  // Time.

  protected override changed(): Promise<void> {
    return this.#arm()
  }

  /**
   * Alarms come late, and may come twice; a pass that has nothing to do does nothing. After six failures the runtime
   * would give up, so this never fails unless not even the next alarm can be stored; then whatever opens the object next
   * sets it.
   */
  async alarm(): Promise<void> {
    try {
      await this.ledger.tick()
      // A vendor that hangs holds up no deadline: sending goes on beside the next alarm.
      await atMost(SENDING_MS, this.#send())
      const next = await this.ledger.tick()
      // The object lives until its witnesses have answered.
      await this.ledger.asked()
      // What is due and stays due can't be done at present, as messages without a provider.
      if (next === null || next > this.#clock.now()) this.#retries = 0
      else this.#retries++
    } catch (error) {
      console.error('alarm:', describeError(error))
      this.#retries++
    } finally {
      await this.#arm()
    }
  }

  /** Appends what fell due and sends what is to be sent, in this order. */
  async runOnce(): Promise<number | null> {
    await this.ledger.tick()
    await Promise.all([this.#letters.idle(), this.#events.idle()])
    await this.#send()
    return this.ledger.tick()
  }

  /** All that is due; joins in what is being sent already. Rejects, once both are done, where one fails. */
  async #send(): Promise<void> {
    const done = await Promise.allSettled([this.#letters.run(), this.#events.run()])
    for (const each of done) if (each.status === 'rejected') throw each.reason
  }

  async #sendLetters(): Promise<number> {
    const provider = this.#phone ?? this.#post
    return provider ? deliverDue(this.#desk(provider)) : 0
  }

  #sendEvents(): Promise<number> {
    const { secrets, baseUrl } = this.#config
    const desk = { ledger: this.ledger, poster: workerWebhookClient, clock: this.#clock, baseUrl }
    return deliverHooks({ ...desk, secret: secrets.tags })
  }

  #desk(provider: SmsProvider) {
    const { secrets, baseUrl, sms } = this.#config
    return {
      ledger: this.ledger,
      provider,
      clock: this.#clock,
      unrecorded: this.#unrecorded,
      links: secrets.links,
      pickupSecret: secrets.tags,
      baseUrl,
      mode: sms?.mode,
    }
  }

  /** Sets the alarm to the next instant at which something is due; what is due and could not be done waits a while. */
  async #arm(): Promise<void> {
    const now = Date.now()
    const pause = this.#retries === 0 ? SOON_MS : Math.min(RETRY_MS * 2 ** (this.#retries - 1), LONGEST_MS)
    const instants = (await this.#instants()).map(next => {
      const wait = next - this.#clock.now()
      return now + (wait > 0 ? Math.max(wait, SOON_MS) : pause)
    })
    if (instants.length === 0) return
    const at = Math.min(...instants)
    // An earlier one stays: under a steady load it would be put off for ever.
    const set = await this.ctx.storage.getAlarm()
    if (set === null || at < set) await this.ctx.storage.setAlarm(at)
  }

  /** The next deadline stands for itself, beside messages that nobody takes. A ledger that can't say is asked again. */
  async #instants(): Promise<number[]> {
    try {
      const next = await this.ledger.tick()
      return [next, this.ledger.nextDue(), this.ledger.nextAsk()].filter(at => at !== null)
    } catch (error) {
      console.error('timer:', describeError(error))
      return [this.#clock.now()]
    }
  }

  // Demo mode: a clock that can be moved, a phone for every number, and the stories.

  async #openDemo(shard: number): Promise<void> {
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

  /** The first shard of a new demo begins where the stories do; one that is added later, when the first one is. */
  async #ahead(shard: number): Promise<number> {
    const kept = await this.ctx.storage.get<number>(AHEAD)
    if (kept !== undefined) return kept
    return shard === 0 ? storiesBegin(0) : (await this.#peer(0).now()) - Date.now()
  }

  #peer(shard: number): Shard {
    return this.env.SHARD.get(this.env.SHARD.idFromName(String(shard)))
  }

  async now(): Promise<number> {
    return this.#clock.now()
  }

  /** Moves the demo's clock to an instant. It stays there after an eviction, and never goes back. */
  async moveClock(instant: number): Promise<void> {
    this.#clock.moveTo?.(instant)
    await this.ctx.storage.put(AHEAD, this.#clock.now() - Date.now())
    await this.#arm()
  }

  async messages(): Promise<PhoneMessage[]> {
    return this.#phone?.messages() ?? []
  }

  /** The first one who asks has the stories told. They are told here: an object goes on when a visitor leaves. */
  facts(): Promise<DemoFacts> {
    this.#facts ??= this.#recall()
    this.#facts.catch(() => {
      this.#facts = null
    })
    return this.#facts
  }

  async #recall(): Promise<DemoFacts> {
    const kept = await this.ctx.storage.get<DemoFacts>(FACTS)
    if (kept) return kept
    const others = Array.from({ length: this.#config.shards - 1 }, (_, i) => () => this.#peer(i + 1))
    const facts = await tellStories(this.env, this.#config, [() => this, ...others])
    await this.ctx.storage.put(FACTS, facts)
    return facts
  }
}
