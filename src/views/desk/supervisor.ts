import type { ComplaintView } from '../../complaint/view/types.ts'
import { DESK_WORDS } from '../../i18n/areas/desk.ts'
import { textField } from '../acts/fields.ts'
import type { FormState } from '../context.ts'
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
