import type { Session } from '../../ledger/port.ts'
import { type DeskPage, wordsOf } from '../../views/desk/context.ts'
import { type Body, isRecord } from '../body.ts'
import { inWords } from '../field-words.ts'
import { inShanghai } from '../local-time.ts'
import type { FieldProblem } from '../problem.ts'

// What the desk's forms send, as the API's acts take it.

/** A ruling says what is given, or that nothing is; it is never left open. */
const rulingValue = (value: Record<string, unknown>): Record<string, unknown> => {
  const { remedy, due, ...rest } = value
  const { kind } = isRecord(remedy) ? remedy : { kind: undefined }
  if (kind === 'none') return rest
  return { ...rest, remedy: isRecord(remedy) ? remedy : {}, ...(due !== undefined && { due: inShanghai(due) }) }
}

/** The one field of the form that names a step and what it says, as the two that the act has. */
const redactionValue = ({ target, ...rest }: Record<string, unknown>) => {
  const [seq, field] = typeof target === 'string' ? target.split('.') : []
  return { ...rest, ...(seq !== undefined && { seq }), ...(field !== undefined && { field }) }
}

const rotationValue = ({ theft, ...rest }: Record<string, unknown>) =>
  theft === 'theft' ? { ...rest, reason: 'theft' } : rest

/** An officer acts in their own name; a supervisor may name another to take the case. */
const officerFor = (act: string, { name, role }: Session, value: Record<string, unknown>): object => {
  switch (act) {
    case 'assignment':
      return { officer: role === 'supervisor' && value.take === undefined ? value.officer : name }
    case 'handoff-acceptance':
    case 'rulings':
      return { officer: name }
    default:
      return { officer: undefined }
  }
}

const valueFor = (act: string, value: Record<string, unknown>): Record<string, unknown> => {
  switch (act) {
    case 'rulings':
      return rulingValue(value)
    case 'extensions':
      return { ...value, due: inShanghai(value.due) }
    case 'redactions':
      return redactionValue(value)
    case 'link-rotation':
      return rotationValue(value)
    default:
      return value
  }
}

export const deskBody = (act: string, body: Body, person: Session): Body => ({
  ...body,
  value: { ...valueFor(act, body.value), ...officerFor(act, person, body.value) },
})

/** Problems of the act's fields, under the names that the desk's form gave them. */
export const formProblems = (act: string, errors: readonly FieldProblem[]): FieldProblem[] => {
  const named = errors.map(each => ({ ...each, field: formField(act, each.field) }))
  // Who owes it and where it goes back to can be said once it is known what is given.
  const openKind = named.some(({ field, code }) => field === 'remedy.kind' && code === 'required')
  const said = named.filter(({ field }) => !openKind || field === 'remedy.kind' || !field.startsWith('remedy.'))
  return said.filter(({ field }, i) => said.findIndex(other => other.field === field) === i)
}

const formField = (act: string, field: string): string => {
  if (act === 'redactions' && (field === 'seq' || field === 'field')) return 'target'
  return act === 'rulings' && field === 'remedy' ? 'remedy.kind' : field
}

/** In a sentence of the page's language. A remedy that is wrong in itself is one that a ruling for the merchant can't give. */
export const deskSentence = (problem: FieldProblem, page: DeskPage) => {
  const { field, message } = inWords(problem, page.words)
  const given = problem.code === 'other' && /(^|\.)remedy\.kind$/.test(field)
  return { field, message: given ? wordsOf(page).hints.noneForMerchant : message }
}
