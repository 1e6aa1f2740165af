import type { Context } from 'hono'
import type { Actor, Command } from '../../complaint/command.ts'
import { foldAll } from '../../complaint/evolve.ts'
import { type AdoptedRule, nameOfRule } from '../../complaint/platform-rule.ts'
import { toComplaintView } from '../../complaint/view/complaint-view.ts'
import type { Locale } from '../../complaint/words.ts'
import type { Caller, Timeline } from '../../ledger/contract/ledger.ts'
import type { Session } from '../../ledger/contract/registry.ts'
import { DESK_TEAM } from '../../ledger/contract/team.ts'
import { formatId } from '../../link/id.ts'
import type { FormState } from '../../views/context.ts'
import { type CaseExtras, casePage } from '../../views/desk/case.ts'
import { type AsRead, type Case, type DeskForm, type DeskPage, wordsOf } from '../../views/desk/context.ts'
import { type Body, CONSOLE_FORM, isRecord, parse, readBody } from '../body.ts'
import { awaitedBy, timelinePart, toItsPage } from '../complaint-page.ts'
import { dryRun, removeNote, type Shared, saveNote, showPresence, signingData, teamPart } from '../console.ts'
import { askAll, type Deps, ledgerOf } from '../deps.ts'
import { sendFile } from '../evidence.ts'
import { inShanghai, inWords } from '../fields.ts'
import { allIncidents, touching } from '../incidents.ts'
import { actOf, changedSince, idempotencyForForm, performAct, renderedHead, takesFiles } from '../perform-act.ts'
import { type FieldProblem, Problem } from '../problem.ts'
import { ACT_BODIES } from '../schemas.ts'
import { TURNS } from '../search.ts'
import type { Signed } from '../signin/session.ts'
import { caseOf, readTimeline, rulingPageOf, type SignedDeskPage } from './case.ts'
import { nextFor } from './queue.ts'

type DeskContext = Context<Signed>

export const showCase = async (c: DeskContext, deps: Deps, id: number) => {
  const did = Number(c.req.query('did') ?? '0')
  const erase = c.req.query('erase')
  const form = erase !== undefined && { act: 'redactions', values: { target: erase }, problems: [] }
  const extras = { ...(form && { form }), ...(Number.isSafeInteger(did) && did > 0 && { did }) }
  return c.html(await renderCase(c, deps, id, { ...extras, part: timelinePart(c) }))
}

const wholeCase = async (deps: Deps, timeline: Timeline, page: SignedDeskPage): Promise<Case> => {
  const it = caseOf(timeline, page)
  const { merchant } = it.view.complaint
  const waiting = { merchant: merchant.id, holders: TURNS[page.person.role], now: page.now }
  const [incidents, signing, { answers: counts }] = await Promise.all([
    allIncidents(deps),
    signingData(deps, timeline.id, page.person),
    askAll(deps.ledgers, ledger => ledger.inboxCount(waiting)),
  ])
  const related = counts.reduce((sum, count) => sum + count, 0)
  const awaited = awaitedBy(deps, timeline, 'platform')
  return { ...it, incidents: touching(incidents, it.view), awaited, signing, related }
}

/** What stands around a complaint. An officer who goes through the list goes on from where the complaint stood before the act. */
const around = async (
  c: DeskContext,
  deps: Deps,
  page: SignedDeskPage,
  timeline: Timeline,
  more: { did?: number | undefined; note?: FormState | undefined } = {},
) => {
  const { did, note } = more
  const steps = timeline.entries.map(({ step }) => step)
  const stood = foldAll(did === undefined ? steps : steps.slice(0, did - 1))
  const [next, team] = await Promise.all([
    nextFor(deps, page, timeline.id, stood?.due ?? null),
    teamPart(deps, shared(c, timeline.id), null, note),
  ])
  return { next, team }
}

const renderCase = async (
  c: DeskContext,
  deps: Deps,
  id: number,
  extras: CaseExtras & { note?: FormState },
): Promise<string> => {
  const page = await rulingPageOf(c, deps)
  const timeline = await readTimeline(deps, id, page.person)
  const it = await wholeCase(deps, timeline, page)
  return String(casePage(it, page, { ...extras, ...(await around(c, deps, page, timeline, extras)) }))
}

const shared = ({ var: { person } }: DeskContext, id: number): Shared => ({
  id,
  team: DESK_TEAM,
  base: `/desk/complaints/${formatId(id)}`,
  me: person.name,
})

export const showHere = (c: DeskContext, deps: Deps, id: number) => showPresence(c, deps, shared(c, id))

