// Figures: the sections that the public index and the consoles share (one record, as tiles and tables), and the page of the index.

import { type MerchantFigures, PERIODS, type Summary, type TrendStep } from '../../complaint/figures/public-index.ts'
import type { FigureRecord } from '../../complaint/figures/record.ts'
import { FIGURES_WORDS, type FiguresWords } from '../../i18n/areas/figures.ts'
import { entry } from '../../i18n/values.ts'
import { fileUrl, type PageContext } from '../context.ts'
import { type Html, html, inline } from '../html.ts'
import { layout } from '../layout.ts'

// Charts drawn on the server: an SVG that colour adds nothing to (values stand in it, what is open is hatched), and the same as a
// table, which keyboards and screen readers reach.
interface Bar {
  label: string
  /** Null where there is nothing to show. */
  value: number | null
  text: string
  /** Of the bar, from its foot: hatched. */
  part?: number | undefined
  /** Confidence interval. */
  range?: readonly [low: number, high: number] | undefined
}

const [WIDTH, HEIGHT, TOP, FOOT] = [360, 150, 16, 16]

const barChart = (id: string, title: string, bars: readonly Bar[], max: number): Html => {
  const step = WIDTH / bars.length
  const y = (value: number) => Math.round((HEIGHT - FOOT - (value / (max || 1)) * (HEIGHT - FOOT - TOP)) * 10) / 10
  const drawn = bars.map(({ label, value, text, part = 0, range }, i) => {
    const [x, width] = [Math.round(i * step * 10) / 10 + 3, Math.round(step * 10) / 10 - 6]
    const middle = x + width / 2
    const foot = HEIGHT - FOOT
    return html`${value !== null && html`<rect class="column" x="${x}" y="${y(value)}" width="${width}" height="${foot - y(value)}"/>`}${
      part > 0 &&
      html`<rect fill="url(#${id}-open)" class="part" x="${x}" y="${y(part)}" width="${width}" height="${foot - y(part)}"/>`
    }${range !== undefined && html`<path class="range" d="M${middle} ${y(range[0])}V${y(range[1])}M${middle - 3} ${y(range[0])}h6M${middle - 3} ${y(range[1])}h6"/>`}
<text x="${middle}" y="${range ? 11 : y(value ?? 0) - 3}">${text}</text>${(bars.length - 1 - i) % 2 === 0 && html`<text x="${middle}" y="${HEIGHT - 4}">${label}</text>`}`
  })
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}"><defs><pattern id="${id}-open" width="6" height="6" patternUnits="userSpaceOnUse"><path class="stripe" d="M-1 5 5 -1M2 8 8 2"/></pattern></defs><path class="axis" d="M0 ${HEIGHT - FOOT}H${WIDTH}"/>${drawn}</svg>`
}

const percent = (share: number): string => `${Math.round(share * 100)}%`
/** A day counted since 1970, as YYYY-MM-DD. */
export const dateOf = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10)
const shortDate = (day: number): string => dateOf(day).slice(5).replace('-', '/')

/** Whether it is getting better: timely answers with their intervals, and how many complaints came, as charts and one table. */
export const trendCharts = (trend: readonly TrendStep[], words: FiguresWords): Html => {
  const answered = trend.map(
    ({ from, answered }): Bar => ({
      label: shortDate(from),
      value: answered?.share ?? null,
      text: answered ? percent(answered.share) : words.none,
      range: answered ? [answered.low, answered.high] : undefined,
    }),
  )
  const opened = trend.map(
    ({ from, opened, open }): Bar => ({ label: shortDate(from), value: opened, text: String(opened), part: open }),
  )
  return html`<div class="charts"><figure><figcaption>${words.trendAnswered}</figcaption>${barChart('answered', words.trendAnswered, answered, 1)}</figure>
<figure><figcaption>${words.trendOpened}</figcaption>${barChart('opened', words.trendOpened, opened, Math.max(...trend.map(({ opened }) => opened), 1))}</figure></div>
<details><summary>${words.asTable}</summary><div class="sheet" tabindex="0" role="group" aria-label="${words.better}"><table class="list-table">
<thead><tr><th scope="col">${words.from}</th><th scope="col">${words.until}</th><th scope="col" class="num">${words.opened}</th><th scope="col" class="num">${words.open}</th><th scope="col" class="num">${words.answered}</th><th scope="col" class="num">${words.answerHours}</th><th scope="col" class="num">${words.handlingHours}</th></tr></thead>
<tbody>${trend.map(
    step =>
      html`<tr><th scope="row">${dateOf(step.from)}</th><td data-label="${words.until}">${dateOf(step.until)}</td><td class="num" data-label="${words.opened}">${step.opened}</td><td class="num" data-label="${words.open}">${step.open}</td><td class="num" data-label="${words.answered}">${shareText(step, words)}</td><td class="num" data-label="${words.answerHours}">${answerText(step, words)}</td><td class="num" data-label="${words.handlingHours}">${hoursText(step.handlingHours, words)}</td></tr>`,
  )}</tbody></table></div></details>`
}

