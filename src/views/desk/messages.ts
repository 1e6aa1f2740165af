import type { Role } from '../../complaint/words.ts'
import { type Html, html } from '../html.ts'
import { type DeskPage, deskPage, wordsOf } from './context.ts'

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
  const outcome = messages.outcomes[item.outcome ?? 'retrying'] ?? item.outcome ?? ''
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
  return wordsOf(page).messages.templates[template] ?? kinds[template] ?? template
}
