import { EVERY_FIELD } from '../../complaint/deadlines/retention.ts'
import type { Incident } from '../../complaint/view/incidents.ts'
import type { ComplaintView } from '../../complaint/view/types.ts'
import type { AlertKind, Role } from '../../complaint/words.ts'
import { entry } from '../../i18n/values.ts'
import { areaField, selectField, textField } from '../acts/fields.ts'
import type { FormState } from '../context.ts'
import { type Html, html, inline } from '../html.ts'
import { history } from '../incidents.ts'
import { quotes } from '../steps/step.ts'
import { lookingAt } from './case.ts'
import { type DeskDrawn, type DeskPage, deskPage, named, silentNotice, timeField, wordsOf } from './context.ts'

export interface AlertItem {
  id: number
  seq: number
  kind: AlertKind
  /** UTC ms. */
  at: number
  view: ComplaintView
}

export const alertsPage = (items: readonly AlertItem[], page: DeskPage, settled: boolean): Html => {
  const words = wordsOf(page).alerts
  return deskPage(page, {
    title: words.title,
    current: 'alerts',
    main: html`<div class="head"><h1>${words.title}</h1><p class="note">${words.lead}</p></div>
${silentNotice(page)}
${settled && html`<p class="notice good" role="status" tabindex="-1" autofocus>${words.settled}</p>`}
${items.length === 0 ? html`<p class="plain">${words.empty}</p>` : html`<ul class="alerts">${items.map(item => alertItem(item, page))}</ul>`}`,
  })
}

const alertItem = ({ id, seq, kind, at, view }: AlertItem, page: DeskPage): Html => {
  const words = wordsOf(page)
  const { complaint, steps } = view
  const step = steps[seq]
  const room = `/desk/complaints/${complaint.id}`
  const iso = new Date(at).toISOString()
  return html`<li class="plain"><h2>${words.alerts.kinds[kind]} <small>${words.caseNo(complaint.id)} · <bdi>${inline(complaint.merchant.name)}</bdi></small></h2>
<p class="note"><time datetime="${iso}">${page.dictionary.when(iso)}</time>${typeof step?.fields.seq === 'number' && step.fields.field !== EVERY_FIELD && html` · ${words.alerts.about(step.fields.seq + 1)}`}</p>
${step ? quotes(step, lookingAt(page, complaint.id)) : null}
<div class="buttons"><a class="button second small" href="${room}#step-${seq + 1}">${words.alerts.open}</a>${
    kind === 'redaction_requested' &&
    step !== undefined &&
    html`<a class="button second small" href="${room}${
      step.fields.field === EVERY_FIELD
        ? '#acts'
        : `?erase=${String(step.fields.seq)}.${String(step.fields.field)}#redactions`
    }">${words.alerts.redact}</a>`
  }<form method="post" action="/desk/alerts/settlements"><input type="hidden" name="complaint" value="${complaint.id}"><input type="hidden" name="alert" value="${id}"><button class="small" aria-label="${words.alerts.settleOf(words.alerts.kinds[kind], complaint.id)}">${words.alerts.settle}</button></form></div></li>
`
}

/** A message that did not reach its reader. Neither its number nor its text is known here. */
export interface MessageItem {
  complaint: string
  party: Exclude<Role, 'system'>
  template: string
  outcome: string | null
  reason: string
  attempts: number
  createdAt: string
  nextAt: string | null
}

export const messagesPage = (items: readonly MessageItem[], page: DeskPage): Html => {
  const words = wordsOf(page).messages
  return deskPage(page, {
    title: words.title,
    current: 'messages',
    main: html`<div class="head"><h1>${words.title}</h1><p class="note">${words.lead}</p></div>
${silentNotice(page)}
${items.length === 0 ? html`<p class="plain">${words.empty}</p>` : html`<div class="sheet">${table(items, page)}</div>`}`,
  })
}

const table = (items: readonly MessageItem[], page: DeskPage): Html => {
  const words = wordsOf(page)
  const { messages } = words
  return html`<table class="list-table"><caption class="note">${messages.caption}</caption>
