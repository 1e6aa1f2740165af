// What the lists of both consoles have above them: the box that finds, tabs by whose turn it is, and the news of a change.

import type { PageContext } from './context.ts'
import { type Html, html } from './html.ts'

/** A form that posts, since an address would keep what was looked for. `/` focuses it. */
export const searchBox = ({ console: words }: PageContext, action: string, asked = ''): Html => {
  const { search } = words
  return html`<form class="find" method="post" action="${action}" role="search">
<label for="find">${search.label}</label>
<input id="find" name="q" value="${asked}" required maxlength="64" autocomplete="off" autocapitalize="none" spellcheck="false" enterkeyhint="search" aria-describedby="find-hint">
<button>${search.submit}</button>
<small id="find-hint">${search.hint} <span class="keys">${search.key}</span></small>
</form>`
}

export interface Tab {
  /** As the answer of `counts` names it. */
  name: string
  href: string
  label: string
  count: number
}

/** `counts` answers the numbers anew; the script asks it each minute, and says so where the list itself has changed. */
export const turnTabs = (
  page: PageContext,
  tabs: readonly Tab[],
  current: string | undefined,
  counts: string,
): Html => {
  const { tabs: words } = page.console
  return html`<nav class="tabs" aria-label="${words.title}" data-counts="${counts}"><ul>${tabs.map(
    ({ name, href, label, count }) =>
      html`<li><a href="${href}"${name === current && html` aria-current="page"`}>${label} <b class="count" data-count="${name}">${count}</b></a></li>`,
  )}</ul></nav>
<p class="notice" data-news hidden><a href="">${words.changed}</a></p>`
}
