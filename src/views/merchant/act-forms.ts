import type { ComplaintView } from '../../complaint/view/types.ts'
import { type FormName, merchantWords } from '../../i18n/merchant.ts'
import { type Drawn, idOf, seenField } from '../acts/fields.ts'
import { type Html, html } from '../html.ts'
import { fieldsOf, type Shown } from './act-fields.ts'
import type { CaseContext } from './case-context.ts'
import { actOf, formsFor } from './choice.ts'
import { isMine } from './inbox.ts'
import { previewOf } from './preview.ts'
import { hasReplyTemplates, replyTemplates } from './reply-templates.ts'

/** Everything that this merchant may do now, the likeliest first and open where it is its turn. */
export const actForms = (view: ComplaintView, context: CaseContext): Html => {
  const { case: words } = merchantWords[context.page.locale]
  const forms = formsFor(view)
  const mine = isMine(view.complaint.holder?.role)
  const open = context.form?.name ?? (mine ? forms[0] : undefined)
  return html`<section id="acts" aria-labelledby="acts-title">
<h2 id="acts-title">${words.acts}</h2>
${forms.length === 0 && html`<p class="plain">${words.noActs}</p>`}
${requested(view, context)}
<div class="acts list">${forms.map((form, i) => actForm({ view, context, form }, form === open, i === 0 && mine))}</div>
</section>`
}

/** What the platform wants to know, above the form that answers it. */
const requested = ({ complaint, steps }: ComplaintView, { page }: CaseContext): Html | null => {
  if (complaint.state !== 'evidence_requested' || !isMine(complaint.holder?.role)) return null
  const request = steps.findLast(({ kind }) => kind === 'evidence_requested')?.fields.request
  if (typeof request !== 'string') return null
  return html`<div class="plain quote"><b>${merchantWords[page.locale].case.requested}</b><p dir="auto">${request}</p></div>`
}

const WITH_FILES: readonly FormName[] = ['evidence', 'messages', 'fulfilment']
/** The browser forgets chosen files when a page comes back, so that forms with files are sent at once. */
const hasPreview = (form: FormName): boolean => !WITH_FILES.includes(form) && form !== 'return-receipt'

const actForm = (shown: Shown, open: boolean, primary: boolean): Html => {
  const { view, context, form } = shown
  const { page, track } = context
  const words = merchantWords[page.locale]
  const { label, effect } = headOf(shown)
  const back = context.form?.name === form ? context.form : null
  const drawn: Drawn = { name: form, page, back }
  const enctype = WITH_FILES.includes(form) && html` enctype="multipart/form-data"`
  return html`<details class="act ${primary && 'primary'}" id="${form}"${open && html` open`}>
<summary>${label}</summary>
${ready(shown)}
<form method="post" action="${track.base}/${actOf(form)}"${enctype}>
${seenField(view)}<p class="effect">${effect}</p>
${fieldsOf(drawn, shown)}
${back && previewOf(context)}
<div class="buttons"><button>${words.acts[form].submit}</button>${
    hasPreview(form) && html`<button class="second" name="preview" value="yes">${words.preview.button}</button>`
  }</div>
</form>
</details>
`
}

const headOf = ({ view, context, form }: Shown): { label: string; effect: string } => {
  const { acts, betterOffer } = merchantWords[context.page.locale]
  if (form !== 'offer' || view.complaint.state === 'awaiting_merchant') return acts[form]
  return { label: betterOffer.label, effect: betterOffer.effect(context.bounds.offersLeft) }
}

/** Ready texts in a form of their own: without a script its address comes back with the fields filled. */
const ready = ({ view, context, form }: Shown): Html | null => {
  if (!hasReplyTemplates(form)) return null
  const { page, buyer, track } = context
  const { template } = merchantWords[page.locale]
  const id = idOf(form, 'ready')
  const options = replyTemplates(form, view, page, buyer).map(
    ({ name, label, values }) =>
      html`<option value="${name}" data-values="${JSON.stringify(values)}">${label}</option>`,
  )
  return html`<form class="ready" method="get" action="${track.base}#${form}" data-fills="${form}">
<input type="hidden" name="form" value="${form}">
<p class="field"><label for="${id}">${template.label}</label><small id="${id}-hint">${template.hint(template.languages[buyer.locale])}</small>
<span class="beside"><select id="${id}" name="ready" aria-describedby="${id}-hint">${options}</select><button class="small">${template.apply}</button></span></p>
</form>`
}
