import type { ComplaintView } from '../../complaint/view/types.ts'
import { merchantWords } from '../../i18n/merchant.ts'
import { row } from '../facts.ts'
import { type Html, html, inline } from '../html.ts'
import { remedyWords } from '../remedy.ts'
import { files } from '../steps/files.ts'
import type { CaseContext } from './case-context.ts'

/** What an answer is about: the buyer's words, the order, and what is asked for. */
export const remedyRequest = ({ complaint, steps }: ComplaintView, { page, track }: CaseContext): Html => {
  const { case: words } = merchantWords[page.locale]
  const { dictionary } = page
  const [first] = steps
  const fields = first?.fields ?? {}
  const said = (label: string, value: unknown) =>
    typeof value === 'string' && value !== '' ? row(label, html`<bdi>${inline(value)}</bdi>`) : null
  return html`<section class="card" aria-labelledby="claim">
<h2 id="claim">${words.claim} <small>${complaint.id}</small></h2>
<dl>
${said(words.item, fields.item)}${said(words.order, fields.orderId)}${said(words.category, dictionary.categories[complaint.category] ?? complaint.category)}${said(words.sought, remedyWords(complaint.remedySought, dictionary))}${said(words.buyer, complaint.buyer)}${said(words.phone, fields.buyerPhoneMasked)}${said(words.openedAt, dictionary.when(complaint.openedAt))}
</dl>
${typeof fields.statement === 'string' && html`<div class="claimed"><p dir="auto">${fields.statement}</p></div>`}
${first ? files(first, track) : null}
</section>`
}
