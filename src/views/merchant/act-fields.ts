import type { ComplaintView } from '../../complaint/view/types.ts'
import { REJECTION_GROUNDS, REMEDIES } from '../../complaint/words.ts'
import { type FormName, merchantWords } from '../../i18n/merchant.ts'
import { areaField, type Drawn, type Field, filesField, selectField, textField } from '../acts/fields.ts'
import { type Html, html } from '../html.ts'
import { remedyWords } from '../remedy.ts'
import type { CaseContext } from './case-context.ts'
import { labelOf } from './labels.ts'

/** A form on the page of one complaint. */
export interface Shown {
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
  const { hints } = merchantWords[drawn.page.locale]
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
const wayBack: Draw = (drawn, { form }) => {
  const { hints, payers } = merchantWords[drawn.page.locale]
  const payer = [
    ['merchant', payers.merchant],
    ['buyer', payers.buyer],
  ] as const
  return [
    textField(drawn, named(drawn, form, 'offer.returnTo', { optional: true, hint: hints.back })),
    selectField(
      drawn,
      named(drawn, form, 'offer.freightPaidBy', { optional: true, hint: hints.back }),
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
    selectField(drawn, named(drawn, shown.form, 'ground'), grounds, merchantWords[locale].hints.choose),
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
  const { hints } = merchantWords[locale]
  const { due } = shown.view.complaint
  const { latestDue } = shown.context.bounds
  const bound = due && latestDue ? `${hints.due(dictionary.when(due), dictionary.when(latestDue))} ` : ''
  const field = named(drawn, shown.form, 'due', { hint: `${bound}${hints.local}` })
  return [textField(drawn, { ...field, type: 'datetime-local' }), area(drawn, shown, 'reason')]
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
  evidence: writing,
  messages: writing,
}

/** The fields of one form, with what was typed when it comes back. */
export const fieldsOf = (drawn: Drawn, shown: Shown): Html[] => FORMS[shown.form](drawn, shown)
