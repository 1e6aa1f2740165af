import { REMEDIES } from '../../complaint/words.ts'
import { INTAKE_WORDS } from '../../i18n/areas/intake.ts'
import { failure } from '../acts/acts.ts'
import { areaField, type Drawn, filesField, idOf, selectField, textField } from '../acts/fields.ts'
import type { FormState, PageContext } from '../context.ts'
import { type Html, html, inline } from '../html.ts'
import { layout } from '../layout.ts'

/** What the shop says of the order, and what the form carries in its ticket's place. */
export interface OrderForm {
  page: PageContext
  ticket: {
    orderId: string
    item?: string | undefined
    merchantName: string
    amount: { value: string; currency: string }
    phone: string
    name?: string | undefined
  }
  form: string
  permit: string
  draft: string
  /** Of the policy in force. */
  categories: readonly string[]
  signing: FormSigning | null
}

/** What public/sign.js needs on a form: origin of the log, digest of the form, and the name under which the phone keeps its key. */
export interface FormSigning {
  origin: string
  seen: string
  store: string
}

/** One order's complaint form. It is whole without its script, which keeps a draft on this phone. */
export const intakePage = (order: OrderForm, back: FormState | null): Html => {
  const { page } = order
  const words = INTAKE_WORDS[page.locale]
  return layout({
    title: `${failure(page, back)}${words.title}`,
    page,
    here: `/new?ticket=${order.form}`,
    scripts: ['new.js', 'record.js', 'photos.js', 'sign.js'],
    main: html`<section class="plain"><h1>${words.title}</h1><p>${words.lead}</p></section>
${orderCard(order)}
${form(order, { name: 'new', page, back })}
`,
  })
}

const orderCard = ({ page, ticket }: OrderForm): Html => {
  const { order } = INTAKE_WORDS[page.locale]
  const rows: [string, string, string?][] = [
    [order.orderId, ticket.orderId],
    ...(ticket.item === undefined ? [] : [[order.item, ticket.item] as [string, string]]),
    [order.merchant, ticket.merchantName],
    [order.paid, page.dictionary.amount(ticket.amount)],
    [order.phone, maskedPhone(ticket.phone), order.phoneHint],
  ]
  return html`<section class="plain" aria-labelledby="order"><h2 id="order">${order.title}</h2><dl>${rows.map(
    ([label, value, hint]) =>
      html`<div><dt>${label}</dt><dd>${inline(value)}${hint !== undefined && html` <small>${hint}</small>`}</dd></div>`,
  )}</dl></section>`
}

/** Masked: enough to recognise one's own number, too little to call it. */
export const maskedPhone = (phone: string): string =>
  phone.length < 8 ? `***${phone.slice(-2)}` : `${phone.slice(0, phone.length - 8)}****${phone.slice(-4)}`

const form = (order: OrderForm, drawn: Drawn): Html => {
  const { page, ticket } = order
  const { fields, who, submit, draft } = INTAKE_WORDS[page.locale]
  const { dictionary } = page
  const { choose } = page.words.acts
  const paid = dictionary.amount(ticket.amount)
  return html`<form class="plain" method="post" action="/new?p=${order.permit}" enctype="multipart/form-data" data-draft="${order.draft}">
<input type="hidden" name="form" value="${order.form}">
${signing(order)}<p class="notice" id="draft" role="status" hidden>${draft.restored} <button type="button" class="second">${draft.drop}</button></p>
${problems(drawn)}
${selectField(
  drawn,
  { name: 'category', label: fields.category },
  order.categories.map(each => [each, dictionary.categories[each] ?? each] as const),
  choose,
)}
${areaField(drawn, { name: 'statement', label: fields.statement, hint: fields.statementHint })}
${selectField(
  drawn,
  { name: 'remedySought.kind', label: fields.remedy },
  REMEDIES.map(kind => [kind, dictionary.remedies[kind]] as const),
  choose,
)}
${textField(drawn, { name: 'remedySought.amount.value', label: fields.amount, hint: fields.amountHint(paid), optional: true, mode: 'decimal', length: 13 })}
${ticket.name === undefined && textField(drawn, { name: 'name', label: fields.name, hint: fields.nameHint })}
${filesField(drawn, { name: 'files', label: fields.files, hint: fields.filesHint, optional: true })}
<p class="effect">${who}</p>
<button>${submit}</button>
</form>`
}

/** Hidden fields: what the page shows of the order, so that the buyer's signature covers it too. */
const signing = ({ page, ticket, signing }: OrderForm): Html | null => {
  if (!signing) return null
  const { orderId, item, merchantName, amount } = ticket
  const shown = { orderId, item, merchantName, paid: amount.value }
  return html`<span id="device" data-form data-act="submit" data-c="" data-keys="" data-origin="${signing.origin}" data-seen="${signing.seen}" data-store="${signing.store}" data-photos="${INTAKE_WORDS[page.locale].photosText}"></span>
${Object.entries(shown).map(([name, value]) => value !== undefined && html`<input type="hidden" name="shown.${name}" value="${value}">`)}
`
}

const problems = ({ back, name, page }: Drawn): Html | null => {
  if (!back || (back.problems.length === 0 && back.refusal === undefined)) return null
  const { acts } = page.words
  const list = back.problems.map(
    ({ field, message }) =>
      html`<li><a href="#${idOf(name, field)}">${labelOf(page, field)}${page.words.colon}${message}</a></li>`,
  )
  return html`<div class="notice bad" role="alert">${back.refusal !== undefined && html`<p>${back.refusal}</p>`}${
    list.length > 0 && html`<p>${acts.problems}</p><ul>${list}</ul>`
  }<p>${acts.chooseFilesAgain}</p></div>`
}

/** A list of what is wrong says where. */
const labelOf = (page: PageContext, field: string): string => {
  const { fields } = INTAKE_WORDS[page.locale]
  const { category, statement, name, files, remedy, amount } = fields
  const plain: Record<string, string> = { category, statement, name, files }
  const labels = { ...plain, 'remedySought.kind': remedy, 'remedySought.amount.value': amount }
  return new Map(Object.entries(labels)).get(field) ?? ''
}

export interface ShopOrder {
  orderId: string
  item: string
  amount: { value: string; currency: string }
}

/** The demo's shop: the order page that a real shop has itself, with its way to a complaint. */
export const shopPage = (page: PageContext, shop: string, orders: readonly ShopOrder[]): Html => {
  const words = INTAKE_WORDS[page.locale].shop
  return layout({
    title: words.title,
    page,
    main: html`<section class="plain"><h1>${words.title}</h1><p>${shop}</p><p class="note">${words.lead}</p></section>
${orders.map(order => row(page, order))}
<p><a class="button second" href="/demo">${words.back}</a></p>`,
  })
}

const row = (page: PageContext, { orderId, item, amount }: ShopOrder): Html => {
  const { order, shop } = INTAKE_WORDS[page.locale]
  return html`<section class="plain" aria-labelledby="order-${orderId}"><h2 id="order-${orderId}">${item}</h2>
<dl><div><dt>${order.orderId}</dt><dd>${orderId}</dd></div><div><dt>${order.paid}</dt><dd>${page.dictionary.amount(amount)}</dd></div></dl>
<form method="post" action="/demo/shop"><input type="hidden" name="orderId" value="${orderId}"><button class="second">${shop.complain}</button></form></section>
`
}
