import type { ComplaintView } from '../../complaint/view/types.ts'
import { isOpen } from '../../complaint/words.ts'
import { entry } from '../../i18n/values.ts'
import type { TrackContext } from '../context.ts'
import { closedAt, due, handoffs, holder, misses, offer, row } from '../facts.ts'
import { type Html, html } from '../html.ts'
import { spanOf } from '../timing.ts'

type Tone = 'wait' | 'you' | 'late' | 'done' | 'shut'

const isYours = ({ complaint: { holder } }: ComplaintView, { scope }: TrackContext): boolean =>
  scope === 'act' && (holder?.role === 'buyer' || holder?.role === 'both')

const toneOf = (view: ComplaintView, page: TrackContext): Tone => {
  const { state, overdue } = view.complaint
  if (state === 'closed_confirmed') return 'done'
  if (!isOpen(state)) return 'shut'
  if (overdue) return 'late'
  return isYours(view, page) ? 'you' : 'wait'
}

/** At the top: who must act now, by when, and how long is left. */
export const card = (
  view: ComplaintView,
  page: TrackContext,
): Html => html`<section class="card ${toneOf(view, page)}" aria-label="${page.words.card.title}">
<div class="band">
<h1>${stateName(view, page)}</h1>
${isOpen(view.complaint.state) ? countdown(view, page) : closedBanner(view, page)}
</div>
<dl>
${isOpen(view.complaint.state) ? [holder(view, page), due(view, page)] : closedAt(view, page)}
${offer(view, page)}${misses(view, page)}${handoffs(view, page)}
</dl>
${next(view, page)}
</section>`

const stateName = (view: ComplaintView, { words, dictionary, scope, ...page }: TrackContext): string => {
  const { state } = view.complaint
  if (scope !== 'act') return dictionary.states[state]
  if (state === 'closed_lapsed') return words.lapsedState
  const mine = isYours(view, { words, dictionary, scope, ...page })
  return (mine && entry(words.yourTurn, state)) || dictionary.states[state]
}

/** 商家还有 / 1 天 23 小时 5 分钟. Right as it stands; a script may count on from `data-now`. */
const countdown = ({ complaint }: ComplaintView, page: TrackContext): Html | null => {
  const { holder, due } = complaint
  if (holder === null || due === null) return null
  const { words, dictionary, scope, now } = page
  const { card } = words
  const who = scope === 'act' && holder.role === 'buyer' ? words.you : dictionary.roles[holder.role]
  const left = Date.parse(due) - now
  const parts = spanOf(Math.abs(left), card.units)
  const units = card.units.map(unit => unit.join('/')).join('|')
  return html`<p class="left" data-due="${due}" data-now="${now}" data-units="${units}" data-under="${card.underMinute}" data-late="${card.late(who)}"><span>${
    left > 0 ? card.has(who) : card.late(who)
  }</span> <strong>${parts.length > 0 ? parts.map(([amount, unit]) => html`<b>${amount}</b> ${unit} `) : card.underMinute}</strong></p>`
}

const closedBanner = ({ complaint }: ComplaintView, { words, scope }: TrackContext): Html => {
  const sentences = scope === 'act' ? words.closedForYou : words.closed
  return html`<p class="end">${entry(sentences, complaint.state) ?? words.card.over}</p>`
}

/** What comes if the holder acts, and if not. Once every party has missed it, the external remedies say it better. */
const next = ({ next, complaint }: ComplaintView, { words }: TrackContext): Html | null => {
  if (next === null || (complaint.overdue && complaint.holder?.role === 'supervisor')) return null
  return html`<h2>${words.card.next}</h2>
<dl class="next">${row(words.card.ifActs, html`${next.ifActs}`)}${row(words.card.ifSilent, html`${next.ifSilent}`)}</dl>`
}