const shareText = ({ answered }: Pick<TrendStep, 'answered'>, words: FiguresWords): string =>
  answered ? `${percent(answered.share)} (${words.range(percent(answered.low), percent(answered.high))})` : words.none
export const hoursText = (hours: number | null, words: FiguresWords): string =>
  hours === null ? words.none : words.hours(hours)
export const answerText = (
  { answered, answerHours }: Pick<TrendStep, 'answered' | 'answerHours'>,
  words: FiguresWords,
): string => (answerHours === null && answered !== null ? words.never : hoursText(answerHours, words))

export const tile = (label: string, figure: string | number, more?: string): Html =>
  html`<div><dt>${label}</dt><dd><b>${figure}</b>${more !== undefined && html`<small>${more}</small>`}</dd></div>`

export const periodLinks = (base: string, periods: readonly number[], now: number, words: FiguresWords): Html =>
  html`<nav class="pages" aria-label="${words.period}">${periods.map(
    days =>
      html`<a class="button second small" href="${base}?period=${days}"${days === now && html` aria-current="page"`}>${words.days(days)}</a>`,
  )}</nav>`

/** Is it getting better, and where does it stick: the whole of one record. */
export const recordSections = (
  record: FigureRecord,
  trend: readonly TrendStep[],
  older: { open: number },
  page: PageContext,
  words: FiguresWords,
): Html => html`<section class="plain" aria-labelledby="glance"><h2 id="glance">${words.glance}</h2>
<dl class="strip">${tile(words.opened, record.opened)}${tile(words.open, record.open, older.open > 0 ? words.older(older.open) : undefined)}${tile(words.overdue, record.overdue)}${tile(
  words.answered,
  record.answered ? percent(record.answered.share) : words.none,
  record.answered ? words.range(percent(record.answered.low), percent(record.answered.high)) : undefined,
)}${tile(words.answerHours, answerText(record, words))}${tile(words.handlingHours, hoursText(record.handlingHours, words))}</dl></section>
<section class="plain" aria-labelledby="better"><h2 id="better">${words.better}</h2>${trendCharts(trend, words)}</section>
${whereItSticks(record, page, words)}
${outcomes(record, words)}
${satisfaction(record, words)}`

const PARTIES = ['merchant', 'buyer', 'platform', 'courier'] as const

const whereItSticks = ({ seconds, missed }: FigureRecord, { dictionary }: PageContext, words: FiguresWords): Html => {
  const total = PARTIES.reduce((sum, party) => sum + seconds[party], 0)
  let x = 0
  const bar = PARTIES.map(party => {
    const from = x
    x += total === 0 ? 0 : Math.round((seconds[party] / total) * 1000)
    return html`<rect class="${party}" x="${from}" width="${Math.max(x - from - 3, 0)}" height="28"/>`
  })
  return html`<section class="plain" aria-labelledby="stuck"><h2 id="stuck">${words.stuck}</h2><p class="note">${words.stuckNote}</p>
<svg class="bar" viewBox="0 0 1000 28" preserveAspectRatio="none" aria-hidden="true">${bar}</svg>
<div class="sheet"><table class="list-table"><thead><tr><th scope="col">${words.party}</th><th scope="col" class="num">${words.spent}</th><th scope="col" class="num">${words.share}</th><th scope="col" class="num">${words.missed}</th></tr></thead>
<tbody>${PARTIES.map(
    party =>
      html`<tr><th scope="row" class="legend"><i class="${party}"></i>${words.parties[party]}</th><td class="num" data-label="${words.spent}">${seconds[party] === 0 ? words.none : dictionary.lasting(seconds[party])}</td><td class="num" data-label="${words.share}">${total === 0 ? words.none : percent(seconds[party] / total)}</td><td class="num" data-label="${words.missed}">${party === 'courier' ? words.none : missed[party]}</td></tr>`,
  )}</tbody></table></div></section>`
}

const ENDS = ['confirmed', 'ruled', 'refused', 'lapsed', 'withdrawn'] as const
const OUTCOMES = ['for_buyer', 'partly', 'for_merchant'] as const

