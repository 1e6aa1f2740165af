import type { ComplaintView, StepView } from '../../complaint/view/types.ts'
import { DESK_WORDS } from '../../i18n/areas/desk.ts'
import { areaField, checkField, idOf, radioField, textField } from '../acts/fields.ts'
import { rowField, rowsNote, type SigningRows } from '../console.ts'
import type { FormState, TrackContext } from '../context.ts'
import { type Html, html, inline } from '../html.ts'
import { files, quotes } from '../steps/step.ts'
import {
  carried,
  deskField,
  factsField,
  outcomeField,
  remedyFields,
  rulingAsRead,
  sharedFields,
  wished,
} from './acts.ts'
import { lookingAt } from './case.ts'
import {
  type AsRead,
  type Case,
  type DeskDrawn,
  type DeskPage,
  deskPage,
  labelOf,
  named,
  refusalWords,
  wordsOf,
} from './context.ts'

/** What became of one ruling of the batch. */
export interface Result {
  id: string
  refusal?: string | undefined
}
export interface Batch {
  cases: readonly Case[]
  /** Chosen, but not to be ruled on now. */
  skipped: readonly string[]
  signing?: SigningRows | null | undefined
  form?: FormState | undefined
  results?: readonly Result[] | undefined
  /** As their buyers would read them, by complaint. */
  previews?: readonly { id: string; after: AsRead }[] | undefined
}

/** The fields that every ruling of a batch holds. */
export const SHARED_FIELDS = ['rule', 'reasons', 'cites.first', 'cites.second']

/** A field of one case stands under its id: `c7K3M9QXA2P.facts`. */
export const prefixOf = (id: string): string => `c${id}.`

/** Rule and reasons once, the rest for each case: every one becomes a ruling of its own. */
export const batchPage = (batch: Batch, page: DeskPage): Html => {
  const words = wordsOf(page)
  const { cases, skipped, form, signing, results = [], previews = [] } = batch
  return deskPage(page, {
    title: words.batch.title,
    current: 'queue',
    main: html`<p class="crumb"><a href="/desk" data-find data-key="l">${words.batch.back}</a></p>
<h1>${words.batch.title}</h1>
${results.length > 0 && resultList(results, page)}
${problems(batch, page)}
${skipped.length > 0 && html`<section class="notice"><p>${words.batch.skipped}</p><ul>${skipped.map(id => caseLink(id))}</ul></section>`}
${previews.length > 0 && form !== undefined && confirmation({ previews, form, signing }, page)}
${cases.length > 0 ? batchForm(cases, form, page) : results.length === 0 && html`<p class="plain">${words.batch.nothing}</p>`}`,
  })
}

const caseLink = (id: string, said: Html | null = null): Html =>
  html`<li><a href="/desk/complaints/${id}">${id}</a> ${said}</li>`

export const resultList = (results: readonly Result[], page: DeskPage, done?: string, again?: string): Html => {
  const { batch } = wordsOf(page)
  const failed = results.some(({ refusal }) => refusal !== undefined)
  return html`<section class="notice ${failed ? 'bad' : 'good'}" role="${failed ? 'alert' : 'status'}" tabindex="-1" autofocus>
<h2>${batch.results}</h2>
<ul>${results.map(({ id, refusal }) =>
    caseLink(
      id,
      refusal === undefined
        ? html`<span class="good">${done ?? batch.done}</span>`
        : html`<span class="bad">${batch.failed}</span> ${refusalWords(refusal, page)}`,
    ),
  )}</ul>
${failed && html`<p>${again ?? batch.again}</p>`}</section>`
}

/** What keeps a form of many from being sent, each with a link to its field. */
export const problemList = (name: string, act: string, { problems }: FormState, page: DeskPage): Html =>
  html`<section class="notice bad" role="alert" tabindex="-1" autofocus><p><b>${wordsOf(page).batch.problems}</b></p>
<ul>${problems.map(({ field, message }) => html`<li><a href="#${idOf(name, field)}">${labelOf(act, field, page)}${page.words.colon}${message}</a></li>`)}</ul></section>`

