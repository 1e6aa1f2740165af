import type { Fields } from '../../complaint/step.ts'
import type { Holder, Role, State } from '../../complaint/words.ts'
import { type MerchantWords, merchantWords } from '../../i18n/merchant.ts'
import { type Html, html, inline } from '../html.ts'
import { remedyWords } from '../remedy.ts'
import { type Asked, filters } from './filters.ts'
import { type Desk, framed } from './frame.ts'
import { type Counts, summaryTiles } from './summary-tiles.ts'
import { urgency } from './urgency.ts'

/** One complaint of the list. */
export interface Row {
  id: string
  state: State
  holder: Holder | null
  /** UTC ms. */
  due: number | null
  category: string
  item: string
  orderId: string
  buyer: string
  sought: Fields | null
  /** The newest step, in a sentence, and when it was. */
  newest: { says: string; at: string }
}

export interface Inbox {
  rows: readonly Row[]
  /** The address of the next page. */
  next: string | null
  /** Not the first page. */
  further: boolean
  asked: Asked
  counts: Counts
  categories: readonly string[]
}

export const inboxPage = (desk: Desk, inbox: Inbox): Html => {
  const words = merchantWords[desk.page.locale]
  return framed(desk, {
    title: words.inbox.title,
    room: 'inbox',
    here: inbox.asked.here,
    main: html`<h1>${words.inbox.title}</h1>
${summaryTiles(inbox.counts, words)}
${filters(inbox.asked, inbox.categories, desk)}
${inbox.rows.length > 0 ? list(inbox, desk, words) : none(words)}
${pages(inbox, words)}`,
  })
}

const none = ({ inbox }: MerchantWords): Html =>
  html`<p class="plain">${inbox.none} <a href="/merchant">${inbox.all}</a></p>`

const list = ({ rows }: Inbox, desk: Desk, words: MerchantWords): Html => {
  const { inbox } = words
  const { due, complaint, asked, state, newest } = inbox.columns
  const title = rows[0]?.due === null ? inbox.listClosed : inbox.list
  return html`<div class="sheet"><table class="list-table" data-keys>
<caption>${title} <small>${inbox.shown(rows.length)} <span class="keys">· ${inbox.keys}</span></small></caption>
<thead><tr>${[due, complaint, asked, state, newest].map(name => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>
${rows.map(row => item(row, desk, words))}
</tbody>
</table></div>`
}

/** Must the merchant act, alone or with the buyer? */
export const isMine = (holder: Holder | Role | null | undefined): boolean => holder === 'merchant' || holder === 'both'

const item = (row: Row, { page, now }: Desk, words: MerchantWords): Html => {
  const { dictionary } = page
  const mine = isMine(row.holder)
  const category = dictionary.categories[row.category] ?? row.category
  const sought = remedyWords(row.sought, dictionary)
  const due = row.due === null ? null : new Date(row.due).toISOString()
  return html`<tr>
<td>${urgency(row.due, mine, now, words)}${due && html`<small><time datetime="${due}">${dictionary.when(due)}</time></small>`}</td>
<th scope="row"><a href="/merchant/complaints/${row.id}"><bdi>${inline(row.item || category)}</bdi></a><small>${row.id} · ${words.inbox.order} <bdi>${inline(row.orderId)}</bdi> · <bdi>${inline(row.buyer)}</bdi></small></th>
<td data-label="${words.inbox.columns.asked}">${category}${sought && html`<small>${sought}</small>`}</td>
<td data-label="${words.inbox.columns.state}">${mine && html`<span class="badge turn">${words.yourTurn}</span> `}${dictionary.states[row.state]}</td>
<td data-label="${words.inbox.columns.newest}">${inline(row.newest.says)}<small><time datetime="${row.newest.at}">${dictionary.when(row.newest.at)}</time></small></td>
</tr>
`
}

const pages = ({ next, further }: Inbox, { inbox }: MerchantWords): Html | null => {
  if (next === null && !further) return null
  return html`<nav class="pages" aria-label="${inbox.title}">${further && html`<a class="button second" href="/merchant">${inbox.first}</a>`}${
    next !== null && html`<a class="button" href="${next}" rel="next">${inbox.next}</a>`
  }</nav>`
}
