import type { Share } from '../complaint/view/responsibility.ts'
import type { ComplaintView } from '../complaint/view/types.ts'
import { isOpen } from '../complaint/words.ts'
import type { TrackContext } from './context.ts'
import { type Html, html } from './html.ts'

const WIDTH = 1000
const HEIGHT = 28

/** A bar that shows whose hours the wait was; the legend says the same in words. */
export const hours = ({ responsibility, complaint }: ComplaintView, page: TrackContext): Html | null => {
  const { words, dictionary } = page
  const total = responsibility.reduce((sum, { seconds }) => sum + seconds, 0)
  if (total === 0) return null
  const note = isOpen(complaint.state) ? words.hours.note : words.hours.noteClosed
  return html`<section class="plain" aria-labelledby="hours">
<h2 id="hours">${words.hours.title}</h2>
<p class="note">${note(dictionary.lasting(total))}</p>
<svg class="bar" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">${stripes}${bar(responsibility, total)}</svg>
<ul class="legend">${responsibility.map(share => legend(share, total, page))}</ul>
${responsibility.some(({ lateSeconds }) => lateSeconds > 0) && html`<p class="note">${words.hours.stripes}</p>`}
</section>`
}

const stripes = html`<defs><pattern id="late" width="14" height="14" patternUnits="userSpaceOnUse"><path class="stripe" d="M-3 10 10 -3M4 17 17 4"/></pattern></defs>`

const bar = (shares: readonly Share[], total: number): Html[] => {
  let x = 0
  return shares.map(({ role, seconds, lateSeconds }) => {
    const width = Math.round((seconds / total) * WIDTH)
    const late = Math.round((lateSeconds / total) * WIDTH)
    const from = x
    x += width
    return html`<rect class="${role}" x="${from}" width="${Math.max(width - 3, 2)}" height="${HEIGHT}"/>${
      late > 0 && html`<rect fill="url(#late)" x="${x - late}" width="${Math.max(late - 3, 2)}" height="${HEIGHT}"/>`
    }`
  })
}

const legend = (
  { role, seconds, lateSeconds }: Share,
  total: number,
  { words, dictionary, scope }: TrackContext,
): Html => {
  const who = scope === 'act' && role === 'buyer' ? words.you : dictionary.roles[role]
  const late = lateSeconds > 0 && html` <span class="bad">${words.hours.late(dictionary.lasting(lateSeconds))}</span>`
  return html`<li><i class="${role}"></i><b>${who}</b> ${dictionary.lasting(seconds)} <small>${percent(seconds, total)}</small>${late}</li>`
}

const percent = (seconds: number, total: number): string => `${Math.round((seconds / total) * 100)}%`
