// A supervisor's figures: what falls due, whether it is getting better, and where it sticks, by desk, reason and merchant.

import { PERIODS, type Period, type TrendStep } from '../../complaint/figures/public-index.ts'
import type { FigureRecord } from '../../complaint/figures/record.ts'
import { FIGURES_WORDS } from '../../i18n/areas/figures.ts'
import { entry } from '../../i18n/values.ts'
import { hoursText } from '../figures/chart.ts'
import { periodLinks, recordSections, recordTable, tile } from '../figures/sections.ts'
import { type Html, html, inline } from '../html.ts'
import { type DeskPage, deskPage } from './context.ts'

export interface DeskFigures {
  period: Period
  whole: boolean
  /** What platform and supervisors hold, what is late, and what falls due within so many hours. */
  load: { held: number; late: number; within: readonly { hours: number; count: number }[] }
  record: FigureRecord
  older: { open: number }
  trend: readonly TrendStep[]
  desks: readonly { desk: string; decided: number; hours: number | null; missed: number; taken: number }[]
  categories: Readonly<Record<string, FigureRecord>>
  merchants: readonly { name: string; record: FigureRecord }[]
}

export const deskFiguresPage = (figures: DeskFigures, page: DeskPage): Html => {
  const words = FIGURES_WORDS[page.locale]
  const { desk } = words
  const query = `period=${figures.period}`
  return deskPage(page, {
    title: desk.title,
    current: 'figures',
    main: html`<div class="head"><h1>${desk.title}</h1>${periodLinks('/desk/figures', PERIODS, figures.period, words)}</div>
<p class="note">${words.downloads} <a href="/desk/figures.csv?${query}">CSV</a> <a href="/desk/figures.json?${query}">JSON</a></p>
${!figures.whole && html`<p class="note">${words.notWhole}</p>`}
<section class="plain" aria-labelledby="load"><h2 id="load">${desk.load}</h2>
<dl class="strip">${tile(desk.held, figures.load.held)}${tile(desk.late, figures.load.late)}${figures.load.within.map(({ hours, count }) => tile(desk.within(hours), count))}</dl></section>
${recordSections(figures.record, figures.trend, figures.older, page, words)}
<section class="plain" aria-labelledby="desks"><h2 id="desks">${desk.byDesk}</h2>
<div class="sheet" tabindex="0" role="group" aria-labelledby="desks"><table class="list-table"><thead><tr><th scope="col">${desk.desk}</th><th scope="col" class="num">${desk.decided}</th><th scope="col" class="num">${desk.decisionHours}</th><th scope="col" class="num">${words.missed}</th><th scope="col" class="num">${desk.taken}</th></tr></thead>
<tbody>${figures.desks.map(
      each =>
        html`<tr><th scope="row">${each.desk === '' ? desk.noDesk : inline(each.desk)}</th><td class="num" data-label="${desk.decided}">${each.decided}</td><td class="num" data-label="${desk.decisionHours}">${hoursText(each.hours, words)}</td><td class="num" data-label="${words.missed}">${each.missed}</td><td class="num" data-label="${desk.taken}">${each.taken}</td></tr>`,
    )}</tbody></table></div></section>
<section class="plain" aria-labelledby="categories"><h2 id="categories">${words.categories}</h2>
${recordTable(
  words.categories,
  words.category,
  Object.entries(figures.categories).map(([name, record]) => ({
    name: entry(page.dictionary.categories, name) ?? name,
    record,
  })),
  words,
)}</section>
<section class="plain" aria-labelledby="merchants"><h2 id="merchants">${words.merchants}</h2>
${recordTable(
  words.merchants,
  words.merchant,
  figures.merchants.map(({ name, record }) => ({ name: inline(name), record })),
  words,
)}</section>`,
  })
}
