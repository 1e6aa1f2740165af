import { ERASABLE_FIELDS, type FieldValue, TEXT_FIELDS } from '../../complaint/step.ts'
import type { ComplaintView, StepView } from '../../complaint/view/types.ts'
import { isFile } from '../../complaint/view/visibility.ts'
import { needsReturn, REMEDIES, type State, WITHDRAWAL_GROUNDS } from '../../complaint/words.ts'
import type { BuyerAct, PageWords } from '../../i18n/index.ts'
import { entry } from '../../i18n/values.ts'
import type { FormState, PageContext, TrackContext } from '../context.ts'
import { type Html, html, inline } from '../html.ts'
import { labelOf } from '../steps/step.ts'
import {
  areaField,
  checkField,
  type Drawn,
  type Field,
  filesField,
  idOf,
  labelFor,
  radioField,
  seenField,
  selectField,
  textField,
} from './fields.ts'

/** The two acts that most came for, as buttons that open their form. */
export const mainActs = (view: ComplaintView, page: TrackContext): Html | null => {
  const { main } = choose(view, page.words)
  if (page.scope !== 'act' || main.length === 0) return null
  return html`<section class="acts" aria-label="${page.words.main}">
${main.map((act, i) => actForm(act, view, page, i === 0 ? 'primary' : ''))}
</section>`
}

/**
 * Everything else that may be done now, seldom and each by few: a link, in whose place the form comes. Open when a form of it
 * was asked for or came back.
 */
export const moreActs = (view: ComplaintView, page: TrackContext): Html | null => {
  const { more } = choose(view, page.words)
  if (page.scope !== 'act' || more.length === 0) return null
  const back = more.some(act => act === page.form?.act)
  return html`<details class="fold more" id="more-acts"${back && html` open`}>
<summary>${page.words.more}</summary>
<div class="acts list">${more.map(act => (act === page.form?.act ? actForm(act, view, page, '') : actLink(act, page)))}</div>
</details>`
}

/** Where the page has the form of an act open: the same page, with that form on it. */
const withForm = (act: BuyerAct, { base }: TrackContext): string => `${base}?act=${act}`

/** Leads to the form; with htmx it comes in place of the link. */
const actLink = (act: BuyerAct, page: TrackContext): Html => {
  const url = withForm(act, page)
  return html`<a class="act" id="${act}" href="${url}#${act}" hx-get="${url}" hx-target="this" hx-select="#${act}">${page.words.acts.words[act].label}</a>
`
}

/** The address of an act's form for a link from elsewhere on the page, whose form may have to be asked for. */
export const toForm = (act: BuyerAct, view: ComplaintView, page: TrackContext): string =>
  choose(view, page.words).main.includes(act) ? `#${act}` : `${withForm(act, page)}#${act}`

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
  // A reason that was picked from a list is no text.
  const written = TEXT_FIELDS.flatMap(name => form.values[name] || []).filter(text => /\s|[^a-z_]/.test(text))
  return html`${written.map(text => html`<div class="quote"><b>${words.acts.typed}</b><p dir="auto">${text}</p></div>`)}`
}

const HELP: readonly BuyerAct[] = ['evidence', 'messages']
const AFTER: readonly BuyerAct[] = ['reopening', 'appeal', 'offer-acceptance']

/** These stand open on the page (`views/track/page.ts`). */
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

type Draw = (drawn: Drawn, view: ComplaintView, page: TrackContext) => Html | Html[] | null

const named = (drawn: Drawn, name: string, more: Partial<Field> = {}): Field => ({
  name,
  label: labelFor(drawn.name, name, drawn.page.words),
  ...more,
})

const reason: Draw = drawn => areaField(drawn, named(drawn, 'reason'))
const nothing: Draw = () => null

const writing: Draw = drawn => [
  areaField(drawn, named(drawn, 'text')),
  filesField(drawn, {
    ...named(drawn, 'files', { optional: true }),
    ...(drawn.back && { hint: drawn.page.words.acts.chooseFilesAgain }),
  }),
]

/** Acceptance names the offer that was seen; a newer one is refused as `offer_changed`. */
const acceptance: Draw = (_drawn, { complaint, steps }, { words, dictionary }) => {
  const offered = steps.find(({ seq }) => seq === complaint.offer)
  if (!offered) return null
  const kind = kindOf(offered.fields.offer)
  return html`<input type="hidden" name="offer" value="${offered.seq}"><p class="offer"><b>${words.acts.thisOffer}</b> ${inline(dictionary.describe(offered))}${
    kind !== undefined && needsReturn(kind) && html` <small>${words.acts.needsReturn}</small>`
  }</p>`
}

const kindOf = (offer: FieldValue | undefined) =>
  typeof offer === 'object' ? REMEDIES.find(kind => kind === offer.kind) : undefined

