import type { ComplaintView, StepView } from '../complaint/view/types.ts'
import type { TrackContext } from './context.ts'
import { type Html, html } from './html.ts'
import { type Place, stepItem } from './steps/step.ts'
import { timings } from './timing.ts'

/** Every step, the newest first; reminders that follow each other share one small line. */
export const timeline = ({ steps, actions }: ComplaintView, page: TrackContext): Html => {
  const { words } = page
  const timing = timings(steps)
  const newest = steps.findLast(({ kind }) => kind !== 'notice_sent')
  const mayAskHuman = page.scope === 'act' && actions.includes('human-request')
  const place = (step: StepView): Place => ({
    timing: timing.get(step.seq) ?? null,
    newest: step === newest,
    mayAskHuman,
  })
  return html`<section class="plain" aria-labelledby="timeline">
<h2 id="timeline">${words.timeline.title} <small>${words.timeline.newestFirst}</small></h2>
<ol class="steps">
${grouped([...steps].reverse()).map(group => (Array.isArray(group) ? notices(group, page) : stepItem(group, place(group), page)))}
</ol>
</section>`
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

const notice = (step: StepView, { dictionary, words }: TrackContext): Html =>
  html`<li id="step-${step.seq + 1}"><time datetime="${step.at}">${dictionary.when(step.at)}</time> ${dictionary.describe(step)} <span class="no">${words.timeline.stepNo(step.seq + 1)}</span></li>`
