// Charts drawn on the server: an SVG that colour adds nothing to (values stand in it, what is open is hatched), and the same as a
// table, which keyboards and screen readers reach.

import type { TrendStep } from '../../complaint/figures/public-index.ts'
import type { FiguresWords } from '../../i18n/areas/figures.ts'
import { type Html, html } from '../html.ts'

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

export const percent = (share: number): string => `${Math.round(share * 100)}%`
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

export const shareText = ({ answered }: Pick<TrendStep, 'answered'>, words: FiguresWords): string =>
  answered ? `${percent(answered.share)} (${words.range(percent(answered.low), percent(answered.high))})` : words.none
export const hoursText = (hours: number | null, words: FiguresWords): string =>
  hours === null ? words.none : words.hours(hours)
export const answerText = (
  { answered, answerHours }: Pick<TrendStep, 'answered' | 'answerHours'>,
  words: FiguresWords,
): string => (answerHours === null && answered !== null ? words.never : hoursText(answerHours, words))
