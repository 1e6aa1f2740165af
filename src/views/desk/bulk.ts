import { DESK_WORDS } from '../../i18n/areas/desk.ts'
import { areaField, radioField, textField } from '../acts/fields.ts'
import { rowField, rowsNote, type SigningRows } from '../console.ts'
import type { FormState } from '../context.ts'
import { type Html, html, inline } from '../html.ts'
import { deskField } from './acts.ts'
import { problemList, resultList } from './batch.ts'
import { type Case, type DeskDrawn, type DeskPage, deskPage, named, wordsOf } from './context.ts'

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
