// The public index (公示): the platform's record and each merchant's, with what the figures can't tell one click away.

import { type MerchantFigures, PERIODS, type Summary } from '../../complaint/figures/public-index.ts'
import { FIGURES_WORDS, type FiguresWords } from '../../i18n/areas/figures.ts'
import { entry } from '../../i18n/values.ts'
import { fileUrl, type PageContext } from '../context.ts'
import { type Html, html, inline } from '../html.ts'
import { layout } from '../layout.ts'
import { dateOf, periodLinks, recordSections, recordTable } from './sections.ts'

export interface IndexPage {
  index: Summary
  logs: readonly { origin: string; size: number }[]
  whole: boolean
  merchants: readonly (MerchantFigures & { name: string })[]
  /** What was searched for. */
  q: string
  /** Pagination, from 1. */
  at: { page: number; pages: number }
}

export const indexPage = ({ index, logs, whole, merchants, q, at }: IndexPage, page: PageContext): Html => {
  const words = FIGURES_WORDS[page.locale]
  const query = `period=${index.period}`
  const leaves = logs.reduce((sum, { size }) => sum + size, 0).toLocaleString('en-US')
  return layout({
    title: words.title,
    page,
    look: 'console',
    main: html`<link rel="stylesheet" href="${fileUrl(page, 'console.css')}">
<h1>${words.title}</h1>
<p>${words.lead}</p>
<details class="about"><summary>${words.about}</summary><ul>${words.aboutItems.map(item => html`<li>${item}</li>`)}</ul>
<p>${words.recompute}: <code>npx tousu figures URL --policy trust.txt</code></p></details>
<div class="head">${periodLinks('/index', PERIODS, index.period, words)}</div>
<p class="note">${words.asOf(dateOf(index.until), leaves)} · ${words.downloads} <a href="/index.csv?${query}">CSV</a> <a href="/index.json?${query}">JSON</a></p>
${!whole && html`<p class="note">${words.notWhole}</p>`}
${index.platform.opened === 0 && html`<p class="note">${words.noCases}</p>`}
${recordSections(index.platform, index.trend, index.older, page, words)}
<section class="plain" aria-labelledby="categories"><h2 id="categories">${words.categories}</h2>
${recordTable(
  words.categories,
  words.category,
  Object.entries(index.categories).map(([name, record]) => ({
    name: entry(page.dictionary.categories, name) ?? name,
    record,
  })),
  words,
)}</section>
<section class="plain" aria-labelledby="merchants"><h2 id="merchants">${words.merchants}</h2>
<form method="get" action="/index#merchants" role="search" class="finds"><input type="hidden" name="period" value="${index.period}"><label>${words.find} <input type="search" name="q" value="${q}" maxlength="60"></label> <button class="small">${words.search}</button></form>
<p class="note">${words.merchantsNote}</p>
${merchants.length === 0 ? html`<p>${words.noMerchants}</p>` : merchantTable(merchants, words)}
${at.pages > 1 && pages(at, `${query}${q === '' ? '' : `&q=${encodeURIComponent(q)}`}`, words)}</section>`,
  })
}

const merchantTable = (merchants: IndexPage['merchants'], words: FiguresWords): Html =>
  recordTable(
    words.merchants,
    words.merchant,
    merchants.map(record => ({
      name: inline(record.name || record.m),
      record,
      more: words.comparison[record.comparison],
    })),
    words,
    words.compared,
  )

const pages = ({ page, pages }: IndexPage['at'], query: string, words: FiguresWords): Html =>
  html`<nav class="pages" aria-label="${words.merchants}">${page > 1 && html`<a href="/index?${query}&page=${page - 1}#merchants">${words.previous}</a>`} ${words.page(page, pages)} ${page < pages && html`<a href="/index?${query}&page=${page + 1}#merchants">${words.next}</a>`}</nav>`
