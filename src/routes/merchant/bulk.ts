// One answer to many complaints of a merchant: previewed for each, then sent one after another, each with its own result.

import * as v from 'valibot'
import { REJECTION_GROUNDS } from '../../complaint/words.ts'
import { MERCHANT_WORDS } from '../../i18n/areas/merchant.ts'
import { TEAM_WORDS } from '../../i18n/areas/team.ts'
import type { Timeline } from '../../ledger/contract/ledger.ts'
import { parseId } from '../../link/id.ts'
import type { FormState } from '../../views/context.ts'
import { remedyWords } from '../../views/facts.ts'
import {
  BULK_ANSWERS,
  type BulkAnswers,
  type BulkResult,
  type BulkRow,
  bulkPage,
  nounOf,
} from '../../views/merchant/bulk.ts'
import { agreedTerms, factsOf, fillIn, unknownVariables } from '../../views/merchant/reply-templates.ts'
import { type Body, bodyOf, CONSOLE_FORM, parse, readBody } from '../body.ts'
import { textsOf } from '../complaint-page.ts'
import { eachRow, rowOf, rowsIn, signingRows } from '../console.ts'
import type { Deps } from '../deps.ts'
import { code, inWords, long, pick } from '../fields.ts'
import { idempotencyForForm, performAct } from '../perform-act.ts'
import { type FieldProblem, Problem } from '../problem.ts'
import { callerOf, readOwn, rehearsed, viewOf } from './case.ts'
import { buyerPage, deskOf, ownLedger, teamOf, type Visitor } from './context.ts'

/** As many as a page of the list holds. */
const MOST = 50

const Answer = v.pipe(
  v.object({ answer: pick(BULK_ANSWERS), ground: v.optional(pick(REJECTION_GROUNDS)), text: long }),
  v.forward(
    v.partialCheck(
      [['answer'], ['ground']],
      body => body.answer !== 'reject' || body.ground !== undefined,
      code('required'),
    ),
    ['ground'],
  ),
)
type Answer = v.InferOutput<typeof Answer>

export const showBulk = async (c: Visitor, deps: Deps) => c.html(await draw(c, deps, c.req.queries('case') ?? [], {}))

const draw = async (
  c: Visitor,
  deps: Deps,
  codes: readonly string[],
  more: Omit<BulkAnswers, 'rows' | 'ready'>,
): Promise<string> => {
  const ids = [...new Set(codes.map(parseId))].filter(id => id !== null).slice(0, MOST)
  const timelines = await Promise.all(ids.map(id => readOwn(c, deps, id)))
  const [first] = timelines
  const { locale } = first ? buyerPage(deps, first) : deskOf(c, deps).page
  const { ready } = MERCHANT_WORDS[locale].bulk
  return String(
    bulkPage(deskOf(c, deps), { ready, rows: timelines.map(timeline => lineOf(c, deps, timeline)), ...more }),
  )
}

const lineOf = (c: Visitor, deps: Deps, timeline: Timeline): BulkRow => {
  const { complaint, steps } = viewOf(timeline, c, deps)
  const { item, orderId } = steps[0]?.fields ?? {}
  return {
    id: complaint.id,
    item: typeof item === 'string' ? item : '',
    orderId: typeof orderId === 'string' ? orderId : '',
    buyer: complaint.buyer,
    sought: remedyWords(complaint.remedySought, deskOf(c, deps).page.dictionary),
    seen: steps.at(-1)?.leaf ?? '',
  }
}

