import type { ComplaintView } from '../complaint/view/types.ts'
import type { TrackContext } from './context.ts'
import { type Html, html, inline } from './html.ts'
import { remedyWords } from './remedy.ts'

/** What the complaint is about: order, goods, merchant, and what is asked for.  */
export const order = ({ complaint, steps }: ComplaintView, { words, dictionary }: TrackContext): Html => {
  const fields = steps[0]?.fields ?? {}
  const said = (label: string, value: unknown) =>
    typeof value === 'string' && value !== '' && html`<div><dt>${label}</dt><dd><bdi>${inline(value)}</bdi></dd></div>`
  const { order } = words
  return html`<section class="plain" aria-labelledby="order">
<h2 id="order">${order.title}</h2>
<dl>
${said(order.orderId, fields.orderId)}${said(order.item, fields.item)}${said(order.merchant, complaint.merchant.name)}${said(order.buyer, complaint.buyer)}${said(order.phone, fields.buyerPhoneMasked)}${said(order.category, dictionary.categories[complaint.category] ?? complaint.category)}${said(order.sought, remedyWords(complaint.remedySought, dictionary))}${said(order.openedAt, dictionary.when(complaint.openedAt))}${complaint.reopened > 0 && said(order.reopened, order.count(complaint.reopened))}
</dl>
</section>`
}
