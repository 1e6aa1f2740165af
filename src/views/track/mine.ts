import type { State } from '../../complaint/words.ts'
import { PERSON_WORDS } from '../../i18n/areas/person.ts'
import { entry } from '../../i18n/values.ts'
import { labelFor } from '../acts/fields.ts'
import type { PageContext, TrackContext } from '../context.ts'
import { type Html, html, inline } from '../html.ts'
import { layout } from '../layout.ts'

type OwnPage = PageContext & Pick<TrackContext, 'base'>

/** A complaint of the phone in a list. */
interface Listed {
  id: string
  item: string | null
  category: string
  state: State
}
export interface OtherComplaint extends Listed {
  url: string
  /** UTC ms. */
  due: number | null
}

/** The buyer's other open complaints, and their rights over their data; null asks for the phone's last four digits first. */
export const minePage = (
  page: OwnPage,
  others: readonly OtherComplaint[] | null,
  problems: readonly string[],
): Html => {
  const { base, locale } = page
  const { mine } = PERSON_WORDS[locale]
  return layout({
    title: mine.title,
    page,
    here: `${base}/mine`,
    main: html`<section class="plain"><h1>${mine.title}</h1>
${others === null ? asking(page, problems) : html`<h2>${mine.others}</h2>${listed(page, others)}`}</section>
${
  others !== null &&
  html`<section class="plain"><h2>${mine.rights}</h2><p><a class="button second" href="${base}/data.zip" download>${mine.data}</a></p><p class="note">${mine.dataNote}</p>
<p><a href="${base}/erasure">${mine.erase}</a></p></section>`
}
<p><a href="${base}">${mine.back}</a></p>`,
  })
}

const asking = ({ words, base, locale }: OwnPage, problems: readonly string[]): Html => {
  const { mine } = PERSON_WORDS[locale]
  return html`<form method="post" action="${base}/mine"><p class="field"><label for="last4">${labelFor('mine', 'last4', words)}</label><small id="last4-hint">${mine.ask}</small>${problems.map(
    text => html`<strong class="problem" role="alert">${text}</strong>`,
  )}<input id="last4" name="last4" inputmode="numeric" maxlength="4" autocomplete="off" required aria-describedby="last4-hint"></p><button>${mine.show}</button></form>`
}

const nameOf = ({ item, category }: Listed, { dictionary }: PageContext): string =>
  inline(item ?? entry(dictionary.categories, category) ?? category)

const listed = (page: OwnPage, others: readonly OtherComplaint[]): Html => {
  const { words, dictionary, locale } = page
  if (others.length === 0) return html`<p>${PERSON_WORDS[locale].mine.none}</p>`
  return html`<ul class="stories">${others.map(
    each =>
      html`<li><p><a href="${each.url}"><bdi>${nameOf(each, page)}</bdi></a> <small>${words.complaintNo(each.id)}</small><br>${dictionary.states[each.state]}${
        each.due !== null &&
        html` · ${words.card.due} <time>${dictionary.when(new Date(each.due).toISOString())}</time>`
      }</p></li>`,
  )}</ul>`
}

export interface ErasureRow extends Listed {
  /** Why it can't be asked for now; null where it can. */
  kept: 'open' | 'legal_hold' | 'erased' | 'asked' | null
  /** From when the platform may erase it, where that is to come; UTC ms. */
  from: number | null
}
interface Asked {
  id: string
  /** A refusal's code; none where it was asked for. */
  refusal?: string
}

/** The request to erase all data of a phone. */
export const erasurePage = (page: OwnPage, rows: readonly ErasureRow[], results: readonly Asked[] = []): Html => {
  const { base, locale } = page
  const { erasure } = PERSON_WORDS[locale]
  const [asks, stays] = [rows.filter(({ kept }) => kept === null), rows.filter(({ kept }) => kept !== null)]
  return layout({
    title: erasure.title,
    page,
    here: `${base}/erasure`,
    main: html`<section class="plain"><h1>${erasure.title}</h1>
${results.length > 0 && outcome(results, page)}
<p>${erasure.lead}</p>
${asks.length === 0 && results.length === 0 && html`<p>${erasure.nothing}</p>`}</section>
${asks.length > 0 && request(asks, page)}
${stays.length > 0 && html`<section class="plain"><h2>${erasure.stays(stays.length)}</h2><ul class="stories">${stays.map(row => rowLine(row, page))}</ul></section>`}
<p><a href="${base}/mine">${erasure.back}</a></p>`,
  })
}

const request = (asks: readonly ErasureRow[], page: OwnPage): Html => {
  const { base, locale } = page
  const { erasure } = PERSON_WORDS[locale]
  return html`<section class="plain"><h2>${erasure.asks(asks.length)}</h2><ul class="stories">${asks.map(row => rowLine(row, page))}</ul>
<form method="post" action="${base}/erasure"><p class="effect">${erasure.goes}</p>
<p class="field"><label for="reason">${erasure.reason}</label><textarea id="reason" name="reason" rows="2" maxlength="2000"></textarea></p>
<button>${erasure.submit(asks.length)}</button></form></section>`
}

const rowLine = (row: ErasureRow, page: OwnPage): Html => {
  const { words, dictionary, locale } = page
  const { keptBy, until } = PERSON_WORDS[locale]
  const when = row.from === null ? '' : dictionary.when(new Date(row.from).toISOString())
  return html`<li><p><bdi>${nameOf(row, page)}</bdi> <small>${words.complaintNo(row.id)}</small><br>${dictionary.states[row.state]}${
    row.kept !== null ? html` · ${keptBy[row.kept]}` : row.from !== null && html` · ${keptBy.window} ${until(when)}`
  }</p></li>`
}

const outcome = (results: readonly Asked[], { words, locale }: OwnPage): Html => {
  const { erasure } = PERSON_WORDS[locale]
  const failed = results.some(({ refusal }) => refusal !== undefined)
  return html`<section class="notice ${failed ? 'bad' : 'good'}" role="${failed ? 'alert' : 'status'}" tabindex="-1" autofocus><h2>${erasure.results}</h2>
<ul>${results.map(
    ({ id, refusal }) =>
      html`<li>${words.complaintNo(id)}${words.colon}${refusal === undefined ? erasure.asked : html`${erasure.failed}${why(refusal, words, erasure.changed)}`}</li>`,
  )}</ul></section>`
}

/** That the newest step is another now is no fault of the buyer's. */
const why = (refusal: string, { refusals }: OwnPage['words'], changed: string): string =>
  refusal === 'unknown_step' ? changed : (entry(refusals.byCode, refusal) ?? changed)
