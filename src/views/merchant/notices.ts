import type { ComplaintView } from '../../complaint/view/types.ts'
import { merchantWords } from '../../i18n/merchant.ts'
import { idOf } from '../acts/fields.ts'
import { type Html, html, inline } from '../html.ts'
import type { CaseContext } from './case-context.ts'
import { formsFor } from './choice.ts'
import { labelOf } from './labels.ts'

/** What became of the last form, before anything else. */
export const notices = (view: ComplaintView, context: CaseContext): (Html | null)[] => [
  done(view, context),
  changed(context),
  problems(context),
  unsent(view, context),
]

/** Says what was recorded, and only if it was: the address names a step, the sentence is the step's own. */
const done = ({ steps }: ComplaintView, { page, done, next }: CaseContext): Html | null => {
  const { case: words, colon } = merchantWords[page.locale]
  const made = steps.find(({ seq, by }) => seq === done && by.role === 'merchant')
  if (!made) return null
  return html`<section class="notice good" role="status" tabindex="-1" autofocus><p><b>${words.doneTitle}${colon}${words.done(made.seq + 1)}</b> ${inline(page.dictionary.describe(made))} <a href="#step-${made.seq + 1}">${words.toStep}</a>${next !== null && html` · <a href="/merchant/complaints/${next}">${words.next} →</a>`}</p></section>`
}

const changed = ({ page, form }: CaseContext): Html | null => {
  const changed = form?.changed ?? []
  if (changed.length === 0) return null
  const { case: words } = merchantWords[page.locale]
  return html`<section class="notice bad" role="alert" tabindex="-1" autofocus><p><b>${words.changed}</b></p>
<ul>${changed.map(step => html`<li><a href="#step-${step.seq + 1}">${words.done(step.seq + 1)}</a> ${inline(page.dictionary.describe(step))}</li>`)}</ul>
<p>${words.changedNote}</p></section>`
}

const problems = ({ page, form }: CaseContext): Html | null => {
  if (!form || (form.problems.length === 0 && form.refusal === undefined)) return null
  // What changed says it better.
  if (form.refusal === 'stale' && (form.changed ?? []).length > 0) return null
  const { case: words, colon, refusals } = merchantWords[page.locale]
  const { byCode, other } = page.words.refusals
  const refused =
    form.refusal !== undefined &&
    html`<p><b>${words.refused}</b>${refusals[form.refusal] ?? byCode[form.refusal] ?? other}</p>`
  const wrong =
    form.problems.length > 0 &&
    html`<p><b>${words.problems}</b></p>
<ul>${form.problems.map(({ field, message }) => html`<li><a href="#${idOf(form.name, field)}">${labelOf(form.name, field, page.locale)}${colon}${message}</a></li>`)}</ul>`
  return html`<section class="notice bad" role="alert" tabindex="-1" autofocus>${refused}${wrong}</section>`
}

/** The words of a form that is not open any more: whoever wrote them can still copy them. */
const unsent = (view: ComplaintView, { page, form }: CaseContext): Html | null => {
  if (!form || formsFor(view).includes(form.name)) return null
  const written = WRITTEN.flatMap(field => form.values[field] ?? []).join('\n')
  if (written === '') return null
  return html`<section class="plain quote"><b>${merchantWords[page.locale].case.unsent}</b><p dir="auto">${written}</p></section>`
}
const WRITTEN = ['statement', 'reason', 'text', 'proof']
