import { type Context, Hono } from 'hono'
import { getCookie } from 'hono/cookie'
import * as v from 'valibot'
import { sha256 } from '#sha256'
import { toComplaintView } from '../../complaint/view/complaint-view.ts'
import { isMoney, type RemedyKind } from '../../complaint/words.ts'
import { INTAKE_WORDS } from '../../i18n/areas/intake.ts'
import type { Intake, Order } from '../../ledger/contract/ledger.ts'
import { formatId } from '../../link/id.ts'
import { toBase64url, utf8 } from '../../log/encoding.ts'
import { errorFields, log } from '../../telemetry/log.ts'
import { addressed, type FormState, type PageContext } from '../../views/context.ts'
import {
  alreadyFiledPage,
  alreadyOpenPage,
  type FormSigning,
  filedPage,
  intakePage,
  turnedAwayPage,
} from '../../views/intake/form.ts'
import { hashKey } from '../authenticate.ts'
import { type Body, parse, readBody } from '../body.ts'
import { type Deps, ledgerOf, linkUrl, type OrderTickets, tokenIn } from '../deps.ts'
import type { ReceivedFile } from '../evidence.ts'
import { inWords } from '../fields.ts'
import { pageOf } from '../language.ts'
import { ledgerForNew, submitTo } from '../merchant-shards.ts'
import { performAct, signatureOf, unexpectedFile, wantsJson } from '../perform-act.ts'
import { type FieldProblem, Problem, refusalProblem } from '../problem.ts'
import { promiseOf } from '../promise.ts'
import { Complaint, NewDevice, TicketClaims, Wish } from '../schemas.ts'
import { keepDevice } from '../track/device.ts'

/** The complaint form: for one order, to a buyer who comes from its page in the shop. */
export const intakeRoutes = (deps: Deps) =>
  new Hono().get('/new', c => show(c, deps)).post('/new', c => submit(c, deps))

const show = async (c: Context, deps: Deps) => {
  const visit = await visitWith(c, deps, c.req.query('ticket'))
  if (typeof visit === 'string') return turnedAway(c, deps, visit)
  return drawn(c, visit, { back: null, signing: await formSigning(deps, visit), status: 200 })
}

const submit = async (c: Context, deps: Deps) => {
  // Upload token: only a sender who was shown a form may send files; a stranger's are never held in memory.
  const body = await readBody(c, { upload: ticketsOf(deps).verifyUploadToken(c.req.query('p') ?? '') })
  const visit = await visitWith(c, deps, body.value.form ?? body.value.ticket)
  if (typeof visit === 'string') return turnedAway(c, deps, visit)
  try {
    const filing = await submitComplaint(deps, visit, readSubmittedForm(deps, visit, body))
    return await filed(c, deps, visit, filing)
  } catch (error) {
    if (wantsJson(c) || !(error instanceof Problem)) throw error
    return again(c, deps, { visit, body, problem: error })
  }
}

interface Drawing {
  back: FormState | null
  signing: FormSigning | null
  status: 200 | 409 | 422 | 503
}

const drawn = (c: Context, visit: TicketVisit, { back, signing, status }: Drawing) => {
  // The address of this page holds the ticket.
  c.header('Referrer-Policy', 'no-referrer')
  return c.html(String(intakePage({ ...visit, signing }, back)), status)
}

const turnedAway = (c: Context, deps: Deps, why: 'expired' | 'foreign' | 'silent') => {
  const silent = why === 'silent'
  if (wantsJson(c)) throw new Problem(silent ? 'unavailable' : 'ticket_refused')
  c.header('Referrer-Policy', 'no-referrer')
  if (silent) c.header('Retry-After', '30')
  return c.html(String(turnedAwayPage(pageOf(c, deps), why)), silent ? 503 : 403)
}

