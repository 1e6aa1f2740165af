import type { Locale } from '../../complaint/words.ts'
import { LANGUAGE_NAMES } from '../../i18n/index.ts'
import type { PageContext } from '../context.ts'
import { type Html, html } from '../html.ts'
import { layout } from '../layout.ts'

export interface Sms {
  to: string
  text: string
  /** UTC ms. */
  at: number
  /** Which message it is; those that begin with `digest.` go to whoever works here. */
  template: string
  locale: Locale
}

/** The demo's telephones: the SMS that each person would get, newest first, with links that open. */
export const phonePage = (page: PageContext, messages: readonly Sms[], demoUrl?: string): Html => {
  const { phone } = page.words.pages
  const phones = [...Map.groupBy(messages, each => each.to)]
  return layout({
    title: phone.title,
    page,
    main: html`<section class="plain"><h1>${phone.title}</h1><p>${phone.lead}</p></section>
${messages.length === 0 ? html`<p class="note">${phone.none}</p>` : phones.map(([to, theirs]) => telephone(to, theirs, page))}
${demoUrl ? html`<p><a class="button second" href="${demoUrl}">${phone.back}</a></p>` : null}`,
  })
}

const NAMES = new Map(LANGUAGE_NAMES)
const OWNERS = ['merchant', 'platform', 'supervisor'] as const

const ownerOf = ({ template }: Sms) => OWNERS.find(owner => template === `digest.${owner}`) ?? 'buyer'

const telephone = (to: string, messages: readonly Sms[], page: PageContext): Html => {
  const owners = new Set(messages.map(each => page.dictionary.roles[ownerOf(each)]))
  return html`<section><h2>${page.words.pages.phone.to(to)} · ${[...owners].join(' · ')}</h2>
<ol class="bubbles">${messages.map(each => bubble(each, page))}</ol></section>
`
}

const bubble = ({ text, at, locale }: Sms, { dictionary }: PageContext): Html => {
  const iso = new Date(at).toISOString()
  return html`<li><small><time datetime="${iso}">${dictionary.when(iso)}</time> · <span lang="${locale}">${NAMES.get(locale) ?? locale}</span></small><p dir="auto" lang="${locale}">${linked(text)}</p></li>
`
}

// What a phone makes tappable: an address up to the first character that is none of an address.
const ADDRESS = /(https?:\/\/[\w\-./~:?#@!$&*+=%]+)/

const linked = (text: string): Html[] =>
  text.split(ADDRESS).map((part, i) => (i % 2 === 1 ? html`<a href="${part}">${part}</a>` : html`${part}`))
