import { PERIODS, type Period, type TrendStep } from '../../complaint/figures/public-index.ts'
import type { FigureRecord } from '../../complaint/figures/record.ts'
import type { ComplaintView } from '../../complaint/view/types.ts'
import { DESK_WORDS } from '../../i18n/areas/desk.ts'
import { FIGURES_WORDS, type FiguresWords } from '../../i18n/areas/figures.ts'
import { entry } from '../../i18n/values.ts'
import { textField } from '../acts/fields.ts'
import type { FormState } from '../context.ts'
import { hoursText, periodLinks, recordSections, recordTable, tile } from '../figures/page.ts'
import { type Html, html, inline } from '../html.ts'
import { type Assignment, type DeskPage, deskPage, silentNotice, wordsOf } from './context.ts'
import { badge } from './queue.ts'

/** Why a complaint needs a supervisor: who let it wait, and how often it was passed on. */
export interface Escalation {
  view: ComplaintView
  due: number
  standing: Assignment
  misses: readonly { party: 'platform' | 'supervisor'; officer: string | null; due: string }[]
  /** The desks that it was offered to, in order. */
  desks: readonly string[]
}
/** What an officer or a desk has now; without a name, what no officer has taken. */
interface Load {
  name: string | null
  total: number
  late: number
  soon: number
  day: number
  /** Of an officer: given to them since midnight in Shanghai. */
  taken?: number
}
interface Loads {
  officers: readonly Load[]
  desks: readonly Load[]
}
interface Supervision {
  held: readonly Escalation[]
  overdue: readonly Escalation[]
  loads?: Loads | undefined
}

/** `contacts` is the section of the desks' reminders. */
export const supervisorPage = (
  { held, overdue, loads }: Supervision,
  page: DeskPage,
  contacts: Html | null = null,
): Html => {
  const words = wordsOf(page).supervisor
  return deskPage(page, {
    title: words.title,
    current: 'supervisor',
    main: html`<div class="head"><h1>${words.title}</h1><p class="note">${words.lead}</p></div>
${silentNotice(page)}
${loads ? loadSection(loads, page) : null}
${part('held', words.held, held, page)}
${part('overdue', words.overdue, overdue, page)}
${contacts}`,
  })
}

/** Who has how much to do now, each with the way to their list, where complaints are chosen and assigned to others. */
const loadSection = ({ officers, desks }: Loads, page: DeskPage): Html => {
  const { load } = wordsOf(page).supervisor
  return html`<section aria-labelledby="load"><h2 id="load">${load.title}</h2><p class="note">${load.lead}</p>
${loadTable(officers, 'officer', page)}${desks.length > 0 && loadTable(desks, 'desk', page)}</section>`
}

const loadTable = (rows: readonly Load[], by: 'officer' | 'desk', page: DeskPage): Html => {
  const words = wordsOf(page)
  const { load } = words.supervisor
  const columns = ['total', 'late', 'soon', 'day', ...(by === 'officer' ? (['taken'] as const) : [])] as const
  const busiest = rows.toSorted((a, b) => b.late - a.late || b.soon - a.soon || b.total - a.total)
  return html`<div class="sheet"><table class="list-table" aria-label="${load[by]}"><thead><tr><th scope="col">${load[by]}</th>${columns.map(name => html`<th scope="col">${load[name]}</th>`)}</tr></thead>
<tbody>${busiest.map(
    row =>
      html`<tr><th scope="row"><a href="/desk?${String(new URLSearchParams(row.name === null ? { view: 'unassigned' } : { [by]: row.name }))}"><bdi>${row.name === null ? words.nobody : inline(row.name)}</bdi></a></th>${columns.map(
        name =>
          html`<td data-label="${load[name]}">${name === 'late' && row.late > 0 ? html`<b class="bad">${row.late}</b>` : (row[name] ?? '–')}</td>`,
      )}</tr>`,
  )}</tbody></table></div>`
}

