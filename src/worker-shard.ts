import type { DurableObjectState } from '@cloudflare/workers-types'
import policy from '../db/policies/cn-2026-1.json' with { type: 'json' }
import { type DemoFacts, storiesBegin } from './demo.ts'
import { type Clock, DemoClock, systemClock } from './ledger/clock.ts'
import { openEdgeHost } from './ledger/host-edge.ts'
import { LocalLedger } from './ledger/local-ledger.ts'
import { deliverDue } from './notify/deliver.ts'
import { demoPhone, type PhoneMessage } from './notify/demo-phone.ts'
import type { SmsProvider } from './notify/provider.ts'
import { type EdgeConfig, type Env, readEdgeConfig } from './worker-config.ts'
import { tellStories } from './worker-demo.ts'
import { LedgerObject, nameOf } from './worker-ledger.ts'

/** How far a demo's clock is ahead of the real one, in ms. */
const AHEAD = 'demo clock ahead'
const FACTS = 'demo facts'

const SOON_MS = 20
/** What could not be done is tried again after this, then after twice as long, up to five minutes. */
const RETRY_MS = 15_000
const LONGEST_MS = 300_000

/** One shard: a ledger on a Durable Object's storage, and the one alarm that lets its time pass. */
export class Shard extends LedgerObject<Env> {
  #config!: EdgeConfig
  #clock: Clock & { moveTo?(instant: number): void } = systemClock
  #phone: (SmsProvider & { messages(): PhoneMessage[] }) | null = null
  #turn: Promise<unknown> = Promise.resolve()
  #retries = 0
  #facts: Promise<DemoFacts> | null = null

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    // Should this fail, the object is reset, and the next call opens it again.
    void ctx.blockConcurrencyWhile(() => this.#open())
  }

  async #open(): Promise<void> {
    const shard = Number(this.ctx.id.name)
    this.#config = await readEdgeConfig(this.env)
    const { secrets, origin, demo, witnesses } = this.#config
    if (demo) await this.#openDemo(shard)
    const notes = () => this.env.NOTES.get(this.env.NOTES.idFromName('notes'))
    const keeper = { last: await notes().last(shard), keep: (note: string) => notes().keep(shard, note) }
    const host = await openEdgeHost(this.ctx.storage, keeper)
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
      const next = await this.pass()
      // The object lives until its witnesses have answered.
      await this.ledger.asked()
      // What is due and stays due can't be done at present, as messages without a provider.
      if (next === null || next > this.#clock.now()) this.#retries = 0
      else this.#retries++
    } catch (error) {
      console.error('alarm:', nameOf(error))
      this.#retries++
    } finally {
      await this.#arm()
    }
  }

  /** Appends what fell due and sends what is to be sent. One pass at a time. */
  pass(): Promise<number | null> {
    const turn = this.#turn.then(() => this.#pass())
    this.#turn = turn.catch(() => undefined)
    return turn
  }

  async #pass(): Promise<number | null> {
    await this.ledger.tick()
    if (this.#phone) while ((await deliverDue(this.#letters(this.#phone))) > 0);
    return this.ledger.tick()
  }

  #letters(provider: SmsProvider) {
    const { secrets, baseUrl } = this.#config
    return {
      ledger: this.ledger,
      provider,
      clock: this.#clock,
      links: secrets.links,
      pickupSecret: secrets.tags,
      baseUrl,
    }
  }

  /** Sets the alarm to the next instant at which something is due. */
  async #arm(): Promise<void> {
    const now = Date.now()
    const next = await this.#next()
    if (next === null) return
    const pause = this.#retries === 0 ? SOON_MS : Math.min(RETRY_MS * 2 ** (this.#retries - 1), LONGEST_MS)
    const at = Math.max(next - this.#clock.now() + now, now + pause)
    // An earlier one stays: under a steady load it would be put off for ever.
    const set = await this.ctx.storage.getAlarm()
    if (set === null || at < set) await this.ctx.storage.setAlarm(at)
  }

  /** A ledger that can't say is asked again. */
  async #next(): Promise<number | null> {
    try {
      const instants = [await this.ledger.tick(), this.ledger.nextAsk()].filter(at => at !== null)
      return instants.length === 0 ? null : Math.min(...instants)
    } catch (error) {
      console.error('timer:', nameOf(error))
      return this.#clock.now()
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
