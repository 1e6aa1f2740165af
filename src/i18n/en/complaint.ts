import { type Complaint, isOwed, isStuck } from '../../complaint/complaint.ts'
import type { Fields, FieldValue } from '../../complaint/step.ts'
import { shanghaiDate } from '../../complaint/time.ts'
import type { Dictionary, StepView } from '../../complaint/view/types.ts'
import { needsReturn } from '../../complaint/words.ts'
import { inShanghai, lookUp, part, shownBy, spanIn, sumOf, toSecondPerson } from '../values.ts'
import type { words as shape } from '../zh-CN/complaint.ts'

interface Next {
  ifActs: string
  ifSilent: string
}
const next = (ifActs: string, ifSilent: string): Next => ({ ifActs, ifSilent })

// Every reader sees these sentences, so they say "the buyer" and never "you"; `enForBuyer` is for the buyer's own page.

const days = (figure: { hours: number }): string => plural(Math.round(figure.hours / 24), 'day')

const lapse = ({ policy, reopened }: Complaint): string => {
  const reminders = plural(policy.lapse.notices.count, 'reminder')
  const reopening = reopened.lapse ? '' : ` It can be reopened within ${days(policy.windows.reopening)}.`
  return `The buyer gets at least ${reminders} by text message first. If no answer comes, the complaint is closed as “not confirmed by the buyer”, which does not count as solved.${reopening}`
}

const supervisor = ({ policy }: Complaint): string =>
  `The platform is marked as late, and its supervisor has ${plural(policy.times.supervisor.hours, 'hour')} to deal with it.`

const OUTSIDE =
  'The supervisor is late too. The buyer can call 12315 (consumer hotline in China) or complain on the national 12315 website, with this page as proof.'

const reviewSilent = (c: Complaint): string => {
  if (isStuck(c)) return OUTSIDE
  return c.missed > 0
    ? 'Another missed deadline is recorded, and this page shows where to complain outside, such as 12315 (consumer hotline in China).'
    : supervisor(c)
}

const reviewActs = (c: Complaint): string => {
  if (isOwed(c)) return 'The platform itself provides what was ruled; then the buyer checks it.'
  return c.review?.enforcement
    ? 'The platform checks whether its ruling was carried out. If not, it sets one new date; if that is missed too, the platform itself pays first.'
    : 'The platform rules, and says which facts, which rule, why, and what must be done. Whoever disagrees can appeal.'
}

const offered = (c: Complaint): string => {
  if (!c.offer) return 'If the buyer disagrees with the answer, the platform can be asked to step in.'
  const accepted = needsReturn(c.offer.kind)
    ? 'If the buyer accepts, the item is sent back'
    : 'If the buyer accepts, the seller must keep the offer by a set date'
  return `${accepted}; if not, the platform can be asked to step in.`
}

const owing = (c: Complaint): string => the(c.remedy?.owedBy === 'platform' ? 'platform' : 'merchant')

const confirmation = (c: Complaint): string =>
  c.disputed
    ? 'If the buyer confirms, the complaint ends as solved. This remedy was already disputed once.'
    : 'If the buyer confirms, the complaint ends as solved. If it was not really done, the buyer can dispute it and the platform reviews.'

const goesBack = ({ sought }: Complaint): boolean => sought !== null && needsReturn(sought.kind)

/** What comes next in each open state; an empty pair when no party has to act. */
const nextOf = (c: Complaint): Next => {
  switch (c.state) {
    case 'awaiting_merchant':
      return next(
        goesBack(c)
          ? 'Whatever the seller answers, the buyer decides what comes next. A return comes with an address and who pays for the way.'
          : 'If the seller agrees, it is carried out right away. If the seller offers something else or says no, the buyer decides what comes next.',
        'The seller is marked as late and the platform takes over by itself. The buyer need not do anything.',
      )
    case 'awaiting_buyer':
      return next(offered(c), lapse(c))
    case 'platform_review':
      return next(reviewActs(c), reviewSilent(c))
    case 'evidence_requested':
      return next(
        'Once the evidence is in, the review goes on, and its time runs on from where it was paused.',
        '“No evidence came” is recorded, and the platform goes on with what it has.',
      )
    case 'awaiting_return':
      return next(
        `Once the buyer has sent the item back and given the tracking number, ${owing(c)} has ${days(c.policy.times.fulfilment_after_shipment)} at most to carry out the remedy.`,
        lapse(c),
      )
    case 'fulfilment':
      return next(
        `${opening(owing(c))} hands in proof that it is done; then the buyer checks whether it is solved.`,
        c.remedy?.owedBy === 'platform'
          ? supervisor(c)
          : 'The seller is marked as late and the platform takes over by itself.',
      )
    case 'awaiting_confirmation':
      return next(confirmation(c), lapse(c))
    case 'appeal_review':
      return next('An officer who took no part in the first ruling gives the final one.', reviewSilent(c))
    default:
      return next('', '')
  }
}

