import type { ComplaintView } from '../../complaint/view/types.ts'
import type { Locale, State } from '../../complaint/words.ts'
import { MERCHANT_WORDS } from '../../i18n/areas/merchant.ts'
import type { FormName } from '../../i18n/index.ts'
import { entry } from '../../i18n/values.ts'
import { type Drawn, seenField, textField } from '../acts/fields.ts'
import { remedyWords } from '../facts.ts'
import { type Html, html } from '../html.ts'
import type { CaseContext } from './context.ts'
import { agreement } from './reply-templates.ts'

const ALL: readonly FormName[] = [
  'offer',
  'rejection',
  'fulfilment',
  'return-receipt',
  'return-disputes',
  'evidence',
  'messages',
  'extensions',
  'interim-reports',
  'statements-requests',
  'appeals',
]

/** What a merchant in this state most likely came to do. */
const LIKELY: Partial<Record<State, readonly FormName[]>> = {
  platform_review: ['evidence', 'messages'],
  evidence_requested: ['evidence'],
  awaiting_return: ['messages'],
  awaiting_confirmation: ['messages'],
}

const isOpen = (form: FormName, { complaint, actions }: ComplaintView): boolean => {
  if (form === 'offer') return actions.includes('responses')
  // Only the first answer can say no; a later one improves an offer.
  if (form === 'rejection') return actions.includes('responses') && complaint.state === 'awaiting_merchant'
  return actions.includes(form)
}

/** The forms of the acts that are open now, the likeliest first. */
export const formsFor = (view: ComplaintView): FormName[] => {
  const open = ALL.filter(form => isOpen(form, view))
  const likely = (LIKELY[view.complaint.state] ?? []).filter(form => open.includes(form))
  return [...likely, ...open.filter(form => !likely.includes(form))]
}

/** The act of the API that a form does. */
export const actOf = (form: FormName): string => (form === 'offer' || form === 'rejection' ? 'responses' : form)

export const isForm = (name: string): name is FormName => ALL.some(form => form === name)

/** The form that sent an act. */
export const formOf = (act: string, typed: Readonly<Record<string, string>>): FormName => {
  if (act === 'responses') return typed.answer === 'reject' ? 'rejection' : 'offer'
  return isForm(act) ? act : 'messages'
}

/** Labels may differ from form to form: `field.form` wins over `field`. */
export const labelOf = (form: FormName, field: string, locale: Locale): string => {
  const { fields } = MERCHANT_WORDS[locale]
  return entry(fields, `${field}.${form}`) ?? entry(fields, field) ?? field
}

// One-click agreement: the commonest answer, with the terms that the buyer asked for and the ready text beside it.

/** Null where nothing was asked for. Where goods go back and the shop saved no address, the form asks for it and says where to save one. */
export const agreeForm = (view: ComplaintView, context: CaseContext): Html | null => {
  const { page, buyer, track } = context
  const agreed = agreement(view, context)
  if (agreed === null) return null
  const { values, lacksAddress, goesBack } = agreed
  const { case: words } = MERCHANT_WORDS[page.locale]
  const what = remedyWords(view.complaint.remedySought, page.dictionary)
  const drawn: Drawn = { name: 'agree', page, back: null }
  const label = labelOf('offer', 'offer.returnTo', page.locale)
  const key = html` data-key="a"${page.shortcuts?.off !== true && html` aria-keyshortcuts="a"`}`
  return html`<form class="plain agree" method="post" action="${track.base}/responses"${lacksAddress && key}>
${seenField(view)}${Object.entries(values).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
${lacksAddress && html`<p>${words.agreeLacksAddress} <a href="/merchant/settings#address">${words.saveAddress}</a></p>${textField(drawn, { name: 'offer.returnTo', label })}`}<button${!lacksAddress && key}>${words.agree(what)}</button>
<p class="note">${goesBack ? words.agreeReturn : words.agreeEffect} <q lang="${buyer.locale}">${values.statement ?? ''}</q></p>
</form>`
}
