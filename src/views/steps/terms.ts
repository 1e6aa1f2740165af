import type { Fields, FieldValue } from '../../complaint/step.ts'
import type { StepView } from '../../complaint/view/types.ts'
import type { TrackContext } from '../context.ts'
import { type Html, html } from '../html.ts'

const isObject = (value: FieldValue | undefined): value is Fields => typeof value === 'object'

/** Where goods go back to, and who pays for the way. The sentence has said what is given, how much and by when. */
export const returnTerms = ({ fields }: StepView, { words, dictionary }: TrackContext): Html | null => {
  const terms = [fields.offer, fields.remedy].find(isObject)
  if (!terms) return null
  const { returnTo, freightPaidBy } = terms
  const roles: Record<string, string> = dictionary.roles
  return html`${typeof returnTo === 'string' && line(words.timeline.returnTo, returnTo)}${
    typeof freightPaidBy === 'string' &&
    line(words.timeline.freight, words.timeline.freightPaidBy(roles[freightPaidBy] ?? freightPaidBy))
  }`
}

const line = (label: string, text: string): Html =>
  html`<div class="quote"><b>${label}</b><p dir="auto">${text}</p></div>`
