import { MINUTE, yieldToEventLoop } from '../../complaint/time.ts'
import type { Delivery, DigestMessage, Message, Outcome } from '../../ledger/contract/outbox.ts'
import { barePhone } from '../../link/id.ts'
import type { Variant } from './catalogue.ts'
import { keyOf, worded } from './compose.ts'
import type { Sms } from './provider.ts'
import {
  attempt,
  byUrgency,
  type DeliveryDeps,
  type Prepared,
  prepare,
  scheduleRetry,
  send,
  sendOne,
} from './send-batch.ts'
import { whenToDigest } from './timing.ts'

/** Parallel sends where no setting says otherwise. */
const LANES = 64
/** Rows in one call into the ledger: their complaints are read, or their results written, in some ten milliseconds. */
const PAGE = 100

/** Messages that may have gone out and are still due: they will be sent again, with the same keys. */
export class NotRecorded extends Error {
  override name = 'NotRecorded'
  constructor(messages: readonly number[]) {
    super(`the ledger did not record what became of outbox rows ${messages.join(', ')}`)
  }
}

/**
 * Sends some of what is due, messages to buyers and digests, and records what became of each; answers how many, so 0
 * means that nothing is due. At least once: a message that was sent and not recorded is sent again with the same key.
 * Those of one reader go one after another, which keeps the day's number of messages, and none holds up those of
 * another. Calls for one ledger must not overlap. Rejects only when the outbox can't be read or, after all messages had
 * their turn, when a digest can't, or with NotRecorded, which holds no number and no text.
 */
export const deliverDue = async (deps: DeliveryDeps): Promise<number> => {
  const { ledger, lanes = LANES } = deps
  // A ledger that may be a restored backup would send old messages once more.
  if ((await ledger.readOnly()) !== null) return 0
  const record = recorder(deps)
  // Digests that can't be read hold up no buyer's message; that they can't is said at the end.
  const unread: unknown[] = []
  const recipients = await ledger.outbox.dueRecipients(PAGE).catch(error => {
    unread.push(error)
    return []
  })
  const due = await ledger.outbox.dueMessages(deps.limit ?? 2 * lanes)
  const prepared = await prepare(deps, await record.unknown(due))
  const pages = pageReader(deps)
  let codes = 0
  await runConcurrently(lanes, deps.signal, [
    async () => {
      try {
        codes = await sendCodes(deps)
      } catch (error) {
        unread.push(error)
      }
    },
    ...readers(prepared).map(theirs => async () => {
      for (const each of theirs) {
        if (deps.signal?.aborted) return
        const delivery = await sendOne(deps, each).catch((): Delivery => ({ heldUntil: deps.clock.now() + HOLD }))
        await record([{ message: each.message, delivery }])
      }
    }),
    ...recipients.map(recipient => async () => {
      try {
        await record(await digest(deps, recipient, await record.unknown(await pages(recipient))))
      } catch (error) {
        unread.push(error)
      }
    }),
  ])
  const total = record.total() + codes
  if (unread.length > 0) throw unread[0]
  return total
}

const CODE_RETRY_MS = MINUTE

/** Codes that show that a number belongs to the person who entered it, who waits for them, at any hour. Answers how many were sent. */
const sendCodes = async ({ ledger, provider, clock, baseUrl, mode, signal }: DeliveryDeps): Promise<number> => {
  const codes = await ledger.outbox.dueCodes()
  for (const { phone, code, key } of codes) {
    if (signal?.aborted) break
    const now = clock.now()
    const written = worded('contact_code', 'zh-CN', provider.takes ?? provider.name, { baseUrl, mode }, { code }, now)
    const { status } = await send(provider, { to: phone, key, ...written })
    await ledger.outbox.recordCode(key, status === 'unavailable' ? now + CODE_RETRY_MS : null)
  }
  return codes.length
}

/** All that is due for one recipient, page by page: one page at a time, however many lanes there are. */
const pageReader = ({ ledger }: DeliveryDeps) => {
  let turn: Promise<unknown> = Promise.resolve()
  const page = (recipient: string, after: Message | undefined): Promise<DigestMessage[]> => {
    const read = turn.then(yieldToEventLoop).then(() => ledger.outbox.dueDigest(recipient, PAGE, after))
    turn = read.catch(() => undefined)
    return read
  }
  return async (recipient: string): Promise<DigestMessage[]> => {
    const messages: DigestMessage[] = []
    for (;;) {
      const more = await page(recipient, messages.at(-1))
      messages.push(...more)
      if (more.length === 0) return messages
    }
  }
}

/** Where not even the day's messages could be counted. */
const HOLD = MINUTE

/** By phone; what needs no phone stands alone. */
const readers = (prepared: readonly Prepared[]): Prepared[][] => {
  const byPhone = Map.groupBy(prepared, each =>
    'outgoing' in each ? barePhone(each.outgoing.sms.to) : each.message.id,
  )
  return [...byPhone.values()].map(theirs => theirs.toSorted(byUrgency))
}

