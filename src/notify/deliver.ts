import type { Delivery, Ledger, Message } from '../ledger/port.ts'
import { compose, type Letterhead } from './compose.ts'
import type { Sent, Sms, SmsProvider } from './provider.ts'
import { nextTry } from './retry.ts'

export interface DeliveryDesk extends Letterhead {
  ledger: Pick<Ledger, 'outbox' | 'read' | 'delivered' | 'readOnly'>
  provider: SmsProvider
  /** The ledger's own. */
  clock: { now(): number }
  limit?: number
  /** From 0 to 1. */
  random?: () => number
}

const LIMIT = 50
/** Complaints at a time. */
const LANES = 5
/** After this a silent provider is cut off. */
const PATIENCE_MS = 15_000

/** Messages that may have gone out and are still due: they will be sent again, with the same keys. */
export class NotRecorded extends Error {
  override name = 'NotRecorded'
  constructor(messages: readonly number[]) {
    super(`the ledger did not record what became of outbox rows ${messages.join(', ')}`)
  }
}

/**
 * Sends what is due, at most `limit` messages, and records what became of each; answers how many, so 0 means that
 * nothing is due. At least once: a message that was sent and not recorded is sent again with the same key. Those of
 * one complaint go one after another, and none holds up those of another complaint. Calls for one ledger must not
 * overlap. Rejects only when the outbox can't be read or, after all messages had their turn, with NotRecorded, which
 * holds no number and no text.
 */
export const deliverDue = async (desk: DeliveryDesk): Promise<number> => {
  // A ledger that may be a restored backup would send old messages once more.
  if ((await desk.ledger.readOnly()) !== null) return 0
  const due = await desk.ledger.outbox(desk.limit ?? LIMIT)
  const unrecorded: number[] = []
  await inLanes([...Map.groupBy(due, message => message.complaint).values()], async messages => {
    for (const message of messages) if (!(await deliver(desk, message))) unrecorded.push(message.id)
  })
  if (unrecorded.length > 0) throw new NotRecorded(unrecorded)
  return due.length
}

const inLanes = async <T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> => {
  const left = items.values()
  const lane = async () => {
    for (const item of left) await work(item)
  }
  await Promise.all(Array.from({ length: LANES }, lane))
}

/** False if it was not recorded. Never rejects: what other rooms throw may hold anything, and goes no further. */
const deliver = async (desk: DeliveryDesk, message: Message): Promise<boolean> => {
  try {
    await desk.ledger.delivered(message, await attempt(desk, message))
    return true
  } catch {
    return false
  }
}

/** One message that can't be read or composed waits like one that can't be sent, and ends like it. */
const attempt = async (desk: DeliveryDesk, message: Message): Promise<Delivery> => {
  try {
    const timeline = await desk.ledger.read(message.complaint)
    const sms = timeline && compose(message, timeline, desk.clock.now(), desk)
    return sms ? outcomeOf(await send(desk.provider, sms), desk, message) : { outcome: 'dropped' }
  } catch {
    return later(desk, message)
  }
}

const outcomeOf = ({ status }: Sent, desk: DeliveryDesk, message: Message): Delivery => {
  switch (status) {
    case 'accepted':
      return { outcome: 'accepted' }
    // Ended without a notice. Not `undelivered`: that takes away a notice that was counted.
    case 'rejected':
      return { outcome: 'expired' }
    case 'unavailable':
      return later(desk, message)
    default:
      return status satisfies never
  }
}

const later = ({ clock, random = Math.random }: DeliveryDesk, { attempts }: Message): Delivery => {
  const retryAt = nextTry(attempts + 1, clock.now(), random())
  return retryAt === null ? { outcome: 'expired' } : { retryAt }
}

/** Cut off also from a provider that does not listen to its signal. */
const send = async (provider: SmsProvider, sms: Sms): Promise<Sent> => {
  const patience = new AbortController()
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS)
  try {
    return await Promise.race([provider.send(sms, patience.signal), cutOff(patience.signal)])
  } catch {
    return { status: 'unavailable', reason: 'failed' }
  } finally {
    clearTimeout(timer)
  }
}

const cutOff = (signal: AbortSignal): Promise<Sent> =>
  new Promise(resolve => {
    signal.addEventListener('abort', () => resolve({ status: 'unavailable', reason: 'timeout' }), { once: true })
  })
