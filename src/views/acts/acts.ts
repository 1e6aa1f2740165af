import type { ComplaintView } from '../../complaint/view/types.ts'
import type { State } from '../../complaint/words.ts'
import type { BuyerAct, PageWords } from '../../i18n/index.ts'
import { entry } from '../../i18n/values.ts'
import type { FormState, PageContext, TrackContext } from '../context.ts'
import { type Html, html, inline } from '../html.ts'
import { idOf, labelFor, seenField } from './fields.ts'
import { actFields } from './forms.ts'

/** The two acts that most came for, as buttons that open their form. */
export const mainActs = (view: ComplaintView, page: TrackContext): Html | null => {
  const { main } = choose(view, page.words)
  if (page.scope !== 'act' || main.length === 0) return null
  return html`<section class="acts" aria-label="${page.words.main}">
${main.map((act, i) => actForm(act, view, page, i === 0 ? 'primary' : ''))}
</section>`
}

/** Everything else that may be done now; open when one of its forms came back. */
export const moreActs = (view: ComplaintView, page: TrackContext): Html | null => {
  const { more } = choose(view, page.words)
  if (page.scope !== 'act' || more.length === 0) return null
  const back = more.some(act => act === page.form?.act)
  return html`<details class="fold more" id="more-acts"${back && html` open`}>
<summary>${page.words.more}</summary>
<div class="acts list">${more.map(act => actForm(act, view, page, ''))}</div>
</details>`
}

const WITH_FILES: readonly BuyerAct[] = ['evidence', 'messages']

/** A plain form that posts itself; `details` opens it without a script. */
const actForm = (act: BuyerAct, view: ComplaintView, page: TrackContext, look: string): Html => {
  const { label, effect, submit } = page.words.acts.words[act]
  const enctype = WITH_FILES.includes(act) && html` enctype="multipart/form-data"`
  return html`<details class="act ${look}" id="${act}"${page.form?.act === act && html` open`}>
<summary>${label}</summary>
<form method="post" action="${page.base}/${act}" hx-post="${page.base}/${act}"${enctype}>
${seenField(view)}<p class="effect">${effect}</p>
${actFields(act, view, page)}
<button>${submit}</button>
</form>
</details>
`
}

/** Begins the title of a page whose form came back, since a screen reader says the title first (WCAG 2.2, technique G199). */
export const failure = ({ words }: PageContext, form: FormState | null = null): string =>
  form && (form.problems.length > 0 || form.refusal !== undefined) ? words.acts.refused : ''

/** What was wrong with a form that came back, before anything else, each with a link to its field. */
export const problemSummary = (view: ComplaintView, page: TrackContext): Html | null => {
  const { form, words } = page
  if (!form || (form.problems.length === 0 && form.refusal === undefined)) return null
  const refused =
    form.refusal !== undefined &&
    html`<p><b>${words.acts.refused}</b>${entry(words.refusals.byCode, form.refusal) ?? words.refusals.other}</p>${changes(form, page)}${kept(view, page)}`
  const problems =
    form.problems.length > 0 &&
    html`<p><b>${words.acts.problems}</b></p>
<ul>${form.problems.map(({ field, message }) => html`<li><a href="#${idOf(form.act, field)}">${labelFor(form.act, field, words)}${words.colon}${message}</a></li>`)}</ul>`
  return html`<section class="notice bad" role="alert" tabindex="-1" autofocus>${refused}${problems}</section>`
}

/** Changes that a refused form lists, at most: the newest. */
const CHANGES = 10

/** What the reader of an old page could not know when they filled in its form. */
const changes = ({ changed = [] }: FormState, { words, dictionary }: TrackContext): Html | null =>
  changed.length === 0
    ? null
    : html`<p><b>${words.acts.changed}</b></p>
<ul class="changed">${changed.slice(-CHANGES).map(step => html`<li><time datetime="${step.at}">${dictionary.when(step.at)}</time> ${inline(dictionary.describe(step))}</li>`)}</ul>`

/** Leads back to the refused form; where it can't be drawn any more, what was written in it stands here. */
const kept = ({ actions }: ComplaintView, { form, words }: TrackContext): Html | null => {
  if (!form) return null
  if (actions.includes(form.act))
    return html`<p>${words.acts.sendAgain} <a href="#${form.act}">${words.acts.toForm}</a></p>`
  const written = WRITTEN.flatMap(name => form.values[name] || []).filter(text => /\s|[^a-z_]/.test(text))
  return html`${written.map(text => html`<div class="quote"><b>${words.acts.typed}</b><p dir="auto">${text}</p></div>`)}`
}
/** Free-text fields; a reason that was picked from a list is not free text. */
const WRITTEN = ['reason', 'text']

const HELP: readonly BuyerAct[] = ['evidence', 'messages']
const AFTER: readonly BuyerAct[] = ['reopening', 'appeal', 'offer-acceptance']

/** These stand open on the page (`satisfaction.ts`). */
const OPEN_QUESTIONS: readonly BuyerAct[] = ['rating', 'follow-up']

/** What a reader in this state most likely came to do, the likeliest first. */
const LIKELY: Record<State, readonly BuyerAct[]> = {
  awaiting_merchant: HELP,
  awaiting_buyer: ['offer-acceptance', 'offer-refusal', 'escalation', 'evidence'],
  platform_review: ['offer-acceptance', 'offer-refusal', ...HELP],
  evidence_requested: HELP,
  awaiting_return: ['return-shipment', 'appeal', 'messages'],
  // Not the confirmation first: nothing was reported yet, and a merchant may press for it.
  fulfilment: ['messages', 'appeal', 'confirmation'],
  awaiting_confirmation: ['confirmation', 'dispute', 'messages'],
  appeal_review: HELP,
  closed_confirmed: AFTER,
  closed_ruled: AFTER,
  closed_lapsed: AFTER,
  closed_withdrawn: AFTER,
  refused: AFTER,
}

/** A robot answered and no human did since: asking for one comes first. */
const onlyRobots = ({ steps }: ComplaintView): boolean => {
  const answers = steps.filter(({ by }) => by.role === 'merchant' || by.role === 'platform')
  return answers.at(-1)?.by.automated === true
}

/** The acts of the buyer that this page can draw, two of them to be seen first. */
export const choose = (view: ComplaintView, words: PageWords): { main: BuyerAct[]; more: BuyerAct[] } => {
  const { complaint, actions } = view
  const known = (Object.keys(words.acts.words) as BuyerAct[]).filter(
    act => actions.includes(act) && !OPEN_QUESTIONS.includes(act),
  )
  const likely = [...(onlyRobots(view) ? ['human-request' as const] : []), ...LIKELY[complaint.state]]
  const main = likely.filter(act => known.includes(act)).slice(0, 2)
  return { main, more: known.filter(act => !main.includes(act)) }
}
