import type { ComplaintView } from '../../complaint/view/types.ts'
import { isOpen } from '../../complaint/words.ts'
import { merchantWords } from '../../i18n/merchant.ts'
import { closedAt, due, handoffs, holder, misses, offer, row } from '../facts.ts'
import { type Html, html } from '../html.ts'
import { spanOf } from '../span.ts'
import type { CaseContext } from './case-context.ts'
import { isMine } from './inbox.ts'

const toneOf = ({ complaint }: ComplaintView): string => {
  const { state, overdue, holder } = complaint
  if (state === 'closed_confirmed') return 'done'
  if (!isOpen(state)) return 'shut'
  if (overdue) return 'late'
  return isMine(holder?.role) ? 'you' : 'wait'
}

/** At the top: whose turn it is, by when and under which rule, and what happens if nothing is done. */
export const caseHead = (view: ComplaintView, context: CaseContext): Html => {
  const { complaint } = view
  const { page, track } = context
  const open = isOpen(complaint.state)
  const facts = open ? [holder(view, track), due(view, track)] : [closedAt(view, track)]
  return html`<section class="card ${toneOf(view)}" aria-label="${page.words.card.title}">
<div class="band"><h1>${title(view, context)}</h1>
${open ? countdown(view, context) : html`<p class="end">${page.words.closed[complaint.state] ?? page.words.card.over}</p>`}
</div>
<dl>
${[...facts, ...next(view, context), offer(view, track), misses(view, track), handoffs(view, track)]}
</dl>
${isMine(complaint.holder?.role) && jump(context)}
</section>`
}

const title = ({ complaint }: ComplaintView, { page }: CaseContext): string => {
  const { yourTurn, colon } = merchantWords[page.locale]
  const state = page.dictionary.states[complaint.state]
  return isMine(complaint.holder?.role) ? `${yourTurn}${colon}${state}` : state
}

const countdown = ({ complaint }: ComplaintView, { page, now }: CaseContext): Html | null => {
  const { holder, due } = complaint
  if (holder === null || due === null) return null
  const { card, you } = page.words
  const who = isMine(holder.role) ? you : page.dictionary.roles[holder.role]
  const left = Date.parse(due) - now
  const parts = spanOf(Math.abs(left), card.units)
  return html`<p class="left"><span>${left > 0 ? card.has(who) : card.late(who)}</span> <strong>${
    parts.length > 0 ? parts.map(([amount, unit]) => html`<b>${amount}</b> ${unit} `) : card.underMinute
  }</strong></p>`
}

const next = ({ next }: ComplaintView, { page }: CaseContext): Html[] => {
  const { ifActs, ifSilent } = page.words.card
  return next === null ? [] : [row(ifActs, html`${next.ifActs}`), row(ifSilent, html`${next.ifSilent}`)]
}

/** On a phone the forms stand below everything that was said. */
const jump = ({ page }: CaseContext): Html =>
  html`<p class="jump"><a class="button" href="#acts">${merchantWords[page.locale].case.toActs} ↓</a></p>`