/** Link, code, and who must act by when. The first link: one that was replaced since is not handed out again. */
const filed = async (c: Context, deps: Deps, { page, draft, ticket }: TicketVisit, { id, photosKept }: Submission) => {
  const [timeline, head] = await Promise.all([ledgerOf(deps, id).read(id), ledgerOf(deps, id).head(id)])
  if (!timeline || !head) throw new Problem('not_found')
  const trackingUrl = linkUrl(deps, id, 'act', 0)
  const pickupCode = deps.pickupCode(id)
  keepDevice(c, deps, tokenIn(trackingUrl))
  const { entries } = timeline
  const reader = addressed(page)
  const { dictionary } = reader
  const now = deps.clock.now()
  const view = toComplaintView({
    id: formatId(id),
    entries,
    reader: 'buyer',
    role: 'buyer',
    now,
    dictionary,
  })
  const given = await promiseOf(c, ledgerOf(deps, id), id)
  if (wantsJson(c)) return c.json({ id: formatId(id), trackingUrl, pickupCode, due: view.complaint.due, ...given }, 201)
  const device = { base: `/t/${tokenIn(trackingUrl)}`, signing: head }
  const state = { ...view, ...device, trackingUrl, pickupCode, photosKept, draft, phone: ticket.phone, ...given }
  return c.html(String(filedPage(reader, state)), 201)
}

/** The form as it was typed, or why there can be no complaint. */
const again = async (
  c: Context,
  deps: Deps,
  { visit, body, problem }: { visit: TicketVisit; body: Body; problem: Problem },
) => {
  const { page } = visit
  const { rawFields: values } = body
  const { busy, unsigned } = INTAKE_WORDS[page.locale]
  if (problem.code === 'already_open') return c.html(String(alreadyOpenPage(page)), 409)
  if (problem.code === 'key_reused') return c.html(String(alreadyFiledPage(page)), 409)
  // A browser that signs wrongly would do so again: the form comes back as one that is sent unsigned.
  if (problem.code.startsWith('signature_'))
    return drawn(c, visit, { back: { values, problems: [], refusal: unsigned }, signing: null, status: 409 })
  const problems = problem.errors.map(each => fieldWords(each, visit))
  const status = problem.errors.length > 0 ? 422 : 503
  const back = { values, problems, ...(status === 503 && { refusal: busy }) }
  return drawn(c, visit, { back, signing: await formSigning(deps, visit), status })
}

/** An amount may be one, and more than there is to have; what is left out of a list was not chosen. */
const fieldWords = (problem: FieldProblem, { page, ticket }: TicketVisit) => {
  const { field, code, max } = problem
  if (code === 'amount' && max !== undefined) {
    const most = page.dictionary.amount({ ...ticket.amount, value: max.toFixed(2) })
    return { field, message: INTAKE_WORDS[page.locale].atMost(most) }
  }
  const listed = field === 'category' || field === 'remedySought.kind'
  return inWords(listed && code === 'required' ? { field, code: 'choose' } : problem, page.words)
}

interface Submission {
  id: number
  /** False where the complaint stands and its photos could not be kept. */
  photosKept: boolean
}

const BUYER = { role: 'buyer', automated: false } as const

/**
 * One complaint for each ticket: the same form again gets the first answer (idempotent), other words or photos are refused. The
 * complaint comes first, its photos are a step of their own.
 */
const submitComplaint = async (deps: Deps, visit: TicketVisit, sent: SubmittedForm): Promise<Submission> => {
  const { asked, files, device, signed } = sent
  const body = hashKey(JSON.stringify([asked, files.map(({ ref }) => ref.sha256)]))
  const { done } = await submitTo(deps, {
    act: 'submit',
    complaint: null,
    by: BUYER,
    body: { ...asked, locale: visit.page.locale, ...(device && { device }) },
    ...(signed && { signed }),
    idempotency: { key: hashKey(`ticket\n${visit.jti}`), body },
  })
  if ('refused' in done) throw refusalProblem(done, deps.clock.now())
  const photosKept = files.length === 0 || (await keepPhotos(deps, visit, done.id, sent))
  return { id: done.id, photosKept }
}

