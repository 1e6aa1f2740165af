import { REFUSALS } from '../../complaint/command.ts'
import type { Locale } from '../../complaint/words.ts'
import { DESK_WORDS } from '../../i18n/areas/desk.ts'
import { GALLERY_WORDS } from '../../i18n/areas/gallery.ts'
import { INTAKE_WORDS } from '../../i18n/areas/intake.ts'
import { LANGUAGE_NAMES } from '../../i18n/index.ts'
import { entry } from '../../i18n/values.ts'
import type { PageContext } from '../context.ts'
import { type Html, html } from '../html.ts'
import { layout } from '../layout.ts'
import { roleChooser } from '../signin/page.ts'

/** `data/demo.json`, with the demo's own clock and where its SMS can be read. */
export interface Demo {
  apiKeys: { platform: string; merchant: string }
  merchantId: string
  stories: readonly { name: string; title?: string | undefined; id: string; trackingUrl: string; shareUrl: string }[]
  /** UTC ms. */
  now: number
  phoneUrl?: string | undefined
  galleryUrl?: string | undefined
}

const STEPS = [1, 24, 48, 168]

export const demoPage = (page: PageContext, demo: Demo): Html => {
  const words = page.words.pages.demo
  return layout({
    title: words.title,
    page,
    main: html`<section class="plain"><h1>${words.title}</h1><p>${words.lead}</p>
${demo.phoneUrl ? html`<p><a class="button" href="${demo.phoneUrl}">${words.phone}</a></p>` : null}</section>
<section class="plain" aria-labelledby="roles">${roleChooser(page, '')}</section>
<p><a class="button second" href="/demo/shop">${INTAKE_WORDS[page.locale].shop.open}</a> <a class="button second" href="/demo/brand">${INTAKE_WORDS[page.locale].shop.branded}</a> ${demo.galleryUrl ? html`<a class="button second" href="${demo.galleryUrl}">${GALLERY_WORDS[page.locale].title}</a>` : null}</p>
${clock(page, demo.now)}
<section class="plain"><h2>${words.stories}</h2><ul class="stories">${demo.stories.map(each => story(each, page))}</ul></section>
<section class="plain"><h2>${words.keys}</h2><dl>${key(words.merchant, demo.apiKeys.merchant)}${key(words.platform, demo.apiKeys.platform)}${key(words.merchantId, demo.merchantId)}</dl></section>`,
  })
}

const story = ({ name, title, id, trackingUrl, shareUrl }: Demo['stories'][number], { words }: PageContext): Html => {
  const { demo } = words.pages
  return html`<li><b>${entry(demo.titles, name) ?? title ?? name}</b> <small>${words.complaintNo(id)}</small>
<span class="two"><a class="button" href="${trackingUrl}">${demo.act}</a><a class="button second" href="${shareUrl}">${demo.share}</a></span></li>
`
}

const key = (label: string, value: string): Html => html`<div><dt>${label}</dt><dd><code>${value}</code></dd></div>`

const clock = ({ words, dictionary }: PageContext, now: number): Html => {
  const { demo } = words.pages
  const at = new Date(now).toISOString()
  return html`<section class="plain" aria-labelledby="clock"><h2 id="clock">${demo.clock}</h2>
<form method="post" action="/demo/clock"><p class="effect">${demo.now} <time datetime="${at}">${dictionary.when(at)}</time>${words.between}${demo.clockHint}</p>
<p class="four">${STEPS.map(hours => html`<button class="second" name="advanceHours" value="${hours}">+${entry(demo.hours, hours) ?? hours}</button>`)}</p>
</form></section>`
}

export interface Sms {
  to: string
  text: string
  /** UTC ms. */
  at: number
  /** Which message it is; those that begin with `digest.` go to clerks and officers. */
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

const ROOMS = ['track', 'intake', 'front', 'merchant', 'desk'] as const

/** Every specimen by the area that it belongs to. */
export const galleryPage = (
  page: PageContext,
  specimens: readonly { room: (typeof ROOMS)[number]; name: string }[],
): Html => {
  const words = GALLERY_WORDS[page.locale]
  return layout({
    title: words.title,
    page,
    here: '/gallery',
    main: html`<section class="plain"><h1>${words.title}</h1><p>${words.lead}</p></section>
${ROOMS.map(
  room =>
    html`<section class="plain" aria-labelledby="${room}"><h2 id="${room}">${words.rooms[room]}</h2><ul class="points">${specimens
      .filter(each => each.room === room)
      .map(
        ({ name }) => html`<li><a href="/gallery/${name}?lang=${page.locale}">${name}</a></li>
`,
      )}</ul></section>`,
)}`,
  })
}

const CODES = [...Object.keys(REFUSALS), 'stale']

/** Each refusal as its reader sees it: buyer and merchant read the page's words, an officer the desk's. */
export const refusalsPage = (page: PageContext): Html => {
  const words = GALLERY_WORDS[page.locale]
  return layout({
    title: words.refusals,
    page,
    main: html`<section class="plain"><h1>${words.refusals}</h1><p>${words.refusalsLead}</p></section>
${CODES.map(code => refusal(code, page))}`,
  })
}

const refusal = (code: string, { locale, words, dictionary }: PageContext): Html => {
  const { byCode, other } = words.refusals
  const { refusals, otherRefusal } = DESK_WORDS[locale]
  const { buyer, merchant, platform } = dictionary.roles
  return html`<section class="plain" aria-labelledby="refused-${code}"><h2 id="refused-${code}"><code>${code}</code></h2>
<p class="notice bad"><b>${buyer} · ${merchant}${words.colon}</b>${entry(byCode, code) ?? other}</p>
<p class="notice bad"><b>${platform}${words.colon}</b>${entry(refusals, code) ?? entry(byCode, code) ?? otherRefusal}</p></section>
`
}
