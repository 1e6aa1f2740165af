import { REFUSAL_GROUNDS } from '../../complaint/words.ts'
import type { DeskAct } from '../../i18n/zh-CN/desk-acts.ts'
import { areaField, filesField, radioField, selectField, textField } from '../acts/fields.ts'
import { type Html, html } from '../html.ts'
import { labelOf as textLabel } from '../steps/quotes.ts'
import { type Case, type DeskPage, wordsOf } from './context.ts'
import { type DeskDrawn, named, timeField } from './fields.ts'
import { factsField, outcomeField, remedyFields, sharedFields } from './ruling-form.ts'

type Draw = (drawn: DeskDrawn, it: Case) => Html | (Html | null)[] | null

const writing = (drawn: DeskDrawn, text: string): Html[] => [
  areaField(drawn, named(drawn, text)),
  filesField(
    drawn,
    named(drawn, 'files', { optional: true, ...(drawn.back && { hint: wordsOf(drawn.page).hints.filesAgain }) }),
  ),
]

/** Whoever comes after another officer says why (rule 6). */
const take: Draw = (drawn, { complaint }) => (complaint.assigned ? areaField(drawn, named(drawn, 'reason')) : null)

const assignment: Draw = (drawn, { complaint }) => [
  textField(drawn, named(drawn, 'officer')),
  areaField(drawn, named(drawn, 'reason', complaint.assigned ? {} : { depends: true })),
]

const ruling: Draw = (drawn, { complaint }) => [
  factsField(drawn),
  ...sharedFields(drawn),
  outcomeField(drawn),
  remedyFields(drawn, complaint),
]

const asking: Draw = drawn => {
  const { roles } = drawn.page.dictionary
  const parties = (['buyer', 'merchant', 'both'] as const).map(role => [role, roles[role]] as const)
  return [radioField(drawn, named(drawn, 'from'), parties), areaField(drawn, named(drawn, 'request'))]
}

const extension: Draw = (drawn, { complaint: { due }, latestExtension: latest }) => {
  if (due === null || latest === null) return null
  const hint = wordsOf(drawn.page).hints.latest(drawn.page.dictionary.when(new Date(latest).toISOString()))
  return [timeField(drawn, named(drawn, 'due', { hint }), due, latest), areaField(drawn, named(drawn, 'reason'))]
}

const handoff: Draw = drawn => [
  textField(drawn, named(drawn, 'toDesk', { hint: wordsOf(drawn.page).hints.toDesk })),
  areaField(drawn, named(drawn, 'reason')),
]

const refusal: Draw = drawn => {
  const { refusalGrounds } = drawn.page.dictionary
  const grounds = REFUSAL_GROUNDS.map(ground => [ground, refusalGrounds[ground]] as const)
  return [radioField(drawn, named(drawn, 'ground'), grounds), factsField(drawn), areaField(drawn, named(drawn, 'rule'))]
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

const redaction: Draw = (drawn, it) => {
  const words = wordsOf(drawn.page)
  const field = named(drawn, 'target', { hint: words.hints.target })
  return [selectField(drawn, field, targets(it, drawn.page), words.choose), areaField(drawn, named(drawn, 'reason'))]
}

const targets = ({ view, erasable }: Case, page: DeskPage) => {
  const { hints } = wordsOf(page)
  const context = { ...page, base: '', scope: 'view', checked: { witnesses: 0 } } as const
  return erasable.flatMap(({ seq, field, askedBy }) => {
    const step = view.steps[seq]
    if (!step) return []
    const roles: Record<string, string> = page.dictionary.roles
    const asked = askedBy.map(role => hints.asked(roles[role] ?? role)).join(' ')
    const name = `${wordsOf(page).stepNo(seq + 1)} ${page.dictionary.kinds[step.kind]} · ${textLabel(step, field, context)}`
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
  handoffs: handoff,
  fulfilment: drawn => [areaField(drawn, named(drawn, 'statement')), ...writing(drawn, 'proof')],
  evidence: drawn => writing(drawn, 'text'),
  refusal,
  'link-rotation': rotation,
  redactions: redaction,
}

export const fieldsOf = (act: DeskAct, drawn: DeskDrawn, it: Case): Html => html`${FIELDS[act](drawn, it)}`
