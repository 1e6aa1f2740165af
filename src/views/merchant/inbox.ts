import type { Fields } from '../../complaint/step.ts'
import { DAY, HOUR, isSameDay, shanghaiParts } from '../../complaint/time.ts'
import { CLOSED_STATES, type Holder, isOpen, OPEN_STATES, type Role, type State } from '../../complaint/words.ts'
import { MERCHANT_WORDS } from '../../i18n/areas/merchant.ts'
import { TEAM_WORDS } from '../../i18n/areas/team.ts'
import type { MerchantWords } from '../../i18n/index.ts'
import { searchBox, turnTabs } from '../console.ts'
import { remedyWords } from '../facts.ts'
import { type Html, html, inline } from '../html.ts'
import { type Desk, framed } from './context.ts'

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
  /** Which clerk looks after it. */
  assignee: string | null
  /** The newest step, in a sentence, and when it was. */
  newest: { says: string; at: string }
}

export interface Inbox {
  rows: readonly Row[]
  /** On all pages. */
  total: number
  /** The address of the next page. */
  next: string | null
  /** Not the first page. */
  further: boolean
  asked: Asked
  counts: Counts
  categories: readonly string[]
}

export const inboxPage = (desk: Desk, inbox: Inbox): Html => {
  const words = MERCHANT_WORDS[desk.page.locale]
  return framed(desk, {
    title: words.inbox.title,
    room: 'inbox',
    here: inbox.asked.here,
    main: html`<h1>${words.inbox.title}</h1>
${searchBox(desk.page, '/merchant/search')}
${summaryTiles(inbox.counts, words)}
${tabs(inbox, desk)}
${filters(inbox.asked, inbox.categories, desk)}
${inbox.rows.length > 0 ? list(inbox, desk, words) : none(words)}
${pages(inbox, words)}`,
  })
}

/** What the search box found. `asked` stands in the box again, in the answer to a post and nowhere else. */
export const foundPage = (
  desk: Desk,
  { rows, total, asked }: { rows: readonly Row[]; total: number; asked: string },
): Html => {
  const words = MERCHANT_WORDS[desk.page.locale]
  const { search } = desk.page.console
  return framed(desk, {
    title: search.title,
    room: 'inbox',
    here: '/merchant',
    main: html`<p class="crumb"><a href="/merchant">${words.case.back}</a></p>
<h1>${search.title}</h1>
${searchBox(desk.page, '/merchant/search', asked)}
${rows.length > 0 ? list({ rows, total }, desk, words, search.order) : html`<p class="plain" role="status">${search.none}</p>`}`,
  })
}

const tabs = ({ asked, counts }: Inbox, { page }: Desk): Html => {
  const { turns } = MERCHANT_WORDS[page.locale].filters
  return turnTabs(
    page,
    TABS.map(name => ({ name, href: `/merchant?turn=${name}`, label: turns[name], count: counts.turns[name] })),
    asked.turn,
    '/merchant/counts',
  )
}

const none = ({ inbox }: MerchantWords): Html =>
  html`<p class="plain">${inbox.none} <a href="/merchant?turn=all">${inbox.all}</a></p>`