const outcomes = ({ ended, rulings, opened }: FigureRecord, words: FiguresWords): Html =>
  html`<section class="plain" aria-labelledby="outcomes"><h2 id="outcomes">${words.outcomes}</h2>
<div class="sheet"><table class="list-table"><thead><tr><th scope="col">${words.outcomes}</th><th scope="col" class="num">${words.count}</th><th scope="col" class="num">${words.share}</th></tr></thead>
<tbody>${ENDS.map(end => counted(words.ends[end], ended[end], opened, words))}</tbody></table></div>
<div class="sheet"><table class="list-table"><thead><tr><th scope="col">${words.rulings}</th><th scope="col" class="num">${words.count}</th><th scope="col" class="num">${words.share}</th></tr></thead>
<tbody>${OUTCOMES.map(outcome =>
    counted(words.ruled[outcome], rulings[outcome], rulings.for_buyer + rulings.partly + rulings.for_merchant, words),
  )}</tbody></table></div></section>`

const counted = (name: string, count: number, of: number, words: FiguresWords): Html =>
  html`<tr><th scope="row">${name}</th><td class="num" data-label="${words.count}">${count}</td><td class="num" data-label="${words.share}">${of === 0 ? words.none : percent(count / of)}</td></tr>`

const satisfaction = ({ satisfaction: { own, other, response }, solved }: FigureRecord, words: FiguresWords): Html =>
  html`<section class="plain" aria-labelledby="satisfaction"><h2 id="satisfaction">${words.satisfaction}</h2>
<p class="note">${words.response(response ? percent(response.share) : words.none)}</p>
<div class="sheet"><table class="list-table"><thead><tr><th scope="col">${words.satisfaction}</th><th scope="col" class="num">${words.mean}</th><th scope="col" class="num">${words.rated}</th><th scope="col" class="num">${words.solved}</th></tr></thead>
<tbody>${(['own', 'other'] as const).map(
    whose =>
      html`<tr><th scope="row">${words[whose]}</th><td class="num" data-label="${words.mean}">${stars({ own, other }[whose].mean, words)}</td><td class="num" data-label="${words.rated}">${{ own, other }[whose].cases}</td><td class="num" data-label="${words.solved}">${solvedText(solved[whose], words)}</td></tr>`,
  )}</tbody></table></div></section>`

const solvedText = (solved: FigureRecord['solved']['own'], words: FiguresWords): string =>
  solved === null ? words.none : `${percent(solved.share)} (${solved.cases})`

export const stars = (mean: number | null, words: FiguresWords): string =>
  mean === null ? words.none : `${mean.toFixed(1)} ★`

/** Records side by side: reasons, merchants. `more` are columns behind the name. */
export const recordTable = (
  caption: string,
  head: string,
  rows: readonly { name: string; record: FigureRecord; more?: string | undefined }[],
  words: FiguresWords,
  more?: string,
): Html => html`<div class="sheet" tabindex="0" role="group" aria-label="${caption}"><table class="list-table">
<thead><tr><th scope="col">${head}</th>${more !== undefined && html`<th scope="col">${more}</th>`}<th scope="col" class="num">${words.opened}</th><th scope="col" class="num">${words.open}</th><th scope="col" class="num">${words.answered}</th><th scope="col" class="num">${words.answerHours}</th><th scope="col" class="num">${words.ruled.for_buyer}</th><th scope="col" class="num">${words.mean}<br><small>${words.own} / ${words.other}</small></th></tr></thead>
<tbody>${rows.map(
  ({ name, record, more: cell }) =>
    html`<tr><th scope="row">${name}</th>${more !== undefined && html`<td data-label="${more}">${cell ?? ''}</td>`}<td class="num" data-label="${words.opened}">${record.opened}</td><td class="num" data-label="${words.open}">${record.open}</td><td class="num" data-label="${words.answered}">${shareText(record, words)}</td><td class="num" data-label="${words.answerHours}">${answerText(record, words)}</td><td class="num" data-label="${words.ruled.for_buyer}">${record.rulings.for_buyer}</td><td class="num" data-label="${words.mean}">${ratingText(record, words)}</td></tr>`,
)}</tbody></table></div>`

/** Ratings of what the buyer ended, and behind them those of what others ended: they count apart. */
const ratingText = ({ satisfaction: { own, other } }: FigureRecord, words: FiguresWords): string =>
  [own, other].map(({ mean, cases }) => (cases === 0 ? words.none : `${stars(mean, words)} (${cases})`)).join(' / ')

// The public index (公示): the platform's record and each merchant's, with what the figures can't tell one click away.

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
