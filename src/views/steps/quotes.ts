import type { StepView } from '../../complaint/view/types.ts'
import { entry } from '../../i18n/values.ts'
import type { TrackContext } from '../context.ts'
import { type Html, html } from '../html.ts'

/** Texts of the parties, in the order in which they are read. */
const TEXTS = ['request', 'facts', 'rule', 'reasons', 'statement', 'reason', 'text', 'proof'] as const

export const labelOf = ({ kind }: Pick<StepView, 'kind'>, field: string, { words }: TrackContext): string => {
  const file = /^file(\d+)$/.exec(field)
  if (file) return words.fileNo(file[1] ?? '')
  return entry(words.fields, `${kind}.${field}`) ?? entry(words.fields, field) ?? field
}

export const quotes = (step: StepView, page: TrackContext): Html[] =>
  TEXTS.flatMap(field => {
    const text = said(step, field, page)
    return typeof text === 'string' && text !== '' ? [quote(labelOf(step, field, page), text)] : []
  })

/** One reason is a word of the log, which decides that the old link ends at once. */
const said = ({ kind, fields }: StepView, field: (typeof TEXTS)[number], { words }: TrackContext) =>
  kind === 'link_rotated' && field === 'reason' && fields.reason === 'theft' ? words.timeline.theft : fields[field]

/** Their words stand in a block of their own, so whatever they write can't look like ours. */
const quote = (label: string, text: string): Html =>
  html`<div class="quote"><b>${label}</b><p dir="auto">${text}</p></div>`
