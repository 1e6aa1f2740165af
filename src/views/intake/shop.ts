import { messages } from '../../i18n/index.ts'
import type { PageContext } from '../context.ts'
import { type Html, html } from '../html.ts'
import { layout } from '../layout.ts'

export interface ShopOrder {
  orderId: string
  item: string
  amount: { value: string; currency: string }
}

/** The demo's shop: the order page that a real shop has itself, with its way to a complaint. */
export const shopPage = (page: PageContext, shop: string, orders: readonly ShopOrder[]): Html => {
  const words = messages(page.locale).intake.shop
  return layout({
    title: words.title,
    page,
    main: html`<section class="plain"><h1>${words.title}</h1><p>${shop}</p><p class="note">${words.lead}</p></section>
${orders.map(order => row(page, order))}
<p><a class="button second" href="/demo">${words.back}</a></p>`,
  })
}

const row = (page: PageContext, { orderId, item, amount }: ShopOrder): Html => {
  const { order, shop } = messages(page.locale).intake
  return html`<section class="plain" aria-labelledby="order-${orderId}"><h2 id="order-${orderId}">${item}</h2>
<dl><div><dt>${order.orderId}</dt><dd>${orderId}</dd></div><div><dt>${order.paid}</dt><dd>${page.dictionary.amount(amount)}</dd></div></dl>
<form method="post" action="/demo/shop"><input type="hidden" name="orderId" value="${orderId}"><button class="second">${shop.complain}</button></form></section>
`
}
