import { type Context, Hono } from 'hono'
import type * as v from 'valibot'
import { toComplaintView } from '../../complaint/view/complaint-view.ts'
import type { StepView } from '../../complaint/view/types.ts'
import type { Caller, Ledger, TextsOf } from '../../ledger/contract/ledger.ts'
import type { Report } from '../../ledger/contract/outbox.ts'
import type { Credential } from '../../ledger/contract/registry.ts'
import { formatId, parseId, shardOf } from '../../link/id.ts'
import { errorFields, log } from '../../telemetry/log.ts'
import { authenticate } from '../authenticate.ts'
import { parse, readBody, readBytes } from '../body.ts'
import { type Deps, ledgerOf, linkUrl, readerOf, readId, statementUrl } from '../deps.ts'
import { sendFile } from '../evidence.ts'
import { knownQuery, parseStrictly } from '../fields.ts'
import { listIncidents, postIncident } from '../incidents.ts'
import { pageOf } from '../language.ts'
import { submitTo } from '../merchant-shards.ts'
import { actOf, answerOf, idempotencyFor, performAct, takesFiles } from '../perform-act.ts'
import { Problem, refusalProblem } from '../problem.ts'
import { promiseOf } from '../promise.ts'
import { listRules, postRule } from '../rules.ts'
import { Author, intake } from '../schemas.ts'
import { listInbox, readLimit, searchInbox } from './inbox.ts'

/** What programs of merchants and of the platform use. */
export const apiRoutes = (deps: Deps) =>
  new Hono()
    .post('/complaints', knownQuery(), c => submit(c, deps))
    .get('/complaints', knownQuery('state', 'overdue', 'updatedSince', 'cursor', 'limit'), c => listInbox(c, deps))
    .post('/complaints/search', knownQuery(), c => searchInbox(c, deps))
    .get('/incidents', knownQuery(), c => listIncidents(c, deps))
    .post('/incidents', knownQuery(), c => postIncident(c, deps))
    .get('/rules', knownQuery(), c => listRules(c, deps))
    .post('/rules', knownQuery(), c => postRule(c, deps))
    .get('/complaints/:id', knownQuery('before', 'limit'), c => show(c, deps, c.req.param('id')))
    .get('/complaints/:id/receipt.json', knownQuery(), c => receipt(c, deps, c.req.param('id')))
    .get('/complaints/:id/files/:sha256', knownQuery(), c => file(c, deps, c.req.param()))
    .post('/complaints/:id/:act', knownQuery(), c => act(c, deps, c.req.param()))

const submit = async (c: Context, deps: Deps) => {
  const credential = await authenticate(c, deps)
  if (credential.role === 'merchant') throw new Problem('not_yours')
  const body = await readBody(c)
  const asked = parseStrictly(intake(deps.categories), body.value, Author)
  const author = parse(Author, body.value)
  // The platform files it, in the buyer's name: the words are the buyer's own.
  const by: Caller = {
    role: 'buyer',
    automated: false,
    ...(author.operator !== undefined && { person: author.operator }),
  }
  const idempotency = idempotencyFor(c, credential.id)(['submit', asked])
  const { ledger, done } = await submitTo(deps, { act: 'submit', complaint: null, by, body: asked, idempotency })
  if ('refused' in done) throw refusalProblem(done, deps.clock.now())
  return c.json(await submitted(c, deps, ledger, done.id), 201)
}

const submitted = async (c: Context, deps: Deps, ledger: Ledger, id: number) => {
  const { state, holder, due } = await answerOf(c, deps, { id, seq: 0, replayed: false }, 'platform')
  return {
    id: formatId(id),
    trackingUrl: linkUrl(deps, id, 'act', 0),
    pickupCode: deps.pickupCode(id),
    state,
    holder,
    due,
    ...(await promiseOf(c, ledger, id)),
    receipt: await receiptIfSigned(c, ledger, id),
  }
}

/** The complaint stands: a signer that fails takes the receipt from the answer, never the link. */
const receiptIfSigned = async (c: Context, ledger: Ledger, id: number) => {
  try {
    return await ledger.receipt(id, 'buyer')
  } catch (error) {
    log('error', 'no receipt yet', { requestId: c.get('requestId'), ...errorFields(error) })
    return null
  }
}

/** Pagination of the steps: those with a `seq` below `before`, the newest `limit` of them. Absent: all. */
const readSteps = (c: Context): TextsOf | undefined => {
  const { before, limit } = c.req.query()
  if (before === undefined && limit === undefined) return undefined
  if (before !== undefined && !/^\d{1,9}$/.test(before))
    throw new Problem('invalid', [{ field: 'before', code: 'other' }])
  return { before: before === undefined ? undefined : Number(before), limit: readLimit(limit) }
}

const within = <S extends { seq: number }>(steps: readonly S[], texts: TextsOf | undefined): readonly S[] =>
  texts ? steps.filter(({ seq }) => seq < (texts.before ?? steps.length)).slice(-texts.limit) : steps

/** Tenant isolation: its timeline, if it is the caller's; another merchant's is not found. */
const own = async (deps: Deps, id: number, { role, merchant }: Credential, texts?: TextsOf) => {
  const timeline = await ledgerOf(deps, id).read(id, texts)
  const mine = role !== 'merchant' || timeline?.entries[0]?.fields.merchantId === merchant
  if (!timeline || !mine) throw new Problem('not_found')
  return timeline
}

