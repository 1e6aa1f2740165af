import type { Complaint } from '../../complaint/complaint.ts'
import { lengthOf, timeOf } from '../../complaint/deadlines/policy.ts'
import { EVERY_FIELD } from '../../complaint/deadlines/retention.ts'
import { nameOfRule, rulesSince } from '../../complaint/platform-rule.ts'
import { needsReturn, OUTCOMES, REFUSAL_GROUNDS, REMEDIES, THIRD_PARTIES } from '../../complaint/words.ts'
import { PERSON_WORDS } from '../../i18n/areas/person.ts'
import type { DeskAct } from '../../i18n/index.ts'
import { areaField, filesField, idOf, radioField, seenField, selectField, textField } from '../acts/fields.ts'
import { addressed, type TrackContext } from '../context.ts'
import { due, holder } from '../facts.ts'
import { type Html, html, inline } from '../html.ts'
import { stepItem, labelOf as textLabel } from '../steps/step.ts'
import {
  type AsRead,
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

/** The versions that were in force when the complaint was opened, or since; what they don't say is written. */
const groundFields = (drawn: DeskDrawn, openedAt: number): Html[] => {
  const { page } = drawn
  const { library: words, choose } = wordsOf(page)
  const rules = rulesSince(page.library ?? [], openedAt)
  if (rules.length === 0) return [areaField(drawn, named(drawn, 'rule'))]
  const options = rules.map(rule => {
    const name = `${inline(rule.title)} · ${words.version(rule.version)}`
    return [nameOfRule(rule), rule.at > openedAt ? name + page.words.inBrackets(words.afterOpening) : name] as const
  })
  return [
    selectField(drawn, named(drawn, 'cites.first', { depends: true }), options, choose),
    selectField(drawn, named(drawn, 'cites.second', { optional: true }), options, choose),
    areaField(drawn, named(drawn, 'rule', { depends: true, hint: words.ruleHint })),
  ]
}

/** What every ruling of a batch shares. */
export const sharedFields = (drawn: DeskDrawn, openedAt: number): Html[] => [
  ...groundFields(drawn, openedAt),
  areaField(drawn, named(drawn, 'reasons')),
]

export const factsField = (drawn: DeskDrawn): Html => areaField(drawn, named(drawn, 'facts'))

export const outcomeField = (drawn: DeskDrawn): Html =>
  radioField(
    drawn,
    named(drawn, 'outcome'),
    OUTCOMES.map(outcome => [outcome, drawn.page.dictionary.outcomes[outcome]] as const),
  )

/** The buyer's wish, as the form of a ruling begins: an officer changes what the case asks for otherwise. */
export const wished = ({ view, complaint: { state, review, remedy } }: Case, prefix = ''): Record<string, string> => {
  const { remedySought } = view.complaint
  const enforced = state === 'platform_review' && review?.enforcement === true ? remedy?.kind : undefined
  const kind = enforced ?? REMEDIES.find(each => each === remedySought?.kind)
  if (kind === undefined) return {}
  const amount = remedySought?.kind === kind && typeof remedySought.amount === 'object' ? remedySought.amount.value : ''
  const returnTo = needsReturn(kind) ? returnAddress(view) : undefined
  const values = {
    'remedy.kind': kind,
    'remedy.amount.value': String(amount ?? ''),
    'remedy.owedBy': 'merchant',
    ...(needsReturn(kind) && { 'remedy.freightPaidBy': 'merchant' }),
    ...(typeof returnTo === 'string' && { 'remedy.returnTo': returnTo }),
  }
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]))
}

/** Where the seller last said that goods go. */
const returnAddress = ({ steps }: Case['view']): unknown => {
  const offer = steps.findLast(({ fields }) => typeof fields.offer === 'object')?.fields.offer
  return typeof offer === 'object' && 'returnTo' in offer ? offer.returnTo : undefined
}

/** What is given, by whom, where goods go back to and until when; each has to be said, or that nothing is given. */
export const remedyFields = (drawn: DeskDrawn, complaint: Complaint): Html => {
  // An appeal against a refusal decides whether the complaint is heard, and nothing else.
  if (complaint.appealing === 'refusal')
    return html`<input type="hidden" name="${drawn.prefix ?? ''}remedy.kind" value="none">`
  return html`<div class="columns">${kindField(drawn, complaint)}${textField(drawn, { ...named(drawn, 'remedy.amount.value', { optional: true, hint: wordsOf(drawn.page).hints.amount }), mode: 'decimal' })}<input type="hidden" name="${drawn.prefix ?? ''}remedy.amount.currency" value="CNY">${owedField(drawn)}${returnFields(drawn)}${dueField(drawn, complaint)}</div>`
}

