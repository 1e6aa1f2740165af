import type { Context } from 'hono'
import type * as v from 'valibot'
import { formatId, parseId } from '../../link/id.ts'
import {
  type Batch,
  BULK_ACTS,
  BULK_FIELDS,
  type Bulk,
  type BulkAct,
  batchPage,
  bulkPage,
  nounOf,
  prefixOf,
  type Result,
  SHARED_FIELDS,
} from '../../views/desk/batch.ts'
import type { Case } from '../../views/desk/context.ts'
import { type Body, CONSOLE_FORM, parse, readBody } from '../body.ts'
import { eachRow, rowOf, rowsIn, signingRows } from '../console.ts'
import type { Deps } from '../deps.ts'
import { idempotencyForForm, performAct } from '../perform-act.ts'
import { type FieldProblem, Problem } from '../problem.ts'
import { ACT_BODIES, type OutsideAct } from '../schemas.ts'
import type { Signed } from '../signin/session.ts'
import { callerFor, deskBody, deskSentence, formProblems, previewRuling } from './acts.ts'
import { caseOf, deskPageOf, readTimeline, rulingPageOf, type SignedDeskPage } from './case.ts'

type Desk = Context<Signed>
// As many as a page of the queue holds.
const MOST = 40

/** One ruling of the batch: shared rule and reasons with this case's own facts, as if its own form had said them. */
interface Own {
  id: number
  code: string
  body: Body
}

export const showBatch = async (c: Desk, deps: Deps) => {
  const page = await rulingPageOf(c, deps)
  return c.html(String(batchPage(await chosen(deps, page, c.req.queries('case') ?? []), page)))
}

type Chosen = Pick<Batch, 'cases' | 'skipped'>

/** The chosen complaints that can be ruled on now, and those that can't. */
const chosen = async (deps: Deps, page: SignedDeskPage, codes: readonly string[]): Promise<Chosen> => {
  const { cases } = await written(deps, page, codes)
  const may = ({ view }: Case) => view.actions.includes('rulings')
  return { cases: cases.filter(may), skipped: cases.filter(it => !may(it)).map(({ view }) => view.complaint.id) }
}

/** All of them, since the officer wrote about each: nothing typed is lost because a complaint moved. */
const written = async (deps: Deps, page: SignedDeskPage, codes: readonly string[]): Promise<Chosen> => {
  const known = [...new Set(codes)].filter(code => parseId(code) !== null).slice(0, MOST)
  const cases = await Promise.all(
    known.map(async code => caseOf(await readTimeline(deps, parseId(code) ?? 0, page.person), page)),
  )
  return { cases, skipped: [] }
}

/** Fields first, all of them, and nothing is recorded while one is missing; then each ruling by itself. */
export const ruleOnBatch = async (c: Desk, deps: Deps) => {
  const sent = await readBody(c, { limits: CONSOLE_FORM })
  const page = { ...(await rulingPageOf(c, deps)), here: addressOf(codesOf(sent)) }
  const own = ownParts(sent, c)
  const problems = own.flatMap(part => problemsOf(part))
  const values = sent.rawFields
  if (problems.length > 0) {
    const form = { values, problems: unique(problems).map(each => deskSentence(each, page)) }
    return c.html(String(batchPage({ ...(await written(deps, page, codesOf(sent))), form }, page)), 422)
  }
  const confirmed = values.confirm === 'yes'
  return confirmed ? await ruleEach(c, deps, page, sent, own) : await previewEach(c, deps, page, sent, own)
}

const codesOf = ({ rawFields: typed }: Body): string[] =>
  Object.keys(typed).flatMap(name => /^c([0-9A-Z]{10})\.include$/.exec(name)?.[1] ?? [])

/** This batch, for who changes the language of the page that answers it. */
const addressOf = (codes: readonly string[]): string =>
  `/desk/batch?${new URLSearchParams(codes.map(code => ['case', code]))}`

