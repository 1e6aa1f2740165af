import type { Delivery, Message, PendingDigest } from '../../ledger/port.ts'
import type { Variant } from './catalogue.ts'
import { keyOf, worded } from './compose.ts'
import type { DeliveryDeps } from './deliver.ts'
import type { Sms } from './provider.ts'
import { attempt, scheduleRetry } from './send.ts'
import { whenToDigest } from './timing.ts'

/** A message of the digest that still matters. */
type Open = Message & { due: number }
type Outcome = { message: Message; delivery: Delivery }

const VARIANTS: Partial<Record<Message['party'], Variant>> = {
  merchant: 'digest.merchant',
  platform: 'digest.platform',
  supervisor: 'digest.supervisor',
}

/** All that waits for one merchant or desk goes out as one SMS, which names no complaint; answers what became of each. */
export const digest = async (desk: DeliveryDeps, { party, messages }: PendingDigest): Promise<Outcome[]> => {
  const now = desk.clock.now()
  const over = messages.filter(({ due }) => due === null).map(message => ended(message, { outcome: 'dropped' }))
  const open = messages.flatMap(message => (message.due === null ? [] : [{ ...message, due: message.due }]))
  const ready = open.filter(message => slotOf(message, now) <= now)
  // What would wait for its turn alone goes along with what can't.
  const waiting = ready.length > 0 ? [] : open
  const held = waiting.map(message => ended(message, { heldUntil: slotOf(message, now) }))
  return [...over, ...held, ...(ready.length > 0 ? await sendAll(desk, party, open) : [])]
}

const ended = (message: Message, delivery: Delivery): Outcome => ({ message, delivery })

const slotOf = ({ nextAt, createdAt, attempts, due }: Open, now: number): number =>
  whenToDigest(now, { since: nextAt ?? createdAt, attempts, due })

const sendAll = async (desk: DeliveryDeps, party: string, open: readonly Open[]): Promise<Outcome[]> => {
  const [first] = open
  if (!first) return []
  try {
    const to = await desk.ledger.contact(party)
    if (to === null) return open.map(message => ended(message, { outcome: 'dropped', reason: 'no_contact' }))
    const delivery = await attempt(desk, write(desk, to, open, first), first)
    return open.map(message => ended(message, delivery))
  } catch {
    return open.map(message => ended(message, scheduleRetry(desk, message, 'unread')))
  }
}

/** How many complaints wait, and the first deadline. Nothing of what they are about: a phone shows it when locked. */
const write = (desk: DeliveryDeps, to: string, open: readonly Open[], first: Open): Sms => {
  const count = new Set(open.map(({ complaint }) => complaint)).size
  const by = Math.min(...open.map(({ due }) => due))
  const variant = VARIANTS[first.party] ?? 'digest.merchant'
  const now = desk.clock.now()
  return { to, key: keyOf(first), ...worded(variant, 'zh-CN', desk.provider.name, desk, { count, by }, now) }
}
