import { EVERY_FIELD } from '../../complaint/deadlines/retention.ts'
import { REFUSAL_GROUNDS, THIRD_PARTIES } from '../../complaint/words.ts'
import { PERSON_WORDS } from '../../i18n/areas/person.ts'
import type { DeskAct } from '../../i18n/index.ts'
import { areaField, filesField, idOf, radioField, seenField, selectField, textField } from '../acts/fields.ts'
import { type Html, html, inline } from '../html.ts'
import { labelOf as textLabel } from '../steps/step.ts'
import {
  type Case,
  type DeskDrawn,
  type DeskForm,
  type DeskPage,
  labelOf,
  named,
  refusalWords,
  timeField,
  wordsOf,
} from './context.ts'
import { factsField, groundFields, outcomeField, remedyFields, sharedFields, wished } from './ruling-form.ts'

/** In the order in which an officer comes to need them. */
const ORDER: readonly DeskAct[] = [
  'handoff-acceptance',
  'take',
  'rulings',
  'evidence-requests',
  'messages',
  'fulfilment',
  'extensions',
  'interim-reports',
  'statements-requests',
  'handoffs',
  'assignment',
  'evidence',
  'refusal',
  'link-rotation',
  'redactions',
  'redaction-refusals',
  'legal-holds',
  'legal-hold-releases',
]
const WITH_FILES: readonly DeskAct[] = ['messages', 'evidence', 'fulfilment']

/** Keys of the script; the page says them. */
export const KEYS: Partial<Record<DeskAct, string>> = {
  take: 't',
  rulings: 'r',
  'evidence-requests': 'e',
  messages: 'm',
  handoffs: 'h',
}

/** The part of the API that a form posts to; to take a case is to be assigned. */
const nounOf = (act: DeskAct): string => (act === 'take' ? 'assignment' : act)

const isOpenTo = (act: DeskAct, it: Case, { person }: DeskPage): boolean => {
  if (!it.view.actions.includes(nounOf(act))) return false
  switch (act) {
    case 'take':
      return !it.standing.isMine && it.standing.offeredTo === null && !it.ruledByMe
    case 'assignment':
      return person.role === 'supervisor'
    case 'rulings':
      return !(it.ruledByMe && it.complaint.appealing !== null)
    case 'extensions':
      return it.latestExtension !== null
    case 'redactions':
      return mayBeErased(it).length > 0 && (person.role === 'supervisor' || mayErase(it))
    case 'redaction-refusals':
      return mayBeRefused(it).length > 0
    default:
      return true
  }
}

/** An officer alone erases what its author asked for, or what can no longer be appealed (rule 13); else two supervisors. */
const mayErase = ({ erasable, complaint }: Case): boolean => erasable.some(isAskedFor) || complaint.closedAt !== null

/** The likeliest act is the main button: take an unassigned complaint, else rule. */
const lookOf = (act: DeskAct, { standing, view }: Case): string => {
  const untaken = standing.officer === null && view.actions.includes('assignment')
  const main = standing.offeredTo !== null ? 'handoff-acceptance' : untaken ? 'take' : 'rulings'
  return act === main ? 'primary' : ''
}

export const actForms = (it: Case, page: DeskPage, form: DeskForm | undefined): Html => {
  const words = wordsOf(page)
  // What was written stays, even where the complaint moved and the act must wait.
  const acts = ORDER.filter(act => isOpenTo(act, it, page) || form?.act === act)
  return html`<section class="plain" aria-labelledby="acts"><h2 id="acts">${words.case.acts}</h2>
${acts.length === 0 ? html`<p class="note">${words.case.nothing}</p>` : null}
<div class="acts list">${acts.map(act => actForm(act, it, page, form?.act === act ? form : undefined))}</div>
</section>`
}

const actForm = (act: DeskAct, it: Case, page: DeskPage, form: DeskForm | undefined): Html => {
  const { label, effect, submit } = wordsOf(page).acts[act]
  const enctype = WITH_FILES.includes(act) && html` enctype="multipart/form-data"`
  const begun = act === 'rulings' ? { values: wished(it), problems: [] } : null
  const drawn = { name: act, act, page, back: form ?? begun }
  return html`<details class="act ${lookOf(act, it)}" id="${act}"${form !== undefined && html` open`}${KEYS[act] !== undefined && html` data-key="${KEYS[act] ?? ''}"`}>
<summary>${label}</summary>
<form method="post" action="/desk/complaints/${it.view.complaint.id}/${nounOf(act)}"${enctype}>
${seenField(it.view)}${act === 'take' && html`<input type="hidden" name="take" value="yes">`}<p class="effect">${effect}</p>
${fieldsOf(act, drawn, it)}
<button${act === 'rulings' && html` name="preview" value="yes"`}>${submit}</button>
</form>
</details>
`
}

