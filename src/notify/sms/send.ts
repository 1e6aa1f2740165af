import type { Delivery, Message } from '../../ledger/port.ts'
import { nextTry, TRIES_BY_DAY } from '../retry.ts'
import type { Sent, Sms, SmsProvider } from './provider.ts'

/** Hands messages over, and knows when to try again. */
export interface Sender {
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
      return { outcome: 'accepted', ...(sent.reference !== undefined && { reference: sent.reference }) }
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
