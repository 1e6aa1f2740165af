import type { StepView } from '../../complaint/view/types.ts'
import type { TrackContext } from '../context.ts'
import { type Html, html, inline } from '../html.ts'
import type { Timing } from '../timing.ts'
import { erasures } from './erasures.ts'
import { files } from './files.ts'
import { quotes } from './quotes.ts'
import { challenge } from './rulings.ts'
import { returnTerms } from './terms.ts'

/** Bad news and good news that a reader looks for; the words say it too. */
const MOODS: Partial<Record<StepView['kind'], string>> = {
  deadline_missed: 'bad',
  evidence_absent: 'bad',
  lapsed: 'bad',
  automated_reply: 'dull',
  // A report of fulfilment is a claim; only the buyer's word makes it good news.
  confirmed: 'good',
}

/** What only the whole timeline knows of a step. */
export interface Place {
  timing: Timing | null
  newest: boolean
  /** The page has the form that asks for a human. */
  mayAskHuman?: boolean
}

export const stepItem = (
  step: StepView,
  { timing, newest, mayAskHuman = false }: Place,
  page: TrackContext,
): Html => html`<li id="step-${step.seq + 1}" class="${newest && 'newest '}${step.by.role} ${MOODS[step.kind] ?? ''}">
<i class="dot" aria-hidden="true">${page.words.timeline.initials[step.by.role] ?? ''}</i><p class="what">${inline(page.dictionary.describe(step))}</p>
${byline(step, timing, page)}
${quotes(step, page)}${returnTerms(step, page)}${files(step, page)}${erasures(step, page)}${challenge(step, page)}${machine(step, mayAskHuman, page)}${onPaper(step, page)}
</li>
`

/** Under what a machine said, how to get a human. */
const machine = ({ kind }: StepView, mayAskHuman: boolean, { words }: TrackContext): Html | null =>
  kind === 'automated_reply' && mayAskHuman
    ? html`<p class="note"><a href="#human-request">${words.timeline.askHuman}</a></p>`
    : null

/** Who holds the page on paper can find this very step in the log. */
const onPaper = ({ leaf }: StepView, { words, site }: TrackContext): Html | null =>
  site === undefined ? null : html`<p class="paper">${words.timeline.leaf} <code>${leaf}</code></p>`

const byline = (step: StepView, timing: Timing | null, page: TrackContext): Html => {
  const { words, dictionary } = page
  return html`<p class="by"><time datetime="${step.at}">${dictionary.when(step.at)}</time> <span class="no">${words.timeline.stepNo(step.seq + 1)}</span> <span class="who">${author(step, page)}${
    timing && html` <span class="tag ${timing === 'late' ? 'bad' : 'good'}">${words.timeline[timing]}</span>`
  }</span></p>`
}

/** Party, name, and whether a human or a machine wrote it. */
const author = ({ by }: StepView, { words, dictionary, scope }: TrackContext): Html => {
  const { timeline } = words
  if (by.role === 'system') return html`${timeline.clock}`
  const title = dictionary.roles[by.role]
  const yours = by.role === 'buyer' && scope === 'act'
  const name = yours || by.name === title ? null : html` <bdi>${inline(by.name)}</bdi>`
  const hand = by.automated ? timeline.machine : by.role === 'buyer' ? timeline.self : timeline.human
  return html`${yours ? words.you : title}${name} <span class="tag ${by.automated ? 'dull' : ''}">${hand}</span>`
}
