import type { FieldValue } from '../../complaint/step.ts'
import type { ComplaintView, StepView } from '../../complaint/view/types.ts'
import { isFile } from '../../complaint/view/visibility.ts'
import { needsReturn, REMEDIES, WITHDRAWAL_GROUNDS } from '../../complaint/words.ts'
import type { BuyerAct } from '../../i18n/index.ts'
import type { TrackContext } from '../context.ts'
import { type Html, html, inline } from '../html.ts'
import { labelOf } from '../steps/quotes.ts'
import {
  areaField,
  checkField,
  type Drawn,
  type Field,
  filesField,
  labelFor,
  radioField,
  selectField,
  textField,
} from './fields.ts'

type Draw = (drawn: Drawn, view: ComplaintView, page: TrackContext) => Html | Html[] | null

const named = (drawn: Drawn, name: string, more: Partial<Field> = {}): Field => ({
  name,
  label: labelFor(drawn.name, name, drawn.page.words),
  ...more,
})

const reason: Draw = drawn => areaField(drawn, named(drawn, 'reason'))
const nothing: Draw = () => null

const writing: Draw = drawn => [
  areaField(drawn, named(drawn, 'text')),
  filesField(drawn, {
    ...named(drawn, 'files', { optional: true }),
    ...(drawn.back && { hint: drawn.page.words.acts.chooseFilesAgain }),
  }),
]

/** Acceptance names the offer that was seen; a newer one is refused as `offer_changed`. */
const acceptance: Draw = (_drawn, { complaint, steps }, { words, dictionary }) => {
  const offered = steps.find(({ seq }) => seq === complaint.offer)
  if (!offered) return null
  const kind = kindOf(offered.fields.offer)
  return html`<input type="hidden" name="offer" value="${offered.seq}"><p class="offer"><b>${words.acts.thisOffer}</b> ${inline(dictionary.describe(offered))}${
    kind !== undefined && needsReturn(kind) && html` <small>${words.acts.needsReturn}</small>`
  }</p>`
}

const kindOf = (offer: FieldValue | undefined) =>
  typeof offer === 'object' ? REMEDIES.find(kind => kind === offer.kind) : undefined

const refusal: Draw = (drawn, _view, { dictionary }) => [
  areaField(drawn, named(drawn, 'reason')),
  selectField(
    drawn,
    named(drawn, 'counter.kind', { optional: true }),
    REMEDIES.map(kind => [kind, dictionary.remedies[kind]] as const),
    drawn.page.words.acts.noCounter,
  ),
  textField(drawn, { ...named(drawn, 'counter.amount.value', { optional: true }), mode: 'decimal' }),
  html`<input type="hidden" name="counter.amount.currency" value="CNY">`,
]

const withdrawal: Draw = (drawn, _view, { dictionary }) => [
  radioField(
    drawn,
    named(drawn, 'reason'),
    WITHDRAWAL_GROUNDS.map(ground => [ground, dictionary.withdrawalGrounds[ground]] as const),
  ),
  areaField(drawn, named(drawn, 'text', { optional: true })),
  checkField(drawn, named(drawn, 'confirm')),
]

const rating: Draw = drawn => [
  radioField(
    drawn,
    named(drawn, 'score'),
    ['1', '2', '3', '4', '5'].map(score => [score, score] as const),
    'inline',
  ),
  areaField(drawn, named(drawn, 'text', { optional: true })),
]

const report: Draw = (drawn, view, page) => [
  selectField(drawn, named(drawn, 'seq'), reportableSteps(view, page), page.words.acts.choose),
  areaField(drawn, named(drawn, 'text')),
]

const erasure: Draw = (drawn, view, page) => [
  selectField(drawn, named(drawn, 'seq'), erasableSteps(view, page), page.words.acts.choose),
  selectField(drawn, named(drawn, 'field'), erasableFields(view, page), page.words.acts.choose),
  areaField(drawn, named(drawn, 'reason')),
]

const sharing: Draw = drawn => [
  checkField(drawn, named(drawn, 'texts', { optional: true })),
  checkField(drawn, named(drawn, 'files', { optional: true })),
]

const shipment: Draw = drawn => [
  textField(drawn, named(drawn, 'carrier')),
  textField(drawn, named(drawn, 'trackingNo')),
]

/** What can't be undone: a browser that is not known as the buyer's is asked for the phone's last four digits. */
export const IRREVERSIBLE = ['offer-acceptance', 'confirmation', 'withdrawal'] as const satisfies BuyerAct[]

/** The digits, and the easy way beside them: a link to look at alone. */
const proof = (drawn: Drawn, { isNewDevice, words }: TrackContext): Html | null =>
  isNewDevice === true && IRREVERSIBLE.some(act => act === drawn.name)
    ? html`${textField(drawn, { ...named(drawn, 'last4', { hint: words.acts.last4Hint }), mode: 'numeric', length: 4 })}<p class="note"><a href="#share-links">${words.acts.onlyLook}</a></p>`
    : null

const FORMS: Record<BuyerAct, Draw> = {
  'offer-acceptance': acceptance,
  'offer-refusal': refusal,
  escalation: reason,
  confirmation: nothing,
  dispute: reason,
  'return-shipment': shipment,
  reopening: reason,
  appeal: reason,
  evidence: writing,
  messages: writing,
  'human-request': nothing,
  nudges: nothing,
  rating,
  'follow-up': nothing,
  'conduct-report': report,
  'redaction-request': erasure,
  'share-links': sharing,
  withdrawal,
}

/** The fields of one act's form, with what was typed when it comes back. */
export const actFields = (act: BuyerAct, view: ComplaintView, page: TrackContext): Html => {
  const back = page.form?.act === act ? page.form : null
  const drawn = { name: act, page, back }
  return html`${FORMS[act](drawn, view, page)}${proof(drawn, page)}`
}

type Options = (readonly [value: string, label: string])[]

const nameOf = (step: StepView, { words, dictionary }: TrackContext): string =>
  `${words.timeline.stepNo(step.seq + 1)} ${dictionary.kinds[step.kind]} ${dictionary.when(step.at)}`

const options = (steps: readonly StepView[], page: TrackContext): Options =>
  steps.map(step => [String(step.seq), nameOf(step, page)] as const).reverse()

const OTHERS: readonly string[] = ['merchant', 'platform', 'supervisor']

/** Steps of other parties, about whose conduct the buyer can complain. */
const reportableSteps = ({ steps }: ComplaintView, page: TrackContext): Options =>
  options(
    steps.filter(({ by, kind }) => OTHERS.includes(by.role) && kind !== 'notice_sent'),
    page,
  )

const TEXTS = ['statement', 'reason', 'text', 'proof', 'facts', 'reasons', 'request', 'item', 'trackingNo']
const erasable = ({ fields }: StepView): string[] =>
  Object.keys(fields).filter(name => TEXTS.includes(name) || isFile(name))

/** Steps with a text or file that could be erased. */
const erasableSteps = ({ steps }: ComplaintView, page: TrackContext): Options =>
  options(
    steps.filter(step => erasable(step).length > 0),
    page,
  )

/** Every field that one of those steps has, by its name in the log. */
const erasableFields = ({ steps }: ComplaintView, page: TrackContext): Options => {
  const names = new Set(steps.flatMap(erasable))
  return [...names].map(name => [name, labelOf({ kind: 'message_added' }, name, page)] as const)
}
