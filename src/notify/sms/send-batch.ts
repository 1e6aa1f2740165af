import { hmacSha256, sha256 } from '#sha256'
import { startOfDay, yieldToEventLoop } from '../../complaint/time.ts'
import type { Ledger } from '../../ledger/contract/ledger.ts'
import type { Delivery, Message } from '../../ledger/contract/outbox.ts'
import { barePhone } from '../../link/id.ts'
import { toBase64url, utf8 } from '../../log/encoding.ts'
import { nextTry, TRIES_BY_DAY } from '../retry.ts'
import { compose, type LinkSettings, type OutgoingSms } from './compose.ts'
import type { Sent, Sms, SmsProvider } from './provider.ts'
import { counts, isAskedFor, isQuestion, LINK_FRESH_MS, LINKS_DAILY, whenToSend } from './timing.ts'

export interface DeliveryDeps extends LinkSettings, Sender {
  ledger: Pick<Ledger, 'read' | 'readOnly' | 'outbox'>
  /** Messages to buyers in one pass. */
  limit?: number
  /** Parallel sends. */
  lanes?: number | undefined
  /**
   * What became of messages that went out and could not be recorded, by outbox row; as long as the process remembers,
   * it is recorded again instead of sent again. Without it a full disk would make phones ring every second.
   */
  unrecorded?: Unrecorded | undefined
  /** Once it aborts, nothing more is begun; what was not begun stays due. */
  signal?: AbortSignal | undefined
}

export type Unrecorded = Map<number, Delivery>

/** A message to a buyer with what became of it, or what is to be sent. */
export type Prepared = { message: Message } & ({ outgoing: OutgoingSms } | { delivery: Delivery })

/** Complaints read in one piece; a ledger of this process reads them without a pause, some 0.4 ms each. */
const READ_AT_ONCE = 16

/** What is to be sent of these; each complaint is read once. One that can't be read waits like one that can't be sent. */
export const prepare = async (deps: DeliveryDeps, messages: readonly Message[]): Promise<Prepared[]> => {
  const byComplaint = [...Map.groupBy(messages, message => message.complaint)]
  const read: Prepared[][] = []
  for (let at = 0; at < byComplaint.length; at += READ_AT_ONCE) {
    if (at > 0) await yieldToEventLoop()
    const some = byComplaint.slice(at, at + READ_AT_ONCE).map(([id, these]) => prepareAll(deps, id, these))
    read.push(...(await Promise.all(some)))
  }
  return read.flat()
}

const prepareAll = async (deps: DeliveryDeps, id: number, messages: readonly Message[]): Promise<Prepared[]> => {
  const timeline = await deps.ledger.read(id).catch(() => undefined)
  const made = messages.map((message): Prepared => {
    if (timeline === undefined) return { message, delivery: scheduleRetry(deps, message, 'unread') }
    try {
      const outgoing =
        timeline && compose(message, timeline, deps.clock.now(), deps, deps.provider.takes ?? deps.provider.name)
      return outgoing ? { message, outgoing } : { message, delivery: { outcome: 'dropped' } }
    } catch {
      return { message, delivery: scheduleRetry(deps, message, 'unwritten') }
    }
  })
  return made.map(each =>
    isSuperseded(each, made) ? { message: each.message, delivery: { outcome: 'superseded' } } : each,
  )
}

/** What brings something that no later message does: the fingerprint, the way to undo it, a right of appeal, a link. */
const LASTING: readonly string[] = [
  'submitted',
  'offer_accepted',
  'ruled',
  'appeal_ruled',
  'refused',
  'link_rotated',
  'key_bound',
  'key_retired',
  'unsigned',
]

/** Of news that waited together the newest says how things stand; of two requests for the link one is answered. */
const isSuperseded = (each: Prepared, all: readonly Prepared[]): boolean => {
  if (!('outgoing' in each) || LASTING.includes(each.message.template)) return false
  const isLink = each.message.template === 'link'
  return all.some(
    other =>
      'outgoing' in other &&
      (other.message.template === 'link') === isLink &&
      other.message.template !== 'link_rotated' &&
      // A question is no news: how things stand is said by what it would stand for.
      (isQuestion(each.message) || !isQuestion(other.message)) &&
      isNewer(other.message, each.message),
  )
}

const isNewer = (a: Message, b: Message): boolean => (a.seq === b.seq ? a.id > b.id : a.seq > b.seq)

