import { type Context, Hono } from 'hono'
import { toComplaintView } from '../../complaint/view/complaint-view.ts'
import { INTAKE_WORDS } from '../../i18n/areas/intake.ts'
import { formatId } from '../../link/id.ts'
import { addressed, type FormState } from '../../views/context.ts'
import { alreadyFiledPage, alreadyOpenPage, filedPage, turnedAwayPage } from '../../views/intake/filed.ts'
import { type FormSigning, intakePage } from '../../views/intake/form.ts'
import { type Body, readBody } from '../body.ts'
import { type Deps, ledgerOf, linkUrl, tokenIn } from '../deps.ts'
import { inWords } from '../field-words.ts'
import { pageOf } from '../language.ts'
import { wantsJson } from '../perform-act.ts'
import { type FieldProblem, Problem } from '../problem.ts'
import { promiseOf } from '../promise.ts'
import { keepDevice } from '../track/device.ts'
import {
  formSigning,
  readSubmittedForm,
  type Submission,
  submitComplaint,
  type TicketVisit,
  ticketsOf,
  visitWith,
} from './submit-complaint.ts'

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