const part = (id: string, title: string, items: readonly Escalation[], page: DeskPage): Html => {
  const words = wordsOf(page)
  const body =
    items.length === 0
      ? html`<p class="plain">${words.supervisor.none}</p>`
      : html`<div class="sheet"><table class="list-table" aria-labelledby="${id}"><thead><tr><th scope="col">${words.queue.case}</th><th scope="col">${words.due}</th><th scope="col">${words.supervisor.why}</th><th scope="col">${words.supervisor.missed}</th><th scope="col">${words.officer}</th></tr></thead>
<tbody>${items.map(item => row(item, page))}</tbody></table></div>`
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${body}</section>`
}

const row = (item: Escalation, page: DeskPage): Html => {
  const words = wordsOf(page)
  const { complaint } = item.view
  return html`<tr><th scope="row"><a href="/desk/complaints/${complaint.id}">${complaint.id}</a> <small><bdi>${inline(complaint.merchant.name)}</bdi></small></th>
<td data-label="${words.due}">${badge(item.due, page)}</td>
<td data-label="${words.supervisor.why}">${reasons(item, page)}</td>
<td data-label="${words.supervisor.missed}">${missed(item, page)}</td>
<td data-label="${words.officer}">${item.standing.officer === null ? words.nobody : html`<bdi>${inline(item.standing.officer)}</bdi>`}</td></tr>
`
}

const reasons = ({ view, desks, misses }: Escalation, page: DeskPage): Html => {
  const words = wordsOf(page).supervisor
  const { handoffs } = view.complaint
  const passed =
    handoffs > 0 &&
    html`<li>${words.third(handoffs)}${desks.length > 0 && html` <small>${words.passed(inline(desks.join(' → ')))}</small>`}</li>`
  // Neither passed on nor missed: the platform owes a remedy itself.
  const late = misses.length > 0 ? words.late : handoffs === 0 ? words.owed : null
  return html`<ul>${passed}${late !== null && html`<li>${late}</li>`}</ul>`
}

const missed = ({ misses }: Escalation, page: DeskPage): Html => {
  const words = wordsOf(page)
  const { dictionary } = page
  if (misses.length === 0) return html`${words.supervisor.noMiss}`
  return html`<ul>${misses.map(({ party, officer, due }) => {
    const who = officer === null ? dictionary.roles[party] : `${dictionary.roles[party]} ${inline(officer)}`
    return html`<li>${words.supervisor.miss(who, dictionary.when(due))}</li>`
  })}</ul>`
}

export const DESK_PARTIES = ['platform', 'supervisor'] as const
type DeskParty = (typeof DESK_PARTIES)[number]

export interface DeskContacts {
  phones: Record<DeskParty, string | null>
  /** What was just saved, or the form that came back. */
  saved: boolean
  back: (FormState & { party: DeskParty }) | null
}

/** Where the digests of officers and supervisors go. The page shows no more of a number than its end. */
export const contactsSection = ({ phones, saved, back }: DeskContacts, page: DeskPage): Html => {
  const words = DESK_WORDS[page.locale].contacts
  return html`<section class="plain" aria-labelledby="contacts"><h2 id="contacts">${words.title}</h2>
<p>${words.text}</p>
${saved && html`<p class="notice good" role="status" tabindex="-1" autofocus>${words.saved}</p>`}
${DESK_PARTIES.map(party => form(party, phones[party], back?.party === party ? back : null, page))}
</section>`
}

const form = (party: DeskParty, phone: string | null, back: FormState | null, page: DeskPage): Html => {
  const words = DESK_WORDS[page.locale].contacts
  const hint = phone === null ? words.none : words.now(phone.slice(-4))
  return html`<form method="post" action="/desk/contacts"><input type="hidden" name="party" value="${party}">
${textField({ name: `contact-${party}`, page, back }, { name: 'phone', label: words[party], hint, mode: 'tel', length: 40, optional: true })}
<button class="second">${words.save}</button>
</form>
`
}

// A supervisor's figures: what falls due, whether it is getting better, and where it sticks, by desk, reason and merchant.

interface Work {
  decided: number
  /** Median of their decisions. */
  hours: number | null
  /** Of a desk; a missed date names no officer. */
  missed?: number | undefined
  taken: number
}

export interface DeskFigures {
  period: Period
  whole: boolean
  /** What platform and supervisors hold, what is late, and what falls due within so many hours. */
  load: { held: number; late: number; within: readonly { hours: number; count: number }[] }
  record: FigureRecord
  older: { open: number }
  trend: readonly TrendStep[]
  desks: readonly ({ desk: string } & Work)[]
  officers: readonly ({ officer: string | null } & Work)[]
  categories: Readonly<Record<string, FigureRecord>>
  merchants: readonly { name: string; record: FigureRecord }[]
}

export const deskFiguresPage = (figures: DeskFigures, page: DeskPage): Html => {
  const words = FIGURES_WORDS[page.locale]
  const { desk } = words
  const query = `period=${figures.period}`
  return deskPage(page, {
    title: desk.title,
    current: 'figures',
    main: html`<div class="head"><h1>${desk.title}</h1>${periodLinks('/desk/figures', PERIODS, figures.period, words)}</div>
<p class="note">${words.downloads} <a href="/desk/figures.csv?${query}">CSV</a> <a href="/desk/figures.json?${query}">JSON</a></p>
${!figures.whole && html`<p class="note">${words.notWhole}</p>`}
<section class="plain" aria-labelledby="load"><h2 id="load">${desk.load}</h2>
<dl class="strip">${tile(desk.held, figures.load.held)}${tile(desk.late, figures.load.late)}${figures.load.within.map(({ hours, count }) => tile(desk.within(hours), count))}</dl></section>
${recordSections(figures.record, figures.trend, figures.older, page, words)}
${workTable(
  'desks',
  [desk.byDesk, desk.desk, desk.taken],
  figures.desks.map(each => ({ ...each, name: each.desk === '' ? desk.noDesk : inline(each.desk) })),
  words,
)}
${workTable(
  'officers',
  [desk.byOfficer, desk.officer, desk.given],
  figures.officers.map(each => ({ ...each, name: each.officer === null ? desk.formerOfficers : inline(each.officer) })),
  words,
)}
<section class="plain" aria-labelledby="categories"><h2 id="categories">${words.categories}</h2>
${recordTable(
  words.categories,
  words.category,
  Object.entries(figures.categories).map(([name, record]) => ({
    name: entry(page.dictionary.categories, name) ?? name,
    record,
  })),
  words,
)}</section>
<section class="plain" aria-labelledby="merchants"><h2 id="merchants">${words.merchants}</h2>
${recordTable(
  words.merchants,
  words.merchant,
  figures.merchants.map(({ name, record }) => ({ name: inline(name), record })),
  words,
)}</section>`,
  })
}

const workTable = (
  id: string,
  [title, head, taken]: [string, string, string],
  rows: readonly (Work & { name: string })[],
  words: FiguresWords,
): Html | null =>
  rows.length === 0
    ? null
    : html`<section class="plain" aria-labelledby="${id}"><h2 id="${id}">${title}</h2>
<div class="sheet" tabindex="0" role="group" aria-labelledby="${id}"><table class="list-table"><thead><tr><th scope="col">${head}</th><th scope="col" class="num">${words.desk.decided}</th><th scope="col" class="num">${words.desk.decisionHours}</th>${rows[0]?.missed !== undefined && html`<th scope="col" class="num">${words.missed}</th>`}<th scope="col" class="num">${taken}</th></tr></thead>
<tbody>${rows.map(
        each =>
          html`<tr><th scope="row">${each.name}</th><td class="num" data-label="${words.desk.decided}">${each.decided}</td><td class="num" data-label="${words.desk.decisionHours}">${hoursText(each.hours, words)}</td>${each.missed !== undefined && html`<td class="num" data-label="${words.missed}">${each.missed}</td>`}<td class="num" data-label="${taken}">${each.taken}</td></tr>`,
      )}</tbody></table></div></section>`