/**
 * Records results, and remembers those that the ledger refused. Those that come in while others are being written are
 * written together, in one transaction. Never rejects: an error of another module may hold personal data.
 */
const recorder = ({ ledger, unrecorded = new Map() }: DeliveryDeps) => {
  const failed: number[] = []
  const waiting: Outcome[] = []
  let writing: Promise<void> | null = null
  let recorded = 0
  const write = async (outcomes: readonly Outcome[]): Promise<void> => {
    try {
      await ledger.outbox.recordDeliveries(outcomes)
      for (const { message } of outcomes) unrecorded.delete(message.id)
      recorded += outcomes.length
    } catch {
      // One that can't be recorded takes no other with it.
      if (outcomes.length > 1) return void (await Promise.all(outcomes.map(each => write([each]))))
      for (const { message, delivery } of outcomes) {
        unrecorded.set(message.id, delivery)
        failed.push(message.id)
      }
    }
  }
  const writeAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      await yieldToEventLoop()
      await write(waiting.splice(0, PAGE))
    }
  }
  const record = async (outcomes: readonly Outcome[]): Promise<void> => {
    // Not `push(...outcomes)`: a desk's digest may have more of them than a call takes arguments.
    for (const outcome of outcomes) waiting.push(outcome)
    writing ??= writeAll().finally(() => {
      writing = null
    })
    await writing
  }
  /** Those of which it is not known yet what became of them; of the others it is recorded once more. */
  const unknown = async <M extends Message>(messages: readonly M[]): Promise<M[]> => {
    const known = messages.flatMap(message => {
      const delivery = unrecorded.get(message.id)
      return delivery ? [{ message, delivery }] : []
    })
    if (known.length > 0) await record(known)
    return messages.filter(({ id }) => !known.some(({ message }) => message.id === id))
  }
  const total = (): number => {
    if (failed.length > 0) throw new NotRecorded(failed)
    return recorded
  }
  return Object.assign(record, { unknown, total })
}

const runConcurrently = async (
  lanes: number,
  signal: AbortSignal | undefined,
  works: readonly (() => Promise<void>)[],
): Promise<void> => {
  const left = works.values()
  const lane = async () => {
    for (const work of left) {
      if (signal?.aborted) return
      await work()
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}

/** A message of the digest that still matters. */
type Open = Message & { due: number }

const VARIANTS: Partial<Record<Message['party'], Variant>> = {
  merchant: 'digest.merchant',
  platform: 'digest.platform',
  supervisor: 'digest.supervisor',
}

/** All that waits for one merchant or desk goes out as one SMS, which names no complaint; answers what became of each. */
const digest = async (deps: DeliveryDeps, party: string, messages: readonly DigestMessage[]): Promise<Outcome[]> => {
  const now = deps.clock.now()
  const over = messages.filter(({ due }) => due === null).map(message => ended(message, { outcome: 'dropped' }))
  const open = messages.flatMap(message => (message.due === null ? [] : [{ ...message, due: message.due }]))
  const ready = open.filter(message => slotOf(message, now) <= now)
  // What would wait for its turn alone goes along with what can't.
  const waiting = ready.length > 0 ? [] : open
  const held = waiting.map(message => ended(message, { heldUntil: slotOf(message, now) }))
  return [...over, ...held, ...(ready.length > 0 ? await sendAll(deps, party, open) : [])]
}

const ended = (message: Message, delivery: Delivery): Outcome => ({ message, delivery })

const slotOf = ({ nextAt, createdAt, attempts, due }: Open, now: number): number =>
  whenToDigest(now, { since: nextAt ?? createdAt, attempts, due })

const sendAll = async (deps: DeliveryDeps, party: string, open: readonly Open[]): Promise<Outcome[]> => {
  const [first] = open
  if (!first) return []
  try {
    const to = await deps.ledger.outbox.contact(party)
    if (to === null) return open.map(message => ended(message, { outcome: 'dropped', reason: 'no_contact' }))
    const delivery = await attempt(deps, write(deps, to, open, first), first)
    return open.map(message => ended(message, delivery))
  } catch {
    return open.map(message => ended(message, scheduleRetry(deps, message, 'unread')))
  }
}

/** How many complaints wait, and the first deadline. Nothing of what they are about: a phone shows it when locked. */
const write = (deps: DeliveryDeps, to: string, open: readonly Open[], first: Open): Sms => {
  const count = new Set(open.map(({ complaint }) => complaint)).size
  const by = open.reduce((least, { due }) => Math.min(least, due), first.due)
  const variant = VARIANTS[first.party] ?? 'digest.merchant'
  const now = deps.clock.now()
  return { to, key: keyOf(first), ...worded(variant, 'zh-CN', deps.provider.name, deps, { count, by }, now) }
}
