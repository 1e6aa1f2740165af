import type { ComplaintView } from '../../complaint/view/types.ts'
import { type Html, html, inline } from '../html.ts'
import { type Assignment, type DeskPage, deskPage, wordsOf } from './context.ts'
import { badge } from './urgency.ts'

/** Why a complaint needs a supervisor: who let it wait, and how often it was passed on. */
export interface Escalation {
  view: ComplaintView
  due: number
  standing: Assignment
  misses: readonly { party: 'platform' | 'supervisor'; officer: string | null; due: string }[]
  /** The desks that it was offered to, in order. */
  desks: readonly string[]
}
interface Supervision {
  held: readonly Escalation[]
  overdue: readonly Escalation[]
}

/** `contacts` is the section of the desks' reminders. */
export const supervisorPage = ({ held, overdue }: Supervision, page: DeskPage, contacts: Html | null = null): Html => {
  const words = wordsOf(page).supervisor
  return deskPage(page, {
    title: words.title,
    current: 'supervisor',
    main: html`<div class="head"><h1>${words.title}</h1><p class="note">${words.lead}</p></div>
${part('held', words.held, held, page)}
${part('overdue', words.overdue, overdue, page)}
${contacts}`,
  })
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
