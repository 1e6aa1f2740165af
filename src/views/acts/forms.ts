import type { FieldValue } from '../../complaint/step.ts'
import type { ComplaintView } from '../../complaint/view/types.ts'
import { needsReturn, REMEDIES, WITHDRAWAL_GROUNDS } from '../../complaint/words.ts'
import type { BuyerAct } from '../../i18n/zh-CN/acts.ts'
import type { TrackContext } from '../context.ts'
import { type Html, html, inline } from '../html.ts'
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
import { erasableFields, erasableSteps, reportableSteps } from './targets.ts'

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
  rating,
  'conduct-report': report,
  'redaction-request': erasure,
  'share-links': sharing,
  withdrawal,
}

/** The fields of one act's form, with what was typed when it comes back. */
export const actFields = (act: BuyerAct, view: ComplaintView, page: TrackContext): Html => {
  const back = page.form?.act === act ? page.form : null
  return html`${FORMS[act]({ name: act, page, back }, view, page)}`
}