const refusal: Draw = (drawn, _view, { dictionary }) => [
  areaField(drawn, named(drawn, 'reason')),
  selectField(
    drawn,
    named(drawn, 'counter.kind', { optional: true }),
    REMEDIES.map(kind => [kind, dictionary.remedies[kind]] as const),
    drawn.page.words.acts.noCounter,
  ),
  textField(drawn, { ...named(drawn, 'counter.amount.value', { optional: true }), mode: 'decimal' }),
  html`<input type="hidden" name="counter.amount.currency" value="CNY">`,
]

const withdrawal: Draw = (drawn, _view, { dictionary }) => [
  radioField(
    drawn,
    named(drawn, 'reason'),
    WITHDRAWAL_GROUNDS.map(ground => [ground, dictionary.withdrawalGrounds[ground]] as const),
  ),
  areaField(drawn, named(drawn, 'text', { optional: true })),
  checkField(drawn, named(drawn, 'confirm')),
]

const rating: Draw = drawn => [
  radioField(
    drawn,
    named(drawn, 'score'),
    ['1', '2', '3', '4', '5'].map(score => [score, score] as const),
    'inline',
  ),
  areaField(drawn, named(drawn, 'text', { optional: true })),
]

const report: Draw = (drawn, view, page) => [
  selectField(drawn, named(drawn, 'seq'), reportableSteps(view, page), page.words.acts.choose),
  areaField(drawn, named(drawn, 'text')),
]

const erasure: Draw = (drawn, view, page) => [
  selectField(drawn, named(drawn, 'seq'), erasableSteps(view, page), page.words.acts.choose),
  selectField(drawn, named(drawn, 'field'), erasableFields(view, page), page.words.acts.choose),
  areaField(drawn, named(drawn, 'reason')),
]

const sharing: Draw = drawn => [
  checkField(drawn, named(drawn, 'texts', { optional: true })),
  checkField(drawn, named(drawn, 'files', { optional: true })),
]

const shipment: Draw = drawn => [
  textField(drawn, named(drawn, 'carrier')),
  textField(drawn, named(drawn, 'trackingNo')),
]

/** What can't be undone: a browser that is not known as the buyer's is asked for the phone's last four digits. */
export const IRREVERSIBLE = ['offer-acceptance', 'confirmation', 'withdrawal'] as const satisfies BuyerAct[]

/** The digits, and the easy way beside them: a link to look at alone. */
const proof = (drawn: Drawn, view: ComplaintView, page: TrackContext): Html | null => {
  const { isNewDevice, words } = page
  return isNewDevice === true && IRREVERSIBLE.some(act => act === drawn.name)
    ? html`${textField(drawn, { ...named(drawn, 'last4', { hint: words.acts.last4Hint }), mode: 'numeric', length: 4 })}<p class="note"><a href="${toForm('share-links', view, page)}">${words.acts.onlyLook}</a></p>`
    : null
}

const FORMS: Record<BuyerAct, Draw> = {
  'offer-acceptance': acceptance,
  'offer-refusal': refusal,
  escalation: reason,
  confirmation: nothing,
  dispute: reason,
  'return-shipment': shipment,
  reopening: reason,
  appeal: reason,
  evidence: writing,
  messages: writing,
  'human-request': nothing,
  nudges: nothing,
  rating,
  'follow-up': nothing,
  'conduct-report': report,
  'redaction-request': erasure,
  'share-links': sharing,
  withdrawal,
}

/** The fields of one act's form, with what was typed when it comes back. */
export const actFields = (act: BuyerAct, view: ComplaintView, page: TrackContext): Html => {
  const back = page.form?.act === act ? page.form : null
  const drawn = { name: act, page, back }
  return html`${FORMS[act](drawn, view, page)}${proof(drawn, view, page)}`
}

type Options = (readonly [value: string, label: string])[]

const nameOf = (step: StepView, { words, dictionary }: TrackContext): string =>
  `${words.timeline.stepNo(step.seq + 1)} ${dictionary.kinds[step.kind]} ${dictionary.when(step.at)}`

const options = (steps: readonly StepView[], page: TrackContext): Options =>
  steps.map(step => [String(step.seq), nameOf(step, page)] as const).reverse()

const OTHERS: readonly string[] = ['merchant', 'platform', 'supervisor']

/** Steps of other parties, about whose conduct the buyer can complain. */
const reportableSteps = ({ steps }: ComplaintView, page: TrackContext): Options =>
  options(
    steps.filter(({ by, kind }) => OTHERS.includes(by.role) && kind !== 'notice_sent'),
    page,
  )

const erasable = ({ fields }: StepView): string[] =>
  Object.keys(fields).filter(name => ERASABLE_FIELDS.includes(name) || isFile(name))

/** Steps with a text or file that could be erased. */
const erasableSteps = ({ steps }: ComplaintView, page: TrackContext): Options =>
  options(
    steps.filter(step => erasable(step).length > 0),
    page,
  )

/** Every field that one of those steps has, by its name in the log. */
const erasableFields = ({ steps }: ComplaintView, page: TrackContext): Options => {
  const names = new Set(steps.flatMap(erasable))
  return [...names].map(name => [name, labelOf({ kind: 'message_added' }, name, page)] as const)
}
