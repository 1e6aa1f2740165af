import { MINUTE } from '../../complaint/time.ts'
import type { Delivery, Message, PendingDigest } from '../../ledger/contract/outbox.ts'
import { barePhone } from '../../link/pickup.ts'
import type { Variant } from './catalogue.ts'
import { keyOf, worded } from './compose.ts'
import type { Sms } from './provider.ts'
import { attempt, byUrgency, type DeliveryDeps, type Prepared, prepare, scheduleRetry, sendOne } from './send-batch.ts'
import { whenToDigest } from './timing.ts'

const LIMIT = 50
/** Readers at a time. */
const CONCURRENCY = 5

/** Messages that may have gone out and are still due: they will be sent again, with the same keys. */
export class NotRecorded extends Error {
  override name = 'NotRecorded'
  constructor(messages: readonly number[]) {
    super(`the ledger did not record what became of outbox rows ${messages.join(', ')}`)
  }
}

/**
 * Sends what is due, at most `limit` messages to buyers and the digests, and records what became of each; answers how
 * many, so 0 means that nothing is due. At least once: a message that was sent and not recorded is sent again with the
 * same key. Those of one reader go one after another, which keeps the day's number of messages, and none holds up
 * those of another. Calls for one ledger must not overlap. Rejects only when the outbox can't be read or, after all
 * messages had their turn, when the digests can't, or with NotRecorded, which holds no number and no text.
 */
export const deliverDue = async (deps: DeliveryDeps): Promise<number> => {
  // A ledger that may be a restored backup would send old messages once more.
  if ((await deps.ledger.readOnly()) !== null) return 0
  const record = recorder(deps)
  // Digests that can't be read hold up no buyer's message; that they can't is said at the end.
  const [waiting] = await Promise.allSettled([digestsDue(deps, record)])
  const prepared = await prepare(deps, await record.unknown(await deps.ledger.outbox.dueMessages(deps.limit ?? LIMIT)))
  await runConcurrently(deps.signal, [
    ...(waiting.status === 'fulfilled' ? waiting.value : []).map(each => async () => {
      const outcomes = await digest(deps, each)
      await Promise.all(outcomes.map(({ message, delivery }) => record(message, delivery)))
    }),
    ...readers(prepared).map(theirs => async () => {
      for (const each of theirs) {
        if (deps.signal?.aborted) return
        await record(
          each.message,
          await sendOne(deps, each).catch((): Delivery => ({ heldUntil: deps.clock.now() + HOLD })),
        )
      }
    }),
  ])
  const total = record.total()
  if (waiting.status === 'rejected') throw waiting.reason
  return total
}

const digestsDue = async ({ ledger }: DeliveryDeps, { unknown }: Recorder): Promise<PendingDigest[]> =>
  Promise.all(
    (await ledger.outbox.dueDigests()).map(async ({ party, messages }) => ({
      party,
      messages: await unknown(messages),
    })),
  )

/** Where not even the day's messages could be counted. */
const HOLD = MINUTE

/** By phone; what needs no phone stands alone. */
const readers = (prepared: readonly Prepared[]): Prepared[][] => {
  const byPhone = Map.groupBy(prepared, each => ('letter' in each ? barePhone(each.letter.sms.to) : each.message.id))
  return [...byPhone.values()].map(theirs => theirs.toSorted(byUrgency))
}

/** Records results, and remembers those that the ledger refused. Never rejects: an error of another module may hold personal data. */
const recorder = ({ ledger, unrecorded = new Map() }: DeliveryDeps) => {
  const failed: number[] = []
  let recorded = 0
  const record = async (message: Message, delivery: Delivery): Promise<void> => {
    try {
      await ledger.outbox.recordDelivery(message, delivery)
      unrecorded.delete(message.id)
      recorded++
    } catch {
      unrecorded.set(message.id, delivery)
      failed.push(message.id)
    }
  }
  /** Those of which it is not known yet what became of them; of the others it is recorded once more. */
  const unknown = async <M extends Message>(messages: readonly M[]): Promise<M[]> => {
    const known = messages.flatMap(message => {
      const delivery = unrecorded.get(message.id)
      return delivery ? [{ message, delivery }] : []
    })
    await Promise.all(known.map(({ message, delivery }) => record(message, delivery)))
    return messages.filter(({ id }) => !known.some(({ message }) => message.id === id))
  }
  const total = (): number => {
    if (failed.length > 0) throw new NotRecorded(failed)
    return recorded
  }
  return Object.assign(record, { unknown, total })
}
type Recorder = ReturnType<typeof recorder>

const runConcurrently = async (
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
  await Promise.all(Array.from({ length: CONCURRENCY }, lane))
}

/** A message of the digest that still matters. */
type Open = Message & { due: number }
type Outcome = { message: Message; delivery: Delivery }

const VARIANTS: Partial<Record<Message['party'], Variant>> = {
  merchant: 'digest.merchant',
  platform: 'digest.platform',
  supervisor: 'digest.supervisor',
}

/** All that waits for one merchant or desk goes out as one SMS, which names no complaint; answers what became of each. */
const digest = async (deps: DeliveryDeps, { party, messages }: PendingDigest): Promise<Outcome[]> => {
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
  const by = Math.min(...open.map(({ due }) => due))
  const variant = VARIANTS[first.party] ?? 'digest.merchant'
  const now = deps.clock.now()
  return { to, key: keyOf(first), ...worded(variant, 'zh-CN', deps.provider.name, deps, { count, by }, now) }
}
