import type { Locale } from '../complaint/words.ts'
import { LANGUAGE_NAMES } from '../i18n/index.ts'
import { fileUrl, type PageContext } from './context.ts'
import { type Html, html, inline } from './html.ts'

interface Page {
  title: string
  main: Html
  page: PageContext
  /** Names the kind of page for the style sheet. */
  look?: string | undefined
  /** Before `main`: what stays when `main` is replaced. */
  before?: Html | undefined
  /** Of `main`. */
  attributes?: Html | undefined
  /** Names of scripts of ours, for more comfort. The page is whole without them. */
  scripts?: readonly string[] | undefined
  /** Where the language switch leads, with its query; the page itself where it was got by GET. */
  here?: string | undefined
}

/** The frame of every page. It needs no script and no style of its own, so the strictest CSP fits. */
export const layout = ({ title, main, page, look = '', before, attributes, scripts = [], here = '' }: Page): Html => {
  const { words } = page
  return html`<!doctype html>
<html lang="${page.locale}">
${head([title, words.brand], page, html`${stylesOf(look, scripts).map(name => html`<link rel="stylesheet" href="${fileUrl(page, name)}">`)}${scripts.includes('htmx.min.js') && HTMX}${scripts.map(name => html`<script src="${fileUrl(page, name)}" defer></script>`)}`)}
<body${look !== '' && html` class="${look}"`}>
<header class="top"><a href="/">${logo(page)}${words.brand}</a> <span>${words.tagline}</span>${languageSwitch(page, here)}</header>
${before ?? null}
<main${attributes ?? null}>
${main}
</main>
${footer(page)}
</body>
</html>
`
}

/** Besides app.css, which is all that the tracking page waits for. */
const stylesOf = (look: string, scripts: readonly string[]): string[] => [
  ...(look === 'track' ? [] : [look === 'record' ? 'record.css' : 'pages.css']),
  ...(scripts.includes('photos.js') ? ['photos.css'] : []),
]

// No style of its own (the CSP forbids it), and no hand in the browser's history: addresses never change here.
const HTMX = html`<meta name="htmx-config" content='{"includeIndicatorCSS":false,"history":false}'>
`

const footer = ({ words, locale, verifyUrl, brand }: PageContext): Html => html`<footer>
<p>${words.footer.about(words.brand)}</p>
${
  brand?.hotline !== undefined &&
  html`<p>${words.footer.hotline} <a href="tel:${brand.hotline.replaceAll(/[ -]/g, '')}">${brand.hotline}</a></p>
`
}<p>${words.footer.outside} <a href="tel:12315">12315</a></p>
<p>${verifyUrl !== undefined && html`<a href="${verifyUrl}">${words.footer.verify}</a> <a href="/index">${words.footer.index}</a> `}<a href="${brand?.privacy ?? '/privacy'}">${words.privacy.title}</a>${
  brand?.links.map(({ text, url }) => html` <a href="${url}" rel="noreferrer">${text[locale]}</a>`) ?? null
}</p>
${(brand?.company !== undefined || brand?.icp !== undefined) && html`<p>${brand.company ?? ''} ${brand.icp !== undefined && html`<a href="https://beian.miit.gov.cn/" rel="noreferrer">${brand.icp}</a>`}</p>`}
</footer>`

/** Beside the name that it stands for. */
const logo = ({ brand }: PageContext): Html | null =>
  brand?.logo === undefined ? null : html`<img class="logo" src="${brand.urls.logo}" alt="" height="28"> `

/** The head of every page; `titles` lead from the page itself out to the site. */
export const head = (titles: readonly string[], page: PageContext, more: Html): Html => html`<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="format-detection" content="telephone=no">
<meta name="robots" content="noindex">
<meta name="theme-color" content="${page.brand?.colour ?? '#0b57a8'}">
${preview(page)}
<title>${titles.join(' · ')}</title>
<link rel="icon" href="${page.brand?.logo === undefined ? fileUrl(page, 'icon.svg') : page.brand.urls.logo}" type="image/svg+xml">
${
  !page.brand &&
  html`<link rel="apple-touch-icon" href="/icon-180.png">
`
}<link rel="manifest" href="${page.brand?.urls.manifest ?? '/manifest.json'}">
<link rel="stylesheet" href="${fileUrl(page, 'app.css')}">
${
  page.brand?.colour !== undefined &&
  html`<link rel="stylesheet" href="${page.brand.urls.style}">
`
}${more}
</head>`

/** Open Graph: what a chat shows of a link, the same for all pages, so that a preview leaks nothing of a complaint. */
const preview = ({ words: { brand, preview }, brand: own, image }: PageContext): Html =>
  html`<meta property="og:title" content="${brand} · ${preview.title}"><meta property="og:description" content="${preview.text}">${
    image !== undefined &&
    html`<meta property="og:image" content="${own ? new URL(own.urls.picture, image).href : image}">`
  }`