/** The complaint stands already: a failure here must not look as if nothing had been handed in. */
const keepPhotos = async (
  deps: Deps,
  { jti, page, requestId }: TicketVisit,
  id: number,
  { files, photosSignature }: SubmittedForm,
): Promise<boolean> => {
  const text = INTAKE_WORDS[page.locale].photosText
  const body = {
    value: { text, ...(photosSignature !== undefined && { signature: photosSignature }) },
    files,
    hasUnexpectedFile: false,
    rawFields: {},
  }
  const idempotency = (asked: unknown) => ({ key: hashKey(`photos\n${jti}`), body: hashKey(JSON.stringify(asked)) })
  try {
    await performAct(deps, { act: 'evidence', id, by: () => BUYER, body, idempotency })
    return true
  } catch (error) {
    log('error', 'photos of a new complaint were not kept', {
      requestId,
      ...(error instanceof Problem ? { code: error.code } : errorFields(error)),
    })
    return false
  }
}

/** A complaint as it was sent, ready to be handed in: the order's part from the ticket, the rest from the form. */
interface SubmittedForm {
  asked: Omit<Intake, 'locale' | 'device'>
  files: readonly ReceivedFile[]
  /** The key that the phone made, and its signatures: of the form, and of the photos, which are a step of their own. */
  device?: Intake['device']
  signed?: Order['signed']
  photosSignature?: unknown
}

/** What a submission's signature names in place of a leaf: the form, which holds the ticket encrypted and is no other's. */
const formDigest = (form: string): string => toBase64url(sha256(utf8(form)))

/** What the form and its script add to it: no part of what the author signs. */
const ADDED = ['form', 'ticket', 'device', 'photosSignature']
const written = <T>(fields: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !ADDED.includes(name)))

/** Throws the Problem `signature_form` for a signature that was made on another form. */
const authorIn = ({ form }: TicketVisit, body: Body): Partial<SubmittedForm> => {
  const { device, photosSignature } = body.value
  const signed = signatureOf({ value: written(body.value), rawFields: written(body.rawFields) })
  if (!signed) return {}
  const { success, output } = v.safeParse(NewDevice, device)
  if (!success) throw new Problem('signature_key')
  if (signed.seen !== formDigest(form)) throw new Problem('signature_form')
  return { device: output, signed, ...(photosSignature !== undefined && { photosSignature }) }
}

/** Everything that is wrong at once, files too: nothing is handed in before all is right. Throws a Problem that names each. */
const readSubmittedForm = (deps: Deps, visit: TicketVisit, body: Body): SubmittedForm => {
  const { ticket } = visit
  // A form leaves out what was left empty.
  const value = { remedySought: {}, ...body.value, ...(ticket.name !== undefined && { name: ticket.name }) }
  const typed = attempt(() => parse(Complaint(deps.categories), value))
  const wish = attempt(() => parse(Wish, value))
  const money = wish.got ? moneyOf(wish.got.remedySought, ticket) : { problems: [] }
  const problems = [...typed.problems, ...money.problems, ...fileProblems(body)]
  if (!typed.got || problems.length > 0) throw new Problem('invalid', problems)
  const { name, category, statement, remedySought } = typed.got
  const { orderId, item, merchantId, merchantName, phone } = ticket
  const sought = { kind: remedySought.kind, ...('amount' in money && { amount: money.amount }) }
  const order = { orderId, ...(item !== undefined && { item }), merchantId, merchantName }
  return {
    asked: { ...order, buyer: { name, phone }, category, statement, remedySought: sought },
    files: body.files,
    ...authorIn(visit, body),
  }
}

type Attempt<T> = { got: T; problems: [] } | { got: null; problems: readonly FieldProblem[] }

