import type { PageContext } from './context.ts'
import { type Html, html } from './html.ts'

export interface Page {
  title: string
  main: Html
  page: PageContext
}

/** The frame of every page. It needs no script and no style of its own, so the strictest CSP fits. */
export const layout = ({ title, main, page }: Page): Html => {
  const { words } = page
  return html`<!doctype html>
<html lang="${words.locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="format-detection" content="telephone=no">
<meta name="robots" content="noindex">
<title>${title} · ${words.brand}</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/app.css">
</head>
<body>
<header class="top"><a href="/">${words.brand}</a> <span>${words.tagline}</span></header>
<main>
${main}
</main>
${footer(page)}
</body>
</html>
`
}

const footer = ({ words, verifyUrl }: PageContext): Html => html`<footer>
<p>${words.footer.about}</p>
<p>${words.footer.outside} <a href="tel:12315">12315</a></p>
${verifyUrl ? html`<p><a href="${verifyUrl}">${words.footer.verify}</a></p>` : null}
</footer>`
