import type { Fields, FieldValue } from '../../complaint/step.ts'
import type { Dictionary } from '../../complaint/view/dictionary.ts'
import type { StepView } from '../../complaint/view/types.ts'
import { inShanghai, spanIn } from '../shanghai.ts'
import { lookUp, part, shownBy, sumOf } from '../values.ts'
import { nextOf } from './complaint-next.ts'
import { aRemedy, inSentence, opening, plural, the } from './complaint-phrases.ts'
import { words } from './complaint-words.ts'

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
      return `The buyer filed a complaint (${found(words.categories, f.category)})${f.remedySought ? ` and asks for ${remedy(f.remedySought)}` : ''}`
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
    case 'link_rotated':
      return 'The tracking link was replaced'
    case 'link_shared':
      return shared(f)
    case 'redaction_requested':
      return `${The(step.by.role)} asked to have something in step ${Number(f.seq) + 1} erased`
    case 'redacted':
      return `Something in step ${Number(f.seq) + 1} was erased (${lookUp(REDACTION_BASIS, f.basis)})`
    default:
      return step.kind satisfies never
  }
}

export const en: Dictionary = { locale: 'en', ...words, when, lasting, amount, describe, next: nextOf }
