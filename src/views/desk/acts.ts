import type { DeskAct } from '../../i18n/zh-CN/desk-acts.ts'
import { idOf, seenField } from '../acts/fields.ts'
import { type Html, html, inline } from '../html.ts'
import { fieldsOf } from './act-fields.ts'
import { type Case, type DeskForm, type DeskPage, refusalWords, wordsOf } from './context.ts'
import { labelOf } from './fields.ts'

/** In the order in which an officer comes to need them. */
const ORDER: readonly DeskAct[] = [
  'handoff-acceptance',
  'take',
  'rulings',
  'evidence-requests',
  'messages',
  'fulfilment',
  'extensions',
  'handoffs',
  'assignment',
  'evidence',
  'refusal',
  'link-rotation',
  'redactions',
]
const WITH_FILES: readonly DeskAct[] = ['messages', 'evidence', 'fulfilment']

/** The part of the API that a form posts to; to take a case is to be assigned. */
const nounOf = (act: DeskAct): string => (act === 'take' ? 'assignment' : act)

const isOpenTo = (act: DeskAct, it: Case, { person }: DeskPage): boolean => {
  if (!it.view.actions.includes(nounOf(act))) return false
  switch (act) {
    case 'take':
      return it.standing.officer !== person.name && it.standing.offeredTo === null && !it.ruledByMe
    case 'assignment':
      return person.role === 'supervisor'
    case 'rulings':
      return !(it.ruledByMe && it.complaint.appealing !== null)
    case 'extensions':
      return it.latestExtension !== null
    case 'redactions':
      return it.erasable.length > 0
    default:
      return true
  }
}

/** The likeliest is drawn as the main button: to take what nobody has, else to rule. */
const lookOf = (act: DeskAct, { standing, view }: Case): string => {
  const untaken = standing.officer === null && view.actions.includes('assignment')
  const main = standing.offeredTo !== null ? 'handoff-acceptance' : untaken ? 'take' : 'rulings'
  return act === main ? 'primary' : ''
}

export const actForms = (it: Case, page: DeskPage, form: DeskForm | undefined): Html => {
  const words = wordsOf(page)
  // What was written stays, even where the complaint moved and the act must wait.
  const acts = ORDER.filter(act => isOpenTo(act, it, page) || form?.act === act)
  return html`<section class="plain" aria-labelledby="acts"><h2 id="acts">${words.case.acts}</h2>
${acts.length === 0 ? html`<p class="note">${words.case.nothing}</p>` : null}
<div class="acts list">${acts.map(act => actForm(act, it, page, form?.act === act ? form : undefined))}</div>
</section>`
}

const actForm = (act: DeskAct, it: Case, page: DeskPage, form: DeskForm | undefined): Html => {
  const { label, effect, submit } = wordsOf(page).acts[act]
  const enctype = WITH_FILES.includes(act) && html` enctype="multipart/form-data"`
  const drawn = { name: act, act, page, back: form ?? null }
  return html`<details class="act ${lookOf(act, it)}" id="${act}"${form !== undefined && html` open`}>
<summary>${label}</summary>
<form method="post" action="/desk/complaints/${it.view.complaint.id}/${nounOf(act)}"${enctype}>
${seenField(it.view)}${act === 'take' && html`<input type="hidden" name="take" value="yes">`}<p class="effect">${effect}</p>
${fieldsOf(act, drawn, it)}
<button${act === 'rulings' && html` name="preview" value="yes"`}>${submit}</button>
</form>
</details>
`
}

/** What kept a form from being recorded: what changed meanwhile, a refusal, or its fields, each with a link. */
export const troubles = (form: DeskForm | undefined, page: DeskPage): Html | null => {
  if (!form || (form.problems.length === 0 && form.refusal === undefined)) return null
  const words = wordsOf(page)
  return html`<section class="notice bad" role="alert" tabindex="-1" autofocus>${
    form.refusal !== undefined &&
    html`<p><b>${words.case.refused}</b>${refusalWords(form.refusal, page)}</p>${changes(form, page)}`
  }${
    form.problems.length > 0 &&
    html`<p><b>${words.case.problems}</b></p>
<ul>${form.problems.map(({ field, message }) => html`<li><a href="#${idOf(form.act, field)}">${labelOf(form.act, field, page)}${page.words.colon}${message}</a></li>`)}</ul>`
  }</section>`
}

const changes = ({ changed = [] }: DeskForm, page: DeskPage): Html | null => {
  if (changed.length === 0) return null
  const words = wordsOf(page)
  return html`<p>${words.case.changed}</p>
<ul class="changes">${changed.map(
    step =>
      html`<li><a href="#step-${step.seq + 1}">${words.stepNo(step.seq + 1)}</a> ${inline(page.dictionary.describe(step))}</li>`,
  )}</ul>
<p>${words.case.changedHint}</p>`
}
