// Bulk acts of the desk that are the same for every complaint: take, assign, hand over, ask. Each becomes an act of its own, and
// has a result of its own.

import type { Context } from 'hono'
import type * as v from 'valibot'
import { formatId, parseId } from '../../link/id.ts'
import { BULK_ACTS, BULK_FIELDS, type Bulk, type BulkAct, bulkPage, nounOf } from '../../views/desk/batch.ts'
import { type Body, CONSOLE_FORM, parse, readBody } from '../body.ts'
import { eachRow, rowOf, rowsIn } from '../bulk-rows.ts'
import { signingRows } from '../console.ts'
import type { Deps } from '../deps.ts'
import { type OutsideAct, performAct } from '../perform-act.ts'
import { idempotencyForForm } from '../preconditions.ts'
import { type FieldProblem, Problem } from '../problem.ts'
import { ACT_BODIES } from '../schemas.ts'
import type { Signed } from '../signin/session.ts'
import { callerFor } from './acts.ts'
import { deskBody, deskSentence, formProblems } from './body.ts'
import { caseOf, deskPageOf, readTimeline, type SignedDeskPage } from './case.ts'

type Desk = Context<Signed>

/** As many as a page of the queue holds. */
const MOST = 40

const readAct = (text: string | undefined): BulkAct => {
  const act = BULK_ACTS.find(each => each === text)
  if (!act) throw new Problem('not_found')
  return act
}

export const showBulk = async (c: Desk, deps: Deps) => {
  const act = readAct(c.req.query('act'))
  const page = await deskPageOf(c, deps)
  return c.html(String(bulkPage(await chosen(deps, page, act, c.req.queries('case') ?? []), page)))
}

/** The chosen complaints with which this can be done now, and those with which it can't. */
const chosen = async (deps: Deps, page: SignedDeskPage, act: BulkAct, codes: readonly string[]): Promise<Bulk> => {
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
  const problems = problemsOf(act, c, sent)
  if (problems.length > 0) {
    const form = { values, problems: problems.map(each => deskSentence(each, page)) }
    return c.html(String(bulkPage({ ...(await chosen(deps, page, act, codes)), form }, page)), 422)
  }
  const one = (code: string) => actOnRow(c, deps, nounOf(act), bodyFor(act, c, sent, code), code)
  const results: NonNullable<Bulk['results']> = await eachRow(codes, MOST, code => code, one)
  const failed = results.filter(({ refusal }) => refusal !== undefined).map(({ id }) => id)
  const left = failed.length > 0 ? await chosen(deps, page, act, failed) : { act, cases: [], skipped: [] }
  const form = { values, problems: [] }
  return c.html(String(bulkPage({ ...left, skipped: [], form, results }, page)), failed.length > 0 ? 409 : 200)
}

/** What the form of this complaint alone would have sent. */
const bodyFor = (act: BulkAct, c: Desk, sent: Body, code: string): Body => {
  const row = rowOf(sent, code, BULK_FIELDS[act])
  const value = { ...row.value, ...(act === 'take' && { take: 'yes' }) }
  return deskBody(nounOf(act), { ...row, value }, c.var.person)
}

const problemsOf = (act: BulkAct, c: Desk, sent: Body): FieldProblem[] => {
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
