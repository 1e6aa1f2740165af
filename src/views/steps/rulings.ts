import type { StepView } from '../../complaint/view/types.ts'
import type { TrackContext } from '../context.ts'
import { type Html, html, inline } from '../html.ts'

/** A ruling shows the officer's staff number and how to ask for another (rule 8). */
export const challenge = ({ kind, fields }: StepView, { words, scope }: TrackContext): Html | null => {
  if (kind !== 'ruled' && kind !== 'appeal_ruled' && kind !== 'refused') return null
  const officer = fields.officer ?? fields.operator
  const named = typeof officer === 'string' && html`${words.timeline.officer(inline(officer))}`
  return html`<p class="note">${named}${scope === 'act' && words.timeline.challenge}</p>`
}
