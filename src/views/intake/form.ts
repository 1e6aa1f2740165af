import type { ComplaintView } from '../../complaint/view/types.ts'
import { REMEDIES } from '../../complaint/words.ts'
import { INTAKE_WORDS } from '../../i18n/areas/intake.ts'
import { failure } from '../acts/acts.ts'
import { areaField, type Drawn, filesField, idOf, selectField, textField } from '../acts/fields.ts'
import type { FormState, PageContext } from '../context.ts'
import { type Html, html, inline } from '../html.ts'
import { layout } from '../layout.ts'
import { qrCode } from '../qr.ts'
import { signingData } from '../track/devices.ts'

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

interface Filed extends Pick<ComplaintView, 'complaint' | 'next' | 'steps'> {
  /** Path of the tracking page, and what a signature there names. */
  base: string
  signing: { c: string; origin: string }
  trackingUrl: string
  pickupCode: string
  photosKept: boolean
  /** What was written is no draft any more. */
  draft: string
  phone: string
  promise: string | null
  fingerprint: string | null
}

/** The complaint stands: the way back to it, and who must act by when. */
export const filedPage = (page: PageContext, filed: Filed): Html => {
  const words = INTAKE_WORDS[page.locale].filed
  const { complaint, photosKept, trackingUrl, pickupCode } = filed
  return layout({
    title: words.title,
    page,
    here: '/',
    scripts: ['new.js', 'record.js', 'sign.js'],
    main: html`<section class="card done" data-filed="${filed.draft}"><div class="band"><h1>${words.title}</h1><p class="end">${page.words.complaintNo(complaint.id)}</p></div></section>
${!photosKept && html`<p class="notice bad" role="alert">${words.photosMissing}</p>`}
${whatNow(page, filed)}
<section class="plain"><p><a class="button" href="${trackingUrl}">${words.track}</a></p><p>${words.sms(maskedPhone(filed.phone))}</p>${device(page, filed)}</section>
<section class="plain" aria-labelledby="code"><h2 id="code">${words.code}</h2><p><code class="pickup">${pickupCode.slice(0, 4)}-${pickupCode.slice(4)}</code></p><p class="note">${words.codeHint}</p></section>
${keep(page, filed)}`,
  })
}

/** The device that filed is bound before another one opens the link. */
const device = ({ words }: PageContext, filed: Filed): Html =>
  html`<p class="note" id="device"${signingData(filed, { ...filed, words, now: 0 })}><span data-when="bound" hidden>${words.devices.bound}</span></p>`

/** What proves that it was handed in, should it be missing from the log: to save, to print, and to scan with another phone. */
const keep = (page: PageContext, { promise, fingerprint, trackingUrl }: Filed): Html | null => {
  if (promise === null || fingerprint === null) return null
  const { keep: words } = INTAKE_WORDS[page.locale].filed
  return html`<section class="plain" aria-labelledby="keep"><h2 id="keep">${words.title}</h2>
<p>${words.text}</p>
<dl><div><dt>${words.fingerprint}</dt><dd><code>${fingerprint}</code></dd></div></dl>
<p class="two"><a class="button second" href="${trackingUrl}/promise.txt" download>${words.save}</a><button class="second" type="button" data-print hidden>${words.print}</button></p>
<details><summary>${words.more}</summary><p class="note">${words.hint}</p><p class="quote"><code>${promise}</code></p>${qrCode(promise, words.title, 'L')}</details></section>`
}

const whatNow = (page: PageContext, { complaint, next }: Filed): Html | null => {
  const words = INTAKE_WORDS[page.locale].filed
  const { holder, due } = complaint
  const { card } = page.words
  if (!holder || due === null) return null
  return html`<section class="plain" aria-labelledby="next"><h2 id="next">${words.next}</h2>
<p><strong>${words.mustAct(inline(holder.name), page.dictionary.when(due))}</strong></p>
${next && html`<dl><div><dt>${card.ifActs}</dt><dd>${next.ifActs}</dd></div><div><dt>${card.ifSilent}</dt><dd>${next.ifSilent}</dd></div></dl>`}</section>`
}

/** A ticket that opens no form, or none yet: the way back is in the shop. */
export const turnedAwayPage = (page: PageContext, why: 'expired' | 'foreign' | 'silent'): Html => {
  const { title, text } = INTAKE_WORDS[page.locale].closed[why]
  return layout({ title, page, main: html`<section class="plain"><h1>${title}</h1><p>${text}</p></section>` })
}

/** A holder of the order's ticket may learn that there is a complaint, and gets no link to it. */
export const alreadyOpenPage = (page: PageContext): Html => leadBack(page, INTAKE_WORDS[page.locale].closed.alreadyOpen)

/** The ticket was used, for other words. */
export const alreadyFiledPage = (page: PageContext): Html =>
  leadBack(page, INTAKE_WORDS[page.locale].closed.alreadyFiled)

const leadBack = (page: PageContext, { title, text }: { title: string; text: string }): Html => {
  const { find, pickup, resend } = INTAKE_WORDS[page.locale].closed
  return layout({
    title,
    page,
    here: '/',
    main: html`<section class="plain"><h1>${title}</h1><p>${text}</p><p>${find}</p>
<p class="two"><a class="button" href="/#pickup">${pickup}</a><a class="button second" href="/#resend">${resend}</a></p></section>`,
  })
}
