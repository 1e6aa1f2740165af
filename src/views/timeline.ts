import type { ComplaintView, StepView } from '../complaint/view/types.ts'
import type { TrackContext } from './context.ts'
import { type Html, html } from './html.ts'
import { notices } from './steps/notices.ts'
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
