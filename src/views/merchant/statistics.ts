import { PERIODS, type Period, type TrendStep } from '../../complaint/figures/public-index.ts'
import type { FigureRecord } from '../../complaint/figures/record.ts'
import { FIGURES_WORDS } from '../../i18n/areas/figures.ts'
import { MERCHANT_WORDS } from '../../i18n/areas/merchant.ts'
import type { MerchantWords } from '../../i18n/index.ts'
import { answerText, dateOf, tile as figure, hoursText, stars, trendCharts } from '../figures/page.ts'
import { type Html, html } from '../html.ts'
import { type Desk, framed } from './context.ts'
import { percent } from './inbox.ts'

const PARTIES = ['merchant', 'buyer', 'platform', 'courier'] as const
type Party = (typeof PARTIES)[number]

/** A merchant's record over a time, by day of submission. */
export interface OwnFigures {
  /** False while complaints of an older version wait to be counted. */
  whole: boolean
  /** First of the days, counted from 1970 in Shanghai. */
  from: number
  record: FigureRecord
  /** Until now, turns under way among them. */
  seconds: Record<Party, number>
  trend: readonly TrendStep[]
}

export const statisticsPage = (desk: Desk, own: OwnFigures, period: Period): Html => {
  const words = MERCHANT_WORDS[desk.page.locale]
  const { figures } = words
  const drawn = own.record.opened > 0 ? sections(desk, own, words) : html`<p class="plain">${figures.none}</p>`
  return framed(desk, {
    title: figures.title,
    room: 'figures',
    here: `/merchant/figures?days=${period}`,
    main: html`<div class="head"><h1>${figures.title}</h1>${periods(period, words)}</div>
<p class="note">${figures.since(dateOf(own.from))}</p>
${!own.whole && html`<p class="note">${FIGURES_WORDS[desk.page.locale].notWhole}</p>`}
${drawn}${trend(desk, own, period)}`,
  })
}

const trend = ({ page }: Desk, { record, trend }: OwnFigures, period: Period): Html => {
  const words = FIGURES_WORDS[page.locale]
  const { own, other } = record.satisfaction
  const query = `days=${period}`
  return html`<section class="plain" aria-labelledby="better"><h2 id="better">${words.better}</h2>
<dl class="strip">${figure(words.answerHours, answerText(record, words))}${figure(words.handlingHours, hoursText(record.handlingHours, words))}${figure(`${words.mean} · ${words.own}`, stars(own.mean, words))}${figure(`${words.mean} · ${words.other}`, stars(other.mean, words))}</dl>
${trendCharts(trend, words)}
<p class="note">${words.downloads} <a href="/merchant/figures.csv?${query}">CSV</a> <a href="/merchant/figures.json?${query}">JSON</a> · <a href="/index">${words.title}</a></p></section>`
}

const periods = (now: Period, { figures }: MerchantWords): Html =>
  html`<nav class="pages" aria-label="${figures.period}">${PERIODS.map(
    days =>
      html`<a class="button second small" href="/merchant/figures?days=${days}"${days === now && html` aria-current="page"`}>${figures.days(days)}</a>`,
  )}</nav>`

const sections = (desk: Desk, own: OwnFigures, words: MerchantWords): Html =>
  html`${record(own, words)}${hours(desk, own, words)}${outcomes(own, words)}`

const tile = (label: string, figure: string): Html => html`<div><dt>${label}</dt><dd><b>${figure}</b></dd></div>`

const record = ({ record }: OwnFigures, { figures }: MerchantWords): Html => {
  const { kept, missed } = record.deadlines
  const share = kept + missed > 0 ? percent(kept / (kept + missed)) : figures.noDeadlines
  return html`<section class="plain" aria-labelledby="on-time"><h2 id="on-time">${figures.onTime}</h2>
<dl class="strip">${tile(figures.onTime, share)}${tile(figures.kept, figures.times(kept))}${tile(figures.missed, figures.times(missed))}${tile(figures.complaints, figures.cases(record.opened))}</dl>
<p class="note">${figures.onTimeNote}</p></section>`
}

/** Whose hours they were: a bar, and the same as a table. */
const hours = (desk: Desk, own: OwnFigures, words: MerchantWords): Html | null => {
  const { figures } = words
  const total = PARTIES.reduce((sum, party) => sum + own.seconds[party], 0)
  if (total === 0) return null
  return html`<section class="plain" aria-labelledby="hours"><h2 id="hours">${figures.hours}</h2>
<p class="note">${figures.hoursNote}</p>
<svg class="bar" viewBox="0 0 1000 28" preserveAspectRatio="none" aria-hidden="true">${bar(own, total)}</svg>
<div class="sheet"><table class="list-table">
<thead><tr><th scope="col">${figures.party}</th><th scope="col" class="num">${figures.spent}</th><th scope="col" class="num">${figures.average}</th><th scope="col" class="num">${figures.share}</th></tr></thead>
<tbody>${PARTIES.map(party => line(party, total, desk, own, words))}</tbody>
</table></div></section>`
}

const bar = ({ seconds }: OwnFigures, total: number): Html[] => {
  let x = 0
  return PARTIES.map(party => {
    const from = x
    x += Math.round((seconds[party] / total) * 1000)
    return html`<rect class="${party}" x="${from}" width="${Math.max(x - from - 3, 0)}" height="28"/>`
  })
}

const line = (party: Party, total: number, { page }: Desk, own: OwnFigures, { figures }: MerchantWords): Html => {
  const { dictionary } = page
  const spent = own.seconds[party]
  const name = party === 'merchant' ? figures.mine : dictionary.roles[party]
  const each = dictionary.lasting(Math.round(spent / own.record.opened))
  return html`<tr><th scope="row" class="legend"><i class="${party}"></i>${name}</th><td class="num" data-label="${figures.spent}">${dictionary.lasting(spent)}</td><td class="num" data-label="${figures.average}">${each}</td><td class="num" data-label="${figures.share}">${percent(spent / total)}</td></tr>`
}

const outcomes = ({ record: { ended, rulings } }: OwnFigures, { figures, colon }: MerchantWords): Html => {
  const cases = {
    confirmed: ended.confirmed,
    ruledForBuyer: rulings.for_buyer + rulings.partly,
    ruledForMerchant: rulings.for_merchant,
    lapsed: ended.lapsed,
  }
  return html`<section class="plain" aria-labelledby="outcomes"><h2 id="outcomes">${figures.outcomes}</h2>
<dl class="strip">${(['confirmed', 'ruledForBuyer', 'ruledForMerchant', 'lapsed'] as const).map(each => tile(figures[each], figures.cases(cases[each])))}</dl>
<p class="note">${figures.lapsed}${colon}${figures.lapsedNote}</p></section>`
}