/** What kept a form from being recorded: what changed meanwhile, a refusal, or its fields, each with a link. */
export const troubles = (form: DeskForm | undefined, page: DeskPage): Html | null => {
  if (!form || (form.problems.length === 0 && form.refusal === undefined)) return null
  const words = wordsOf(page)
  return html`<section class="notice bad" role="alert" tabindex="-1" autofocus>${
    form.refusal !== undefined &&
    html`<p><b>${words.case.refused}</b>${refusalWords(form.refusal, page)}</p>${changes(form, page)}`
  }${
    form.problems.length > 0 &&
    html`<p><b>${words.case.problems}</b></p>
<ul>${form.problems.map(({ field, message }) => html`<li><a href="#${idOf(form.act, field)}">${labelOf(form.act, field, page)}${page.words.colon}${message}</a></li>`)}</ul>`
  }</section>`
}

const changes = ({ changed = [] }: DeskForm, page: DeskPage): Html | null => {
  if (changed.length === 0) return null
  const words = wordsOf(page)
  return html`<p>${words.case.changed}</p>
<ul class="changes">${changed.map(
    step =>
      html`<li><a href="#step-${step.seq + 1}">${words.stepNo(step.seq + 1)}</a> ${inline(page.dictionary.describe(step))}</li>`,
  )}</ul>
<p>${words.case.changedHint}</p>`
}

type Draw = (drawn: DeskDrawn, it: Case) => Html | (Html | null)[] | null

const writing = (drawn: DeskDrawn, text: string): Html[] => [
  areaField(drawn, named(drawn, text)),
  filesField(
    drawn,
    named(drawn, 'files', { optional: true, ...(drawn.back && { hint: wordsOf(drawn.page).hints.filesAgain }) }),
  ),
]

/** Taking over from another officer needs a reason (rule 6). */
const take: Draw = (drawn, { complaint }) => (complaint.assigned ? areaField(drawn, named(drawn, 'reason')) : null)

const assignment: Draw = (drawn, { complaint }) => [
  textField(drawn, named(drawn, 'officer')),
  areaField(drawn, named(drawn, 'reason', complaint.assigned ? {} : { depends: true })),
]

const ruling: Draw = (drawn, { complaint }) => [
  factsField(drawn),
  ...sharedFields(drawn, complaint.openedAt),
  outcomeField(drawn),
  remedyFields(drawn, complaint),
]

const asking: Draw = drawn => {
  const { roles } = drawn.page.dictionary
  const parties = (['buyer', 'merchant', 'both'] as const).map(role => [role, roles[role]] as const)
  return [radioField(drawn, named(drawn, 'from'), parties), areaField(drawn, named(drawn, 'request'))]
}

const outside: Draw = drawn => {
  const { roles } = drawn.page.dictionary
  const parties = THIRD_PARTIES.map(party => [party, roles[party]] as const)
  const { hints } = wordsOf(drawn.page)
  return [
    radioField(drawn, named(drawn, 'party'), parties),
    areaField(drawn, named(drawn, 'request', { hint: hints.outside })),
  ]
}

const extension: Draw = (drawn, { complaint: { due }, latestExtension: latest }) => {
  if (due === null || latest === null) return null
  const hint = wordsOf(drawn.page).hints.latest(drawn.page.dictionary.when(new Date(latest).toISOString()))
  return [timeField(drawn, named(drawn, 'due', { hint }), due, latest), areaField(drawn, named(drawn, 'reason'))]
}

/** The end that an interim report puts off: later than the one that can't be kept, within the policy's cap. */
const interim: Draw = (drawn, { complaint: { total }, latestEnd: latest }) => {
  const hint = wordsOf(drawn.page).hints.latest(drawn.page.dictionary.when(new Date(latest).toISOString()))
  const from = Math.max(total ?? 0, drawn.page.now)
  return [timeField(drawn, named(drawn, 'due', { hint }), from, latest), areaField(drawn, named(drawn, 'reason'))]
}

