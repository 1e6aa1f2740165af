export { DAY, HOUR, MINUTE } from '../../src/complaint/time.ts'

import document from '../../db/policies/cn-2026-1.json' with { type: 'json' }
import type { Act } from '../../src/complaint/command.ts'
import type { StepKind } from '../../src/complaint/words.ts'
import type { BodyOf, Caller, Done, Intake, Ledger, Order, OrderOf, Refused } from '../../src/ledger/contract/ledger.ts'
import type { DigestMessage, Message } from '../../src/ledger/contract/outbox.ts'
import { makeSecrets, type SecretsFile } from '../../src/ledger/log/secrets.ts'

/** What every host has: the port, a clock that stands still until it is set, its tables, and an off switch. */
export interface Opened {
  readonly ledger: Ledger
  setClock(now: number): Promise<void>
  /** The rows of a query. Rejects with SQLite's own message. */
  sql(query: string): Promise<Record<string, unknown>[]>
  /** Stops and starts again on the same database, with another clock reading the same, and perhaps another policy. */
  restart(policy?: unknown): Promise<Opened>
  close(): Promise<void>
}
export interface OpenOptions {
  now: number
  secrets: SecretsFile
  policy: unknown
}
export type Open = (options: OpenOptions) => Promise<Opened>

/** Monday 2 March 2026, 10:00 in Shanghai: no holiday near. */
export const START = Date.parse('2026-03-02T02:00:00Z')

export const shop: Caller = { role: 'platform', automated: true }
export const buyer: Caller = { role: 'buyer', automated: false }
export const merchant = (merchant = 'm1', person = '李娜'): Caller => ({
  role: 'merchant',
  automated: false,
  person,
  merchant,
})
export const officer = (person = 'A17'): Caller => ({ role: 'platform', automated: false, person })
export const supervisor = (person = 'S1'): Caller => ({ ...officer(person), role: 'supervisor' })

let orders = 0
export const intake = (changes: Partial<Intake> = {}): Intake => ({
  orderId: `ORDER-${orders++}`,
  item: '连衣裙',
  merchantId: 'm1',
  merchantName: '小店',
  buyer: { name: '王小明', phone: '13800001234' },
  category: 'quality',
  statement: '裙子和图片不一样，颜色差很多，要求退款。',
  remedySought: { kind: 'refund', amount: { value: '89.00', currency: 'CNY' } },
  locale: 'zh-CN',
  ...changes,
})

export const rejection: BodyOf<'responses'> = { answer: 'reject', statement: '不退', ground: 'as_described' }
export const smallOffer: BodyOf<'responses'> = {
  answer: 'offer',
  statement: '只能退一部分',
  offer: { kind: 'partial_refund', amount: { value: '20.00', currency: 'CNY' } },
}
export const fullOffer: BodyOf<'responses'> = {
  answer: 'offer',
  statement: '全额退款',
  offer: { kind: 'refund', amount: { value: '89.00', currency: 'CNY' } },
}
export const ruling = (changes: Partial<BodyOf<'rulings'>> = {}): BodyOf<'rulings'> => ({
  outcome: 'for_buyer',
  facts: '照片与实物颜色不同',
  rule: '平台规则 5.2',
  reasons: '商品与描述不符',
  remedy: { kind: 'refund', amount: { value: '89.00', currency: 'CNY' } },
  ...changes,
})

const many = { count: 1_000_000, basis: 'default', source: 'none' }
/** The usual policy without quotas, for stories that need a thousand steps of one party. */
export const unbounded = {
  ...document,
  name: 'unbounded',
  limits: { ...document.limits, steps_per_day: many, bytes_per_day: many },
}

type Once = NonNullable<Order['idempotency']>

/** A ledger in a test: people act on it, time passes, and at the end the whole log is verified. */
export class LedgerFixture {
  now = START
  readonly secrets: SecretsFile
  #opened: Opened

  private constructor(opened: Opened, secrets: SecretsFile) {
    this.#opened = opened
    this.secrets = secrets
  }

  static async open(open: Open): Promise<LedgerFixture> {
    const secrets = await makeSecrets()
    return new LedgerFixture(await open({ now: START, secrets, policy: document }), secrets)
  }

  get ledger(): Ledger {
    return this.#opened.ledger
  }

