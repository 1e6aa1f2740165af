import { shanghaiDate } from '../../complaint/time.ts'
import type { State } from '../../complaint/words.ts'
import { PERSON_WORDS } from '../../i18n/areas/person.ts'
import { entry } from '../../i18n/values.ts'
import { areaField, checkField } from '../acts/fields.ts'
import { rowField, rowsNote, type SigningRows } from '../console.ts'
import type { FormState } from '../context.ts'
import { type Html, html, inline } from '../html.ts'
import { problemList, type Result, resultList } from './batch.ts'
import { type DeskPage, deskPage, named, silentNotice, wordsOf } from './context.ts'

export interface PersonRow {
  id: string
  item: string | null
  category: string
  state: State
  seq: number
  /** The leaf of the newest step. */
  seen: string
  /** Why all of it is not erased now; null where it can be. */
  kept: 'open' | 'legal_hold' | 'window' | 'erased' | null
  /** Until when that lasts, where it is known; UTC ms. */
  from: number | null
  /** When retention erases it, where it will; UTC ms. */
  byItself: number | null
  /** Its buyer asked for it, and waits for an answer. */
  asked: boolean
}
export interface Person {
  phone: string
  rows: readonly PersonRow[]
  /** As many are erased by one form. */
  most: number
  signing?: SigningRows | null | undefined
  form?: FormState | undefined
  results?: readonly Result[] | undefined
}

/** All complaints of one phone: what can be erased, and what stays and why. */
export const personPage = (person: Person, page: DeskPage): Html => {
  const { rows, form, results = [] } = person
  const { desk } = PERSON_WORDS[page.locale]
  const [goes, stays] = [rows.filter(({ kept }) => kept === null), rows.filter(({ kept }) => kept !== null)]
  return deskPage(page, {
    title: desk.title,
    current: 'queue',
    main: html`<p class="crumb"><a href="/desk" data-find data-key="l">${wordsOf(page).case.back}</a></p>
<h1>${desk.title}</h1>
${silentNotice(page)}
${results.length > 0 && resultList(results, page, desk.done, desk.again)}
${form !== undefined && form.problems.length > 0 && problemList('person', 'redactions', form, page)}
${rows.length === 0 ? html`<p class="plain">${desk.none}</p>` : html`<p>${desk.lead(rows.length)}</p>${copy(person, page)}`}
${goes.length > 0 && erasing(goes, person, page)}
${
  stays.length > 0 &&
  html`<section class="plain"><h2>${desk.stays(stays.length)}</h2><p class="note">${desk.staysNote}</p>
<ul>${stays.map(row => html`<li>${complaintLine(row, page)} · ${keptWords(row, page)}</li>`)}</ul></section>`
}`,
  })
}

const phoneField = ({ phone }: Person): Html => html`<input type="hidden" name="phone" value="${phone}">`

/** The way here, beside what the search found. */
export const personLink = (phone: string, { locale }: DeskPage): Html =>
  html`<form method="post" action="/desk/person"><input type="hidden" name="phone" value="${phone}"><button class="second">${PERSON_WORDS[locale].desk.open}</button></form>`

const copy = (person: Person, { locale }: DeskPage): Html => {
  const { desk } = PERSON_WORDS[locale]
  return html`<form class="plain" method="post" action="/desk/person/export"><p class="note">${desk.dataNote}</p>${phoneField(person)}<p><button class="second">${desk.data}</button></p></form>`
}

const erasing = (all: readonly PersonRow[], person: Person, page: DeskPage): Html => {
  const { form, signing, most } = person
  const { desk } = PERSON_WORDS[page.locale]
  const drawn = { name: 'person', act: 'redactions', page, back: form ?? null }
  const goes = all.slice(0, most)
  return html`${rowsNote(signing, page)}<form class="plain batch" method="post" action="/desk/person/erasure" novalidate data-shared="reason">
<h2>${desk.goes(all.length)}</h2>
${all.length > most && html`<p class="note">${desk.first(most)}</p>`}
<p class="effect">${desk.effect}</p>
${phoneField(person)}
<ul>${goes.map(
    row =>
      html`<li>${complaintLine(row, page)} · ${desk.steps(row.seq + 1)}${rowField(row.id, row.seen, signing, 'redactions')}<input type="hidden" name="c${row.id}.target" value="${row.seq}.*"></li>`,
  )}</ul>
${areaField(drawn, named(drawn, 'reason'))}${checkField(drawn, { name: 'confirm', label: desk.confirm })}
<button class="second danger">${desk.submit(goes.length)}</button>
</form>`
}

const complaintLine = (row: PersonRow, page: DeskPage): Html => {
  const { dictionary, locale } = page
  const { desk } = PERSON_WORDS[locale]
  const name = row.item ?? entry(dictionary.categories, row.category) ?? row.category
  return html`<a href="/desk/complaints/${row.id}">${row.id}</a> <bdi>${inline(name)}</bdi> · ${dictionary.states[row.state]}${row.asked && html` <span class="tag">${desk.asked}</span>`}`
}

const keptWords = ({ kept, from, byItself }: PersonRow, { dictionary, locale }: DeskPage): string => {
  const { keptBy, until, desk } = PERSON_WORDS[locale]
  if (kept === null) return ''
  const soonest = from === null ? '' : ` ${until(dictionary.when(new Date(from).toISOString()))}`
  const later = byItself === null ? '' : ` ${desk.byItself(shanghaiDate(byItself))}`
  return `${keptBy[kept]}${soonest}${later}`
}
