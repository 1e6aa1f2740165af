import { type Complaint, isStuck } from '../../complaint/complaint.ts'
import type { Step } from '../../complaint/step.ts'
import type { Values, Variant } from './catalogue.ts'

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

export type Template = keyof typeof CHOICES
export const TEMPLATES = Object.keys(CHOICES).filter(isTemplate)

export function isTemplate(name: string): name is Template {
  return Object.hasOwn(CHOICES, name)
}

export const choose = (template: Template, context: SmsContext): Chosen => CHOICES[template](context)
