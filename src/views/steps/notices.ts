import type { StepView } from '../../complaint/view/types.ts'
import type { TrackContext } from '../context.ts'
import { type Html, html } from '../html.ts'

/** Reminders are many and say little: one small line, open to those who want each. */
export const notices = (
  steps: readonly StepView[],
  page: TrackContext,
): Html => html`<li class="notices"><details id="notices-${steps[0]?.seq ?? 0}">
<summary>${page.words.timeline.notices(steps.length)}</summary>
<ul>${steps.map(step => notice(step, page))}</ul>
</details></li>
`

const notice = (step: StepView, { dictionary, words }: TrackContext): Html =>
  html`<li id="step-${step.seq + 1}"><time datetime="${step.at}">${dictionary.when(step.at)}</time> ${dictionary.describe(step)} <span class="no">${words.timeline.stepNo(step.seq + 1)}</span></li>`
