import type { PageContext } from './context.ts'
import { type Html, html } from './html.ts'
import { layout } from './layout.ts'

export interface Sms {
  to: string
  text: string
  /** UTC ms. */
  at: number
}

/** The demo's telephone: the SMS that buyers would get, newest first, with links that open. */
export const phonePage = (page: PageContext, messages: readonly Sms[], demoUrl?: string): Html => {
  const { phone } = page.words.pages
  return layout({
    title: phone.title,
    page,
    main: html`<section class="plain"><h1>${phone.title}</h1><p>${phone.lead}</p></section>
${messages.length === 0 ? html`<p class="note">${phone.none}</p>` : html`<ol class="bubbles">${messages.map(each => bubble(each, page))}</ol>`}
${demoUrl ? html`<p><a class="button second" href="${demoUrl}">${phone.back}</a></p>` : null}`,
  })
}

const bubble = ({ to, text, at }: Sms, { words, dictionary }: PageContext): Html => {
  const iso = new Date(at).toISOString()
  return html`<li><small>${words.pages.phone.to(to)} · <time datetime="${iso}">${dictionary.when(iso)}</time></small><p dir="auto">${linked(text)}</p></li>
`
}

// What a phone makes tappable: an address up to the first character that is none of an address.
const ADDRESS = /(https?:\/\/[\w\-./~:?#@!$&*+=%]+)/

const linked = (text: string): Html[] =>
  text.split(ADDRESS).map((part, i) => (i % 2 === 1 ? html`<a href="${part}">${part}</a>` : html`${part}`))
