import { DurableObject } from 'cloudflare:workers'
import type { DurableObjectState } from '@cloudflare/workers-types'
import policy from '../db/policies/cn-2026-1.json' with { type: 'json' }
import { type DemoFacts, storiesBegin } from './demo.ts'
import { DemoClock, systemClock } from './ledger/clock.ts'
import { openEdgeHost } from './ledger/host-edge.ts'
import { LocalLedger } from './ledger/local-ledger.ts'
import type { Credential, Delivery, InboxQuery, Ledger, Message, Order } from './ledger/port.ts'
import { deliverDue } from './notify/deliver.ts'
import { demoPhone, type PhoneMessage } from './notify/demo-phone.ts'
import type { SmsProvider } from './notify/provider.ts'
import { type EdgeConfig, type Env, readEdgeConfig } from './worker-config.ts'

/** How far a demo's clock is ahead of the real one, in ms; a new demo begins where its stories do. */
const AHEAD = 'demo clock ahead'
/** An alarm that could not be computed is tried again after this. */
const LATER_MS = 30_000

/** One shard: a ledger on a Durable Object's storage, and the one alarm that lets its time pass. */
export class Shard extends DurableObject<Env> {
  #ledger!: LocalLedger
  #config!: EdgeConfig
  #clock: DemoClock | null = null
  #phone: ReturnType<typeof demoPhone> | null = null
  #turn: Promise<unknown> = Promise.resolve()

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    void ctx.blockConcurrencyWhile(() => this.#open())
  }

  async #open(): Promise<void> {
    const shard = Number(this.ctx.id.name)
    this.#config = await readEdgeConfig(this.env)
    const { secrets, origin, demo } = this.#config
    if (demo) await this.#openDemo()
    const notes = this.env.NOTES.get(this.env.NOTES.idFromName('notes'))
    const keeper = { last: await notes.last(shard), keep: (note: string) => notes.keep(shard, note) }
    const host = await openEdgeHost(this.ctx.storage, keeper)
    const clock = this.#clock ?? systemClock
    this.#ledger = new LocalLedger({
      host,
      secrets,
      policy,
      origin: origin(shard),
      shard,
      clock,
      signEveryMs: demo ? 50 : 1000,
    })
    await this.#arm()
  }

  async #openDemo(): Promise<void> {
    this.#clock = new DemoClock(Date.now() + ((await this.ctx.storage.get<number>(AHEAD)) ?? storiesBegin(0)))
    const { sql } = this.ctx.storage
    sql.exec('CREATE TABLE IF NOT EXISTS demo_phone (line TEXT NOT NULL)')
    const lines = () =>
      sql
        .exec<{ line: string }>('SELECT line FROM demo_phone ORDER BY rowid')
        .toArray()
        .map(row => row.line)
    this.#phone = demoPhone(
      { append: line => void sql.exec('INSERT INTO demo_phone VALUES (?)', line), lines },
      this.#clock,
    )
  }

  // The port, as RPC.

  async execute(order: Order) {
    return this.#then(await this.#ledger.execute(order))
  }
  read(id: number) {
    return this.#ledger.read(id)
  }
  head(id: number) {
    return this.#ledger.head(id)
  }
  inbox(query: InboxQuery) {
    return this.#ledger.inbox(query)
  }
  statement(id: number) {
    return this.#ledger.statement(id)
  }
  receipt(id: number, reader: Parameters<Ledger['receipt']>[1]) {
    return this.#ledger.receipt(id, reader)
  }
  find(by: Parameters<Ledger['find']>[0]) {
    return this.#ledger.find(by)
  }
  credential(keyHash: string) {
    return this.#ledger.credential(keyHash)
  }
  addCredential(keyHash: string, credential: Credential) {
    return this.#ledger.addCredential(keyHash, credential)
  }
  async resend(id: number) {
    return this.#then(await this.#ledger.resend(id))
  }
  async tick() {
    return this.#then(await this.#ledger.tick())
  }
  outbox(limit: number) {
    return this.#ledger.outbox(limit)
  }
  delivered(message: Message, delivery: Delivery) {
    return this.#ledger.delivered(message, delivery)
  }
  readOnly() {
    return this.#ledger.readOnly()
  }
  logIdentity() {
    return this.#ledger.log.identity()
  }
  logCheckpoint() {
    return this.#ledger.log.checkpoint()
  }
  logTile(level: number, n: number, width: number) {
    return this.#ledger.log.tile(level, n, width)
  }
  logEntries(n: number, width: number) {
    return this.#ledger.log.entries(n, width)
  }

  /** Sets the alarm anew: what was just done may have brought an earlier due instant. */
  async #then<T>(answer: T): Promise<T> {
    await this.#arm()
    return answer
  }

  // Time.

  /** Alarms may come twice or late, and stop after six failures: so one is always set again. */
  async alarm(): Promise<void> {
    try {
      await this.pass()
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
    await this.#ledger.tick()
    if (this.#phone) while ((await deliverDue(this.#letters(this.#phone))) > 0);
    return this.#ledger.tick()
  }

  #letters(provider: SmsProvider) {
    const { secrets, baseUrl } = this.#config
    const clock = this.#clock ?? systemClock
    return { ledger: this.#ledger, provider, clock, links: secrets.links, pickupSecret: secrets.tags, baseUrl }
  }

  async #arm(): Promise<void> {
    const now = Date.now()
    const ahead = (this.#clock ?? systemClock).now() - now
    const next = await this.#ledger.tick().catch(() => now + ahead + LATER_MS)
    if (next !== null) await this.ctx.storage.setAlarm(Math.max(next - ahead, now + 20))
  }

  // Demo mode.

  async now(): Promise<number> {
    return (this.#clock ?? systemClock).now()
  }

  /** Moves the demo's clock to an instant. It stays there after an eviction, and never goes back. */
  async moveClock(instant: number): Promise<void> {
    this.#clock?.moveTo(instant)
    await this.ctx.storage.put(AHEAD, (await this.now()) - Date.now())
  }

  async messages(): Promise<PhoneMessage[]> {
    return this.#phone?.messages() ?? []
  }

  async facts(): Promise<DemoFacts | null> {
    return (await this.ctx.storage.get<DemoFacts>('demo facts')) ?? null
  }

  async keepFacts(facts: DemoFacts): Promise<void> {
    await this.ctx.storage.put('demo facts', facts)
  }
}