<thead><tr><th scope="col">${words.queue.case}</th><th scope="col">${messages.to}</th><th scope="col">${messages.about}</th><th scope="col">${messages.outcome}</th><th scope="col">${messages.attempts}</th><th scope="col">${messages.when}</th></tr></thead>
<tbody>${items.map(item => row(item, page))}</tbody></table>`
}

const row = (item: MessageItem, page: DeskPage): Html => {
  const { messages } = wordsOf(page)
  const { dictionary } = page
  const outcome = entry(messages.outcomes, item.outcome ?? 'retrying') ?? item.outcome ?? ''
  return html`<tr><th scope="row"><a href="/desk/complaints/${item.complaint}">${item.complaint}</a></th>
<td data-label="${messages.to}">${dictionary.roles[item.party]}</td>
<td data-label="${messages.about}">${about(item.template, page)}</td>
<td data-label="${messages.outcome}"><span class="badge ${item.outcome === null ? 'soon' : 'late'}">${outcome}</span>${item.reason !== '' && html` <small><code>${item.reason}</code></small>`}</td>
<td data-label="${messages.attempts}">${messages.times(item.attempts)}</td>
<td data-label="${messages.when}"><time datetime="${item.createdAt}">${dictionary.when(item.createdAt)}</time>${item.nextAt !== null && html` <small>${messages.retry(dictionary.when(item.nextAt))}</small>`}</td></tr>
`
}

/** A message is about a step, or one of its own kind. */
const about = (template: string, page: DeskPage): string => {
  const kinds: Record<string, string> = page.dictionary.kinds
  return entry(wordsOf(page).messages.templates, template) ?? kinds[template] ?? template
}

interface IncidentForm extends FormState {
  /** Id of the incident that the form is about; undefined for a new one. */
  incident?: string | undefined
}

/** What lasts, what is over, and a form to declare an incident. */
export const incidentsPage = (
  incidents: readonly Incident[],
  page: DeskPage,
  { categories, form }: { categories: readonly string[]; form?: IncidentForm | undefined },
): Html => {
  const { incidents: words } = wordsOf(page)
  return deskPage(page, {
    title: words.title,
    current: 'incidents',
    main: html`<div class="head"><h1>${words.title}</h1><p class="note">${words.lead}</p></div>
${incidents.length === 0 && html`<p class="plain">${words.none}</p>`}
${incidents.toReversed().map(each => incidentItem(each, page, form?.incident === each.id ? form : undefined))}
<section class="plain" aria-labelledby="declare"><h2 id="declare">${words.declare}</h2>
<form method="post" action="/desk/incidents">${declaring(page, categories, form && form.incident === undefined ? form : null)}<button>${words.submit}</button></form></section>`,
  })
}

const incidentItem = (incident: Incident, page: DeskPage, form: IncidentForm | undefined): Html => {
  const { incidents: words } = wordsOf(page)
  const [first] = incident.news
  return html`<section class="plain"><h2>${incident.endedAt === null ? words.lasting : page.words.incident.ended}</h2>
<p class="note">${touched(first?.merchants, words.allMerchants)} · ${touched(
    first?.categories?.map(each => entry(page.dictionary.categories, each) ?? each),
    words.allCategories,
  )}</p>
${history(incident.news, page)}
${
  incident.endedAt === null &&
  html`<form method="post" action="/desk/incidents"><input type="hidden" name="incident" value="${incident.id}">${saying(page, `update-${incident.id}`, form ?? null)}<div class="buttons"><button>${words.update}</button><button class="second" name="ended" value="true" formnovalidate>${words.end}</button></div></form>`
}</section>`
}

const touched = (names: readonly string[] | null | undefined, all: string): string =>
  names ? names.map(inline).join(' ') : all

const drawnFor = (page: DeskPage, name: string, back: FormState | null): DeskDrawn => ({
  name,
  act: 'incidents',
  page,
  back,
})

const saying = (page: DeskPage, name: string, back: FormState | null): Html[] => {
  const drawn = drawnFor(page, name, back)
  return [areaField(drawn, named(drawn, 'what')), timeField(drawn, named(drawn, 'until'), page.now, null)]
}

const declaring = (page: DeskPage, categories: readonly string[], back: FormState | null): Html[] => {
  const drawn = drawnFor(page, 'declare', back)
  const { incidents: words } = wordsOf(page)
  const options = categories.map(each => [each, entry(page.dictionary.categories, each) ?? each] as const)
  return [
    ...saying(page, 'declare', back),
    textField(drawn, named(drawn, 'merchants', { optional: true, hint: words.merchantsHint })),
    selectField(drawn, named(drawn, 'categories', { optional: true }), options, words.allCategories),
  ]
}
