import type { ComplaintView, StepView } from '../../complaint/view/types.ts'
import type { TrackContext } from '../context.ts'
import { type Html, html, inline } from '../html.ts'
import { files } from '../steps/files.ts'
import { quotes } from '../steps/quotes.ts'

const QUIET: readonly StepView['kind'][] = ['notice_sent', 'link_shared', 'link_rotated', 'rated']

/** What the parties said, oldest first, for a page that holds many complaints: no step has an address there. */
export const statements = ({ steps }: ComplaintView, page: TrackContext): Html =>
  html`<ol class="steps">${steps
    .filter(({ kind }) => !QUIET.includes(kind))
    .map(
      step =>
        html`<li class="${step.by.role}"><p class="what">${inline(page.dictionary.describe(step))}</p>${quotes(step, page)}${files(step, page)}</li>`,
    )}</ol>`
