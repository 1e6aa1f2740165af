import type { Actor, Command } from '../../complaint/command.ts'
import { type AdoptedRule, nameOfRule } from '../../complaint/platform-rule.ts'
import { toComplaintView } from '../../complaint/view/complaint-view.ts'
import type { Locale } from '../../complaint/words.ts'
import type { Timeline } from '../../ledger/contract/ledger.ts'
import type { Session } from '../../ledger/contract/registry.ts'
import { formatId } from '../../link/id.ts'
import { type AsRead, type DeskPage, wordsOf } from '../../views/desk/context.ts'
import { type Body, isRecord, parse } from '../body.ts'
import { dryRun } from '../console.ts'
import type { Deps } from '../deps.ts'
import { inShanghai, inWords } from '../fields.ts'
import { type FieldProblem, Problem } from '../problem.ts'
import { ACT_BODIES } from '../schemas.ts'

// What the desk's forms send, as the API's acts take it.

/** The form's fields for rules are lists of their own. */
const withCited = ({ cites, ...rest }: Record<string, unknown>): Record<string, unknown> =>
  isRecord(cites) ? { ...rest, cites: [...new Set(Object.values(cites))] } : rest

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
      return withCited(rulingValue(value))
    case 'refusal':
      return withCited(value)
    case 'extensions':
    case 'interim-reports':
      return { ...value, due: inShanghai(value.due) }
    case 'legal-holds':
      return { ...value, until: inShanghai(value.until) }
    case 'redactions':
    case 'redaction-refusals':
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
  const once = said.filter(({ field }, i) => said.findIndex(other => other.field === field) === i)
  return act === 'rulings' ? once.toSorted((a, b) => placeOf(a) - placeOf(b)) : once
}

/** As the form of a ruling has them, from top to bottom. */
const RULING = [
  'facts',
  'cites.first',
  'cites.second',
  'rule',
  'reasons',
  'outcome',
  'remedy.kind',
  'remedy.amount.value',
  'remedy.owedBy',
  'remedy.returnTo',
  'remedy.freightPaidBy',
  'due',
]
const placeOf = ({ field }: FieldProblem): number => (RULING.includes(field) ? RULING.indexOf(field) : RULING.length)

const formField = (act: string, field: string): string => {
  if (act.startsWith('redaction') && (field === 'seq' || field === 'field')) return 'target'
  if (field === 'cites' || field.startsWith('cites.')) return 'cites.first'
  return act === 'rulings' && field === 'remedy' ? 'remedy.kind' : field
}

/** In a sentence of the page's language. A remedy that is wrong in itself is one that a ruling for the merchant can't give. */
export const deskSentence = (problem: FieldProblem, page: DeskPage) => {
  const { field, message } = inWords(problem, page.words)
  const given = problem.code === 'other' && /(^|\.)remedy\.kind$/.test(field)
  return { field, message: given ? wordsOf(page).hints.noneForMerchant : message }
}

/**
 * What the buyer would read if this ruling were given now, by the same decision that the ledger takes; nothing is
 * recorded. Throws the Problem that the ruling itself would meet.
 */
export const previewRuling = (deps: Deps, timeline: Timeline, body: Pick<Body, 'value'>, page: DeskPage): AsRead => {
  const asked = parse(ACT_BODIES.rulings, body.value)
  const cites = citedFrom(page, asked.cites)
  const cited = cites.length > 0 ? cites.map(({ digest }) => digest).join(' ') : undefined
  const command: Command = { act: 'rulings', by: actorOf(timeline, page), body: asked, context: { cited } }
  const entries = dryRun(timeline.entries, command, page.now, cites)
  const reader = deps.pages(languageOf(timeline))
  const { dictionary } = reader
  const as = { reader: 'buyer', role: 'buyer', now: page.now, dictionary } as const
  return { view: toComplaintView({ id: formatId(timeline.id), entries, ...as }), reader }
}

const citedFrom = ({ library = [] }: DeskPage, names: readonly string[] = []): AdoptedRule[] => {
  const found = names.flatMap(name => library.find(rule => nameOfRule(rule) === name) ?? [])
  if (found.length < names.length) throw new Problem('unknown_rule')
  return found
}

/** The language in which the complaint was handed in. */
const languageOf = ({ entries }: Timeline): Locale => {
  const [first] = entries
  return first?.step.kind === 'submitted' ? first.step.p.locale : 'zh-CN'
}

const actorOf = ({ ownTags }: Timeline, { person }: DeskPage): Actor => {
  if (person.role === 'merchant') throw new Problem('not_yours')
  return { role: person.role, auto: false, who: ownTags?.[0] ?? null, ownTags: () => ownTags ?? [], name: person.name }
}