const show = async (c: Context, deps: Deps, idText: string) => {
  const credential = await authenticate(c, deps)
  const id = readId(idText)
  const texts = readSteps(c)
  const { entries, loss } = await own(deps, id, credential, texts)
  const reader = readerOf(credential.role)
  const { dictionary } = pageOf(c, deps)
  const view = toComplaintView({
    id: formatId(id),
    entries,
    reader,
    role: credential.role,
    now: deps.clock.now(),
    dictionary,
    loss,
  })
  const ledger = ledgerOf(deps, id)
  const head = await ledger.head(id)
  return c.json({
    ...view,
    steps: within(view.steps, texts),
    statement: await ledger.statement(id),
    signing: head && { origin: head.origin, c: head.c, seen: view.steps.at(-1)?.leaf },
  })
}

const receipt = async (c: Context, deps: Deps, idText: string) => {
  const credential = await authenticate(c, deps)
  const id = readId(idText)
  await own(deps, id, credential)
  return c.json(await ledgerOf(deps, id).receipt(id, readerOf(credential.role)))
}

const file = async (c: Context, deps: Deps, { id, sha256 }: { id: string; sha256: string }) => {
  const credential = await authenticate(c, deps)
  return sendFile(c, deps, await own(deps, readId(id), credential), { sha256, visible: () => true })
}

const act = async (c: Context, deps: Deps, params: { id: string; act: string }) => {
  const credential = await authenticate(c, deps)
  const name = actOf(params.act, credential.role)
  const id = readId(params.id)
  const reader = readerOf(credential.role)
  try {
    const body = await readBody(c, { upload: takesFiles(name) })
    const author = parse(Author, body.value)
    const by = (asked: object) => callerOf(credential, author, asked)
    const idempotency = idempotencyFor(c, credential.id)
    const signing = { header: c.req.header('tousu-signature') }
    const done = await performAct(deps, { act: name, id, by, body, also: Author, signing, idempotency })
    const answer = await answerOf(c, deps, done, reader)
    const link = name === 'statements-requests' ? { statementUrl: statementUrl(deps, id, done.seq) } : {}
    return c.json({ ...answer, ...link, ...warningsOf(answer.step, author) }, 201)
  } catch (error) {
    // Whatever else is wrong: what is not the caller's is not there.
    if (error instanceof Problem) await own(deps, id, credential)
    throw error
  }
}

/** What was recorded otherwise than its sender may think. */
const warningsOf = (step: StepView | undefined, { automated }: v.InferOutput<typeof Author>) =>
  step?.by.automated && automated === undefined
    ? { warnings: [{ code: 'automated', message: 'No `operator` is named, so this counts as the act of a machine.' }] }
    : {}

/** A post without operator or officer counts as automated (rule 3). */
const callerOf = (
  { role, merchant }: Credential,
  { operator, automated }: { operator?: string | undefined; automated?: boolean | undefined },
  asked: object,
): Caller => {
  const officer = 'officer' in asked && typeof asked.officer === 'string' ? asked.officer : undefined
  const person = officer ?? operator
  return { role, automated: automated ?? person === undefined, person, merchant }
}

/** A vendor's push of thousands is far smaller. */
const MAX_BYTES = 256 * 1024

/** Where SMS vendors report what became of messages. A report is a hint: it changes no step. */
export const reportRoutes = (deps: Pick<Deps, 'ledgers' | 'baseUrl' | 'smsReports'>) =>
  new Hono()
    .post('/:vendor{[a-z]+}', c => take(c, deps, c.req.param('vendor'), ''))
    .post('/:vendor{[a-z]+}/:secret', c => take(c, deps, c.req.param('vendor'), c.req.param('secret')))

/** The same answer whether a message is known or not, and a 404 for a sender that is not the vendor. */
const take = async (
  c: Context,
  { ledgers, baseUrl, smsReports }: Parameters<typeof reportRoutes>[0],
  vendor: string,
  secret: string,
) => {
  const read = smsReports?.get(vendor)
  if (!read) throw new Problem('not_found')
  const body = new TextDecoder().decode(await readBytes(c, MAX_BYTES))
  const { pathname, search } = new URL(c.req.url)
  // Behind a proxy: the vendor signed the public address, not the one that reached us.
  const url = `${baseUrl}${pathname}${search}`
  const reports = read({ url, secret, header: name => c.req.header(name), body, now: Date.now() })
  if (reports === null) throw new Problem('not_found')
  if (reports === 'malformed') throw new Problem('malformed_json')
  for (const report of reports)
    await Promise.all(ledgersOf(report, ledgers).map(ledger => ledger.outbox.recordReport(report)))
  return c.json(ANSWER)
}

/** The acknowledgement that Aliyun and Tencent expect; the others ignore it. */
const ANSWER = { code: 0, msg: 'OK', result: 0, errmsg: 'OK' }

/** Our key names the complaint and so its shard; a vendor's reference alone may belong to any shard. */
const ledgersOf = ({ key }: Report, ledgers: readonly Ledger[]): readonly Ledger[] => {
  if (key === undefined) return ledgers
  const id = parseId(key.split(':')[0] ?? '')
  const ledger = id === null ? undefined : ledgers[shardOf(id)]
  return ledger ? [ledger] : []
}