const attempt = <T>(work: () => T): Attempt<T> => {
  try {
    return { got: work(), problems: [] }
  } catch (error) {
    if (!(error instanceof Problem) || error.errors.length === 0) throw error
    return { got: null, problems: error.errors }
  }
}

const fileProblems = ({ hasUnexpectedFile, fileProblem }: Body): readonly FieldProblem[] => {
  if (hasUnexpectedFile) return unexpectedFile().errors
  return fileProblem ? [fileProblem] : []
}

type Sought = { kind: RemedyKind; amount?: { value: string } | undefined }
const AMOUNT = 'remedySought.amount.value'
/** All that was paid, unless the buyer says less. */
const WHOLE: readonly RemedyKind[] = ['refund', 'return_refund']

const moneyOf = ({ kind, amount }: Sought, { amount: paid }: TicketClaims) => {
  if (!isMoney(kind)) return { problems: [] }
  if (!amount && !WHOLE.includes(kind)) return { problems: [{ field: AMOUNT, code: 'required' } as const] }
  const max = mostOf(kind, Number(paid.value))
  const value = amount?.value ?? paid.value
  if (Number(value) > max) return { problems: [{ field: AMOUNT, code: 'amount', max } as const] }
  return { problems: [], amount: { value, currency: paid.currency } }
}

/** A refund ends at what was paid. Compensation may be ten times that, and at least 1,000 yuan (Food Safety Law, article 148). */
const mostOf = (kind: RemedyKind, paid: number): number => (kind === 'compensation' ? Math.max(paid * 10, 1000) : paid)

/** A buyer who comes from a shop's order page. */
interface TicketVisit {
  ticket: TicketClaims
  jti: string
  /** The ticket, sealed: it stands in the page in the ticket's place. */
  form: string
  permit: string
  /** Names what is being written, on the buyer's own phone. */
  draft: string
  page: PageContext
  categories: readonly string[]
  requestId: string
}

/** Where no shop is known there is no form. */
const ticketsOf = ({ tickets }: Deps): OrderTickets => {
  if (!tickets) throw new Problem('not_found')
  return tickets
}

/** What the form's script signs beside what was written. Null where the log can't be asked now: then the form goes unsigned. */
const formSigning = async (deps: Deps, { ticket, jti, form }: TicketVisit): Promise<FormSigning | null> => {
  try {
    const { log: published } = await ledgerForNew(deps, ticket.merchantId)
    const { origin } = await published.identity()
    return { origin, seen: formDigest(form), store: `new ${hashKey(`key\n${jti}`).slice(0, 24)}` }
  } catch (error) {
    log('warn', 'a complaint form cannot be signed', errorFields(error))
    return null
  }
}

/** Null for a ticket that is not from our platform's shops; also where it lacks what a complaint needs. */
const visitWith = async (
  c: Context,
  deps: Deps,
  text: unknown,
): Promise<TicketVisit | 'expired' | 'foreign' | 'silent'> => {
  const tickets = ticketsOf(deps)
  const opened = await tickets.open(typeof text === 'string' ? text : '')
  if ('refused' in opened) return opened.refused
  const { success, output } = v.safeParse(TicketClaims, opened.claims)
  if (!success || opened.jti === '') return 'foreign'
  const { merchantId, orderId, item = '' } = output
  const draft = hashKey(`draft\n${merchantId}\n${orderId}\n${item}`).slice(0, 24)
  const page = languageOf(c, deps, output)
  return {
    ticket: output,
    jti: opened.jti,
    form: opened.form,
    permit: tickets.uploadToken(),
    draft,
    page,
    categories: deps.categories,
    requestId: c.get('requestId'),
  }
}

/** What the buyer chose here, or else what the shop says of its customer, or else the browser. */
const languageOf = (c: Context, deps: Deps, { locale }: TicketClaims): PageContext =>
  locale === undefined || (c.req.query('lang') ?? getCookie(c, 'lang')) !== undefined
    ? pageOf(c, deps)
    : deps.pages(locale)
