import { MINUTE } from '../complaint/time.ts'
import type { Share } from '../complaint/view/responsibility.ts'
import type { ComplaintView, StepView } from '../complaint/view/types.ts'
import { isOpen } from '../complaint/words.ts'
import type { TrackContext } from './context.ts'
import { type Html, html } from './html.ts'

export type Timing = 'onTime' | 'late'

const DUTIES = ['fulfilled', 'ruled', 'appeal_ruled', 'return_shipped']

/** Is this step the answer that a clock was waiting for? A merchant who improves its offer meets no deadline. */
const meetsDeadline = (step: StepView, merchantOwes: boolean): boolean => {
  if (step.kind === 'merchant_responded') return merchantOwes
  if (step.kind === 'evidence_supplied') return step.fields.asked === true
  return DUTIES.includes(step.kind)
}

/** Whether the merchant still owes its first answer after this step; a granted appeal asks for it again. */
const owesAfter = ({ kind, fields }: StepView, owed: boolean): boolean => {
  if (kind === 'submitted') return true
  if (kind === 'appeal_ruled') return fields.granted === true
  return owed && kind !== 'merchant_responded' && kind !== 'deadline_missed'
}

/** On time or late, by seq, for the steps to which it applies. */
export const timings = (steps: readonly StepView[]): ReadonlyMap<number, Timing> => {
  const known = new Map<number, Timing>()
  let owed = false
  for (const step of steps) {
    if (step.late) known.set(step.seq, 'late')
    else if (meetsDeadline(step, owed)) known.set(step.seq, 'onTime')
    owed = owesAfter(step, owed)
  }
  return known
}

/** Days, hours and minutes: each with its word for one, and for several where that differs. */
type Units = readonly (readonly [one: string, many?: string])[]

/** 2 天 3 小时 5 分钟, as number and unit; empty below a minute. */
export const spanOf = (ms: number, units: Units): [amount: number, unit: string][] => {
  const minutes = Math.floor(ms / MINUTE)
  const amounts = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60]
  return amounts.flatMap((amount, i) => {
    const [one = '', many = one] = units[i] ?? []
    return amount > 0 ? [[amount, amount === 1 ? one : many] as [number, string]] : []
  })
}

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
