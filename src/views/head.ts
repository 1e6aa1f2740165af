import { type Html, html } from './html.ts'

/** The head of every page; `titles` lead from the page itself out to the house. */
export const head = (titles: readonly string[], more: Html): Html => html`<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="format-detection" content="telephone=no">
<meta name="robots" content="noindex">
<title>${titles.join(' · ')}</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/app.css">
${more}
</head>`
