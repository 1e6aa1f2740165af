// The warning that something was given up in the buyer's name without a signature, though a key was bound (docs/log.md, section 11).

import { isDecisive } from '../../complaint/step.ts'
import type { ComplaintView, StepView } from '../../complaint/view/types.ts'
import type { TrackContext } from '../context.ts'
import { type Html, html, inline } from '../html.ts'

/** The newest step of the buyer that gave something up unsigned, until a later one was signed; with the way to undo it. */
const foundIn = (steps: readonly StepView[]): StepView | undefined => {
  const found = steps.findLast(step => step.unsignedThoughBound && isDecisive(step))
  const isAnswered = steps.some(({ seq, kind, signed }) => found && seq > found.seq && signed && kind !== 'key_bound')
  return isAnswered ? undefined : found
}

/** By any reader's page; the way to undo it is the buyer's alone. */
export const givenUpUnsigned = ({ steps, actions }: ComplaintView, page: TrackContext): Html | null => {
  const found = foundIn(steps)
  if (!found) return null
  const { words, dictionary, scope } = page
  const { warning, warningText, reopen, write } = words.devices
  const [act, label] = actions.includes('reopening') ? (['reopening', reopen] as const) : (['messages', write] as const)
  const offered = scope === 'act' && actions.includes(act)
  return html`<section class="notice bad" role="alert"><p><b>${warning}</b> ${warningText} ${inline(dictionary.describe(found))}</p>${
    offered && html`<p><a class="button" href="#${act}">${label}</a></p>`
  }</section>`
}
