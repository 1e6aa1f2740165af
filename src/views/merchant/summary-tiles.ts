import type { MerchantWords } from '../../i18n/merchant.ts'
import { type Html, html } from '../html.ts'

/** What waits, at a glance. Where `more`, there are more than were counted. */
export interface Counts {
  mine: number
  today: number
  late: number
  others: number
  more: boolean
  /** Of 1; null before any deadline was met or missed. */
  onTime: number | null
}

export const percent = (part: number): string => `${Math.round(part * 100)}%`

export const summaryTiles = (counts: Counts, { strip }: MerchantWords): Html => {
  const n = (count: number) => (counts.more ? strip.atLeast(count) : String(count))
  const tile = (figure: string, label: string, href: string) =>
    html`<li><a href="${href}"><b>${figure}</b> ${label}</a></li>`
  return html`<ul class="strip" aria-label="${strip.title}">
${tile(n(counts.mine), strip.mine, '/merchant?turn=mine')}
${tile(n(counts.late), strip.late, '/merchant?turn=mine&overdue=true')}
${tile(n(counts.today), strip.today, '/merchant?turn=mine&overdue=false')}
${tile(n(counts.others), strip.others, '/merchant?turn=others')}
${tile(counts.onTime === null ? '–' : percent(counts.onTime), strip.onTime, '/merchant/figures')}
</ul>`
}
