import { HOUR } from '../../complaint/time.ts'
import type { ComplaintView } from '../../complaint/view/types.ts'
import { MERCHANT_WORDS } from '../../i18n/areas/merchant.ts'
import { type DeskWords, messages } from '../../i18n/index.ts'
import { searchBox, turnTabs } from '../console-list.ts'
import { remedyWords } from '../facts.ts'
import { type Html, html, inline } from '../html.ts'
import { type Assignment, type DeskPage, deskPage, wordsOf } from './context.ts'

export interface QueueItem {
  view: ComplaintView
  /** Null once it is closed. */
  due: number | null
  standing: Assignment
  humanRequested: boolean
}
/** What the desk looks at. Both lists are closed; whatever else stands in the address counts as the first. */
export const QUEUE_VIEWS = ['all', 'mine', 'unassigned', 'offered'] as const
export const QUEUE_KINDS = ['any', 'overdue', 'appeals', 'evidence'] as const
/** Whose turn it is. */
export const QUEUE_TURNS = ['platform', 'merchant', 'buyer', 'closed'] as const
export type QueueTurn = (typeof QUEUE_TURNS)[number]
export interface QueueFilter {
  turn: QueueTurn
  view: (typeof QUEUE_VIEWS)[number]
  kind: (typeof QUEUE_KINDS)[number]
  /** Id of a merchant. */
  merchant?: string | undefined
}
export interface Queue {
  items: readonly QueueItem[]
  /** On all pages, before `view` looks who has them. */
  total: number
  turns: Record<QueueTurn, number>
  /** How many of these wait in all, for merchants of whom this page has several. */
  sameMerchant: ReadonlyMap<string, number>
  filter: QueueFilter
  /** Where the next page begins. */
  next: string | null
  /** The search ended before the list did. */
  partial: boolean
  first: boolean
}

/** Soonest due first, whatever one merchant's flood does to the list. */
export const queuePage = (queue: Queue, page: DeskPage): Html => {
  const words = wordsOf(page)
  const { filter, items, total } = queue
  return deskPage(page, {
    title: words.queue.title,
    current: 'queue',
    main: html`<div class="head"><h1>${words.queue.title}</h1><p class="note">${words.queue.lead}</p></div>
${searchBox(page, '/desk/search')}
${tabs(queue, page)}
${filters(filter, words)}
${items.length === 0 ? empty(queue, words) : list(items, page, words.queue.total(total), queue.sameMerchant)}
${pager(queue, words)}`,
  })
}

/** What the search box found. `asked` stands in the box again, in the answer to a post and nowhere else. */
export const foundPage = (
  { items, total, asked }: { items: readonly QueueItem[]; total: number; asked: string },
  page: DeskPage,
): Html => {
  const words = wordsOf(page)
  const { search } = messages(page.locale).console
  return deskPage(page, {
    title: search.title,
    current: 'queue',
    main: html`<p class="crumb"><a href="/desk">${words.case.back}</a></p>
<h1>${search.title}</h1>
${searchBox(page, '/desk/search', asked)}
${items.length === 0 ? html`<p class="plain" role="status">${search.none}</p>` : list(items, page, `${search.order} · ${words.queue.total(total)}`)}`,
  })
}

const tabs = ({ filter, turns }: Queue, page: DeskPage): Html => {
  const words = wordsOf(page).queue.turns
  const entries = QUEUE_TURNS.map(name => ({
    name,
    href: `/desk?turn=${name}`,
    label: words[name],
    count: turns[name],
  }))
  return turnTabs(page, entries, filter.kind === 'evidence' ? undefined : filter.turn, '/desk/counts')
}

