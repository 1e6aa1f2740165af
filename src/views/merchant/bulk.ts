// One answer to many complaints: agree with what each buyer asks, reject on one ground, or write the same words. Read as each buyer
// will read it before anything is sent.

import type { StepView } from '../../complaint/view/types.ts'
import { REJECTION_GROUNDS } from '../../complaint/words.ts'
import { MERCHANT_WORDS } from '../../i18n/areas/merchant.ts'
import { entry } from '../../i18n/values.ts'
import { areaField, type Drawn, idOf, radioField, selectField } from '../acts/fields.ts'
import { rowField, rowsNote, type SigningRows } from '../console.ts'
import type { FormState, PageContext } from '../context.ts'
import { type Html, html, inline } from '../html.ts'
import { type Desk, framed } from './context.ts'
import type { Row } from './inbox.ts'

export const BULK_ANSWERS = ['agree', 'reject', 'message'] as const
export type BulkAnswer = (typeof BULK_ANSWERS)[number]

export interface BulkRow extends Pick<Row, 'id' | 'item' | 'orderId' | 'buyer'> {
  sought: string
  /** Leaf hash of its newest step. */
  seen: string
}
/** What one buyer would read, or why that can't be sent; after it was sent, what became of it. */
export interface BulkResult {
  id: string
  step?: StepView | undefined
  /** What its own form would send. */
  fields?: Readonly<Record<string, string>>
  refusal?: string | undefined
}
export interface BulkAnswers {
  rows: readonly BulkRow[]
  /** A text to begin with, in the language of the first buyer. */
  ready: string
  signing?: SigningRows | null | undefined
  form?: FormState | undefined
  previews?: readonly BulkResult[] | undefined
  results?: readonly BulkResult[] | undefined
}

export const bulkPage = (desk: Desk, { rows, ready, form, signing, previews, results }: BulkAnswers): Html => {
  const words = MERCHANT_WORDS[desk.page.locale].bulk
  return framed(desk, {
    title: words.title,
    room: 'inbox',
    here: '/merchant',
    main: html`<p class="crumb"><a href="/merchant" data-find data-key="l">← ${words.back}</a></p>
<h1>${words.title}</h1>
${results !== undefined && outcomes(results, desk.page)}
${form !== undefined && problems(form, desk.page)}
${previews !== undefined && form !== undefined && preview({ previews, form, signing }, desk.page)}
${rows.length > 0 ? answerForm(rows, form ?? { values: { answer: 'agree', text: ready }, problems: [] }, desk.page) : !results && html`<p class="plain">${words.nothing}</p>`}`,
  })
}

const refusalWords = (code: string, page: PageContext): string => {
  const words = MERCHANT_WORDS[page.locale]
  const { byCode, other } = page.words.refusals
  return entry(words.bulk.refusals, code) ?? entry(words.refusals, code) ?? entry(byCode, code) ?? other
}

const outcomes = (results: readonly BulkResult[], page: PageContext): Html => {
  const words = MERCHANT_WORDS[page.locale].bulk
  const failed = results.some(({ refusal }) => refusal !== undefined)
  return html`<section class="notice ${failed ? 'bad' : 'good'}" role="${failed ? 'alert' : 'status'}" tabindex="-1" autofocus><h2>${words.results}</h2>
<ul>${results.map(({ id, refusal }) => html`<li><a href="/merchant/complaints/${id}">${id}</a> ${refusal === undefined ? words.done : `${words.failed} ${refusalWords(refusal, page)}`}</li>`)}</ul></section>`
}

const problems = ({ problems }: FormState, page: PageContext): Html | null => {
  if (problems.length === 0) return null
  const { case: words, colon, bulk } = MERCHANT_WORDS[page.locale]
  return html`<section class="notice bad" role="alert" tabindex="-1" autofocus><p><b>${words.problems}</b></p>
<ul>${problems.map(({ field, message }) => html`<li><a href="#${idOf('bulk', field)}">${entry(bulk.fields, field) ?? field}${colon}${message}</a></li>`)}</ul></section>`
}