const kindField = (drawn: DeskDrawn, { review, remedy, state }: Complaint): Html => {
  const { dictionary } = drawn.page
  const words = wordsOf(drawn.page)
  const fixed = state === 'platform_review' && review?.enforcement === true && remedy !== null
  const kinds = fixed ? [remedy.kind] : REMEDIES
  const hint = fixed ? { hint: words.hints.sameKind } : {}
  return selectField(
    drawn,
    named(drawn, 'remedy.kind', hint),
    [...kinds.map(kind => [kind, dictionary.remedies[kind]] as const), ['none', words.noRemedy] as const],
    words.choose,
  )
}

const owedField = (drawn: DeskDrawn): Html => {
  const { roles } = drawn.page.dictionary
  const field = named(drawn, 'remedy.owedBy', { depends: true, hint: wordsOf(drawn.page).hints.owed })
  const options = [['merchant', roles.merchant] as const, ['platform', roles.platform] as const]
  return selectField(drawn, field, options, wordsOf(drawn.page).choose)
}

const returnFields = (drawn: DeskDrawn): Html => {
  const { roles } = drawn.page.dictionary
  const words = wordsOf(drawn.page)
  const payers = (['merchant', 'platform', 'buyer'] as const).map(role => [role, roles[role]] as const)
  const hint = { depends: true, hint: words.hints.returned } as const
  return html`${textField(drawn, named(drawn, 'remedy.returnTo', hint))}${selectField(drawn, named(drawn, 'remedy.freightPaidBy', hint), payers, words.choose)}`
}

/** The policy's own date, and the latest that it allows. */
const dueField = (drawn: DeskDrawn, { policy }: Complaint): Html => {
  const { page } = drawn
  const day = (ms: number) => page.dictionary.when(new Date(page.now + ms).toISOString())
  const { promise_money, promise_goods } = policy.caps
  const hint = wordsOf(page).hints.rulingDue(
    day(timeOf(policy, 'fulfilment_money')),
    day(timeOf(policy, 'fulfilment_goods')),
    day(lengthOf(promise_money)),
    day(lengthOf(promise_goods)),
  )
  const cap = page.now + Math.max(lengthOf(promise_money), lengthOf(promise_goods))
  return timeField(drawn, named(drawn, 'due', { optional: true, hint }), page.now, cap)
}

/** As the buyer's own page says it, without a link that would lead somewhere. */
const asBuyer = ({ reader }: AsRead, { now }: DeskPage): TrackContext => ({
  ...addressed(reader),
  base: '#',
  scope: 'act',
  now,
  checked: { witnesses: 0 },
})

/** The ruling as a step of the buyer's page, and what their card would say then. */
export const rulingAsRead = (after: AsRead, page: DeskPage): Html | null => {
  const step = after.view.steps.at(-1)
  return step
    ? html`<ol class="steps" lang="${after.reader.locale}">${stepItem(step, { timing: null, newest: true }, asBuyer(after, page))}</ol>`
    : null
}

/** Buttons, and signatures of what was sent before; in a batch of one row. */
const NOT_CARRIED = /^(preview|confirm|(c\w+\.)?signature)$/
/** Everything that was typed, to be sent again as it was. */
export const carried = (values: Readonly<Record<string, string>>): Html[] =>
  Object.entries(values)
    .filter(([name]) => !NOT_CARRIED.test(name))
    .map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)

export const preview = (after: AsRead, form: DeskForm, it: Case, page: DeskPage): Html => {
  const words = wordsOf(page).preview
  const read = asBuyer(after, page)
  return html`<section class="preview" aria-labelledby="preview" tabindex="-1" autofocus><h2 id="preview">${words.title}</h2>
<p class="note">${words.hint}</p>
${rulingAsRead(after, page)}
<h3>${words.afterwards}</h3>
<div lang="${after.reader.locale}"><p><b>${after.reader.dictionary.states[after.view.complaint.state]}</b></p>
<dl>${holder(after.view, read)}${due(after.view, read)}</dl></div>
<form method="post" action="/desk/complaints/${it.view.complaint.id}/rulings">
${carried(form.values)}<input type="hidden" name="confirm" value="yes">
<p class="buttons"><button data-key="a">${words.confirm}</button></p>
<p class="note"><a href="#rulings">${words.change}</a></p>
</form></section>`
}