/** A note about a complaint that there is. */
export const addNote = async (c: DeskContext, deps: Deps, id: number) => {
  if (!(await ledgerOf(deps, id).head(id))) throw new Problem('not_found')
  const note = await saveNote(c, deps, shared(c, id))
  return note ? c.html(await renderCase(c, deps, id, { note }), 422) : c.redirect(`${shared(c, id).base}#team`, 303)
}

export const dropNote = (c: DeskContext, deps: Deps, id: number) => removeNote(c, deps, shared(c, id))

export const caseReceipt = async (c: DeskContext, deps: Deps, id: number) => {
  const receipt = await ledgerOf(deps, id).receipt(id, 'platform')
  if (!receipt) throw new Problem('not_found')
  c.header('Content-Disposition', `attachment; filename="tousu-${formatId(id)}.json"`)
  return c.json(receipt)
}

export const caseFile = async (c: Context, deps: Deps, id: number, sha256: string) =>
  sendFile(c, deps, await readTimeline(deps, id), { sha256, visible: () => true })

/** The address that a form of this page was sent to. */
export const redirectToCase = (c: DeskContext, act: string) => {
  actOf(act, c.var.person.role)
  return toItsPage(c)
}

/** An act of the desk's person; a ruling is read as its buyer will read it before it is given. */
export const actOnCase = async (c: DeskContext, deps: Deps, id: number, actName: string) => {
  const { person } = c.var
  const act = actOf(actName, person.role)
  const sent = await readBody(c, { upload: takesFiles(act), limits: CONSOLE_FORM })
  const body = deskBody(act, sent, person)
  try {
    if (act === 'rulings' && sent.rawFields.confirm !== 'yes') return await previewRulingPage(c, deps, id, body)
    const by = callerFor(person)
    const idempotency = idempotencyForForm(c, `desk ${person.subject}`, body)
    const { seq } = await performAct(deps, { act, id, by, body, signing: { subject: person.subject }, idempotency })
    return c.redirect(`/desk/complaints/${formatId(id)}?did=${seq + 1}`, 303)
  } catch (error) {
    if (!(error instanceof Problem) || error.status >= 500 || error.status === 404) throw error
    return redisplayForm(c, deps, id, act, sent, error)
  }
}

/**
 * An officer who is named takes the case in their own person (rule 8). Of another whom a supervisor names the subject is not
 * known, so that the name stands for them.
 */
export const callerFor =
  ({ role, name, subject }: Session) =>
  (asked: object): Caller => {
    const named = 'officer' in asked && typeof asked.officer === 'string' ? asked.officer : name
    return { role, automated: false, person: named, ...(named === name && { subject }) }
  }

const previewRulingPage = async (c: DeskContext, deps: Deps, id: number, body: Body) => {
  const page = await rulingPageOf(c, deps)
  const timeline = await readTimeline(deps, id, page.person)
  const it = await wholeCase(deps, timeline, page)
  const preview = previewRuling(deps, timeline, body, page)
  const form = { act: 'rulings', values: body.rawFields, problems: [] }
  return c.html(String(casePage(it, page, { form, preview, ...(await around(c, deps, page, timeline)) })))
}

/** The form comes back as it was typed, with what was wrong beside the field, or why the act was refused. */
const redisplayForm = async (
  c: DeskContext,
  deps: Deps,
  id: number,
  act: string,
  { rawFields: typed }: Body,
  problem: Problem,
) => {
  const page = await rulingPageOf(c, deps)
  const timeline = await readTimeline(deps, id, page.person)
  const it = await wholeCase(deps, timeline, page)
  const form: DeskForm = {
    act: act === 'assignment' && typed.take === 'yes' ? 'take' : act,
    values: typed,
    problems: formProblems(act, problem.errors).map(each => deskSentence(each, page)),
    ...(problem.errors.length === 0 && { refusal: problem.code }),
    ...(renderedHead({ rawFields: typed }) !== null && { changed: changedSince(it.view, { rawFields: typed }) }),
  }
  const drawn = casePage(it, page, { form, ...(await around(c, deps, page, timeline)) })
  return c.html(String(drawn), problem.formStatus, problem.headers())
}

// What the desk's forms send, as the API's acts take it.

/** The form's fields for rules are lists of their own. */
const withCited = ({ cites, ...rest }: Record<string, unknown>): Record<string, unknown> =>
  isRecord(cites) ? { ...rest, cites: [...new Set(Object.values(cites))] } : rest

/** Required choice: a ruling names a remedy, or `none`. Where the form has neither, an empty remedy makes validation ask for one. */
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
