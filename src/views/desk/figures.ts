// A supervisor's figures: what falls due, whether it is getting better, and where it sticks, by desk, reason and merchant.

import { PERIODS, type Period, type TrendStep } from '../../complaint/figures/public-index.ts'
import type { FigureRecord } from '../../complaint/figures/record.ts'
import { FIGURES_WORDS, type FiguresWords } from '../../i18n/areas/figures.ts'
import { entry } from '../../i18n/values.ts'
import { hoursText, periodLinks, recordSections, recordTable, tile } from '../figures/sections.ts'
import { type Html, html, inline } from '../html.ts'
import { type DeskPage, deskPage } from './context.ts'

interface Work {
  decided: number
  /** Median of their decisions. */
  hours: number | null
  /** Of a desk; a missed date names no officer. */
  missed?: number | undefined
  taken: number
}

export interface DeskFigures {
  period: Period
  whole: boolean
  /** What platform and supervisors hold, what is late, and what falls due within so many hours. */
  load: { held: number; late: number; within: readonly { hours: number; count: number }[] }
  record: FigureRecord
  older: { open: number }
  trend: readonly TrendStep[]
  desks: readonly ({ desk: string } & Work)[]
  officers: readonly ({ officer: string | null } & Work)[]
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
${workTable(
  'desks',
  [desk.byDesk, desk.desk, desk.taken],
  figures.desks.map(each => ({ ...each, name: each.desk === '' ? desk.noDesk : inline(each.desk) })),
  words,
)}
${workTable(
  'officers',
  [desk.byOfficer, desk.officer, desk.given],
  figures.officers.map(each => ({ ...each, name: each.officer === null ? desk.formerOfficers : inline(each.officer) })),
  words,
)}
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

const workTable = (
  id: string,
  [title, head, taken]: [string, string, string],
  rows: readonly (Work & { name: string })[],
  words: FiguresWords,
): Html | null =>
  rows.length === 0
    ? null
    : html`<section class="plain" aria-labelledby="${id}"><h2 id="${id}">${title}</h2>
<div class="sheet" tabindex="0" role="group" aria-labelledby="${id}"><table class="list-table"><thead><tr><th scope="col">${head}</th><th scope="col" class="num">${words.desk.decided}</th><th scope="col" class="num">${words.desk.decisionHours}</th>${rows[0]?.missed !== undefined && html`<th scope="col" class="num">${words.missed}</th>`}<th scope="col" class="num">${taken}</th></tr></thead>
<tbody>${rows.map(
        each =>
          html`<tr><th scope="row">${each.name}</th><td class="num" data-label="${words.desk.decided}">${each.decided}</td><td class="num" data-label="${words.desk.decisionHours}">${hoursText(each.hours, words)}</td>${each.missed !== undefined && html`<td class="num" data-label="${words.missed}">${each.missed}</td>`}<td class="num" data-label="${taken}">${each.taken}</td></tr>`,
      )}</tbody></table></div></section>`