const problems = ({ form, cases }: Batch, page: DeskPage): Html | null => {
  if (!form || form.problems.length === 0) return null
  const owner = (field: string) => cases.map(({ view }) => view.complaint.id).find(id => field.startsWith(prefixOf(id)))
  return html`<section class="notice bad" role="alert" tabindex="-1" autofocus><p><b>${wordsOf(page).batch.problems}</b></p>
<ul>${form.problems.map(({ field, message }) => {
    const id = owner(field)
    const name = labelOf('rulings', id === undefined ? field : field.slice(prefixOf(id).length), page)
    return html`<li><a href="#${idOf('batch', field)}">${id !== undefined && `${id} `}${name}${page.words.colon}${message}</a></li>`
  })}</ul></section>`
}

interface Previewed extends Pick<Batch, 'signing'> {
  previews: NonNullable<Batch['previews']>
  form: FormState
}

/** It signs what was read: a case that was left out, or that can't be ruled on, is sent along unsigned, to come back. */
const confirmation = ({ previews, form, signing }: Previewed, page: DeskPage): Html => {
  const words = wordsOf(page)
  const rows = previews.map(({ id }) => `${prefixOf(id)}seen`)
  const rest = Object.entries(form.values).filter(([name]) => !rows.includes(name))
  return html`<section class="preview" aria-labelledby="preview" tabindex="-1" autofocus><h2 id="preview">${words.preview.title}</h2>
<p class="note">${words.preview.hint}</p>
${previews.map(({ id, after }) => html`<h3>${words.caseNo(id)}</h3>${rulingAsRead(after, page)}`)}
${rowsNote(signing, page)}<form method="post" action="/desk/batch" data-shared="${SHARED_FIELDS.join(' ')}">
${carried(Object.fromEntries(rest))}${previews.map(({ id }) => rowField(id, form.values[`${prefixOf(id)}seen`] ?? '', signing, 'rulings'))}<input type="hidden" name="confirm" value="yes">
<button data-key="a">${words.batch.confirm(previews.length)}</button>
</form></section>`
}

const batchForm = (cases: readonly Case[], form: FormState | undefined, page: DeskPage): Html => {
  const { batch } = wordsOf(page)
  const drawn = { name: 'batch', act: 'rulings', page, back: form ?? null }
  return html`<form class="batch" method="post" action="/desk/batch" novalidate data-key="r">
<p class="note">${batch.lead}</p>
<section class="plain"><h2>${batch.shared}</h2>${sharedFields(drawn, openedLast(cases))}</section>
${cases.map(it => ownPart(it, drawn, page))}
<p><button name="preview" value="yes">${batch.preview}</button></p>
</form>`
}

/** A version that no longer held when one of them was opened is offered for none. */
const openedLast = (cases: readonly Case[]): number => Math.max(...cases.map(({ complaint }) => complaint.openedAt))

const ownPart = (it: Case, shared: DeskDrawn, page: DeskPage): Html => {
  const { id, buyer, merchant } = it.view.complaint
  const words = wordsOf(page)
  const back = shared.back ?? { values: wished(it, prefixOf(id)), problems: [] }
  const drawn = { ...shared, back, prefix: prefixOf(id) }
  const track = lookingAt(page, id)
  return html`<section class="plain" aria-labelledby="own-${id}"><h2 id="own-${id}">${words.batch.own(id)} <small><bdi>${inline(buyer)}</bdi> · <bdi>${inline(merchant.name)}</bdi></small></h2>
<details class="fold"><summary>${words.batch.said}</summary>${statements(it.view, track)}</details>
<input type="hidden" name="${drawn.prefix}include" value="yes">${seenOf(it, drawn.prefix)}
${factsField(drawn)}${outcomeField(drawn)}${remedyFields(drawn, it.complaint)}
${checkField(drawn, { name: `${drawn.prefix}leave`, label: words.batch.leave, optional: true })}
</section>`
}

/** The step that each case showed last goes with its own part of the form. */
const seenOf = ({ view }: Case, prefix: string): Html =>
  html`<input type="hidden" name="${prefix}seen" value="${view.steps.at(-1)?.leaf ?? ''}">`

const QUIET: readonly StepView['kind'][] = ['notice_sent', 'link_shared', 'link_rotated', 'rated', 'followed_up']

/** What the parties said, oldest first, for a page that holds many complaints: no step has an address there. */
const statements = ({ steps }: ComplaintView, page: TrackContext): Html =>
  html`<ol class="steps">${steps
    .filter(({ kind }) => !QUIET.includes(kind))
    .map(
      step =>
        html`<li class="${step.by.role}"><p class="what">${inline(page.dictionary.describe(step))}</p>${quotes(step, page)}${files(step, page)}</li>`,
    )}</ol>`

