import type { FieldValue } from '../complaint/step.ts'
import type { ComplaintView, StepView } from '../complaint/view/types.ts'
import { toForm } from './acts/acts.ts'
import type { TrackContext } from './context.ts'
import { type Html, html } from './html.ts'
import { CUT, moment, type Place, stepItem } from './steps/step.ts'
import { timings } from './timing.ts'
import { boundIn } from './track/devices.ts'

/** Steps whose texts a page reads, at most. */
export const STEPS_A_PAGE = 60
/** Bytes of the steps that a page shows. More are cut, then left to the next page, so that a flood can't bury the page. */
const BYTES_A_PAGE = 30_000
/** Of markup around what a step says; an estimate. */
const BYTES_A_STEP = 500

/**
 * The newest steps first; reminders that follow each other share one small line. Paginated by number and by bytes: what
 * does not fit stands behind a link, under the same address.
 */
export const timeline = (view: ComplaintView, page: TrackContext): Html => {
  const { words } = page
  const part = partOf(view, page)
  const place = placeIn(view, page)
  const cut = { ...page, cut: part.isCut }
  return html`<section class="plain" aria-labelledby="timeline">
<h2 id="timeline">${words.timeline.title} <small>${words.timeline.newestFirst}</small></h2>
${part.isNewest ? null : html`<p><a href="${page.base}#timeline">${words.timeline.newest}</a></p>`}
<ol class="steps">
${grouped(part.steps.toReversed()).map(group => (Array.isArray(group) ? notices(group, page) : stepItem(group, place(group), cut)))}
</ol>
${part.earlier > 0 && html`<p><a class="button second" href="${page.base}?before=${part.earlier}#timeline">${words.timeline.earlier(part.earlier)}</a></p>`}
</section>`
}

const placeIn = (view: ComplaintView, page: TrackContext) => {
  const { steps, actions } = view
  const { scope } = page
  const timing = timings(steps)
  // Neither is news: a device binds itself when the page is opened.
  const newest = steps.findLast(({ kind }) => kind !== 'notice_sent' && kind !== 'key_bound')
  const askHuman = scope === 'act' && actions.includes('human-request') ? toForm('human-request', view, page) : null
  const devices = steps.flatMap(step => boundIn(step) ?? [])
  const deviceOf = ({ signed }: StepView) => (devices.length > 1 && signed ? devices.indexOf(signed.key) + 1 : 0)
  return (step: StepView): Place => ({
    timing: timing.get(step.seq) ?? null,
    newest: step === newest,
    device: deviceOf(step),
    askHuman,
  })
}

interface Part {
  /** Oldest first. */
  steps: readonly StepView[]
  /** How many steps lie before these. */
  earlier: number
  isNewest: boolean
  isCut: boolean
}

const partOf = ({ steps }: ComplaintView, { part = {} }: TrackContext): Part => {
  const one = part.step === undefined ? undefined : steps[part.step]
  if (one) return { steps: [one], earlier: one.seq, isNewest: false, isCut: false }
  const end = Math.min(part.before ?? steps.length, steps.length)
  const page = steps.slice(Math.max(0, end - STEPS_A_PAGE), end)
  const isNewest = end === steps.length
  if (page.length === end && isWithin(page, BYTES_A_PAGE)) return { steps: page, earlier: 0, isNewest, isCut: false }
  // One step always fits.
  const from = page.findIndex((_, i) => i === page.length - 1 || sizeOfCut(page.slice(i)) <= BYTES_A_PAGE)
  const shown = page.slice(from)
  return { steps: shown, earlier: shown[0]?.seq ?? 0, isNewest, isCut: true }
}

const encoder = new TextEncoder()
const bytesIn = (text: string): number => encoder.encode(text).length
/** No character takes more: most pages are so short that none has to be counted. */
const mostBytesIn = (text: string): number => text.length * 3

const isWithin = (steps: readonly StepView[], bytes: number): boolean =>
  sizeOf(steps, mostBytesIn) <= bytes || sizeOf(steps, bytesIn) <= bytes

const sizeOfCut = (steps: readonly StepView[]): number => sizeOf(steps, text => bytesIn(text.slice(0, CUT)))

/** Bytes of UTF-8 that these steps take on a page, roughly. */
const sizeOf = (steps: readonly StepView[], sizeOfText: (text: string) => number): number =>
  steps.reduce((sum, { fields }) => sum + BYTES_A_STEP + sizeIn(fields, sizeOfText), 0)

const sizeIn = (value: FieldValue | undefined, sizeOfText: (text: string) => number): number => {
  if (typeof value === 'string') return sizeOfText(value)
  if (typeof value !== 'object') return 0
  return Object.values(value).reduce<number>((sum, each) => sum + sizeIn(each, sizeOfText), 0)
}

type Group = StepView | StepView[]

const grouped = (steps: readonly StepView[]): Group[] => {
  const groups: Group[] = []
  for (const step of steps) {
    const last = groups.at(-1)
    if (step.kind !== 'notice_sent') groups.push(step)
    else if (Array.isArray(last)) last.push(step)
    else groups.push([step])
  }
  return groups
}

/** Reminders are many and say little: one small line, open to those who want each. */
const notices = (
  steps: readonly StepView[],
  page: TrackContext,
): Html => html`<li class="notices"><details id="notices-${steps[0]?.seq ?? 0}">
<summary>${page.words.timeline.notices(steps.length)}</summary>
<ul>${steps.map(step => notice(step, page))}</ul>
</details></li>
`

const notice = (step: StepView, page: TrackContext): Html =>
  html`<li id="step-${step.seq + 1}">${moment(step.at, page)} ${page.dictionary.describe(step)} <span class="no">${page.words.timeline.stepNo(step.seq + 1)}</span></li>`
