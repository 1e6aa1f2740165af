import type { FieldValue } from '../complaint/step.ts'
import { dayNumber, shanghaiDate } from '../complaint/time.ts'
import type { ComplaintView, Dictionary, PartyView } from '../complaint/view/types.ts'
import { isOpen } from '../complaint/words.ts'
import { entry } from '../i18n/values.ts'
import type { PageContext, TrackContext } from './context.ts'
import { type Html, html, inline } from './html.ts'
import { labelOf } from './steps/step.ts'

/** One fact of the card: what it is, and how it stands. */
export const row = (label: string, value: Html): Html => html`<div><dt>${label}</dt><dd>${value}</dd></div>`

const partyName = ({ role, name }: PartyView, { dictionary, words, scope }: TrackContext): Html => {
  if (scope === 'act' && role === 'buyer') return html`${words.you}`
  if (scope === 'act' && role === 'both') return html`${words.youAndMerchant}`
  const title = dictionary.roles[role]
  return name === title ? html`${title}` : html`${title} <bdi>${inline(name)}</bdi>`
}

export const holder = ({ complaint }: ComplaintView, page: TrackContext): Html | null =>
  complaint.holder && row(page.words.card.holder, partyName(complaint.holder, page))

type Timed = ComplaintView['complaint']

export const due = ({ complaint }: { complaint: Timed }, page: TrackContext): Html | null => {
  const { due, firstDue, provisional, overdue, usualDue, surge } = complaint
  if (due === null) return null
  const { words, dictionary, now } = page
  // A time that ends at midnight ends with the day before.
  const day = words.card.days[dayNumber(Date.parse(due) - 1) - dayNumber(now)]
  return row(
    overdue ? words.card.dueWas : words.card.due,
    html`<time datetime="${due}">${dictionary.when(due)}</time>${day ? html`<span class="day">${day}</span>` : null}${zone(page)}${
      firstDue && html`<small>${words.card.first(dictionary.when(firstDue))}</small>`
    }${usualDue && surge ? html`<small>${words.card.usual(dictionary.when(usualDue), surge.name, surge.hours)}</small>` : null}${
      provisional && html`<small>${words.card.provisional}</small>`
    }${basis(complaint, page)}`,
  )
}

/** The whole-case clock beside the step's: by when all is to be over, or who owes word of a new date. */
export const wholeCase = (
  { complaint: { total, totalMissed, holder }, steps }: ComplaintView,
  { words, dictionary }: TrackContext,
): Html | null => {
  if (total === null) return null
  const first = steps.find(({ kind }) => kind === 'interim_reported')?.fields.firstDue
  const { card } = words
  return row(
    card.total,
    html`<time datetime="${total}">${dictionary.when(total)}</time>${
      typeof first === 'string' && html`<small>${card.first(dictionary.when(first))}</small>`
    }${totalMissed && holder !== null && html`<small class="bad">${card.reportOwed}</small>`}`,
  )
}

/** 依据：商家答复时限，48 小时（平台规则） */
const basis = ({ rule, clause, policy }: Timed, { words }: TrackContext): Html | null => {
  const name = rule === null ? undefined : entry(words.rules, rule.replace(/\+surge$/, ''))
  if (name === undefined) return null
  const { card } = words
  const length = clause && ('hours' in clause ? card.hours(clause.hours) : card.workingDays(clause.workingDays))
  const source = clause ? card.bases[clause.basis] : undefined
  return html`<small>${card.rule}${words.colon}<a href="/rules/${policy}">${[name, length].filter(Boolean).join(words.between)}</a>${
    source !== undefined && words.inBrackets(source)
  }</small>`
}

/** Who reads Chinese counts by this clock anyway. */
const zone = ({ words, locale }: TrackContext): Html | null =>
  locale === 'en' ? html` <small>${words.card.zone}</small>` : null

export const closedAt = ({ steps }: ComplaintView, page: TrackContext): Html | null => {
  const { words, dictionary } = page
  const ENDS = ['confirmed', 'ruled', 'appeal_ruled', 'lapsed', 'withdrawn', 'refused']
  const end = steps.findLast(({ kind }) => ENDS.includes(kind))
  return end
    ? row(words.card.closedAt, html`<time datetime="${end.on}">${dictionary.when(end.on)}</time>${zone(page)}`)
    : null
}

export const misses = ({ steps }: ComplaintView, { words, dictionary }: TrackContext): Html | null => {
  // A miss that closed the complaint shows as its lapse.
  const missed = steps.filter(({ kind }, i) => kind === 'deadline_missed' && steps[i + 1]?.kind !== 'lapsed')
  const counts = new Map<string, number>()
  for (const { fields } of missed) counts.set(String(fields.party), (counts.get(String(fields.party)) ?? 0) + 1)
  const roles: Record<string, string> = dictionary.roles
  if (counts.size === 0) return null
  const each = [...counts].map(([role, count]) => words.card.times(roles[role] ?? role, count))
  return row(words.card.missed, html`<span class="bad">${each.join(words.between)}</span>`)
}

