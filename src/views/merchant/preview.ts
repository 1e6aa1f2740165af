import { isOpen } from '../../complaint/words.ts'
import { merchantWords } from '../../i18n/merchant.ts'
import { choose } from '../acts/choice.ts'
import { due, holder } from '../facts.ts'
import { type Html, html } from '../html.ts'
import { stepItem } from '../steps/step.ts'
import { timings } from '../timing.ts'
import type { CaseContext, Preview } from './case-context.ts'

/** The step as the buyer's own page would draw it, in the buyer's language, and where it would leave the complaint. */
export const previewOf = ({ page, preview }: CaseContext): Html | null => {
  if (!preview) return null
  const { preview: words } = merchantWords[page.locale]
  return html`<section class="preview" role="status" tabindex="-1" autofocus aria-labelledby="preview">
<h3 id="preview">${words.title}</h3>
<p class="note">${words.note}</p>
<div lang="${preview.track.locale}">${newStep(preview)}</div>
<h3>${words.after}</h3>
<dl lang="${preview.track.locale}">${afterwards(preview)}</dl>
${buyerCan(preview, page.locale)}
</section>`
}

const newStep = ({ view, track }: Preview): Html | null => {
  const step = view.steps.at(-1)
  if (!step) return null
  const timing = timings(view.steps).get(step.seq) ?? null
  return html`<ol class="steps">${stepItem(step, { timing, newest: true }, track)}</ol>`
}

const afterwards = ({ view, track }: Preview): (Html | null)[] => {
  const { state } = view.complaint
  const named = html`<div><dt>${track.words.card.title}</dt><dd><b>${track.words.yourTurn[state] ?? track.dictionary.states[state]}</b></dd></div>`
  return isOpen(state) ? [named, holder(view, track), due(view, track)] : [named]
}

const buyerCan = ({ view, track }: Preview, locale: CaseContext['page']['locale']): Html | null => {
  const { preview: words, colon } = merchantWords[locale]
  const { main } = choose(view, track.words)
  if (main.length === 0) return null
  return html`<p>${words.can}${colon}<span lang="${track.locale}">${main.map(act => track.words.acts.words[act].label).join(words.separator)}</span></p>`
}