/** The most urgent first: of a day's two messages they are the ones that count. What a caller asked for comes last. */
export const byUrgency = (a: Prepared, b: Prepared): number => dueOf(a) - dueOf(b) || a.message.id - b.message.id
const dueOf = (each: Prepared): number => {
  if (!('outgoing' in each)) return 0
  return isAskedFor(each.message) ? Infinity : (each.outgoing.due ?? Number.MAX_SAFE_INTEGER)
}

/** Sends it, unless the hour or the day's number of messages forbids it. */
export const sendOne = async (deps: DeliveryDeps, prepared: Prepared): Promise<Delivery> => {
  if (!('outgoing' in prepared)) return prepared.delivery
  const { message, outgoing } = prepared
  const { template, createdAt } = message
  const mail = { template, due: outgoing.due, filedAt: template === 'submitted' ? createdAt : undefined }
  const now = deps.clock.now()
  const reader = phoneTag(outgoing.sms.to, deps.pickupSecret)
  const at = whenToSend(now, mail, await deps.ledger.outbox.acceptedCount(reader, startOfDay(now)))
  if (at > now) return { heldUntil: at }
  if (isAskedFor(mail)) return sendLink(deps, message, outgoing.sms)
  const delivery = await attempt(deps, outgoing.sms, message)
  return counts(mail) ? countedFor(reader, delivery) : delivery
}

/** Rate limit of links that a caller asked for. One too many is dropped: in the morning it would surprise its buyer. */
const sendLink = async (deps: DeliveryDeps, message: Message, sms: Sms): Promise<Delivery> => {
  const now = deps.clock.now()
  const { outbox } = deps.ledger
  const asker = phoneTag(sms.to, deps.pickupSecret, 'link')
  const fresh = outbox.acceptedCount(phoneTag(sms.to, deps.pickupSecret), now - LINK_FRESH_MS, message.complaint)
  if ((await outbox.acceptedCount(asker, startOfDay(now))) >= LINKS_DAILY || (await fresh) > 0)
    return { outcome: 'dropped', reason: 'link_quota' }
  return countedFor(asker, await attempt(deps, sms, message))
}

const countedFor = (reader: string, delivery: Delivery): Delivery =>
  'outcome' in delivery && delivery.outcome === 'accepted' ? { ...delivery, reader } : delivery

/** HMAC of a phone in its canonical form: counts messages to one phone without storing the number, each kind by itself. */
const phoneTag = (phone: string, secret: Uint8Array, kind: 'reader' | 'link' = 'reader'): string =>
  toBase64url(hmacSha256(secret, utf8(`tousu ${kind} v1\n${barePhone(phone)}`)).subarray(0, 16))

/** Hands messages over, and knows when to try again. */
interface Sender {
  provider: SmsProvider
  /** The ledger's own. */
  clock: { now(): number }
  /** From 0 to 1. */
  random?: () => number
}

/** After this a silent provider is cut off. */
const PATIENCE_MS = 15_000
/** Of a reason: vendors' codes are shorter, and what is longer may quote a text. */
const LONGEST = 64

/** What became of it. Rejects never; what a provider throws may hold anything, and goes no further. */
export const attempt = async (sender: Sender, sms: Sms, message: Message): Promise<Delivery> => {
  const sent = await send(sender.provider, sms)
  switch (sent.status) {
    case 'accepted':
      return {
        outcome: 'accepted',
        ...(sent.reference !== undefined && { reference: sent.reference }),
        sent: { vendor: sent.vendor ?? sender.provider.name, digest: toBase64url(sha256(utf8(sms.text))) },
      }
    // Ended without a notice. Not `undelivered`: that takes away a notice that was counted.
    case 'rejected':
      return { outcome: 'rejected', reason: short(sent.reason) }
    case 'unavailable':
      return scheduleRetry(sender, message, sent.reason)
    default:
      return sent satisfies never
  }
}

export const scheduleRetry = (
  { clock, random = Math.random }: Sender,
  { attempts }: Message,
  reason: string,
): Delivery => {
  const retryAt = nextTry(attempts + 1, clock.now(), random(), TRIES_BY_DAY)
  return retryAt === null ? { outcome: 'expired', reason: short(reason) } : { retryAt, reason: short(reason) }
}

const short = (reason: string): string => reason.slice(0, LONGEST)

/** Cut off also from a provider that does not listen to its signal. */
export const send = async (provider: SmsProvider, sms: Sms): Promise<Sent> => {
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