/** The part of the API behind an answer to many. */
export const nounOf = (answer: BulkAnswer) => (answer === 'message' ? 'messages' : 'responses')

const textIn = ({ fields: { statement, text } = {} }: BulkResult): string => statement ?? text ?? ''

interface Previewed extends Pick<BulkAnswers, 'signing'> {
  previews: readonly BulkResult[]
  form: FormState
}

const preview = ({ previews, form: { values }, signing }: Previewed, page: PageContext): Html => {
  const words = MERCHANT_WORDS[page.locale].bulk
  const sent = previews.filter(({ refusal }) => refusal === undefined)
  const act = nounOf(BULK_ANSWERS.find(each => each === values.answer) ?? 'message')
  const carried = Object.entries(values).filter(([name]) => /^(answer|ground|text)$/.test(name))
  return html`<section class="preview" aria-labelledby="preview" tabindex="-1" autofocus><h2 id="preview">${words.preview}</h2>
<ul class="notes">${previews.map(
    ({ id, step, refusal, ...each }) =>
      html`<li><p><a href="/merchant/complaints/${id}">${id}</a> ${refusal === undefined ? (step ? inline(page.dictionary.describe(step)) : '') : html`<b>${refusalWords(refusal, page)}</b>`}</p>${refusal === undefined && html`<p dir="auto">${textIn({ id, ...each })}</p>`}</li>`,
  )}</ul>
${
  sent.length > 0 &&
  html`${rowsNote(signing, page)}<form method="post" action="/merchant/bulk" enctype="multipart/form-data" data-shared="">${carried.map(hidden)}${previews.map(each => rowFields(each, values, act, signing))}<input type="hidden" name="confirm" value="yes">
<button data-key="a">${words.confirm(sent.length)}</button></form>`
}</section>`
}

const hidden = ([name, value]: readonly [string, string]): Html =>
  html`<input type="hidden" name="${name}" value="${value}">`

/** What this buyer would read is what is sent, and signed; of a refused one the head alone, so that it comes back. */
const rowFields = (
  { id, fields = {} }: BulkResult,
  values: FormState['values'],
  act: string,
  signing: BulkAnswers['signing'],
): Html => {
  const entries = Object.entries(fields)
  const seen = values[`c${id}.seen`] ?? ''
  return html`${rowField(id, seen, signing, entries.length > 0 ? act : undefined)}${entries.map(([name, value]) => hidden([`c${id}.${name}`, value]))}`
}

const answerForm = (rows: readonly BulkRow[], back: FormState, page: PageContext): Html => {
  const words = MERCHANT_WORDS[page.locale]
  const { bulk } = words
  const drawn: Drawn = { name: 'bulk', page, back }
  const grounds = REJECTION_GROUNDS.map(ground => [ground, page.dictionary.rejectionGrounds[ground]] as const)
  return html`<form class="plain" method="post" action="/merchant/bulk" novalidate>
<ul>${rows.map(row => html`<li><a href="/merchant/complaints/${row.id}">${row.id}</a> <bdi>${inline(row.item)}</bdi> · <bdi>${inline(row.orderId)}</bdi> · <bdi>${inline(row.buyer)}</bdi>${row.sought !== '' && html` · ${row.sought}`}<input type="hidden" name="c${row.id}.seen" value="${row.seen}"></li>`)}</ul>
${radioField(
  drawn,
  { name: 'answer', label: bulk.fields.answer },
  BULK_ANSWERS.map(each => [each, bulk.answers[each]] as const),
)}
${selectField(drawn, { name: 'ground', label: bulk.fields.ground, depends: true }, grounds, words.hints.choose)}
${areaField(drawn, { name: 'text', label: bulk.fields.text, hint: bulk.hint })}
<button name="preview" value="yes" data-key="r">${bulk.look}</button>
</form>`
}
