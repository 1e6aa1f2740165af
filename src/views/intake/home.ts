import { type Drawn, idOf, textField } from '../acts/fields.ts'
import type { FormState, PageContext } from '../context.ts'
import { type Html, html } from '../html.ts'
import { layout } from '../layout.ts'

/** The small forms of the front page, as they came back. `refusal` is a sentence here. `byOrder` is shown after a lock alone. */
interface HomeForms {
  pickup?: FormState | undefined
  byOrder?: FormState | undefined
  resend?: FormState | undefined
}

export const homePage = (page: PageContext, forms: HomeForms = {}): Html => {
  const { home } = page.words.pages
  return layout({
    title: home.title,
    page,
    here: '/',
    main: html`<section class="card"><div class="band"><h1>${home.title}</h1><p class="end">${home.lead}</p></div>
<ul class="points">${home.points.map(point => html`<li>${point}</li>`)}</ul></section>
${pickupForm(page, forms.pickup ?? null)}
${forms.byOrder !== undefined && byOrderForm(page, forms.byOrder)}
${resendForm(page, forms.resend ?? null)}`,
  })
}

/** Code and last four digits of the phone, for those whose SMS has no link. */
const pickupForm = (page: PageContext, back: FormState | null): Html => {
  const { home } = page.words.pages
  const drawn: Drawn = { name: 'pickup', page, back }
  return html`<section class="plain" aria-labelledby="pickup"><h2 id="pickup">${home.pickupTitle}</h2>
<form method="post" action="/pickup">
<p class="effect">${home.pickupHint}</p>
${problems(drawn)}
${textField(drawn, { name: 'code', label: home.code, hint: home.codeHint, length: 12 })}
${textField(drawn, { name: 'last4', label: home.last4, mode: 'numeric', length: 4 })}
<button>${home.pickup}</button>
</form></section>`
}

const byOrderForm = (page: PageContext, back: FormState): Html => {
  const { home } = page.words.pages
  const drawn: Drawn = { name: 'byOrder', page, back }
  return html`<section class="plain" aria-labelledby="by-order"><h2 id="by-order">${home.byOrderTitle}</h2>
<form method="post" action="/pickup/by-order">
<p class="effect">${home.byOrderHint}</p>
${(back.refusal !== undefined || back.problems.length > 0) && problems(drawn)}
${textField(drawn, { name: 'code', label: home.code, hint: home.codeHint, length: 12 })}
${textField(drawn, { name: 'orderId', label: home.orderId })}
${textField(drawn, { name: 'phone', label: home.phone, mode: 'tel', length: 20 })}
<button>${home.pickup}</button>
</form></section>`
}

const resendForm = (page: PageContext, back: FormState | null): Html => {
  const { home } = page.words.pages
  const drawn: Drawn = { name: 'resend', page, back }
  return html`<section class="plain" aria-labelledby="resend"><h2 id="resend">${home.resendTitle}</h2>
<form method="post" action="/pickup/resend">
<p class="effect">${home.resendHint}</p>
${problems(drawn)}
${textField(drawn, { name: 'orderId', label: home.orderId })}
${textField(drawn, { name: 'phone', label: home.phone, mode: 'tel', length: 20 })}
<button class="second">${home.resend}</button>
</form></section>`
}

const problems = ({ back, name, page }: Drawn): Html | null => {
  if (!back) return null
  const { home } = page.words.pages
  const labels: Record<string, string> = {
    code: home.code,
    last4: home.last4,
    orderId: home.orderId,
    phone: home.phone,
  }
  const refused = back.refusal !== undefined && html`<p>${back.refusal}</p>`
  const each = back.problems.map(
    ({ field, message }) =>
      html`<li><a href="#${idOf(name, field)}">${labels[field] ?? field}${page.words.colon}${message}</a></li>`,
  )
  const list = each.length > 0 && html`<p>${page.words.pages.home.problems}</p><ul>${each}</ul>`
  return html`<div class="notice bad" role="alert">${refused}${list}</div>`
}

/** What is kept of a buyer, and what they may ask for; an operator may name a page of their own in its place. */
export const privacyPage = (page: PageContext): Html => {
  const { title, points } = page.words.privacy
  return layout({
    title,
    page,
    main: html`<section class="plain"><h1>${title}</h1>
${points.map(([what, text]) => html`<h2>${what}</h2><p>${text}</p>`)}</section>`,
  })
}