export const answerAll = async (c: Visitor, deps: Deps) => {
  const sent = await readBody(c, { limits: CONSOLE_FORM })
  const codes = rowsIn(sent)
  const { answer, problems } = readAnswer(c, deps, sent)
  const form: FormState = { values: sent.rawFields, problems }
  if (!answer) return c.html(await draw(c, deps, codes, { form }), 422)
  const { team } = await ownLedger(deps, c.var.person)
  const saved = await team.texts(teamOf(c.var.person))
  const rehearse = (id: string) => resultOf(id, () => rehearsal(c, deps, id, answer, saved))
  if (sent.rawFields.confirm !== 'yes') {
    const previews = await eachRow(codes, MOST, code => code, rehearse)
    const open = previews.flatMap(({ id, refusal }) => (refusal === undefined ? (parseId(id) ?? []) : []))
    const signing = await signingRows(deps, open, c.var.person)
    return c.html(await draw(c, deps, codes, { form, signing, previews }))
  }
  const answerOne = async (id: string): Promise<BulkResult> => {
    const row = rowOf(sent, id)
    const isRead = row.value.statement !== undefined || row.value.text !== undefined
    if (isRead) return resultOf(id, () => sendOne(c, deps, answer, id, row))
    // What the clerk had not read before sending it comes back, with the reason or without.
    const { refusal = 'stale' } = await rehearse(id)
    return { id, refusal }
  }
  const results: BulkResult[] = await eachRow(codes, MOST, code => code, answerOne)
  const failed = results.flatMap(({ id, refusal }) => (refusal === undefined ? [] : [id]))
  return c.html(await draw(c, deps, failed, { form, results }), failed.length > 0 ? 409 : 200)
}

/** The row as its form sent it, which is what the clerk read and what its signature covers. */
const sendOne = async (c: Visitor, deps: Deps, { answer }: Answer, code: string, body: Body) => {
  const { person } = c.var
  const { id } = await readOwn(c, deps, parseId(code) ?? -1, textsOf({}))
  const idempotency = idempotencyForForm(c, `merchant ${person.subject} of ${id}`, body)
  const signing = { subject: person.subject }
  await performAct(deps, { act: nounOf(answer), id, by: callerOf(c), body, signing, idempotency })
  return {}
}

/** The answer, or what keeps it from being one; an unknown variable would stand before a buyer as it was typed. */
const readAnswer = (c: Visitor, deps: Deps, { value }: Body): { answer?: Answer; problems: FormState['problems'] } => {
  const { page } = deskOf(c, deps)
  try {
    const answer = parse(Answer, value)
    const unknown = unknownVariables(answer.text)
    if (unknown.length === 0) return { answer, problems: [] }
    const message = unknown.map(TEAM_WORDS[page.locale].replies.unknown).join('')
    return { problems: [{ field: 'text', message }] }
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'invalid') throw error
    return { problems: error.errors.map((each: FieldProblem) => inWords(each, page.words)) }
  }
}

/** A refusal of one is its own; what is no refusal ends the request. */
const resultOf = async (id: string, work: () => Promise<Omit<BulkResult, 'id'>>): Promise<BulkResult> => {
  try {
    return { id, ...(await work()) }
  } catch (error) {
    if (error instanceof Problem && error.status < 500) return { id, refusal: error.code }
    throw error
  }
}

/** The answer as this buyer would read it, and the fields that send it. */
const rehearsal = async (
  c: Visitor,
  deps: Deps,
  id: string,
  answer: Answer,
  saved: Parameters<typeof agreedTerms>[1]['saved'],
): Promise<Omit<BulkResult, 'id'>> => {
  const timeline = await readOwn(c, deps, parseId(id) ?? -1)
  const view = viewOf(timeline, c, deps)
  const buyer = buyerPage(deps, timeline)
  const text = fillIn(answer.text, factsOf(view, buyer))
  const agreed = agreedTerms(view, { page: deskOf(c, deps).page, buyer, saved })
  if (answer.answer === 'agree' && agreed?.lacksAddress) return { refusal: 'no_address' }
  const fields = fieldsFor(answer, text, agreed?.values ?? null)
  if (!fields) return { refusal: 'no_agreement' }
  const after = rehearsed(deps, timeline, c.var.person, nounOf(answer.answer), bodyOf(Object.entries(fields)))
  return { step: after.view.steps.at(-1), fields }
}

/** What the form of one complaint would send; null where there is nothing to agree with. */
const fieldsFor = (
  { answer, ground }: Answer,
  text: string,
  agreed: Record<string, string> | null,
): Record<string, string> | null => {
  switch (answer) {
    case 'agree':
      return agreed && { ...agreed, statement: text }
    case 'reject':
      return { answer: 'reject', statement: text, ...(ground !== undefined && { ground }) }
    case 'message':
      return { text }
    default:
      return answer satisfies never
  }
}
