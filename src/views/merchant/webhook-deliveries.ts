import { MERCHANT_WORDS } from '../../i18n/areas/merchant.ts'
import type { HookWords } from '../../i18n/index.ts'
import { type Html, html } from '../html.ts'
import { type Desk, framed } from './frame.ts'

/** One event as its owner may see it; instants UTC ms. */
interface DeliveryLine {
  id: number
  /** As people write it; null of a test. */
  complaint: string | null
  seq: number
  attempts: number
  outcome: 'delivered' | 'failed' | null
  answer: string | null
  nextAt: number | null
  createdAt: number
}

/** The last events of one endpoint, the newest first, each with what became of it. */
export const deliveriesPage = (
  desk: Desk,
  { id, url, notice }: { id: string; url: string; notice: Html | null },
  lines: readonly DeliveryLine[],
): Html => {
  const words = MERCHANT_WORDS[desk.page.locale].webhooks
  return framed(desk, {
    title: words.deliveries,
    room: 'settings',
    here: `/merchant/webhooks/${id}`,
    main: html`<p><a href="/merchant/settings">${words.back}</a></p>
<h1>${words.deliveries}</h1><p class="address" translate="no">${url}</p>
${notice}
${lines.length > 0 ? table(id, lines, words, desk) : html`<p class="note">${words.noDeliveries}</p>`}`,
  })
}

const table = (id: string, lines: readonly DeliveryLine[], words: HookWords, desk: Desk): Html => {
  const { columns } = words
  return html`<div class="sheet"><table class="list-table">
<thead><tr>${[columns.complaint, columns.event, columns.at, columns.result, columns.action].map(each => html`<th scope="col">${each}</th>`)}</tr></thead>
<tbody>${lines.map(line => row(id, line, words, desk))}</tbody>
</table></div>`
}

const row = (hook: string, line: DeliveryLine, words: HookWords, { page }: Desk): Html => {
  const { columns } = words
  const about =
    line.complaint === null ? '–' : html`<a href="/merchant/complaints/${line.complaint}">${line.complaint}</a>`
  const at = new Date(line.createdAt).toISOString()
  return html`<tr><th scope="row">${about}</th><td data-label="${columns.event}">${line.complaint === null ? words.testEvent : words.step(line.seq + 1)}</td><td data-label="${columns.at}"><time datetime="${at}">${page.dictionary.when(at)}</time></td><td data-label="${columns.result}">${result(line, words, page)}</td><td data-label="${columns.action}"><form method="post" action="/merchant/webhooks/${hook}/resends"><input type="hidden" name="delivery" value="${line.id}"><button class="small second" aria-label="${words.resendOf(line.complaint ?? words.testEvent)}">${words.resend}</button></form></td></tr>
`
}

const result = ({ outcome, answer, attempts, nextAt }: DeliveryLine, words: HookWords, page: Desk['page']): Html => {
  const look = outcome === 'delivered' ? 'calm' : outcome === 'failed' ? 'late' : 'soon'
  const when =
    nextAt === null || attempts === 0
      ? words.waiting
      : words.retry(page.dictionary.when(new Date(nextAt).toISOString()))
  const said = answer === null ? '' : answerIn(words, answer)
  return html`<span class="badge ${look}">${outcome === null ? when : words[outcome]}</span>${attempts > 0 && html` <small>${said} · ${words.attempts(attempts)}</small>`}`
}

export const answerIn = (words: HookWords, answer: string): string => {
  const known: Readonly<Record<string, string>> = words.answers
  return known[answer] ?? words.answer(answer)
}
