import { DurableObject } from 'cloudflare:workers'
import type { LocalLedger } from '../../ledger/local-ledger.ts'
import type {
  Credential,
  Delivery,
  InboxQuery,
  Ledger,
  Message,
  Order,
  Report,
  Session,
  WebhookResult,
} from '../../ledger/port.ts'

/** What went wrong in an object, for the other side of an RPC: nothing that anybody typed, and no message of SQLite's. */
class Failed extends Error {}

/** The port of a ledger as methods of a Durable Object. They take and answer what structured clone carries. */
export abstract class LedgerObject<E> extends DurableObject<E> {
  protected ledger!: LocalLedger

  /** Called after whatever may have brought an earlier due instant. */
  protected async changed(): Promise<void> {}

  execute(order: Order) {
    return this.#write(() => this.ledger.execute(order))
  }
  read(id: number) {
    return guarded(() => this.ledger.read(id))
  }
  head(id: number) {
    return guarded(() => this.ledger.head(id))
  }
  inbox(query: InboxQuery) {
    return guarded(() => this.ledger.inbox(query))
  }
  statement(id: number) {
    return guarded(() => this.ledger.statement(id))
  }
  receipt(id: number, reader: Parameters<Ledger['receipt']>[1]) {
    return guarded(() => this.ledger.receipt(id, reader))
  }
  find(by: Parameters<Ledger['find']>[0]) {
    return guarded(() => this.ledger.find(by))
  }
  credential(keyHash: string) {
    return guarded(() => this.ledger.registry.credential(keyHash))
  }
  addCredential(keyHash: string, credential: Credential) {
    return guarded(() => this.ledger.registry.addCredential(keyHash, credential))
  }
  keys(merchant: string) {
    return guarded(() => this.ledger.registry.keys(merchant))
  }
  revokeKey(merchant: string, id: string) {
    return guarded(() => this.ledger.registry.revokeKey(merchant, id))
  }
  openSession(cookieHash: string, session: Session) {
    return guarded(() => this.ledger.registry.openSession(cookieHash, session))
  }
  session(cookieHash: string, now: number) {
    return guarded(() => this.ledger.registry.session(cookieHash, now))
  }
  endSession(cookieHash: string) {
    return guarded(() => this.ledger.registry.endSession(cookieHash))
  }
  endSessionsOf(subject: string) {
    return guarded(() => this.ledger.registry.endSessionsOf(subject))
  }
  mayTry(what: string, limit: number, lockMs: number) {
    return guarded(() => this.ledger.registry.recordAttempt(what, limit, lockMs))
  }
  forgiveTries(what: string) {
    return guarded(() => this.ledger.registry.clearAttempts(what))
  }
  resend(id: number) {
    return this.#write(() => this.ledger.resend(id))
  }
  alerts(limit: number) {
    return guarded(() => this.ledger.alerts(limit))
  }
  settleAlert(id: number, officer: string) {
    return guarded(() => this.ledger.resolveAlert(id, officer))
  }
  figures(merchant: string, since: number) {
    return guarded(() => this.ledger.statistics(merchant, since))
  }
  setContact(party: string, phone: string | null) {
    return guarded(() => this.ledger.setContact(party, phone))
  }
  contact(party: string) {
    return guarded(() => this.ledger.contact(party))
  }
  listHooks(merchant: string) {
    return guarded(() => this.ledger.webhooks.list(merchant))
  }
  addHook(merchant: string, url: string) {
    return guarded(() => this.ledger.webhooks.add(merchant, url))
  }
  removeHook(merchant: string, id: string) {
    return guarded(() => this.ledger.webhooks.remove(merchant, id))
  }
  rotateHook(merchant: string, id: string) {
    return guarded(() => this.ledger.webhooks.rotate(merchant, id))
  }
  enableHook(merchant: string, id: string) {
    return this.#write(() => this.ledger.webhooks.enable(merchant, id))
  }
  hookDeliveries(merchant: string, id: string, limit: number) {
    return guarded(() => this.ledger.webhooks.deliveries(merchant, id, limit))
  }
  resendHook(merchant: string, id: string, delivery: number) {
    return this.#write(() => this.ledger.webhooks.resend(merchant, id, delivery))
  }
  dueHooks(limit: number) {
    return guarded(() => this.ledger.webhooks.due(limit))
  }
  settledHook(delivery: number, result: WebhookResult) {
    return this.#write(() => this.ledger.webhooks.recordResult(delivery, result))
  }
  tick() {
    return this.#write(() => this.ledger.tick())
  }
  outbox(limit: number) {
    return guarded(() => this.ledger.dueMessages(limit))
  }
  delivered(message: Message, delivery: Delivery) {
    return this.#write(() => this.ledger.recordDelivery(message, delivery))
  }
  digests() {
    return guarded(() => this.ledger.dueDigests())
  }
  reported(report: Report) {
    return this.#write(() => this.ledger.recordReport(report))
  }
  sentTo(reader: string, since: number) {
    return guarded(() => this.ledger.acceptedCount(reader, since))
  }
  troubled(limit: number) {
    return guarded(() => this.ledger.failedMessages(limit))
  }
  readOnly() {
    return guarded(() => this.ledger.readOnly())
  }
  logIdentity() {
    return guarded(() => this.ledger.log.identity())
  }
  logCheckpoint() {
    return guarded(() => this.ledger.log.checkpoint())
  }
  logTile(level: number, n: number, width: number) {
    return guarded(async () => alone(await this.ledger.log.tile(level, n, width)))
  }
  logDeadlines(hash: string) {
    return guarded(() => this.ledger.log.policy(hash))
  }
  logEntries(n: number, width: number) {
    return guarded(async () => alone(await this.ledger.log.entries(n, width)))
  }

  #write<T>(work: () => Promise<T>): Promise<T> {
    return guarded(async () => {
      const answer = await work()
      await this.changed()
      return answer
    })
  }
}

/** Of a view, structured clone carries the whole buffer behind it. */
const alone = (bytes: Uint8Array | null) => (bytes === null ? null : bytes.slice())

/** An error that crosses RPC shows its message to the other side and in the account's logs. */
const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    console.error('ledger:', describeError(error))
    throw new Failed('the ledger could not do this')
  }
}

/** The class of an error, SQLite's code, and where it came from; a message may quote what a buyer wrote. */
export const describeError = (error: unknown): string => {
  if (!(error instanceof Error)) return 'not an error'
  const code = /\bSQLITE_[A-Z_]+\b/.exec(error.message)?.[0] ?? ''
  const frames = (error.stack ?? '').split('\n').filter(line => /^\s+at /.test(line))
  return [error.constructor.name, code, ...frames.slice(0, 4).map(line => line.trim())].join(' ')
}
