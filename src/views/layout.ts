import type { PageContext } from './context.ts'
import { head } from './head.ts'
import { type Html, html } from './html.ts'
import { languageSwitch } from './language-switch.ts'

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
  /** Scripts of ours, for more comfort. The page is whole without them. */
  scripts?: readonly string[] | undefined
  /** Where the language switch leads, with its query; the page itself where it was got by GET. */
  here?: string | undefined
}

/** The frame of every page. It needs no script and no style of its own, so the strictest CSP fits. */
export const layout = ({ title, main, page, look = '', before, attributes, scripts = [], here = '' }: Page): Html => {
  const { words } = page
  return html`<!doctype html>
<html lang="${page.locale}">
${head([title, words.brand], html`${scripts.length > 0 && HTMX}${scripts.map(src => html`<script src="${src}" defer></script>`)}`)}
<body${look !== '' && html` class="${look}"`}>
<header class="top"><a href="/">${words.brand}</a> <span>${words.tagline}</span>${languageSwitch(page, here)}</header>
${before ?? null}
<main${attributes ?? null}>
${main}
</main>
${footer(page)}
</body>
</html>
`
}

// No style of its own (the CSP forbids it), and no hand in the browser's history: addresses never change here.
const HTMX = html`<meta name="htmx-config" content='{"includeIndicatorCSS":false,"history":false}'>
`

const footer = ({ words, verifyUrl }: PageContext): Html => html`<footer>
<p>${words.footer.about}</p>
<p>${words.footer.outside} <a href="tel:12315">12315</a></p>
${verifyUrl ? html`<p><a href="${verifyUrl}">${words.footer.verify}</a></p>` : null}
</footer>`