/** The address of this page in another language. */
const inLanguage = (here: string, locale: Locale): string => {
  const [path = '', query = ''] = here.split('?')
  const parts = query.split('&').filter(part => part !== '' && !part.startsWith('lang='))
  return `${path}?${[...parts, `lang=${locale}`].join('&')}`
}

/** Plain links; the server remembers what they say. `here` is where GET finds this page, or nothing for right here. */
const languageSwitch = ({ locale, words }: PageContext, here = ''): Html =>
  html`<nav class="langs" aria-label="${words.language}">${LANGUAGE_NAMES.map(
    ([each, name]) =>
      html`<a href="${inLanguage(here, each)}" lang="${each}" hreflang="${each}"${each === locale && html` aria-current="true"`}>${name}</a>`,
  )}</nav>`

/** Who is signed in, as the frame shows it. A `Session` of the ledger's port is one. */
export interface Person {
  role: 'merchant' | 'platform' | 'supervisor'
  name: string
}

export interface NavEntry {
  /** What `current` names. */
  name: string
  href: string
  label: string
  /** How many wait there; none is shown for 0. */
  count?: number | undefined
}

interface ConsolePage {
  title: string
  page: PageContext
  person: Person
  /** The name of the nav entry that this page belongs to. */
  current: string
  nav: readonly NavEntry[]
  main: Html
  /** Where the language switch leads, with its query; the page itself where it was got by GET. */
  here?: string | undefined
}

const consoleFiles = (
  page: PageContext,
): Html => html`${['pages.css', 'photos.css', 'console.css'].map(name => html`<link rel="stylesheet" href="${fileUrl(page, name)}">`)}
<script src="${fileUrl(page, 'console.js')}" defer></script><script src="${fileUrl(page, 'photos.js')}" defer></script>`

/** The frame of every page behind a sign-in. Works without its script, which only adds keys. */
export const consolePage = ({ title, page, person, current, nav, main, here = '' }: ConsolePage): Html => {
  const words = page.console
  return html`<!doctype html>
<html lang="${page.locale}">
${head([title, words.rooms[person.role], page.words.brand], page, consoleFiles(page))}
<body class="console"${page.shortcuts?.off === true && html` data-shortcuts="off"`}>
<a class="skip" href="#main">${words.skip}</a>
<header class="frame">
<p class="brand"><a href="${nav[0]?.href ?? '/'}">${logo(page)}${page.words.brand}</a> <span>${words.rooms[person.role]}</span></p>
<nav aria-label="${words.nav}"><ul>${nav.map(entry => navEntry(entry, current))}</ul></nav>
<div class="signed">
<p class="languages" aria-label="${words.language}" role="group">${LANGUAGE_NAMES.map(([locale, name]) => language(locale, name, page.locale, here))}</p>
<p class="person"><b><a href="${person.role === 'merchant' ? '/merchant' : '/desk'}/keys">${inline(person.name)}</a></b> <span class="tag">${words.roles[person.role]}</span></p>
<form method="post" action="/signout"><button class="small">${words.signOut}</button></form>
</div>
</header>
<main id="main" tabindex="-1">
${main}
</main>
${shortcutSwitch(page, person)}
</body>
</html>
`
}

/** WCAG 2.1.4: keys of one character can be turned off. The server keeps what was chosen, so that it needs no script. */
const shortcutSwitch = ({ console: { shortcuts: words }, shortcuts }: PageContext, { role }: Person): Html | null => {
  if (shortcuts === undefined) return null
  const { off, back } = shortcuts
  return html`<footer class="switch"><form method="post" action="${role === 'merchant' ? '/merchant' : '/desk'}/shortcuts">
<input type="hidden" name="to" value="${back}"><span>${off ? words.areOff : words.areOn}</span>
<button class="small" name="shortcuts" value="${off ? 'on' : 'off'}">${off ? words.turnOn : words.turnOff}</button>
</form></footer>`
}

const navEntry = ({ name, href, label, count = 0 }: NavEntry, current: string): Html =>
  html`<li><a href="${href}"${name === current && html` aria-current="page"`}>${label}${count > 0 && html` <b class="count">${count}</b>`}</a></li>`

const language = (locale: Locale, name: string, now: Locale, here: string): Html => {
  const query = here.includes('?') ? '&' : '?'
  return html`<a href="${here}${query}lang=${locale}" lang="${locale}" hreflang="${locale}"${locale === now && html` aria-current="true"`}>${name}</a>`
}
