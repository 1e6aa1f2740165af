import type { StepView } from '../../complaint/view/types.ts'
import type { TrackContext } from '../context.ts'
import { type Html, html } from '../html.ts'
import { labelOf } from './quotes.ts'

/** What was erased is said plainly, and so is what a redaction step was about. */
export const erasures = (step: StepView, page: TrackContext): Html[] => [
  ...(step.erased ?? []).map(field => gone(labelOf(step, field, page), page)),
  ...about(step, page),
]

const gone = (label: string, { words }: TrackContext): Html =>
  html`<div class="quote gone"><b>${label}</b><p>${words.timeline.erased} <small>${words.timeline.erasedNote}</small></p></div>`

const about = (step: StepView, page: TrackContext): Html[] => {
  const { field } = step.fields
  if ((step.kind !== 'redacted' && step.kind !== 'redaction_requested') || typeof field !== 'string') return []
  return [
    html`<p class="note">${page.words.timeline.redactedField}${page.words.colon}${labelOf(step, field, page)}</p>`,
  ]
}
