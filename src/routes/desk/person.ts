// All that one person has here, for a supervisor who found it by phone: a copy to hand over, and its erasure. The number comes in
// a post and goes back into the page's own forms.

import type { Context } from 'hono'
import * as v from 'valibot'
import {
  EVERY_FIELD,
  erasableFrom,
  keptBy,
  retentionEnd,
  unansweredErasures,
} from '../../complaint/deadlines/retention.ts'
import { formatId, parseId } from '../../link/id.ts'
import { log } from '../../telemetry/log.ts'
import { type Person, type PersonRow, personPage } from '../../views/desk/person.ts'
import { type Body, CONSOLE_FORM, parse, readBody } from '../body.ts'
import { eachRow, rowOf, rowsIn, signingRows } from '../console.ts'
import type { Deps } from '../deps.ts'
import { code, long, phone as phoneField } from '../fields.ts'
import { complaintsOf, exportOf, type Standing, standingsOf } from '../person.ts'
import { Problem } from '../problem.ts'
import type { Signed } from '../signin/session.ts'
import { deskBody, deskSentence } from './acts.ts'
import { actOnRow } from './batch.ts'
import { deskPageOf } from './case.ts'

type Desk = Context<Signed>

const OfPhone = v.object({ phone: phoneField })
const Erasure = v.object({ reason: long, confirm: v.literal('yes', code('tick')) })

/** One form erases as many. */
const MOST = 100

export const showPerson = async (c: Desk, deps: Deps) => {
  const { phone } = parse(OfPhone, (await readBody(c)).value)
  return c.html(await draw(c, deps, phone))
}

/** The file goes through the supervisor's browser; that it did is a line of the operator's log, without whose it was. */
export const exportPerson = async (c: Desk, deps: Deps) => {
  const { phone } = parse(OfPhone, (await readBody(c)).value)
  const { file, count } = await exportOf(deps, phone, await deskPageOf(c, deps))
  log('info', 'all data of a person exported', { requestId: c.get('requestId'), complaints: count })
  return file
}

/** Each complaint is erased by an act of its own and has a result of its own; the rest stays in the form. */
export const erasePerson = async (c: Desk, deps: Deps) => {
  const sent = await readBody(c, { limits: CONSOLE_FORM })
  const { phone } = parse(OfPhone, sent.value)
  const problems = problemsOf(sent)
  if (problems.length > 0) {
    const page = await deskPageOf(c, deps)
    const form = { values: sent.rawFields, problems: problems.map(each => deskSentence(each, page)) }
    return c.html(await draw(c, deps, phone, { form }), 422)
  }
  const one = (row: string) =>
    actOnRow(c, deps, 'redactions', deskBody('redactions', rowOf(sent, row, ['reason']), c.var.person), row)
  const results: NonNullable<Person['results']> = await eachRow(rowsIn(sent), MOST, row => row, one)
  const failed = results.some(({ refusal }) => refusal !== undefined)
  const form = failed ? { values: sent.rawFields, problems: [] } : undefined
  return c.html(await draw(c, deps, phone, { results, form }), failed ? 409 : 200)
}

const problemsOf = ({ value }: Body): Problem['errors'] => {
  try {
    parse(Erasure, value)
    return []
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return error.errors
  }
}

const draw = async (
  c: Desk,
  deps: Deps,
  phone: string,
  more: Pick<Person, 'form' | 'results'> = {},
): Promise<string> => {
  const { ids, silent } = await complaintsOf(deps, phone)
  const page = { ...(await deskPageOf(c, deps)), here: '/desk', silent }
  const rows = (await standingsOf(deps, ids)).map(standing => standingRow(standing, page.now))
  const goes = rows.filter(({ kept }) => kept === null).slice(0, MOST)
  const signing = await signingRows(
    deps,
    goes.flatMap(({ id }) => parseId(id) ?? []),
    page.person,
  )
  return String(personPage({ phone, rows, most: MOST, signing, ...more }, page))
}

const standingRow = ({ id, complaint, first, newest }: Standing, now: number): PersonRow => {
  const { item } = first.fields
  const kept = keptBy(complaint, now)
  return {
    id: formatId(id),
    item: typeof item === 'string' ? item : null,
    category: complaint.category,
    state: complaint.state,
    seq: complaint.seq,
    seen: newest.leaf,
    kept,
    from:
      kept === 'window' ? erasableFrom(complaint) : kept === 'legal_hold' ? (complaint.legalHold?.until ?? null) : null,
    byItself: retentionEnd(complaint),
    asked: unansweredErasures(complaint).some(({ field }) => field === EVERY_FIELD),
  }
}
