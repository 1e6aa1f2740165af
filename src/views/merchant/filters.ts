import { CLOSED_STATES, OPEN_STATES, type State } from '../../complaint/words.ts'
import { merchantWords } from '../../i18n/merchant.ts'
import { type Html, html } from '../html.ts'
import type { Desk } from './frame.ts'

export const TURNS = ['mine', 'others', 'buyer', 'platform'] as const
export type Turn = (typeof TURNS)[number]

/** What the list was asked for, as the address says it. */
export interface Asked {
  state?: State | undefined
  turn?: Turn | undefined
  overdue?: boolean | undefined
  category?: string | undefined
  /** The address of this page. */
  here: string
}

export const filters = (asked: Asked, categories: readonly string[], { page }: Desk): Html => {
  const { dictionary } = page
  const { filters: words } = merchantWords[page.locale]
  const states = (group: readonly State[]) => group.map(state => option(state, dictionary.states[state], asked.state))
  const kinds = categories.map(each => option(each, dictionary.categories[each] ?? each, asked.category))
  const open = [asked.state, asked.turn, asked.overdue, asked.category].some(each => each !== undefined)
  return html`<details class="fold filter"${open && html` open`}><summary>${words.title}</summary>
<form class="filters" method="get" action="/merchant" aria-label="${words.title}">
${select('turn', words.turn, words.any, [TURNS.map(turn => option(turn, words.turns[turn], asked.turn))])}
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
<button>${words.apply}</button>
<a class="button second" href="/merchant">${words.clear}</a>
</form></details>`
}

const option = (value: string, label: string, chosen: string | undefined): Html =>
  html`<option value="${value}"${value === chosen && html` selected`}>${label}</option>`

const group = (label: string, options: Html[]): Html[] => [html`<optgroup label="${label}">${options}</optgroup>`]

const select = (name: string, label: string, any: string, options: Html[][]): Html =>
  html`<p class="field"><label for="filter-${name}">${label}</label><select id="filter-${name}" name="${name}"><option value="">${any}</option>${options.flat()}</select></p>`
