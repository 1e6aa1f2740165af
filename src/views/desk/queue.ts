import { HOUR } from '../../complaint/time.ts'
import type { ComplaintView } from '../../complaint/view/types.ts'
import type { DeskWords } from '../../i18n/index.ts'
import { remedyWords } from '../facts.ts'
import { type Html, html, inline } from '../html.ts'
import { type Assignment, type DeskPage, deskPage, wordsOf } from './context.ts'

export interface QueueItem {
  view: ComplaintView
  due: number
  standing: Assignment
  humanRequested: boolean
}
/** What the desk looks at. Both lists are closed; whatever else stands in the address counts as the first. */
export const QUEUE_VIEWS = ['all', 'mine', 'unassigned', 'offered'] as const
export const QUEUE_KINDS = ['any', 'overdue', 'appeals', 'evidence'] as const
export interface QueueFilter {
  view: (typeof QUEUE_VIEWS)[number]
  kind: (typeof QUEUE_KINDS)[number]
}
interface Queue {
  items: readonly QueueItem[]
  filter: QueueFilter
  /** Where the next page begins. */
  next: string | null
  /** The search ended before the list did. */
  partial: boolean
  first: boolean
}

/** From so many of one merchant on, a page shows them as one row. */
const FLOOD = 5

export const queuePage = (queue: Queue, page: DeskPage): Html => {
  const words = wordsOf(page)
  return deskPage(page, {
    title: words.queue.title,
    current: 'queue',
    main: html`<div class="head"><h1>${words.queue.title}</h1><p class="note">${words.queue.lead}</p></div>
${filters(queue.filter, words)}
${queue.items.length === 0 ? empty(queue, words) : lists(queue, page)}
${pager(queue, words)}`,
  })
}

const filters = ({ view, kind }: QueueFilter, { queue }: DeskWords): Html => {
  const option = (value: string, label: string, chosen: string) =>
    html`<option value="${value}"${value === chosen && html` selected`}>${label}</option>`
  return html`<form class="filters plain" method="get" action="/desk">
<p class="field"><label for="queue-view">${queue.who}</label><select id="queue-view" name="view">${QUEUE_VIEWS.map(each => option(each, queue.views[each], view))}</select></p>
<p class="field"><label for="queue-kind">${queue.kind}</label><select id="queue-kind" name="kind">${QUEUE_KINDS.map(each => option(each, queue.kindsOf[each], kind))}</select></p>
<button class="second">${queue.filter}</button>
</form>`
}

const empty = ({ partial }: Queue, { queue }: DeskWords): Html =>
  html`<section class="plain"><p>${queue.empty}</p><p class="note">${partial ? queue.notAll : queue.emptyHint}</p></section>`

/** Floods first, each a row that opens; then everything else, both soonest due first. */
const lists = ({ items }: Queue, page: DeskPage): Html => {
  const byMerchant = Map.groupBy(items, ({ view }) => view.complaint.merchant.id)
  const floods = [...byMerchant.values()].filter(group => group.length >= FLOOD)
  const single = items.filter(({ view }) => (byMerchant.get(view.complaint.merchant.id)?.length ?? 0) < FLOOD)
  return html`${floods.map(group => flood(group, page))}${single.length > 0 && html`<div class="sheet">${table(single, page, false)}</div>`}`
}

const flood = (items: readonly QueueItem[], page: DeskPage): Html => {
  const { queue } = wordsOf(page)
  const [first] = items
  if (!first) return html``
  return html`<details class="fold flood"><summary>${queue.group(inline(first.view.complaint.merchant.name), items.length)} ${badge(first.due, page)}</summary>
<form method="get" action="/desk/batch">
<p class="note">${queue.groupHint}</p>
${table(items, page, true)}
<p class="buttons"><button>${queue.together}</button></p>
</form></details>`
}

const table = (items: readonly QueueItem[], page: DeskPage, choosing: boolean): Html => {
  const words = wordsOf(page)
  return html`<table class="list-table"><caption class="note">${words.queue.caption}</caption>
<thead><tr><th scope="col">${words.queue.case}</th><th scope="col">${words.due}</th><th scope="col">${words.state}</th>${choosing ? null : html`<th scope="col">${words.merchant}</th>`}<th scope="col">${words.officer}</th></tr></thead>
<tbody>${items.map(item => tableRow(item, page, choosing))}</tbody></table>`
}

const tableRow = (item: QueueItem, page: DeskPage, choosing: boolean): Html => {
  const words = wordsOf(page)
  const { dictionary } = page
  const { complaint, actions } = item.view
  const { id } = complaint
  const sought = remedyWords(complaint.remedySought, dictionary)
  return html`<tr><th scope="row">${
    choosing &&
    actions.includes('rulings') &&
    html`<label class="choose"><input type="checkbox" name="case" value="${id}" aria-label="${words.queue.choose(id)}"></label>`
  }<a href="/desk/complaints/${id}">${id}</a> <small>${dictionary.categories[complaint.category] ?? complaint.category}${sought && `${words.dot}${words.queue.sought} ${sought}`}</small></th>
<td data-label="${words.due}">${badge(item.due, page)} <small>${dictionary.when(complaint.due ?? '')}</small></td>
<td data-label="${words.state}">${dictionary.states[complaint.state]}${tags(item, words)}</td>
${choosing ? null : html`<td data-label="${words.merchant}"><bdi>${inline(complaint.merchant.name)}</bdi></td>`}
<td data-label="${words.officer}">${officer(item, page)}</td></tr>
`
}

const tags = ({ view, standing, humanRequested }: QueueItem, { queue }: DeskWords): Html | null => {
  const { handoffs } = view.complaint
  return html`${standing.offeredTo !== null && html` <span class="tag">${queue.offered(inline(standing.offeredTo))}</span>`}${handoffs > 0 && html` <span class="tag">${queue.handoffs(handoffs)}</span>`}${humanRequested && html` <span class="tag">${queue.human}</span>`}`
}

const officer = ({ standing }: QueueItem, page: DeskPage): Html => {
  const words = wordsOf(page)
  if (standing.officer === null) return html`<span class="note">${words.nobody}</span>`
  return html`<bdi>${inline(standing.officer)}</bdi>${standing.isMine && html` <span class="tag good">${words.me}</span>`}`
}

const pager = ({ filter, next, first }: Queue, words: DeskWords): Html | null => {
  if (next === null && first) return null
  const at = `/desk?view=${filter.view}&kind=${filter.kind}`
  return html`<p class="pages">${!first && html`<a class="button second small" href="${at}">${words.first}</a>`}${next !== null && html`<a class="button second small" href="${at}&after=${next}">${words.more}</a>`}</p>`
}

const lookOf = (left: number): string => {
  if (left <= 0) return 'late'
  if (left <= 24 * HOUR) return 'today'
  return left <= 48 * HOUR ? 'soon' : 'calm'
}

/** 还剩 5 小时; the colour says again what the words say. */
const leftWords = (due: number, page: DeskPage): string => {
  const words = wordsOf(page)
  const time = page.dictionary.lasting(Math.floor(Math.abs(due - page.now) / 1000))
  return due > page.now ? words.left(time) : words.late(time)
}

export const badge = (due: number, page: DeskPage): Html =>
  html`<span class="badge ${lookOf(due - page.now)}">${leftWords(due, page)}</span>`
