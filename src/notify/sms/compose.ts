import type { Complaint } from '../../complaint/complaint.ts'
import { actionsFor } from '../../complaint/decide.ts'
import { type Moment, projectDueSteps, replay } from '../../complaint/view/timeline.ts'
import type { Locale } from '../../complaint/words.ts'
import type { Timeline } from '../../ledger/contract/ledger.ts'
import type { Message } from '../../ledger/contract/outbox.ts'
import { formatId } from '../../link/id.ts'
import { pickupCode } from '../../link/pickup.ts'
import { type LinkKeys, signLink } from '../../link/token.ts'
import { fingerprintOf, fromBase64url } from '../../log/encoding.ts'
import { type LinkMode, render, type Values, type Variant, type Vendor, vendorsOf } from './catalogue.ts'
import { choose, isTemplate, type Template } from './choose.ts'
import type { Sms, SmsProvider } from './provider.ts'

/** What links and codes are made with. */
export interface LinkSettings {
  links: LinkKeys
  pickupSecret: Uint8Array
  /** Without a slash at its end; of at most 18 characters, or most messages take two segments. */
  baseUrl: string
  /** `link` unless told. */
  mode?: LinkMode | undefined
}

/** An SMS to a buyer, and by when the buyer must act on it. */
export interface OutgoingSms {
  sms: Sms
  due: number | null
}

/** A vendor, or what a provider of several says. */
type Taker = Vendor | NonNullable<SmsProvider['takes']>

/** The same whenever the same message is sent again. */
export const keyOf = ({ complaint, id }: Message): string => `${formatId(complaint)}:${id}`

/**
 * The SMS for a buyer's message at `now`, or null without a recipient or with nothing left to say.
 * Throws for a template of another version; its error names no person.
 */
export const compose = (
  message: Message,
  timeline: Timeline,
  now: number,
  head: LinkSettings,
  vendor: Taker,
): OutgoingSms | null => {
  const moments = replay(timeline.entries)
  const [first, about, newest] = [moments[0], moments[message.seq], moments.at(-1)]
  const { buyerPhone: to, orderId } = first?.entry.fields ?? {}
  if (!first || !about || !newest || typeof to !== 'string') return null
  // The clock may owe it some steps that no timer has appended yet.
  const current = projectDueSteps(newest.after, now).at(-1)?.after ?? newest.after
  const due = buyersDue(message, current)
  const template = known(message.template)
  if (isMoot(template, message, about, current, due)) return null
  const actions = actionsFor(current, 'buyer', now)
  const { variant, values } = choose(template, { step: about.entry.step, after: about.after, current, actions, due })
  const all = { ...values, ...madeFor(message.complaint, current, first, head) }
  const order = typeof orderId === 'string' ? orderId : undefined
  return { due, sms: { to, key: keyOf(message), order, ...worded(variant, localeOf(first), vendor, head, all, now) } }
}

/** In this language, or in the server's default where the vendor takes no other. */
export const worded = (
  variant: Variant,
  locale: Locale,
  vendor: Taker,
  { baseUrl, mode = 'link' }: Pick<LinkSettings, 'baseUrl' | 'mode'>,
  values: Values,
  now: number,
): Omit<Sms, 'to' | 'key'> => {
  const takes = typeof vendor === 'string' ? vendorsOf(variant, locale).includes(vendor) : vendor(variant, locale)
  const taken = takes ? locale : 'zh-CN'
  const wording = { variant, locale: taken, mode, baseUrl }
  return { ...render(wording, values, now), template: variant, locale: taken, mode }
}

const madeFor = (id: number, current: Complaint, { entry }: Moment, { links, pickupSecret }: LinkSettings): Values => ({
  token: signLink({ id, scope: 'act', epoch: current.linkEpoch }, links),
  code: pickupCode(id, pickupSecret),
  fingerprint: fingerprintOf(fromBase64url(entry.leaf)),
})

const localeOf = ({ entry: { step } }: Moment): Locale => (step.kind === 'submitted' ? step.p.locale : 'zh-CN')

/** By when the buyer must act in the stay that the message is about. */
const buyersDue = ({ stay }: Message, { enteredSeq: now, holder, due }: Complaint): number | null =>
  stay === now && (holder === 'buyer' || holder === 'both') ? due : null

/** Of two rotations in a row the later one has a message of its own; who signed since has seen what was unsigned. */
const isMoot = (
  template: Template,
  { stay }: Message,
  { entry }: Moment,
  current: Complaint,
  due: number | null,
): boolean =>
  (template === 'reminder' && due === null) ||
  (template === 'unsigned' && current.unsigned === null) ||
  // Of an end that was undone, or that the buyer spoke about.
  (template === 'rating' && (stay !== current.enteredSeq || current.rated || current.followedUp)) ||
  (template === 'follow_up' && (stay !== current.enteredSeq || current.followedUp)) ||
  (template === 'link_rotated' && entry.step.kind === 'link_rotated' && entry.step.p.epoch !== current.linkEpoch)

const known = (template: string): Template => {
  if (!isTemplate(template)) throw new RangeError('a template of another version')
  return template
}