  sql(query: string): Promise<Record<string, unknown>[]> {
    return this.#opened.sql(query)
  }

  async at(now: number): Promise<void> {
    this.now = now
    await this.#opened.setClock(now)
  }

  later(ms: number): Promise<void> {
    return this.at(this.now + ms)
  }

  async restart(policy?: unknown): Promise<void> {
    this.#opened = await this.#opened.restart(policy)
  }

  order<A extends Act>(act: A, by: Caller, complaint: number | null, body: BodyOf<A>, once?: Once) {
    const order: OrderOf<A> = { act, complaint, by, body, idempotency: once }
    // The parts belong to one act; TypeScript cannot follow that into the union.
    return this.ledger.execute(order as Order)
  }

  /** What must be possible in this story. */
  async does<A extends Act>(act: A, by: Caller, complaint: number | null, body: BodyOf<A>): Promise<Done> {
    return done(await this.order(act, by, complaint, body))
  }

  async submit(changes: Partial<Intake> = {}): Promise<number> {
    return (await this.does('submit', shop, null, intake(changes))).id
  }

  async entries(id: number) {
    const timeline = await this.ledger.read(id)
    if (!timeline) throw new Error('the story has no such complaint')
    return timeline.entries
  }

  async kinds(id: number): Promise<StepKind[]> {
    return (await this.entries(id)).map(entry => entry.step.kind)
  }

  /** State, holder and due as an inbox shows them. */
  async standing(id: number) {
    const items = await everyItem(this.ledger, this.now)
    const item = items.find(found => found.id === id)
    if (!item) throw new Error('no inbox shows it')
    return { state: item.state, holder: item.holder, due: item.due }
  }

  /** All that can be sent now goes out, and the provider accepts it. */
  async sendAll(): Promise<Message[]> {
    const messages = await this.ledger.outbox.dueMessages(1000)
    for (const message of messages)
      await this.ledger.outbox.recordDeliveries([{ message, delivery: { outcome: 'accepted' } }])
    return messages
  }

  /** What waits for each merchant and desk, read in pages. */
  async dueDigests(): Promise<{ party: string; messages: DigestMessage[] }[]> {
    const { outbox } = this.ledger
    return Promise.all(
      (await outbox.dueRecipients(1000)).map(async party => {
        const messages: DigestMessage[] = []
        for (;;) {
          const page = await outbox.dueDigest(party, 2, messages.at(-1))
          if (page.length === 0) return { party, messages }
          messages.push(...page)
        }
      }),
    )
  }

  close(): Promise<void> {
    return this.#opened.close()
  }
}

/** What tests of one host need people to say. */
export const people = (ledger: Ledger) => ({
  submit: (changes: Partial<Intake> = {}, once?: Once) =>
    ledger.execute({ act: 'submit', complaint: null, by: shop, body: intake(changes), idempotency: once }),
  say: (complaint: number, text: string, once?: Once) =>
    ledger.execute({ act: 'messages', complaint, by: buyer, body: { text }, idempotency: once }),
})

export const done = (answer: Done | Refused): Done => {
  if ('refused' in answer) throw new Error(`a move of the story was refused: ${answer.refused}`)
  return answer
}

const CLOSED = ['closed_confirmed', 'closed_ruled', 'closed_lapsed', 'closed_withdrawn', 'refused'] as const
const PAGE = 500

/** Every complaint of the ledger, through the inboxes. */
export const everyItem = async (ledger: Ledger, now: number) => {
  const lists = await Promise.all([undefined, ...CLOSED].map(state => wholeInbox(ledger, { state, now })))
  return lists.flat()
}

type Filters = Omit<Parameters<Ledger['inbox']>[0], 'limit' | 'after'>
export const wholeInbox = async (ledger: Ledger, filters: Filters, limit = PAGE) => {
  const items: Awaited<ReturnType<Ledger['inbox']>> = []
  for (let after: { due: number; id: number } | undefined; ; ) {
    const page = await ledger.inbox({ ...filters, limit, after })
    items.push(...page)
    const last = page.at(-1)
    if (!last || page.length < limit) return items
    after = { due: last.due ?? last.closedAt ?? 0, id: last.id }
  }
}

/** Tells a story on a fresh ledger; whatever happened in it, the whole log must verify afterwards. */
export type Story = (name: string, tell: (world: LedgerFixture) => Promise<void>) => void