/** What the form says of each case that was not left out. */
const ownParts = (sent: Body, { var: { person } }: Desk): Own[] =>
  codesOf(sent).flatMap(code => {
    const id = parseId(code)
    const own = rowOf(sent, code, SHARED_FIELDS)
    return id === null || own.value.leave === 'yes' ? [] : [{ id, code, body: deskBody('rulings', own, person) }]
  })

const codeIn = ({ code }: Own): string => code

const problemsOf = ({ code, body }: Own): FieldProblem[] => {
  try {
    parse(ACT_BODIES.rulings, body.value)
    return []
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return formProblems('rulings', error.errors).map(each => ({
      ...each,
      field: SHARED_FIELDS.includes(each.field) ? each.field : prefixOf(code) + each.field,
    }))
  }
}

const unique = (problems: readonly FieldProblem[]): FieldProblem[] => [
  ...new Map(problems.toSorted((a, b) => rankOf(a) - rankOf(b)).map(problem => [problem.field, problem])).values(),
]
/** What all share stands above the cases. */
const rankOf = ({ field }: FieldProblem): number => (SHARED_FIELDS.includes(field) ? 0 : 1)

const previewEach = async (c: Desk, deps: Deps, page: SignedDeskPage, sent: Body, own: readonly Own[]) => {
  const shown = await written(deps, page, codesOf(sent))
  const form = { values: sent.rawFields, problems: [] }
  const tried = await eachRow(own, MOST, codeIn, part => tryPreview(deps, page, part))
  const previews = tried.flatMap(({ id, ...each }) =>
    'after' in each && each.after ? [{ id, after: each.after }] : [],
  )
  const results = tried.flatMap(({ id, refusal }) => (refusal === undefined ? [] : [{ id, refusal }]))
  const signing = await signingRows(
    deps,
    previews.flatMap(({ id }) => parseId(id) ?? []),
    page.person,
  )
  return c.html(String(batchPage({ ...shown, form, signing, previews, results }, page)), results.length > 0 ? 409 : 200)
}

const tryPreview = async (deps: Deps, page: SignedDeskPage, { id, code, body }: Own) => {
  try {
    return { id: code, after: previewRuling(deps, await readTimeline(deps, id, page.person), body, page) }
  } catch (error) {
    return { id: code, refusal: codeOf(error) }
  }
}

/** A refusal of one is its own; what is no refusal ends the request. */
const codeOf = (error: unknown): string => {
  if (error instanceof Problem && error.status < 500) return error.code
  throw error
}

/** One after the other, each with its own result; whatever failed comes back as it was typed. */
const ruleEach = async (c: Desk, deps: Deps, page: SignedDeskPage, sent: Body, own: readonly Own[]) => {
  const results: Result[] = await eachRow(own, MOST, codeIn, part => ruleOne(c, deps, part))
  const failed = results.filter(({ refusal }) => refusal !== undefined).map(({ id }) => id)
  const left = codesOf(sent).filter(code => failed.includes(code) || !own.some(part => part.code === code))
  const form = { values: sent.rawFields, problems: [] }
  const shown = failed.length > 0 ? await written(deps, page, left) : { cases: [], skipped: [] }
  return c.html(String(batchPage({ ...shown, form, results }, page)), failed.length > 0 ? 409 : 200)
}

const ruleOne = async (c: Desk, deps: Deps, { id, code, body }: Own): Promise<Result> => {
  const { person } = c.var
  try {
    const idempotency = idempotencyForForm(c, `desk ${person.subject}`, body)
    const signing = { subject: person.subject }
    await performAct(deps, { act: 'rulings', id, by: callerFor(person), body, signing, idempotency })
    return { id: code }
  } catch (error) {
    return { id: code, refusal: codeOf(error) }
  }
}

// Bulk acts of the desk that are the same for every complaint: take, assign, hand over, ask. Each becomes an act of its own, and
// has a result of its own.

