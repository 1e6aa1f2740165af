import type { Complaint } from '../../complaint/complaint.ts'
import { lengthOf, timeOf } from '../../complaint/deadlines/policy.ts'
import { nameOfRule, rulesSince } from '../../complaint/platform-rule.ts'
import { needsReturn, OUTCOMES, REMEDIES } from '../../complaint/words.ts'
import { areaField, radioField, selectField, textField } from '../acts/fields.ts'
import { addressed, type TrackContext } from '../context.ts'
import { due, holder } from '../facts.ts'
import { type Html, html, inline } from '../html.ts'
import { stepItem } from '../steps/step.ts'
import {
  type AsRead,
  type Case,
  type DeskDrawn,
  type DeskForm,
  type DeskPage,
  named,
  timeField,
  wordsOf,
} from './context.ts'

/** The versions that were in force when the complaint was opened, or since; what they don't say is written. */
export const groundFields = (drawn: DeskDrawn, openedAt: number): Html[] => {
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
