import { shanghaiDateTime } from '../../complaint/time.ts'
import type { ComplaintView } from '../../complaint/view/types.ts'
import { isOpen } from '../../complaint/words.ts'
import { entry } from '../../i18n/values.ts'
import type { TrackContext } from '../context.ts'
import { type Html, html } from '../html.ts'

/**
 * Remedies outside the platform, as the complaint's policy names them: plainly once a supervisor is late too (rule 4) or
 * the decision is final, and folded after any other missed deadline.
 */
export const outsideRemedies = (view: ComplaintView, page: TrackContext): Html | null => {
  const { outside } = page.words
  const reason = reasonFor(view)
  if (reason === null || view.outside.length === 0) return null
  const body = html`<p>${outside.texts[reason]}</p>
${view.outside.map(each => remedy(each, page))}
<p class="note">${outside.note}</p>`
  return reason === 'missed'
    ? html`<details class="fold" id="outside"><summary>${outside.titles.missed}</summary><div class="inner">${body}</div></details>`
    : html`<section class="plain outside" aria-labelledby="outside"><h2 id="outside">${outside.titles[reason]}</h2>
${body}
</section>`
}

const reasonFor = ({ complaint, steps }: ComplaintView): 'late' | 'final' | 'unsolved' | 'missed' | null => {
  const { state, holder, overdue, appealUntil } = complaint
  if (holder?.role === 'supervisor' && overdue) return 'late'
  if (!isOpen(state)) {
    const said = steps.findLast(({ kind }) => kind === 'followed_up' || kind === 'reopened')
    if (said?.fields.solved === false) return 'unsolved'
    const decided = state === 'closed_ruled' || state === 'closed_lapsed' || state === 'refused'
    return decided && appealUntil === null ? 'final' : null
  }
  return steps.some(({ kind, fields }) => kind === 'deadline_missed' && fields.party !== 'buyer') ? 'missed' : null
}

const remedy = ({ name, phone, url, until }: ComplaintView['outside'][number], page: TrackContext): Html => {
  const { outside } = page.words
  return html`<p><b>${entry(outside.names, name) ?? name}</b>${until !== null && html` <small>${outside.until(shanghaiDateTime(Date.parse(until)).slice(0, 10))}</small>`}</p>
${(phone !== undefined || url !== undefined) && html`<p class="two">${phone !== undefined && html`<a class="button" href="tel:${phone}">${outside.call(phone)}</a>`}${url !== undefined && html`<a class="button" href="${url}" rel="noreferrer">${outside.site}</a>`}</p>`}`
}
