import type { Context } from 'hono'
import type * as v from 'valibot'
import type { Act } from '../complaint/command.ts'
import { actsOf } from '../complaint/decide.ts'
import { newestStepView, toComplaintView } from '../complaint/view/complaint-view.ts'
import type { Reader } from '../complaint/view/visibility.ts'
import type { Role } from '../complaint/words.ts'
import type { Caller, Done, Order } from '../ledger/contract/ledger.ts'
import { formatId } from '../link/id.ts'
import { signatureOf } from './author-signature.ts'
import { type Body, parse } from './body.ts'
import { type Deps, ledgerOf } from './deps.ts'
import { evidenceLimit, removeErasedFiles, storeFiles } from './evidence.ts'
import { pageOf } from './language.ts'
import type { IdempotencyOf } from './preconditions.ts'
import { expectedHeadFor } from './preconditions.ts'
import { Problem, refusalProblem } from './problem.ts'
import { ACT_BODIES } from './schemas.ts'
import { parseStrictly } from './unknown-fields.ts'

type OutsideAct = keyof typeof ACT_BODIES
const isAct = (text: string): text is OutsideAct => Object.hasOwn(ACT_BODIES, text)

/** The act of a route, if it is this role's. An unknown act is 404, one of another role 403. */
export const actOf = (text: string, role: Role): OutsideAct => {
  if (!isAct(text)) throw new Problem('not_found')
  if (!actsOf(role).includes(text)) throw new Problem('not_yours')
  return text
}

const WITH_FILES: readonly Act[] = ['evidence', 'messages', 'fulfilment', 'statements']
export const takesFiles = (act: Act): boolean => WITH_FILES.includes(act)

interface Acting {
  act: OutsideAct
  id: number
  /** Who acts; `body` may name the officer. */
  by: (body: object) => Caller
  body: Body
  /** What a program's body may hold besides the fields of the act. */
  also?: v.GenericSchema
  /** Header `Tousu-Signature`, and whose key it must be where a person signed in. */
  signing?: Parameters<typeof signatureOf>[1]
  idempotency: IdempotencyOf
}

/** Strict for programs; a form brings fields of its page. */
const bodyOf = ({ act, body, also }: Pick<Acting, 'act' | 'body' | 'also'>): object => {
  const schema: v.GenericSchema<unknown, object> = ACT_BODIES[act]
  const isForm = Object.keys(body.rawFields).length > 0
  return also || !isForm ? parseStrictly(schema, body.value, ...(also ? [also] : [])) : parse(schema, body.value)
}

/** Parses the body, stores its files and gives the order; what was erased is gone with its file. Throws a Problem for every refusal. */
export const performAct = async (
  deps: Deps,
  { act, id, by, body, also, signing, idempotency }: Acting,
): Promise<Done> => {
  const parsed = bodyOf({ act, body, ...(also && { also }) })
  const caller = by(parsed)
  const files = filesOf(act, body)
  const asked = files.length > 0 ? { ...parsed, files: files.map(({ ref }) => ref) } : parsed
  // The schema of an act makes its body; the pairing is lost when both come from a table.
  const signed = signatureOf(body, signing)
  const preconditions = {
    idempotency: idempotency([act, id, caller, asked]),
    expectedHead: expectedHeadFor(act, body, signed),
  }
  const order = { act, complaint: id, by: caller, body: asked, ...preconditions, ...(signed && { signed }) } as Order
  const limit = files.length > 0 ? await evidenceLimit(deps, id) : 0
  const { keep, takeBack } = await storeFiles(deps, id, files, limit)
  const done = await ledgerOf(deps, id).execute(order)
  if ('refused' in done) {
    await takeBack()
    throw refusalProblem(done, deps.clock.now())
  }
  // Of a step that was made before, a file may have been erased since.
  await (done.replayed ? takeBack() : keep())
  if (order.act === 'redactions') await removeErasedFiles(deps.files, ledgerOf(deps, id))
  return done
}

/** A file that would be dropped is refused, so that its sender can't believe it was handed in. */
const filesOf = (act: Act, { files, fileProblem, hasUnexpectedFile }: Body) => {
  if (hasUnexpectedFile || (files.length > 0 && !takesFiles(act))) throw unexpectedFile()
  if (fileProblem) throw new Problem('invalid', [fileProblem])
  return files
}

export const unexpectedFile = (): Problem => new Problem('invalid', [{ field: 'files', code: 'other' }])

/** What an act answers to a program: the step it made and where that left the complaint. */
export const answerOf = async (c: Context, deps: Deps, done: Done, reader: Reader) => {
  const { dictionary } = pageOf(c, deps)
  const now = deps.clock.now()
  const newest = done.replayed ? null : await ledgerOf(deps, done.id).newest(done.id)
  const short = newest?.newest.seq === done.seq ? newestStepView(newest, reader, dictionary) : null
  return short ?? wholeAnswer(deps, done, { reader, dictionary, now })
}

/** Idempotent replay: the answer is that of the first time, without steps that came later. */
const wholeAnswer = async (
  deps: Deps,
  { id, seq }: Done,
  by: Pick<Parameters<typeof toComplaintView>[0], 'reader' | 'dictionary' | 'now'>,
) => {
  const timeline = await ledgerOf(deps, id).read(id, { before: seq + 1, limit: 1 })
  if (!timeline) throw new Problem('not_found')
  const entries = timeline.entries.slice(0, seq + 1)
  const view = toComplaintView({ id: formatId(id), entries, role: null, ...by })
  const { state, holder, due } = view.complaint
  return { step: view.steps.at(-1), state, holder, due }
}

/** Content negotiation: by the Accept header, else by the type of the body. */
export const wantsJson = (c: Context): boolean => {
  const accept = c.req.header('accept') ?? ''
  const [page, data] = [accept.indexOf('text/html'), accept.indexOf('json')]
  if (data >= 0) return page < 0 || data < page
  return page < 0 && (c.req.header('content-type') ?? '').includes('json')
}
