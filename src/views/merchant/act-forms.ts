import type { ComplaintView } from '../../complaint/view/types.ts'
import { isOpen, type Locale, REJECTION_GROUNDS, REMEDIES, type State, THIRD_PARTIES } from '../../complaint/words.ts'
import { MERCHANT_WORDS } from '../../i18n/areas/merchant.ts'
import { TEAM_WORDS } from '../../i18n/areas/team.ts'
import type { FormName } from '../../i18n/index.ts'
import { entry } from '../../i18n/values.ts'
import { choose } from '../acts/acts.ts'
import {
  areaField,
  type Drawn,
  type Field,
  filesField,
  idOf,
  seenField,
  selectField,
  textField,
} from '../acts/fields.ts'
import { due, holder, remedyWords } from '../facts.ts'
import { type Html, html, inline } from '../html.ts'
import { stepItem } from '../steps/step.ts'
import { timings } from '../timing.ts'
import { headline } from '../track/headline.ts'
import type { CaseContext, Preview } from './context.ts'
import { isMine } from './inbox.ts'
import { agreement, hasReplyTemplates, replyTemplates } from './reply-templates.ts'

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

const isOffered = (form: FormName, { complaint, actions }: ComplaintView): boolean => {
  if (form === 'offer') return actions.includes('responses')
  // Only the first answer can say no; a later one improves an offer.
  if (form === 'rejection') return actions.includes('responses') && complaint.state === 'awaiting_merchant'
  return actions.includes(form)
}

/** The forms of the acts that are open now, the likeliest first. */
export const formsFor = (view: ComplaintView): FormName[] => {
  const open = ALL.filter(form => isOffered(form, view))
  const likely = (LIKELY[view.complaint.state] ?? []).filter(form => open.includes(form))
  return [...likely, ...open.filter(form => !likely.includes(form))]
}

