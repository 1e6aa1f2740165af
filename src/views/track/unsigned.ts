// The warning that something was given up in the buyer's name without a signature, though a key was bound (docs/log.md, section 11).

import { isAboutDevices, isDecisive } from '../../complaint/step.ts'
import type { ComplaintView, StepView } from '../../complaint/view/types.ts'
import { seenField } from '../acts/fields.ts'
import type { TrackContext } from '../context.ts'
import { type Html, html, inline } from '../html.ts'

/** The newest step of the buyer that gave something up unsigned, until a later one was signed; with the way to undo it. */
const foundIn = (steps: readonly StepView[]): StepView | undefined => {
  const found = steps.findLast(step => step.unsignedThoughBound && isDecisive(step))
  const isAnswered = steps.some(
    step => found && step.seq > found.seq && step.by.role === 'buyer' && step.signed && !isAboutDevices(step),
  )
  return isAnswered ? undefined : found
}

/** By any reader's page; the way to undo it is the buyer's alone. */
export const givenUpUnsigned = (view: ComplaintView, page: TrackContext): Html | null => {
  const found = foundIn(view.steps)
  if (!found) return null
  const { words, dictionary, scope } = page
  const { warning, warningText } = words.devices
  return html`<section class="notice bad" role="alert"><p><b>${warning}</b> ${warningText} ${inline(dictionary.describe(found))}</p>${scope === 'act' && undo(view, page)}</section>`
}

/** One tap reopens what was closed; else the buyer says it in a message, which a bound device signs as well. */
const undo = (view: ComplaintView, { words, base }: TrackContext): Html | null => {
  const { reopen, write, notMe } = words.devices
  if (view.actions.includes('reopening'))
    return html`<form method="post" action="${base}/reopening" hx-post="${base}/reopening">${seenField(view)}<input type="hidden" name="reason" value="${notMe}"><button>${reopen}</button></form>`
  return view.actions.includes('messages') ? html`<p><a class="button" href="#messages">${write}</a></p>` : null
}