/** The desks of the policy to choose from; a policy that lists none takes any name. */
export const deskField = (drawn: DeskDrawn, desks: readonly string[]): Html => {
  const words = wordsOf(drawn.page)
  const names = [...new Set(desks)].map(desk => [desk, inline(desk)] as const)
  return names.length > 0
    ? selectField(drawn, named(drawn, 'toDesk'), names, words.choose)
    : textField(drawn, named(drawn, 'toDesk', { hint: words.hints.toDesk }))
}

const handoff: Draw = (drawn, { complaint }) => [
  deskField(drawn, complaint.policy.desks ?? []),
  areaField(drawn, named(drawn, 'reason')),
]

const refusal: Draw = (drawn, { complaint }) => {
  const { refusalGrounds } = drawn.page.dictionary
  const grounds = REFUSAL_GROUNDS.map(ground => [ground, refusalGrounds[ground]] as const)
  return [
    radioField(drawn, named(drawn, 'ground'), grounds),
    factsField(drawn),
    ...groundFields(drawn, complaint.openedAt),
  ]
}

const rotation: Draw = drawn => {
  const { theft } = wordsOf(drawn.page)
  return [
    radioField(drawn, named(drawn, 'theft'), [
      ['theft', theft.theft],
      ['other', theft.other],
    ]),
    areaField(drawn, named(drawn, 'reason', { depends: true })),
  ]
}

const redaction: Draw = (drawn, it) => choosing(drawn, it, mayBeErased(it))

const choosing = (drawn: DeskDrawn, it: Case, erasable: Case['erasable']): Html[] => {
  const words = wordsOf(drawn.page)
  const field = named(drawn, 'target', { hint: words.hints.target })
  const options = targets({ ...it, erasable }, drawn.page)
  return [selectField(drawn, field, options, words.choose), areaField(drawn, named(drawn, 'reason'))]
}

/** A hold that is in force is set anew: with another end or reason. */
const legalHold: Draw = drawn => [
  areaField(drawn, named(drawn, 'reason')),
  timeField(drawn, named(drawn, 'until', { optional: true }), drawn.page.now, null),
]

const isAskedFor = ({ askedBy }: Case['erasable'][number]): boolean => askedBy.includes('buyer')

/** All of it is erased as it stands now, and refused as it was asked for. */
const isWholeNow = (each: Case['erasable'][number], { complaint }: Case): boolean =>
  each.field === EVERY_FIELD && each.seq === complaint.seq
const mayBeErased = (it: Case): Case['erasable'] =>
  it.erasable.filter(each => each.field !== EVERY_FIELD || isWholeNow(each, it))
const mayBeRefused = (it: Case): Case['erasable'] =>
  it.erasable.filter(each => isAskedFor(each) && !isWholeNow(each, it))

const noErasure: Draw = (drawn, it) => choosing(drawn, it, mayBeRefused(it))

const targets = ({ view, erasable }: Case, page: DeskPage) => {
  const { hints } = wordsOf(page)
  const context = { ...page, base: '', scope: 'view', checked: { witnesses: 0 } } as const
  return erasable.flatMap(({ seq, field, askedBy }) => {
    const step = view.steps[seq]
    if (!step) return []
    const roles: Record<string, string> = page.dictionary.roles
    const asked = askedBy.map(role => hints.asked(roles[role] ?? role)).join(' ')
    const name =
      field === EVERY_FIELD
        ? PERSON_WORDS[page.locale].desk.steps(seq + 1)
        : `${wordsOf(page).stepNo(seq + 1)} ${page.dictionary.kinds[step.kind]} · ${textLabel(step, field, context)}`
    return [[`${seq}.${field}`, asked ? `${name}${page.words.inBrackets(asked)}` : name] as const]
  })
}

const FIELDS: Record<DeskAct, Draw> = {
  take,
  assignment,
  'handoff-acceptance': () => null,
  rulings: ruling,
  'evidence-requests': asking,
  messages: drawn => writing(drawn, 'text'),
  extensions: extension,
  'interim-reports': interim,
  'statements-requests': outside,
  handoffs: handoff,
  fulfilment: drawn => [areaField(drawn, named(drawn, 'statement')), ...writing(drawn, 'proof')],
  evidence: drawn => writing(drawn, 'text'),
  refusal,
  'link-rotation': rotation,
  redactions: redaction,
  'redaction-refusals': noErasure,
  'legal-holds': legalHold,
  'legal-hold-releases': drawn => areaField(drawn, named(drawn, 'reason')),
}

const fieldsOf = (act: DeskAct, drawn: DeskDrawn, it: Case): Html => html`${FIELDS[act](drawn, it)}`
