import type { Complaint } from '../complaint/complaint.ts'
import { actionsFor } from '../complaint/decide.ts'
import { type Moment, replay, settle } from '../complaint/timeline.ts'
import type { Message, Timeline } from '../ledger/port.ts'
import { crockfordBytes, formatId } from '../link/id.ts'
import { pickupCode } from '../link/pickup.ts'
import { type LinkKeys, signLink } from '../link/token.ts'
import { fromBase64url } from '../log/encoding.ts'
import type { Sms } from './provider.ts'
import { isTemplate, smsText, type Template } from './templates.ts'

/** What links and codes are made with. */
export interface Letterhead {
  links: LinkKeys
  pickupSecret: Uint8Array
  /** Without a slash at its end; of at most 18 characters, or most messages take two segments. */
  baseUrl: string
}

const FINGERPRINT_BYTES = 16

/**
 * The SMS for a message of the outbox at `now`, or null where there is nobody to send it to or nothing left to say.
 * Throws for a template of another version; its error names no person.
 */
export const compose = (message: Message, timeline: Timeline, now: number, head: Letterhead): Sms | null => {
  const { complaint: id, template } = message
  const moments = replay(timeline.entries)
  const [first, about, newest] = [moments[0], moments[message.seq], moments.at(-1)]
  const to = first?.entry.fields.buyerPhone
  if (!first || !about || !newest || typeof to !== 'string') return null
  // The clock may owe it some steps that no timer has appended yet.
  const current = settle(newest.after, now).at(-1)?.after ?? newest.after
  const due = buyersDue(message, current)
  if (isMoot(template, about, current, due)) return null
  const text = smsText(known(template), {
    step: about.entry.step,
    after: about.after,
    current,
    actions: actionsFor(current, 'buyer', now),
    due,
    link: `${head.baseUrl}/t/${signLink({ id, scope: 'act', epoch: current.linkEpoch }, head.links)}`,
    pickupCode: pickupCode(id, head.pickupSecret),
    fingerprint: crockfordBytes(fromBase64url(first.entry.leaf).subarray(0, FINGERPRINT_BYTES)),
  })
  return { to, text, key: `${formatId(id)}:${message.id}` }
}

/** By when the buyer must act in the stay that the message is about. */
const buyersDue = ({ stay }: Message, { stay: now, holder, due }: Complaint): number | null =>
  stay === now && (holder === 'buyer' || holder === 'both') ? due : null

/** Of two rotations in a row the later one has a message of its own. */
const isMoot = (template: string, { entry }: Moment, current: Complaint, due: number | null): boolean =>
  (template === 'reminder' && due === null) ||
  (template === 'link_rotated' && entry.step.kind === 'link_rotated' && entry.step.p.epoch !== current.linkEpoch)

const known = (template: string): Template => {
  if (!isTemplate(template)) throw new RangeError('a template of another version')
  return template
}
