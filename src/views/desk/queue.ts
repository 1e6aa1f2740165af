import { HOUR } from '../../complaint/time.ts'
import type { ComplaintView } from '../../complaint/view/types.ts'
import { MERCHANT_WORDS } from '../../i18n/areas/merchant.ts'
import type { DeskWords } from '../../i18n/index.ts'
import { searchBox, turnTabs } from '../console.ts'
import { remedyWords } from '../facts.ts'
import { type Html, html, inline } from '../html.ts'
import { KEYS } from './acts.ts'
import { BULK_ACTS, bulkActsFor, nounOf } from './batch.ts'
import { type Assignment, type DeskPage, deskPage, silentNotice, wordsOf } from './context.ts'
import { personLink } from './person.ts'

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
  category?: string | undefined
  /** Name of a desk. */
  desk?: string | undefined
  /** Name of an officer. */
  officer?: string | undefined
  /** Opened at least so many days ago. */
  days?: number | undefined
  /** The buyer asks for so much money at least. */
  amount?: number | undefined
}
/** What there is to choose from. */
export interface QueueChoices {
  categories: readonly string[]
  desks: readonly string[]
  officers: readonly string[]
}
export interface Queue {
  items: readonly QueueItem[]
  /** On all pages, before `view` looks who has them. */
  total: number
  turns: Record<QueueTurn, number>
  /** How many of these wait in all, for merchants of whom this page has several. */
  sameMerchant: ReadonlyMap<string, number>
  filter: QueueFilter
  choices: QueueChoices
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
${silentNotice(page)}
${tabs(queue, page)}
${filters(filter, queue.choices, page)}
${items.length === 0 ? empty(queue, words) : list(items, page, words.queue.total(total), queue.sameMerchant)}
${pager(queue, words)}`,
  })
}

/** What the search box found; `phone` leads a supervisor to all of that person. `asked` stands in the box again, in the answer to a post and nowhere else. */
export const foundPage = (
  {
    items,
    total,
    asked,
    phone,
  }: { items: readonly QueueItem[]; total: number; asked: string; phone?: string | undefined },
  page: DeskPage,
): Html => {
  const words = wordsOf(page)
  const { search } = page.console
  return deskPage(page, {
    title: search.title,
    current: 'queue',
    main: html`<p class="crumb"><a href="/desk">${words.case.back}</a></p>
<h1>${search.title}</h1>
${searchBox(page, '/desk/search', asked)}
${silentNotice(page)}
${phone !== undefined && personLink(phone, page)}
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

const filters = (filter: QueueFilter, { categories, desks, officers }: QueueChoices, page: DeskPage): Html => {
  const { turn, view, kind, merchant, category, desk, officer, days, amount } = filter
  const words = wordsOf(page)
  const { queue } = words
  const more = [category, desk, officer, days, amount].some(each => each !== undefined)
  const named = (
    name: string,
    label: string,
    values: readonly (readonly [string, string])[],
    chosen: string | undefined,
  ) =>
    values.length > 0 &&
    html`<p class="field"><label for="queue-${name}">${label}</label><select id="queue-${name}" name="${name}"><option value="">${queue.anything}</option>${values.map(([value, text]) => option(value, text, chosen ?? ''))}</select></p>`
  const option = (value: string, label: string, chosen: string) =>
    html`<option value="${value}"${value === chosen && html` selected`}>${label}</option>`
  return html`<form class="filters plain" method="get" action="/desk">
${turn !== 'platform' && html`<input type="hidden" name="turn" value="${turn}">`}${merchant !== undefined && html`<input type="hidden" name="merchant" value="${merchant}">`}
<p class="field"><label for="queue-view">${queue.who}</label><select id="queue-view" name="view">${QUEUE_VIEWS.map(each => option(each, queue.views[each], view))}</select></p>
<p class="field"><label for="queue-kind">${queue.kind}</label><select id="queue-kind" name="kind">${QUEUE_KINDS.map(each => option(each, queue.kindsOf[each], kind))}</select></p>
<details class="fold"${more && html` open`}><summary>${queue.more}</summary>
${named(
  'category',
  queue.category,
  categories.map(each => [each, page.dictionary.categories[each] ?? each] as const),
  category,
)}
${named(
  'desk',
  words.case.desk,
  desks.map(each => [each, inline(each)] as const),
  desk,
)}
${named(
  'officer',
  words.officer,
  officers.map(each => [each, inline(each)] as const),
  officer,
)}
${named(
  'days',
  queue.age,
  AGES.map(each => [String(each), queue.older(each)] as const),
  days === undefined ? undefined : String(days),
)}
<p class="field"><label for="queue-amount">${queue.amount}</label><input id="queue-amount" name="amount" inputmode="decimal" maxlength="12" value="${amount === undefined ? '' : String(amount)}" autocomplete="off"></p>
</details>
<button class="second">${queue.filter}</button>${merchant !== undefined && html`<a class="button second" href="/desk">${queue.everyMerchant}</a>`}
</form>`
}

/** Days. */
export const AGES = [1, 3, 7, 14, 30] as const

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
  const choosable = items.some(isChoosable)
  const rulable = items.filter(isRulable).length > 1
  return html`<form class="sheet" method="get" action="/desk/batch">
<table class="list-table" data-keys><caption class="note">${words.queue.caption} <small>${total} <span class="keys">· ${MERCHANT_WORDS[page.locale].inbox.keys}${choosable && words.queue.keysMany}</span></small></caption>
<thead><tr><th scope="col">${words.queue.case}</th><th scope="col">${words.due}</th><th scope="col">${words.state}</th><th scope="col">${words.merchant}</th><th scope="col">${words.officer}</th></tr></thead>
<tbody>${items.map(item => tableRow(item, page, choosable, sameMerchant))}</tbody></table>
${choosable && html`<p class="buttons"><label class="tick" hidden data-all data-key="s"><input type="checkbox"> ${words.queue.all}</label>${rulable && html`<button class="second" data-key="r">${words.queue.together}</button>`}${bulkActsFor(page).map(act => html`<button class="second" formaction="/desk/bulk" name="act" value="${act}"${KEYS[act] !== undefined && html` data-key="${KEYS[act] ?? ''}"`}>${words.acts[act].label}</button>`)}</p>`}
</form>`
}
/** Something can be done with it together with others. */
const isChoosable = ({ view }: QueueItem): boolean =>
  view.actions.includes('rulings') || BULK_ACTS.some(act => view.actions.includes(nounOf(act)))
const isRulable = ({ view }: QueueItem): boolean => view.actions.includes('rulings')

const tableRow = (item: QueueItem, page: DeskPage, choosable: boolean, sameMerchant: Queue['sameMerchant']): Html => {
  const words = wordsOf(page)
  const { dictionary } = page
  const { complaint } = item.view
  const { id, merchant } = complaint
  const sought = remedyWords(complaint.remedySought, dictionary)
  const thing = item.view.steps[0]?.fields.item
  return html`<tr><th scope="row">${
    choosable &&
    isChoosable(item) &&
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
  const given = Object.entries(filter).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]))
  const at = `/desk?${new URLSearchParams(given)}`
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
