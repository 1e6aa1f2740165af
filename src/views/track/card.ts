import type { ComplaintView } from '../../complaint/view/types.ts'
import { isOpen } from '../../complaint/words.ts'
import { entry } from '../../i18n/values.ts'
import type { TrackContext } from '../context.ts'
import {
  closedAt,
  due,
  evidenceAsked,
  handoffs,
  holder,
  misses,
  offer,
  returnAddress,
  row,
  wholeCase,
} from '../facts.ts'
import { type Html, html } from '../html.ts'
import { spanOf } from '../timing.ts'
import { headline, isYours, milestones, subject } from './headline.ts'

type Tone = 'wait' | 'you' | 'late' | 'done' | 'shut'

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
${isYours(view, page) && html`<p class="turn">${page.words.turn}</p>`}<h1>${headline(view, page)}</h1>
${subject(view, page)}
${milestones(view, page)}
${isOpen(view.complaint.state) ? countdown(view, page) : closedBanner(view, page)}
</div>
<dl>
${isOpen(view.complaint.state) ? [holder(view, page), due(view, page), wholeCase(view, page)] : closedAt(view, page)}
${evidenceAsked(view, page)}${offer(view, page)}${returnAddress(view, page)}${misses(view, page)}${handoffs(view, page)}
</dl>
${next(view, page)}
</section>`

/** 商家还有 / 1 天 23 小时 5 分钟. Right as it stands; a script may count on from `data-now`. */
const countdown = ({ complaint }: ComplaintView, page: TrackContext): Html | null => {
  const { holder, due } = complaint
  if (holder === null || due === null) return null
  const { words, dictionary, scope, now } = page
  const { card } = words
  const mine = { buyer: words.you, both: words.youAndMerchant }
  const who = (scope === 'act' ? entry(mine, holder.role) : undefined) ?? dictionary.roles[holder.role]
  const left = Date.parse(due) - now
  const parts = spanOf(Math.abs(left), card.units)
  const units = card.units.map(unit => unit.join('/')).join('|')
  return html`<p class="left" data-due="${due}" data-now="${now}" data-units="${units}" data-under="${card.underMinute}" data-late="${card.late(who)}"><span>${
    left > 0 ? card.has(who) : card.late(who)
  }</span> <strong>${parts.length > 0 ? parts.map(([amount, unit]) => html`<span class="unit"><b>${amount}</b> ${unit}</span> `) : card.underMinute}</strong></p>`
}

const closedBanner = ({ complaint }: ComplaintView, { words, scope, dictionary }: TrackContext): Html => {
  const { state, appealUntil } = complaint
  if (scope !== 'act') return html`<p class="end">${entry(words.closed, state) ?? words.card.over}</p>`
  const sentence = entry(words.closedForYou, state) ?? words.card.over
  // A refusal and a ruling can be appealed for some days, once; after that they are final.
  if (state !== 'closed_ruled' && state !== 'refused') return html`<p class="end">${sentence}</p>`
  return html`<p class="end">${sentence}${appealUntil === null ? words.final : words.appealUntil(dictionary.when(appealUntil))}</p>`
}

/** What comes if the holder acts, and if not. Once every party has missed it, the external remedies say it better. */
const next = (view: ComplaintView, page: TrackContext): Html | null => {
  const { next, complaint } = view
  const { words } = page
  if (next === null || (complaint.overdue && complaint.holder?.role === 'supervisor')) return null
  return html`<h2>${words.card.next}</h2>
<dl class="next">${row(isYours(view, page) ? words.card.ifYouAct : words.card.ifActs, html`${next.ifActs}`)}${row(words.card.ifSilent, html`${next.ifSilent}`)}</dl>`
}