/** What can be done with many complaints in the same words. */
export const BULK_ACTS = ['take', 'assignment', 'handoffs', 'evidence-requests'] as const
export type BulkAct = (typeof BULK_ACTS)[number]

/** The part of the API: to take a case is to be assigned. */
export const nounOf = (act: BulkAct) => (act === 'take' ? 'assignment' : act)

/** The fields that each row's act holds. */
export const BULK_FIELDS: Readonly<Record<BulkAct, readonly string[]>> = {
  take: ['reason'],
  assignment: ['officer', 'reason'],
  handoffs: ['toDesk', 'reason'],
  'evidence-requests': ['from', 'request'],
}

/** What this person may do with many: only a supervisor names another. */
export const bulkActsFor = ({ person }: Pick<DeskPage, 'person'>): readonly BulkAct[] =>
  BULK_ACTS.filter(act => act !== 'assignment' || person.role === 'supervisor')

export interface Bulk {
  act: BulkAct
  cases: readonly Case[]
  /** Chosen, but not possible now. */
  skipped: readonly string[]
  signing?: SigningRows | null | undefined
  form?: FormState | undefined
  results?: readonly { id: string; refusal?: string | undefined }[] | undefined
}

export const bulkPage = (bulk: Bulk, page: DeskPage): Html => {
  const words = wordsOf(page)
  const { act, cases, skipped, form, results = [] } = bulk
  const { label } = words.acts[act]
  return deskPage(page, {
    title: label,
    current: 'queue',
    main: html`<p class="crumb"><a href="/desk" data-find data-key="l">${words.batch.back}</a></p>
<h1>${label}</h1>
${results.length > 0 && resultList(results, page, words.bulk.done)}
${form !== undefined && form.problems.length > 0 && problemList('bulk', act, form, page)}
${skipped.length > 0 && html`<section class="notice"><p>${words.bulk.skipped}</p><ul>${skipped.map(id => html`<li><a href="/desk/complaints/${id}">${id}</a></li>`)}</ul></section>`}
${cases.length > 0 ? sharedForm(bulk, page) : results.length === 0 && html`<p class="plain">${words.bulk.nothing}</p>`}`,
  })
}

const sharedForm = ({ act, cases, form, signing }: Bulk, page: DeskPage): Html => {
  const words = wordsOf(page)
  const drawn: DeskDrawn = { name: 'bulk', act, page, back: form ?? null }
  return html`${rowsNote(signing, page)}<form class="plain batch" method="post" action="/desk/bulk" novalidate data-key="r" data-shared="${BULK_FIELDS[act].join(' ')}">
<input type="hidden" name="act" value="${act}">
<p class="effect">${words.acts[act].effect}</p>
<ul>${cases.map(({ view: { complaint, steps } }) => html`<li><a href="/desk/complaints/${complaint.id}">${complaint.id}</a> <bdi>${inline(complaint.merchant.name)}</bdi>${rowField(complaint.id, steps.at(-1)?.leaf ?? '', signing, nounOf(act))}</li>`)}</ul>
${fieldsOf(act, drawn, cases)}
<button>${words.bulk.submit(DESK_WORDS[page.locale].acts[act].submit, cases.length)}</button>
</form>`
}

const fieldsOf = (act: BulkAct, drawn: DeskDrawn, cases: readonly Case[]): Html => {
  const reason = (needed: boolean) => areaField(drawn, named(drawn, 'reason', needed ? {} : { depends: true }))
  const taken = cases.some(({ complaint }) => complaint.assigned)
  switch (act) {
    case 'take':
      return html`${taken && reason(true)}`
    case 'assignment':
      return html`${textField(drawn, named(drawn, 'officer'))}${reason(taken)}`
    case 'handoffs':
      return html`${deskField(
        drawn,
        cases.flatMap(({ complaint }) => complaint.policy.desks ?? []),
      )}${reason(true)}`
    case 'evidence-requests': {
      const { roles } = drawn.page.dictionary
      const parties = (['buyer', 'merchant', 'both'] as const).map(role => [role, roles[role]] as const)
      return html`${radioField(drawn, named(drawn, 'from'), parties)}${areaField(drawn, named(drawn, 'request'))}`
    }
    default:
      return act satisfies never
  }
}