const readAct = (text: string | undefined): BulkAct => {
  const act = BULK_ACTS.find(each => each === text)
  if (!act) throw new Problem('not_found')
  return act
}

export const showBulk = async (c: Desk, deps: Deps) => {
  const act = readAct(c.req.query('act'))
  const page = await deskPageOf(c, deps)
  return c.html(String(bulkPage(await chosenFor(deps, page, act, c.req.queries('case') ?? []), page)))
}

/** The chosen complaints with which this can be done now, and those with which it can't. */
const chosenFor = async (deps: Deps, page: SignedDeskPage, act: BulkAct, codes: readonly string[]): Promise<Bulk> => {
  const ids = [...new Set(codes.map(parseId))].filter(id => id !== null).slice(0, MOST)
  const cases = await Promise.all(ids.map(async id => caseOf(await readTimeline(deps, id, page.person), page)))
  const may = cases.filter(({ view }) => view.actions.includes(nounOf(act)))
  const skipped = cases.filter(it => !may.includes(it)).map(({ view }) => view.complaint.id)
  const open = may.flatMap(({ view }) => parseId(view.complaint.id) ?? [])
  return { act, cases: may, skipped, signing: await signingRows(deps, open, page.person) }
}

/** Fields first, and nothing is recorded while one is missing; then each act by itself, whatever became of the one before. */
export const actOnAll = async (c: Desk, deps: Deps) => {
  const sent = await readBody(c, { limits: CONSOLE_FORM })
  const values = sent.rawFields
  const act = readAct(values.act)
  const codes = rowsIn(sent)
  const page = { ...(await deskPageOf(c, deps)), here: '/desk' }
  const problems = bulkProblems(act, c, sent)
  if (problems.length > 0) {
    const form = { values, problems: problems.map(each => deskSentence(each, page)) }
    return c.html(String(bulkPage({ ...(await chosenFor(deps, page, act, codes)), form }, page)), 422)
  }
  const one = (code: string) => actOnRow(c, deps, nounOf(act), bodyFor(act, c, sent, code), code)
  const results: NonNullable<Bulk['results']> = await eachRow(codes, MOST, code => code, one)
  const failed = results.filter(({ refusal }) => refusal !== undefined).map(({ id }) => id)
  const left = failed.length > 0 ? await chosenFor(deps, page, act, failed) : { act, cases: [], skipped: [] }
  const form = { values, problems: [] }
  return c.html(String(bulkPage({ ...left, skipped: [], form, results }, page)), failed.length > 0 ? 409 : 200)
}

/** What the form of this complaint alone would have sent. */
const bodyFor = (act: BulkAct, c: Desk, sent: Body, code: string): Body => {
  const row = rowOf(sent, code, BULK_FIELDS[act])
  const value = { ...row.value, ...(act === 'take' && { take: 'yes' }) }
  return deskBody(nounOf(act), { ...row, value }, c.var.person)
}

const bulkProblems = (act: BulkAct, c: Desk, sent: Body): FieldProblem[] => {
  try {
    const schema: v.GenericSchema = ACT_BODIES[nounOf(act)]
    parse(schema, bodyFor(act, c, sent, '').value)
    return []
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return formProblems(nounOf(act), error.errors)
  }
}

/** An act of this person on one complaint of a form, as its own form would have sent it; a refusal of one is its own. */
export const actOnRow = async (c: Desk, deps: Deps, act: OutsideAct, body: Body, code: string) => {
  const id = parseId(code)
  if (id === null) return { id: code, refusal: 'not_found' }
  const { person } = c.var
  const signing = { subject: person.subject }
  try {
    const idempotency = idempotencyForForm(c, `desk ${person.subject}`, body)
    await performAct(deps, { act, id, by: callerFor(person), body, signing, idempotency })
    return { id: formatId(id) }
  } catch (error) {
    // What is no refusal ends the request.
    if (error instanceof Problem && error.status < 500) return { id: formatId(id), refusal: error.code }
    throw error
  }
}
