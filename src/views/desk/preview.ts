import type { TrackContext } from '../context.ts'
import { due, holder } from '../facts.ts'
import { type Html, html } from '../html.ts'
import { stepItem } from '../steps/step.ts'
import { type AsRead, type Case, type DeskForm, type DeskPage, wordsOf } from './context.ts'

/** As the buyer's own page says it, without a link that would lead somewhere. */
const asBuyer = ({ reader }: AsRead, { now }: DeskPage): TrackContext => ({
  ...reader,
  base: '#',
  scope: 'act',
  now,
  checked: { witnesses: 0 },
})

/** The ruling as a step of the buyer's page, and what their card would say then. */
export const rulingAsRead = (after: AsRead, page: DeskPage): Html | null => {
  const step = after.view.steps.at(-1)
  return step
    ? html`<ol class="steps" lang="${after.reader.locale}">${stepItem(step, { timing: null, newest: true }, asBuyer(after, page))}</ol>`
    : null
}

const NOT_CARRIED = ['preview', 'confirm']
/** Everything that was typed, to be sent again as it was. */
export const carried = (values: Readonly<Record<string, string>>): Html[] =>
  Object.entries(values)
    .filter(([name]) => !NOT_CARRIED.includes(name))
    .map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)

export const preview = (after: AsRead, form: DeskForm, it: Case, page: DeskPage): Html => {
  const words = wordsOf(page).preview
  const read = asBuyer(after, page)
  return html`<section class="preview" aria-labelledby="preview" tabindex="-1" autofocus><h2 id="preview">${words.title}</h2>
<p class="note">${words.hint}</p>
${rulingAsRead(after, page)}
<h3>${words.afterwards}</h3>
<div lang="${after.reader.locale}"><p><b>${after.reader.dictionary.states[after.view.complaint.state]}</b></p>
<dl>${holder(after.view, read)}${due(after.view, read)}</dl></div>
<form method="post" action="/desk/complaints/${it.view.complaint.id}/rulings">
${carried(form.values)}<input type="hidden" name="confirm" value="yes">
<p class="buttons"><button>${words.confirm}</button></p>
<p class="note"><a href="#rulings">${words.change}</a></p>
</form></section>`
}
