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
  textsOf(step, page).map(([label, text]) => quote(label, text, step, page))

/** What a party wrote in a step, each with its label. */
export const textsOf = (step: StepView, page: TrackContext): [label: string, text: string][] =>
  TEXTS.flatMap(field => {
    const text = said(step, field, page)
    return typeof text === 'string' && text !== '' ? [[labelOf(step, field, page), text] as [string, string]] : []
  })

/** One reason is a word of the log, which decides that the old link ends at once. */
const said = ({ kind, fields }: StepView, field: (typeof TEXTS)[number], { words }: TrackContext) =>
  kind === 'link_rotated' && field === 'reason' && fields.reason === 'theft' ? words.timeline.theft : fields[field]

/** Characters of a text that a long timeline shows. */
export const CUT = 600

/** Their words stand in a block of their own, so whatever they write can't look like ours. */
const quote = (label: string, text: string, { seq }: StepView, { cut, base, words }: TrackContext): Html => {
  const isCut = cut === true && text.length > CUT
  return html`<div class="quote"><b>${label}</b><p dir="auto">${isCut ? `${text.slice(0, CUT)}…` : text}</p>${
    isCut && html`<p><a href="${base}?step=${seq + 1}#timeline">${words.timeline.whole(text.length)}</a></p>`
  }</div>`
}