/** The act of the API that a form does. */
const actOf = (form: FormName): string => (form === 'offer' || form === 'rejection' ? 'responses' : form)

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
const agreeForm = (view: ComplaintView, context: CaseContext): Html | null => {
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

/** Everything that this merchant may do now, the likeliest first and open where it is its turn. */
export const actForms = (view: ComplaintView, context: CaseContext): Html => {
  const { case: words } = MERCHANT_WORDS[context.page.locale]
  const forms = formsFor(view)
  const mine = isMine(view.complaint.holder?.role)
  const open = context.form?.name ?? (mine ? forms[0] : undefined)
  return html`<section id="acts" aria-labelledby="acts-title">
<h2 id="acts-title">${words.acts}</h2>
${forms.length === 0 && html`<p class="plain">${words.noActs}</p>`}
${requested(view, context)}${agreeForm(view, context)}
<div class="acts list">${forms.map((form, i) => actForm({ view, context, form }, form === open, i === 0))}</div>
</section>`
}

/** What the platform wants to know, above the form that answers it. */
const requested = ({ complaint, steps }: ComplaintView, { page }: CaseContext): Html | null => {
  if (complaint.state !== 'evidence_requested' || !isMine(complaint.holder?.role)) return null
  const request = steps.findLast(({ kind }) => kind === 'evidence_requested')?.fields.request
  if (typeof request !== 'string') return null
  return html`<div class="plain quote"><b>${MERCHANT_WORDS[page.locale].case.requested}</b><p dir="auto">${request}</p></div>`
}

/** Keys of the script, beside `r` for the first form; the page says them. */
const KEYS: Partial<Record<FormName, string>> = { rejection: 'x', messages: 'm' }

const WITH_FILES: readonly FormName[] = ['evidence', 'messages', 'fulfilment']
/** The browser forgets chosen files when a page comes back, so that forms with files are sent at once. */
const hasPreview = (form: FormName): boolean => !WITH_FILES.includes(form) && form !== 'return-receipt'

const actForm = (shown: Shown, open: boolean, first: boolean): Html => {
  const { view, context, form } = shown
  const { page, track } = context
  const words = MERCHANT_WORDS[page.locale]
  const primary = first && isMine(view.complaint.holder?.role)
  const { label, effect } = headOf(shown)
  const back = context.form?.name === form ? context.form : null
  const drawn: Drawn = { name: form, page, back: back ?? begun(shown) }
  const key = first ? 'r' : KEYS[form]
  const enctype = WITH_FILES.includes(form) && html` enctype="multipart/form-data"`
  return html`<details class="act ${primary && 'primary'}" id="${form}"${open && html` open`}${key !== undefined && html` data-key="${key}"`}>
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

/** An offer begins with the kind that the buyer asked for, and the shop's own address. */
const begun = ({ form, view, context }: Shown): Drawn['back'] => {
  if (form !== 'offer') return null
  const address = context.saved.find(({ kind }) => kind === 'address')?.text
  const kind = REMEDIES.find(each => each === view.complaint.remedySought?.kind)
  const values = { ...(kind && { 'offer.kind': kind }), ...(address !== undefined && { 'offer.returnTo': address }) }
  return { values, problems: [] }
}

const headOf = ({ view, context, form }: Shown): { label: string; effect: string } => {
  const { acts, betterOffer } = MERCHANT_WORDS[context.page.locale]
  if (form !== 'offer' || view.complaint.state === 'awaiting_merchant') return acts[form]
  return { label: betterOffer.label, effect: betterOffer.effect(context.bounds.offersLeft) }
}

/** Ready texts in a form of their own: without a script its address comes back with the fields filled. */
const ready = ({ view, context, form }: Shown): Html | null => {
  if (!hasReplyTemplates(form)) return null
  const { page, buyer, track } = context
  const { template } = MERCHANT_WORDS[page.locale]
  const id = idOf(form, 'ready')
  const all = replyTemplates(form, view, context)
  const optionsOf = (texts: typeof all) =>
    texts.map(
      ({ name, label, values }) =>
        html`<option value="${name}" data-values="${JSON.stringify(values)}">${inline(label)}</option>`,
    )
  const own = all.filter(each => each.own)
  const group =
    own.length > 0 && html`<optgroup label="${TEAM_WORDS[page.locale].replies.group}">${optionsOf(own)}</optgroup>`
  const options = html`${group}${optionsOf(all.filter(each => !each.own))}`
  return html`<form class="ready" method="get" action="${track.base}#${form}" data-fills="${form}">
<input type="hidden" name="form" value="${form}">
<p class="field"><label for="${id}">${template.label}</label><small id="${id}-hint">${template.hint(template.languages[buyer.locale])}</small>
<span class="beside"><select id="${id}" name="ready" aria-describedby="${id}-hint">${options}</select><button class="small">${template.apply}</button></span></p>
</form>`
}

/** A form on the page of one complaint. */
interface Shown {
  view: ComplaintView
  context: CaseContext
  form: FormName
}
type Draw = (drawn: Drawn, shown: Shown) => Html[]

const named = (drawn: Drawn, form: FormName, name: string, more: Partial<Field> = {}): Field => ({
  name,
  label: labelOf(form, name, drawn.page.locale),
  ...more,
})

const area = (drawn: Drawn, { form }: Shown, name: string): Html => areaField(drawn, named(drawn, form, name))

const offer: Draw = (drawn, shown) => [
  html`<input type="hidden" name="answer" value="offer">`,
  ...terms(drawn, shown),
  ...wayBack(drawn, shown),
  area(drawn, shown, 'statement'),
]

const terms: Draw = (drawn, { view, context, form }) => {
  const { dictionary } = drawn.page
  const { hints } = MERCHANT_WORDS[drawn.page.locale]
  const sought = remedyWords(view.complaint.remedySought, dictionary)
  const { promiseMoney, promiseGoods } = context.bounds
  const by = hints.by(dictionary.when(promiseMoney), dictionary.when(promiseGoods))
  return [
    selectField(
      drawn,
      named(drawn, form, 'offer.kind', sought === '' ? {} : { hint: hints.sought(sought) }),
      REMEDIES.map(kind => [kind, dictionary.remedies[kind]] as const),
      hints.choose,
    ),
    textField(drawn, {
      ...named(drawn, form, 'offer.amount.value', { optional: true, hint: hints.amount }),
      mode: 'decimal',
    }),
    html`<input type="hidden" name="offer.amount.currency" value="CNY">`,
    textField(drawn, {
      ...named(drawn, form, 'offer.by', { optional: true, hint: `${by} ${hints.local}` }),
      type: 'datetime-local',
    }),
  ]
}

/** For goods that go back. */
const wayBack: Draw = (drawn, { form, context }) => {
  const { hints, payers } = MERCHANT_WORDS[drawn.page.locale]
  const payer = [
    ['merchant', payers.merchant],
    ['buyer', payers.buyer],
  ] as const
  return [
    textField(drawn, {
      ...named(drawn, form, 'offer.returnTo', { depends: true, hint: hints.back }),
      choices: context.saved.flatMap(({ kind, text }) => (kind === 'address' ? [text] : [])),
    }),
    selectField(
      drawn,
      named(drawn, form, 'offer.freightPaidBy', { depends: true, hint: hints.back }),
      payer,
      hints.choose,
    ),
  ]
}

const rejection: Draw = (drawn, shown) => {
  const { dictionary, locale } = drawn.page
  const grounds = REJECTION_GROUNDS.map(ground => [ground, dictionary.rejectionGrounds[ground]] as const)
  return [
    html`<input type="hidden" name="answer" value="reject">`,
    selectField(drawn, named(drawn, shown.form, 'ground'), grounds, MERCHANT_WORDS[locale].hints.choose),
    area(drawn, shown, 'statement'),
  ]
}

/** Sent before, and not just filled from a ready text: the browser has forgotten the files. */
const isBack = ({ back }: Drawn): boolean => back !== null && (back.problems.length > 0 || back.refusal !== undefined)

const fileField: Draw = (drawn, { form }) => [
  filesField(drawn, {
    ...named(drawn, form, 'files', { optional: true }),
    ...(isBack(drawn) && { hint: drawn.page.words.acts.chooseFilesAgain }),
  }),
]

const extension: Draw = (drawn, shown) => {
  const { dictionary, locale } = drawn.page
  const { hints } = MERCHANT_WORDS[locale]
  const { due } = shown.view.complaint
  const { latestDue } = shown.context.bounds
  const bound = due && latestDue ? `${hints.due(dictionary.when(due), dictionary.when(latestDue))} ` : ''
  const field = named(drawn, shown.form, 'due', { hint: `${bound}${hints.local}` })
  return [textField(drawn, { ...field, type: 'datetime-local' }), area(drawn, shown, 'reason')]
}

const interim: Draw = (drawn, shown) => {
  const { dictionary, locale } = drawn.page
  const { hints } = MERCHANT_WORDS[locale]
  const { total } = shown.view.complaint
  const bound =
    total === null ? '' : `${hints.due(dictionary.when(total), dictionary.when(shown.context.bounds.latestEnd))} `
  const field = named(drawn, shown.form, 'due', { hint: `${bound}${hints.local}` })
  return [textField(drawn, { ...field, type: 'datetime-local' }), area(drawn, shown, 'reason')]
}

const outside: Draw = (drawn, shown) => {
  const { dictionary, locale } = drawn.page
  const { hints } = MERCHANT_WORDS[locale]
  const parties = THIRD_PARTIES.map(party => [party, dictionary.roles[party]] as const)
  return [
    selectField(drawn, named(drawn, shown.form, 'party'), parties, hints.choose),
    areaField(drawn, named(drawn, shown.form, 'request', { hint: hints.outside })),
  ]
}

const writing: Draw = (drawn, shown) => [area(drawn, shown, 'text'), ...fileField(drawn, shown)]
const reason: Draw = (drawn, shown) => [area(drawn, shown, 'reason')]

const FORMS: Record<FormName, Draw> = {
  offer,
  rejection,
  fulfilment: (drawn, shown) => [
    area(drawn, shown, 'statement'),
    area(drawn, shown, 'proof'),
    ...fileField(drawn, shown),
  ],
  'return-receipt': (drawn, { form }) => [areaField(drawn, named(drawn, form, 'text', { optional: true }))],
  'return-disputes': reason,
  appeals: reason,
  extensions: extension,
  'interim-reports': interim,
  'statements-requests': outside,
  evidence: writing,
  messages: writing,
}

/** The fields of one form, with what was typed when it comes back. */
const fieldsOf = (drawn: Drawn, shown: Shown): Html[] => FORMS[shown.form](drawn, shown)

/** The step as the buyer's own page would draw it, in the buyer's language, and where it would leave the complaint. */
const previewOf = ({ page, preview }: CaseContext): Html | null => {
  if (!preview) return null
  const { preview: words } = MERCHANT_WORDS[page.locale]
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
  const named = html`<div><dt>${track.words.card.title}</dt><dd><b>${headline(view, track)}</b></dd></div>`
  return isOpen(state) ? [named, holder(view, track), due(view, track)] : [named]
}

const buyerCan = ({ view, track }: Preview, locale: CaseContext['page']['locale']): Html | null => {
  const { preview: words, colon } = MERCHANT_WORDS[locale]
  const { main } = choose(view, track.words)
  if (main.length === 0) return null
  return html`<p>${words.can}${colon}<span lang="${track.locale}">${main.map(act => track.words.acts.words[act].label).join(words.separator)}</span></p>`
}