const list = (
  { rows, total }: Pick<Inbox, 'rows' | 'total'>,
  desk: Desk,
  words: MerchantWords,
  title = rows[0]?.due === null ? words.inbox.listClosed : words.inbox.list,
): Html => {
  const { inbox } = words
  const { due, complaint, asked, state, newest } = inbox.columns
  return html`<form class="sheet" method="get" action="/merchant/bulk"><table class="list-table" data-keys>
<caption>${title} <small>${inbox.shown(rows.length, total)} <span class="keys">· ${inbox.keys}${inbox.keysMany}</span></small></caption>
<thead><tr>${[due, complaint, asked, state, newest].map(name => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>
${rows.map(row => item(row, desk, words))}
</tbody>
</table>
${rows.some(({ state }) => isOpen(state)) && html`<p class="buttons"><label class="tick" hidden data-all data-key="s"><input type="checkbox"> ${words.bulk.all}</label><button class="second" data-key="b">${words.bulk.title}</button></p>`}</form>`
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
<th scope="row">${isOpen(row.state) && html`<label class="choose"><input type="checkbox" name="case" value="${row.id}" aria-label="${words.bulk.choose(row.id)}"></label>`}<a href="/merchant/complaints/${row.id}"><bdi>${inline(row.item || category)}</bdi></a><small>${row.id} · ${words.inbox.order} <bdi>${inline(row.orderId)}</bdi> · <bdi>${inline(row.buyer)}</bdi>${row.assignee !== null && html` · ${TEAM_WORDS[page.locale].followed(inline(row.assignee))}`}</small></th>
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

const TABS = ['mine', 'buyer', 'platform', 'all', 'closed'] as const
/** Also `others`: addresses of before there were tabs. */
export const TURNS = [...TABS, 'others'] as const
export type Turn = (typeof TURNS)[number]

/** Whose complaints among colleagues. */
export const ASSIGNED = ['me', 'nobody'] as const
export type Assigned = (typeof ASSIGNED)[number]

/** What the list was asked for, as the address says it. */
export interface Asked {
  state?: State | undefined
  turn?: Turn | undefined
  overdue?: boolean | undefined
  category?: string | undefined
  assignee?: Assigned | undefined
  /** The address of this page. */
  here: string
}

const filters = (asked: Asked, categories: readonly string[], { page }: Desk): Html => {
  const { dictionary } = page
  const { filters: words } = MERCHANT_WORDS[page.locale]
  const team = TEAM_WORDS[page.locale]
  const states = (group: readonly State[]) => group.map(state => option(state, dictionary.states[state], asked.state))
  const kinds = categories.map(each => option(each, dictionary.categories[each] ?? each, asked.category))
  const open = [asked.state, asked.overdue, asked.category, asked.assignee].some(each => each !== undefined)
  return html`<details class="fold filter"${open && html` open`}><summary>${words.title}</summary>
<form class="filters" method="get" action="/merchant" aria-label="${words.title}">
${asked.turn !== undefined && html`<input type="hidden" name="turn" value="${asked.turn}">`}
${select('state', words.state, words.open, [
  group(words.openStates, states(OPEN_STATES)),
  group(words.closedStates, states(CLOSED_STATES)),
])}
${select('overdue', words.overdue, words.any, [
  [
    option('true', words.overdues.true, String(asked.overdue)),
    option('false', words.overdues.false, String(asked.overdue)),
  ],
])}
${select('category', words.category, words.any, [kinds])}
${select('assignee', team.assignee, team.assignees.any, [ASSIGNED.map(each => option(each, team.assignees[each], asked.assignee))])}
<button>${words.apply}</button>
<a class="button second" href="/merchant">${words.clear}</a>
</form></details>`
}

const option = (value: string, label: string, chosen: string | undefined): Html =>
  html`<option value="${value}"${value === chosen && html` selected`}>${label}</option>`

const group = (label: string, options: Html[]): Html[] => [html`<optgroup label="${label}">${options}</optgroup>`]

const select = (name: string, label: string, any: string, options: Html[][]): Html =>
  html`<p class="field"><label for="filter-${name}">${label}</label><select id="filter-${name}" name="${name}"><option value="">${any}</option>${options.flat()}</select></p>`

export const isToday = (due: number, now: number): boolean => due > now && isSameDay(due, now)

/** How urgent: in words, and in a colour that repeats them; calm where another party must act. */
const urgency = (due: number | null, mine: boolean, now: number, { left }: MerchantWords): Html => {
  if (due === null) return badge('none', left.closed)
  if (due <= now) return badge(mine ? 'late' : 'calm', left.late)
  const tone = mine ? (isToday(due, now) ? 'today' : due - now < 2 * DAY ? 'soon' : 'calm') : 'calm'
  return badge(tone, inWords(due, now, left))
}

const inWords = (due: number, now: number, left: MerchantWords['left']): string => {
  if (isToday(due, now)) return left.today(shanghaiParts(due).clock)
  const hours = Math.floor((due - now) / HOUR)
  if (hours < 1) return left.soon
  return hours < 24 ? left.hours(hours) : left.days(Math.floor(hours / 24), hours % 24)
}

const badge = (tone: string, words: string): Html => html`<span class="badge ${tone}">${words}</span>`

/** What waits, at a glance. */
export interface Counts {
  turns: Record<(typeof TABS)[number], number>
  /** Of those that wait for the merchant. */
  today: number
  late: number
  /** Of 1; null before any deadline was met or missed. */
  onTime: number | null
}

export const percent = (part: number): string => `${Math.round(part * 100)}%`

const summaryTiles = (counts: Counts, { strip }: MerchantWords): Html => {
  const tile = (figure: string, label: string, href: string) =>
    html`<li><a href="${href}"><b>${figure}</b> ${label}</a></li>`
  return html`<ul class="strip" aria-label="${strip.title}">
${tile(String(counts.late), strip.late, '/merchant?turn=mine&overdue=true')}
${tile(String(counts.today), strip.today, '/merchant?turn=mine&overdue=false')}
${tile(counts.onTime === null ? '–' : percent(counts.onTime), strip.onTime, '/merchant/figures')}
</ul>`
}