const filters = ({ turn, view, kind, merchant }: QueueFilter, { queue }: DeskWords): Html => {
  const option = (value: string, label: string, chosen: string) =>
    html`<option value="${value}"${value === chosen && html` selected`}>${label}</option>`
  return html`<form class="filters plain" method="get" action="/desk">
${turn !== 'platform' && html`<input type="hidden" name="turn" value="${turn}">`}${merchant !== undefined && html`<input type="hidden" name="merchant" value="${merchant}">`}
<p class="field"><label for="queue-view">${queue.who}</label><select id="queue-view" name="view">${QUEUE_VIEWS.map(each => option(each, queue.views[each], view))}</select></p>
<p class="field"><label for="queue-kind">${queue.kind}</label><select id="queue-kind" name="kind">${QUEUE_KINDS.map(each => option(each, queue.kindsOf[each], kind))}</select></p>
<button class="second">${queue.filter}</button>${merchant !== undefined && html`<a class="button second" href="/desk">${queue.everyMerchant}</a>`}
</form>`
}

const empty = ({ partial }: Queue, { queue }: DeskWords): Html =>
  html`<section class="plain"><p>${queue.empty}</p><p class="note">${partial ? queue.notAll : queue.emptyHint}</p></section>`

/** Several can be ticked and ruled on together, where the officer may rule on any. */
const list = (
  items: readonly QueueItem[],
  page: DeskPage,
  total: string,
  sameMerchant: Queue['sameMerchant'] = new Map(),
): Html => {
  const words = wordsOf(page)
  const rulable = items.filter(isRulable).length > 1
  return html`<form class="sheet" method="get" action="/desk/batch">
<table class="list-table" data-keys><caption class="note">${words.queue.caption} <small>${total} <span class="keys">· ${MERCHANT_WORDS[page.locale].inbox.keys}</span></small></caption>
<thead><tr><th scope="col">${words.queue.case}</th><th scope="col">${words.due}</th><th scope="col">${words.state}</th><th scope="col">${words.merchant}</th><th scope="col">${words.officer}</th></tr></thead>
<tbody>${items.map(item => tableRow(item, page, rulable, sameMerchant))}</tbody></table>
${rulable && html`<p class="buttons"><button class="second">${words.queue.together}</button></p>`}
</form>`
}
const isRulable = ({ view }: QueueItem): boolean => view.actions.includes('rulings')

const tableRow = (item: QueueItem, page: DeskPage, rulable: boolean, sameMerchant: Queue['sameMerchant']): Html => {
  const words = wordsOf(page)
  const { dictionary } = page
  const { complaint } = item.view
  const { id, merchant } = complaint
  const sought = remedyWords(complaint.remedySought, dictionary)
  const thing = item.view.steps[0]?.fields.item
  return html`<tr><th scope="row">${
    rulable &&
    isRulable(item) &&
    html`<label class="choose"><input type="checkbox" name="case" value="${id}" aria-label="${words.queue.choose(id)}"></label>`
  }<a href="/desk/complaints/${id}">${id}</a> <small>${typeof thing === 'string' && html`<bdi>${inline(thing)}</bdi>${words.dot}`}${dictionary.categories[complaint.category] ?? complaint.category}${sought && `${words.dot}${words.queue.sought}${sought}`}</small></th>
<td data-label="${words.due}">${item.due !== null && badge(item.due, page)} <small>${dictionary.when(complaint.due ?? item.view.steps.at(-1)?.at ?? '')}</small></td>
<td data-label="${words.state}">${dictionary.states[complaint.state]}${tags(item, words)}</td>
<td data-label="${words.merchant}"><bdi>${inline(merchant.name)}</bdi>${ofMerchant(merchant.id, sameMerchant, words)}</td>
<td data-label="${words.officer}">${officer(item, page)}</td></tr>
`
}

const ofMerchant = (id: string, same: Queue['sameMerchant'], { queue }: DeskWords): Html | null => {
  const count = same.get(id)
  if (count === undefined) return null
  return html` <small><a href="/desk?merchant=${encodeURIComponent(id)}">${queue.sameMerchant(count)}</a></small>`
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
  const { turn, view, kind, merchant } = filter
  const at = `/desk?${new URLSearchParams({ turn, view, kind, ...(merchant !== undefined && { merchant }) })}`
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
