import type { Locale } from '../../complaint/words.ts'
import { LANGUAGE_NAMES, messages } from '../../i18n/index.ts'
import type { PageContext } from '../context.ts'
import { type Html, html, inline } from '../html.ts'
import { head } from '../layout.ts'

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

const CONSOLE = html`<link rel="stylesheet" href="/console.css">
<script src="/console.js" defer></script>`

/** The frame of every page behind a sign-in. Works without its script, which only adds keys. */
export const consolePage = ({ title, page, person, current, nav, main, here = '' }: ConsolePage): Html => {
  const words = messages(page.locale).console
  return html`<!doctype html>
<html lang="${page.locale}">
${head([title, words.rooms[person.role], page.words.brand], CONSOLE)}
<body class="console">
<a class="skip" href="#main">${words.skip}</a>
<header class="frame">
<p class="brand"><a href="${nav[0]?.href ?? '/'}">${page.words.brand}</a> <span>${words.rooms[person.role]}</span></p>
<nav aria-label="${words.nav}"><ul>${nav.map(entry => navEntry(entry, current))}</ul></nav>
<div class="signed">
<p class="languages" aria-label="${words.language}" role="group">${LANGUAGE_NAMES.map(([locale, name]) => language(locale, name, page.locale, here))}</p>
<p class="person"><b>${inline(person.name)}</b> <span class="tag">${words.roles[person.role]}</span></p>
<form method="post" action="/signout"><button class="small">${words.signOut}</button></form>
</div>
</header>
<main id="main" tabindex="-1">
${main}
</main>
</body>
</html>
`
}

const navEntry = ({ name, href, label, count = 0 }: NavEntry, current: string): Html =>
  html`<li><a href="${href}"${name === current && html` aria-current="page"`}>${label}${count > 0 && html` <b class="count">${count}</b>`}</a></li>`

const language = (locale: Locale, name: string, now: Locale, here: string): Html => {
  const query = here.includes('?') ? '&' : '?'
  return html`<a href="${here}${query}lang=${locale}" lang="${locale}" hreflang="${locale}"${locale === now && html` aria-current="true"`}>${name}</a>`
}
