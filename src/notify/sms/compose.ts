import { type Complaint, isStuck } from '../../complaint/complaint.ts'
import { actionsFor } from '../../complaint/decide.ts'
import type { Step } from '../../complaint/step.ts'
import { type Moment, projectDueSteps, replay } from '../../complaint/view/timeline.ts'
import type { Locale } from '../../complaint/words.ts'
import type { Timeline } from '../../ledger/contract/ledger.ts'
import type { Message } from '../../ledger/contract/outbox.ts'
import { formatId, pickupCode } from '../../link/id.ts'
import { type LinkKeys, signLink } from '../../link/token.ts'
import { fingerprintOf, fromBase64url } from '../../log/encoding.ts'
import { type LinkMode, render, type Values, type Variant, type Vendor, vendorsOf } from './catalogue.ts'
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

/** What the choice of words depends on. */
interface SmsContext {
  /** The step that the message tells of, and the complaint just after it. */
  step: Step
  after: Complaint
  /** The complaint as it is now, and what its buyer may do (the acts' names). */
  current: Complaint
  actions: readonly string[]
  /** By when the buyer must act, UTC ms; null where the complaint has moved on or another party holds it. */
  due: number | null
}

/** A variant of the catalogue with the values of the complaint; links and codes are the same for all. */
interface Chosen {
  variant: Variant
  values: Pick<Values, 'by' | 'due' | 'days'>
}

const plain = (variant: Variant): Chosen => ({ variant, values: {} })

/** While the buyer must act, by when; afterwards what happened. */
const asks = (due: number | null, open: Variant, past: Variant): Chosen =>
  due === null ? plain(past) : { variant: open, values: { due } }

const days = ({ hours }: { hours: number }): number => Math.round(hours / 24)

const submitted = ({ after }: SmsContext): Chosen =>
  // An open complaint has a due (rule 1); without one the link tells the rest.
  after.due === null ? plain('link') : { variant: 'submitted', values: { by: after.due } }

const responded = ({ after, due }: SmsContext): Chosen => {
  if (after.state === 'fulfilment') return plain('merchant_responded.agreed')
  return after.answer === 'offer'
    ? asks(due, 'merchant_responded.offer', 'merchant_responded.offer_past')
    : asks(due, 'merchant_responded.rejection', 'merchant_responded.rejection_past')
}

/** How it is undone, while it can be. */
const reopenable = ({ actions, current }: SmsContext, kind: 'confirmed' | 'withdrawn' | 'lapsed'): Chosen =>
  actions.includes('reopening')
    ? { variant: `${kind}.reopenable`, values: { days: days(current.policy.windows.reopening) } }
    : plain(`${kind}.final`)

/** What an operator or a thief may have done in the buyer's name. */
const unsigned = ({ actions }: SmsContext): Chosen =>
  plain(actions.includes('reopening') ? 'unsigned.reopenable' : 'unsigned.final')

const appealable = ({ actions, current }: SmsContext, kind: 'ruled' | 'refused'): Chosen =>
  actions.includes('appeal')
    ? { variant: `${kind}.appealable`, values: { days: days(current.policy.windows.appeal) } }
    : plain(`${kind}.final`)

const isReturn = ({ due, current }: SmsContext): boolean => due !== null && current.state === 'awaiting_return'

const ruled = (context: SmsContext): Chosen => {
  const { step, due } = context
  if (isReturn(context)) return asks(due, 'ruled.return', 'ruled.final')
  if (step.kind === 'ruled' && step.p.enforcement && step.p.remedy) return plain('ruled.enforced')
  return appealable(context, 'ruled')
}

const appealRuled = (context: SmsContext): Chosen => {
  const { step, due } = context
  if (step.kind === 'appeal_ruled' && step.p.granted === true) return plain('appeal_ruled.granted')
  if (step.kind === 'appeal_ruled' && step.p.granted === false) return plain('appeal_ruled.refused')
  return isReturn(context) ? asks(due, 'appeal_ruled.return', 'appeal_ruled.final') : plain('appeal_ruled.final')
}

const missed = ({ step, after }: SmsContext): Chosen => {
  if (step.kind === 'deadline_missed' && step.p.party === 'merchant') return plain('deadline_missed.merchant')
  return plain(isStuck(after) ? 'deadline_missed.supervisor' : 'deadline_missed.platform')
}

/** What the buyer owes in each state in which the buyer is waited for. */
const duty = ({ state }: Complaint): Variant => {
  switch (state) {
    case 'awaiting_return':
      return 'reminder.return'
    case 'awaiting_confirmation':
      return 'reminder.check'
    case 'evidence_requested':
      return 'reminder.evidence'
    default:
      return 'reminder.answer'
  }
}

/** By the outbox row's template. */
const CHOICES = {
  submitted,
  merchant_responded: responded,
  offer_accepted: () => plain('offer_accepted'),
  ruled,
  appeal_ruled: appealRuled,
  fulfilled: ({ step, due }) =>
    step.by === 'merchant'
      ? asks(due, 'fulfilled.merchant', 'fulfilled.merchant_past')
      : asks(due, 'fulfilled.platform', 'fulfilled.platform_past'),
  appealed: () => plain('appealed'),
  return_received: () => plain('return_received'),
  return_disputed: () => plain('return_disputed'),
  deadline_extended: ({ step }) =>
    step.kind === 'deadline_extended' ? { variant: 'deadline_extended', values: { by: step.p.due } } : plain('link'),
  confirmed: context => reopenable(context, 'confirmed'),
  withdrawn: context => reopenable(context, 'withdrawn'),
  lapsed: context => reopenable(context, 'lapsed'),
  refused: context => appealable(context, 'refused'),
  link_rotated: () => plain('link_rotated'),
  key_bound: () => plain('key_bound'),
  key_retired: () => plain('key_retired'),
  unsigned,
  redaction_refused: () => plain('redaction_refused'),
  interim_reported: ({ step }) =>
    step.kind === 'interim_reported' ? { variant: 'interim_reported', values: { by: step.p.due } } : plain('link'),
  total_missed: () => plain('total_missed'),
  statement_given: () => plain('statement'),
  statement_absent: () => plain('statement'),
  deadline_missed: missed,
  evidence_requested: ({ due }) => asks(due, 'evidence_requested', 'evidence_requested.past'),
  reminder: ({ due, current }) => (due === null ? plain('link') : { variant: duty(current), values: { by: due } }),
  rating: () => plain('rating'),
  follow_up: () => plain('follow_up'),
  link: () => plain('link'),
} satisfies Record<string, (context: SmsContext) => Chosen>

type Template = keyof typeof CHOICES
export const TEMPLATES = Object.keys(CHOICES).filter(isTemplate)

export function isTemplate(name: string): name is Template {
  return Object.hasOwn(CHOICES, name)
}

const choose = (template: Template, context: SmsContext): Chosen => CHOICES[template](context)