/** Each as it stands alone, on a label or in a list; sentences have their own forms. */
export const words: typeof shape = {
  roles: {
    buyer: 'Buyer',
    merchant: 'Seller',
    platform: 'Platform',
    supervisor: 'Supervisor',
    system: 'System',
    both: 'Buyer and seller',
    courier: 'Courier',
    supplier: 'Supplier',
    regulator: 'Authority',
    third_party: 'Third party',
  },
  states: {
    awaiting_merchant: 'Waiting for the seller’s answer',
    awaiting_buyer: 'Waiting for the buyer to decide',
    platform_review: 'The platform is reviewing',
    evidence_requested: 'Waiting for evidence',
    awaiting_return: 'Waiting for the return',
    fulfilment: 'Waiting for the remedy',
    awaiting_confirmation: 'Waiting for the buyer to confirm',
    appeal_review: 'Appeal under review',
    closed_confirmed: 'Solved (the buyer confirmed)',
    closed_ruled: 'Closed after a ruling',
    closed_lapsed: 'Closed without the buyer’s confirmation',
    closed_withdrawn: 'Withdrawn by the buyer',
    refused: 'Refused by the platform',
  },
  kinds: {
    submitted: 'Complaint filed',
    merchant_responded: 'Seller’s answer',
    automated_reply: 'Automated reply',
    offer_accepted: 'Offer accepted',
    offer_refused: 'Offer turned down',
    escalated: 'Platform asked to step in',
    officer_assigned: 'Officer named',
    handoff_offered: 'Handoff offered',
    handoff_accepted: 'Handoff accepted',
    evidence_requested: 'Evidence asked for',
    evidence_supplied: 'Evidence added',
    evidence_absent: 'No evidence came',
    ruled: 'Platform ruling',
    appealed: 'Appeal',
    appeal_ruled: 'Ruling on appeal',
    return_shipped: 'Sent back',
    return_received: 'Return received',
    return_disputed: 'Return objected to',
    fulfilled: 'Reported as done',
    confirmed: 'Confirmed as solved',
    disputed: 'Disputed by the buyer',
    deadline_missed: 'Deadline missed',
    deadline_extended: 'Deadline extended',
    notice_sent: 'Reminder sent',
    lapsed: 'Closed without confirmation',
    withdrawn: 'Withdrawn',
    refused: 'Refused',
    reopened: 'Reopened',
    human_requested: 'Human asked for',
    conduct_reported: 'Misconduct reported',
    message_added: 'Message',
    rated: 'Rating',
    followed_up: 'A week later',
    link_rotated: 'Tracking link replaced',
    link_shared: 'Share link made',
    redaction_requested: 'Erasure asked for',
    redacted: 'Content erased',
    redaction_refused: 'Erasure refused',
    legal_hold_set: 'Legal hold',
    legal_hold_released: 'Legal hold released',
    nudged: 'Nudge',
    interim_reported: 'Interim report',
    total_missed: 'Total time passed',
    key_bound: 'Device bound',
    key_retired: 'Device retired',
    statement_requested: 'Third party asked',
    statement_given: 'Third party’s statement',
    statement_absent: 'No statement came',
  },
  remedies: {
    refund: 'Refund',
    partial_refund: 'Partial refund',
    return_refund: 'Return and refund',
    exchange: 'Exchange',
    reship: 'Send it again',
    repair: 'Repair',
    apology: 'Apology',
    compensation: 'Compensation',
  },
  outcomes: { for_buyer: 'For the buyer', partly: 'Partly for the buyer', for_merchant: 'For the seller' },
  rejectionGrounds: {
    as_described: 'The item matches its description',
    misuse: 'It was used wrongly',
    out_of_time: 'Too late',
    courier: 'The courier is responsible',
    already_settled: 'Already settled',
    other: 'Another reason',
  },
  refusalGrounds: {
    not_our_order: 'Not an order on this platform',
    duplicate: 'Same as an earlier complaint',
    already_ruled: 'Already ruled on',
    out_of_time: 'Too late',
    not_consumer: 'Not a consumer dispute',
  },
  withdrawalGrounds: {
    asked_by_merchant: 'The seller asked for it',
    solved_elsewhere: 'Solved in another way',
    changed_mind: 'No wish to go on',
    other: 'Another reason',
  },
  lapses: {
    offer: 'The buyer did not answer the seller’s offer',
    rejection: 'The buyer did not reply after the seller said no',
    return: 'The buyer did not send the item back',
    proof: 'The buyer did not confirm after it was reported as done',
  },
  categories: {
    not_as_described: 'Not as described',
    quality: 'Poor quality',
    counterfeit: 'Suspected fake',
    not_received: 'Not received',
    wrong_or_missing: 'Wrong or missing item',
    damaged: 'Damaged on the way',
    refund_delayed: 'Refund overdue',
    return_refused: 'Return or exchange refused',
    service: 'Bad service',
    other: 'Other',
  },
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** 21 Nov 2026, 18:05, in Asia/Shanghai; the pages say once that it is Beijing time. */
const when = (iso: string): string => {
  const { year, month, date, clock } = inShanghai(iso)
  return `${date} ${MONTHS[month - 1] ?? ''} ${year}, ${clock}`
}

const lasting = (seconds: number): string =>
  spanIn(seconds, {
    days: n => plural(n, 'day'),
    hours: n => plural(n, 'hour'),
    minutes: n => plural(n, 'minute'),
    underMinute: 'under 1 minute',
  })

/** A bare ¥ would be read as yen. */
const amount = (value: unknown): string => {
  const sum = sumOf(value)
  if (sum === null) return ''
  return sum.currency === 'CNY' ? `CN¥${sum.value}` : `${sum.currency} ${sum.value}`
}

const The = (role: FieldValue | undefined): string => opening(the(role))
const whenField = (value: FieldValue | undefined): string => (typeof value === 'string' ? when(value) : '')
/** The day alone, with its year: years lie between. */
const dayField = (value: FieldValue | undefined): string =>
  typeof value === 'string' ? shanghaiDate(Date.parse(value)) : ''
const found = (table: Readonly<Record<string, string>>, key: FieldValue | undefined): string =>
  inSentence(lookUp(table, key))

const remedy = (value: FieldValue | undefined): string => aRemedy(part(value, 'kind'), amount(part(value, 'amount')))

/** Promised by the one who offers, due by the word of the one who rules. */
const until = (word: 'promised' | 'due', value: FieldValue | undefined): string => {
  const by = part(value, 'by')
  return by === undefined ? '' : `, ${word} by ${whenField(by)}`
}

const responded = ({ fields, by }: StepView): string => {
  if (fields.answer !== 'offer') return `The seller said no. Reason: ${found(words.rejectionGrounds, fields.ground)}`
  const met = part(fields.offer, 'meetsSought') === true
  const machine = by.automated ? ' (automated)' : ''
  return `The seller ${met ? 'agreed' : 'made an offer'}${machine}: ${remedy(fields.offer)}${until('promised', fields.offer)}`
}

const duty = (value: FieldValue): string => `${the(part(value, 'owedBy'))} owes ${remedy(value)}${until('due', value)}`

const ruled = (title: string, fields: Fields): string => {
  const result = `${title}: ${found(words.outcomes, fields.outcome)}`
  return fields.remedy ? `${result}. ${opening(duty(fields.remedy))}` : result
}

/** What was ruled is given a new date; its merits are not spoken of again. */
const enforced = (fields: Fields): string =>
  fields.remedy
    ? `The platform set a new date for its ruling: ${duty(fields.remedy)}`
    : ruled('The platform checked whether its ruling was carried out', fields)

const appealRuled = (fields: Fields): string => {
  if (fields.granted === true) return 'Appeal granted: the complaint will be heard, and the seller has to answer'
  return fields.granted === false
    ? 'Appeal turned down: the complaint stays refused, and that is final'
    : ruled('Ruling on appeal (final)', fields)
}

const REDACTION_BASIS: Record<string, string> = {
  author: 'its author asked for it',
  supervisors: 'two supervisors agreed',
  window_closed: 'the time to appeal is over',
}

const shared = (fields: Fields): string => {
  const shown = shownBy(fields, { texts: 'texts', files: 'files' }).join(' and ')
  return `The buyer made a share link ${shown ? `that shows ${shown}` : 'that hides texts and files'}`
}

const describe = (step: StepView): string => {
  const f = step.fields
  switch (step.kind) {
    case 'submitted':
      return `The buyer filed a complaint (${found(words.categories, f.category)})${f.remedySought ? `, asking for ${remedy(f.remedySought)}` : ''}`
    case 'merchant_responded':
      return responded(step)
    case 'automated_reply':
      return 'Automated reply from the seller. It is no answer, and the clock keeps running'
    case 'offer_accepted':
      return 'The buyer accepted the offer'
    case 'offer_refused':
      return `The buyer turned down the offer${f.counter ? ` and would like ${remedy(f.counter)}` : ''}`
    case 'escalated':
      return 'The buyer asked the platform to step in'
    case 'officer_assigned':
      return `The platform named ${f.officer ? `officer ${f.officer}` : 'an officer'}${f.handoff === true ? ' in place of another. The deadline stays the same' : ''}`
    case 'handoff_offered':
      return `Handoff offered to “${f.desk}”. It counts once they accept; the deadline stays the same`
    case 'handoff_accepted':
      return `“${f.desk}” took over the complaint${f.officer ? `, officer ${f.officer}` : ''}. The deadline stays the same`
    case 'evidence_requested':
      return `The platform asked ${the(f.from)} for evidence. Its clock ${f.pauses === true ? 'is paused' : 'keeps running'}`
    case 'evidence_supplied':
      return `${The(step.by.role)} added evidence${Number(f.files) > 0 ? ` (${plural(Number(f.files), 'file')})` : ''}`
    case 'evidence_absent':
      return `${The(f.party)} added no evidence by ${whenField(f.due)}. The platform goes on`
    case 'ruled':
      return f.enforcement === true ? enforced(f) : ruled('Platform ruling', f)
    case 'appealed':
      return `${The(step.by.role)} ${f.joined === true ? 'joined the appeal' : 'appealed. Another officer reviews it'}`
    case 'appeal_ruled':
      return appealRuled(f)
    case 'return_shipped':
      return `The buyer sent the item back${f.carrier ? ` (${f.carrier}${f.trackingNo ? ` ${f.trackingNo}` : ''})` : ''}`
    case 'return_received':
      return 'The seller received the return'
    case 'return_disputed':
      return 'The seller objected to the return. The platform reviews it'
    case 'fulfilled':
      return `${The(step.by.role)} says it is done. The buyer should check`
    case 'confirmed':
      return 'The buyer confirmed that it is solved'
    case 'disputed':
      return 'The buyer says it was not done. The platform reviews it'
    case 'deadline_missed':
      return `${The(f.party)} missed the deadline of ${whenField(f.due)}`
    case 'deadline_extended':
      return `${The(step.by.role)} extended the deadline from ${whenField(f.firstDue)} to ${whenField(f.due)}`
    case 'notice_sent':
      return f.to === 'buyer' ? 'Reminder sent to the buyer by text message' : 'Reminder sent to the seller'
    case 'lapsed':
      return `${lookUp(words.lapses, f.after)}. The complaint was closed, which does not count as solved`
    case 'withdrawn':
      return `The buyer withdrew the complaint. Reason: ${found(words.withdrawalGrounds, f.ground)}`
    case 'refused':
      return `The platform refused the complaint: ${found(words.refusalGrounds, f.ground)}`
    case 'reopened':
      return 'The buyer reopened the complaint. The platform reviews it'
    case 'human_requested':
      return 'The buyer asked for a human. From now on a person must rule'
    case 'conduct_reported':
      return `The buyer reported misconduct in step ${Number(f.seq) + 1}`
    case 'message_added':
      return `Message from ${the(step.by.role)}`
    case 'rated':
      return `The buyer’s rating: ${f.score} out of 5`
    case 'followed_up':
      return f.solved === true
        ? 'The buyer said a week later: really solved'
        : 'The buyer said a week later: not really solved'
    case 'link_rotated':
      return 'The tracking link was replaced'
    case 'key_bound':
      return `${The(step.by.role)} bound a device: its key signs what is done on it`
    case 'key_retired':
      return `${The(step.by.role)} retired a device: from ${whenField(f.until)} its signatures count no more`
    case 'link_shared':
      return shared(f)
    case 'redaction_requested':
      if (f.field === '*') return `${The(step.by.role)} asked to have all that this complaint says erased`
      return `${The(step.by.role)} asked to have something in step ${Number(f.seq) + 1} erased`
    case 'redacted':
      if (f.basis === 'retention')
        return `The time for keeping it is over: what steps 1 to ${Number(f.seq) + 1} said was erased, as the policy says`
      if (f.field === '*')
        return `All that steps 1 to ${Number(f.seq) + 1} said was erased (${lookUp(REDACTION_BASIS, f.basis)})`
      return `Something in step ${Number(f.seq) + 1} was erased (${lookUp(REDACTION_BASIS, f.basis)})`
    case 'redaction_refused':
      if (f.field === '*') return `${The(step.by.role)} did not agree to erase all that this complaint says`
      return `${The(step.by.role)} did not agree to erase something in step ${Number(f.seq) + 1}`
    case 'legal_hold_set':
      return f.until === undefined
        ? `${The(step.by.role)} put a legal hold on the complaint: nothing is erased until it is released`
        : `${The(step.by.role)} put a legal hold on the complaint: nothing is erased before ${dayField(f.until)}`
    case 'legal_hold_released':
      return `${The(step.by.role)} released the legal hold`
    case 'nudged':
      return `The buyer nudged${Number(f.count) > 1 ? ` (${f.count} times in this stage)` : ''}`
    case 'interim_reported':
      return `${The(step.by.role)} reported that it takes longer: the whole complaint was to end by ${whenField(f.firstDue)}, now by ${whenField(f.due)}`
    case 'total_missed':
      return `The whole complaint was to end by ${whenField(f.due)}. ${The(f.party)} owes the reason and a new date`
    case 'statement_requested':
      return `${The(step.by.role)} asked ${the(f.party)} for a statement by ${whenField(f.due)}. Who must act, and by when, stays the same`
    case 'statement_given':
      return `${The(f.party)} gave a statement (to step ${Number(f.of) + 1})${Number(f.files) > 0 ? `, with ${plural(Number(f.files), 'file')}` : ''}`
    case 'statement_absent':
      return `${The(f.party)} gave no statement by ${whenField(f.due)} (step ${Number(f.of) + 1}), and that is recorded`
    default:
      return step.kind satisfies never
  }
}

export const en: Dictionary = { locale: 'en', ...words, when, lasting, amount, describe, next: nextOf }

/** Verbs in the present tense after "the buyer"; those in the past are the same for "you". */
const PRESENT: Record<string, string> = {
  has: 'have',
  says: 'say',
  checks: 'check',
  gets: 'get',
  decides: 'decide',
  disagrees: 'disagree',
  accepts: 'accept',
  confirms: 'confirm',
}

const asYou = (text: string): string =>
  text
    .replace(/\b(the) buyer’s/gi, (_, article: string) => like(article, 'your'))
    .replace(
      /\b(the) buyer( \w+)?/gi,
      (_, article: string, verb = '') => like(article, 'you') + (verb && ` ${PRESENT[verb.trim()] ?? verb.trim()}`),
    )

const like = (model: string, word: string): string => (model.startsWith('T') ? opening(word) : word)

export const enForBuyer = toSecondPerson(en, asYou)

// Words as they stand inside an English sentence.

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`

/** A label in the middle of a sentence. */
const inSentence = (label: string): string => label.charAt(0).toLowerCase() + label.slice(1)
export const opening = (phrase: string): string => phrase.charAt(0).toUpperCase() + phrase.slice(1)

/** An unknown role stands for itself. */
export const the = (role: FieldValue | undefined): string => {
  const label = lookUp(words.roles, role)
  if (role === 'both') return 'the buyer and the seller'
  return Object.hasOwn(words.roles, String(role)) ? `the ${inSentence(label)}` : label
}

const REMEDIES: Record<string, string> = {
  refund: 'a refund',
  partial_refund: 'a partial refund',
  return_refund: 'a return and a refund',
  exchange: 'an exchange',
  reship: 'a new delivery',
  repair: 'a repair',
  apology: 'an apology',
  compensation: 'compensation',
}

/** A partial refund of CN¥60.00, an exchange. */
const aRemedy = (kind: FieldValue | undefined, sum: string): string => `${lookUp(REMEDIES, kind)}${sum && ` of ${sum}`}`