export const handoffs = ({ complaint }: ComplaintView, { words }: TrackContext): Html | null =>
  complaint.handoffs > 0 ? row(words.card.handoffs, html`${words.card.handoffCount(complaint.handoffs)}`) : null

/** The offer that waits for an answer: what a buyer decides about, in one line. */
export const offer = ({ complaint, steps }: ComplaintView, { words, dictionary }: TrackContext): Html | null => {
  if (complaint.offer === null || !isOpen(complaint.state)) return null
  const said = remedyWords(steps.find(({ seq }) => seq === complaint.offer)?.fields.offer, dictionary)
  const asked = remedyWords(complaint.remedySought, dictionary)
  return said === ''
    ? null
    : row(words.card.offer, html`<b>${said}</b>${asked !== '' && html`<small>${words.card.asked(asked)}</small>`}`)
}

/** Where the goods go back to and who pays, while they are awaited. */
export const returnAddress = ({ complaint }: ComplaintView, { words, dictionary }: TrackContext): Html | null => {
  if (complaint.state !== 'awaiting_return') return null
  const { returnTo, freightPaidBy } = complaint.remedy ?? {}
  const roles: Record<string, string> = dictionary.roles
  const { timeline, card } = words
  if (typeof returnTo !== 'string') return null
  const payer = typeof freightPaidBy === 'string' && timeline.freightPaidBy(roles[freightPaidBy] ?? freightPaidBy)
  return row(
    card.sendTo,
    html`<bdi>${returnTo}</bdi>${payer && html`<small>${timeline.freight}${words.colon}${payer}</small>`}`,
  )
}

/** Characters of the card; the step has the rest. */
const GLANCE = 120

/** What the platform asked for, while it is awaited. */
export const evidenceAsked = ({ complaint, steps }: ComplaintView, page: TrackContext): Html | null => {
  if (complaint.state !== 'evidence_requested') return null
  const asked = steps.findLast(({ kind }) => kind === 'evidence_requested')
  const text = asked?.fields.request
  if (asked === undefined || typeof text !== 'string' || text === '') return null
  const shown = text.length > GLANCE ? `${text.slice(0, GLANCE)}…` : text
  return row(labelOf(asked, 'request', page), html`<bdi>${inline(shown)}</bdi>`)
}

/** What the complaint is about: order, goods, merchant, and what is asked for.  */
export const order = ({ complaint, steps }: ComplaintView, { words, dictionary }: TrackContext): Html => {
  const fields = steps[0]?.fields ?? {}
  const said = (label: string, value: unknown) =>
    typeof value === 'string' && value !== '' && html`<div><dt>${label}</dt><dd><bdi>${inline(value)}</bdi></dd></div>`
  const { order } = words
  return html`<section class="plain" aria-labelledby="order">
<h2 id="order">${order.title}</h2>
<dl>
${said(order.orderId, fields.orderId)}${said(order.item, fields.item)}${said(order.merchant, complaint.merchant.name)}${said(order.buyer, complaint.buyer)}${said(order.phone, fields.buyerPhoneMasked)}${said(order.category, dictionary.categories[complaint.category] ?? complaint.category)}${said(order.sought, remedyWords(complaint.remedySought, dictionary))}${said(order.openedAt, dictionary.when(complaint.openedAt))}${complaint.reopened > 0 && said(order.reopened, order.count(complaint.reopened))}
</dl>
</section>`
}

/** 部分退款 60.00 元; empty where there is no remedy. */
export const remedyWords = (remedy: FieldValue | null | undefined, dictionary: Dictionary): string => {
  if (typeof remedy !== 'object' || remedy === null) return ''
  const remedies: Record<string, string> = dictionary.remedies
  const sum = dictionary.amount(remedy.amount)
  return `${remedies[String(remedy.kind)] ?? ''}${sum && ` ${sum}`}`
}

/** Until when the personal data of a complaint is kept, or the legal hold that keeps it; null where nothing is erased by itself. */
export const retentionNote = (
  { complaint: { retention, legalHold } }: Pick<ComplaintView, 'complaint'>,
  { words }: Pick<PageContext, 'words'>,
): Html | null => {
  const text = sentence(retention, legalHold, words.retention)
  return text === null ? null : html`<p class="note">${text}</p>`
}

const sentence = (
  retention: ComplaintView['complaint']['retention'],
  hold: ComplaintView['complaint']['legalHold'],
  words: PageContext['words']['retention'],
): string | null => {
  if (retention?.erased) return words.erased
  if (hold) return hold.until === null ? words.held : words.heldUntil(day(hold.until))
  if (!retention) return null
  return retention.eraseAt === null ? words.open(retention.afterEndDays) : words.at(day(retention.eraseAt))
}

const day = (instant: string): string => shanghaiDate(Date.parse(instant))
