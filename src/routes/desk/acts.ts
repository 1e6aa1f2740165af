import type { Context } from 'hono'
import { foldAll } from '../../complaint/evolve.ts'
import type { Caller, Timeline } from '../../ledger/contract/ledger.ts'
import type { Session } from '../../ledger/contract/registry.ts'
import { DESK_TEAM } from '../../ledger/contract/team.ts'
import { formatId } from '../../link/id.ts'
import type { FormState } from '../../views/context.ts'
import { type CaseExtras, casePage } from '../../views/desk/case.ts'
import type { Case, DeskForm } from '../../views/desk/context.ts'
import { type Body, CONSOLE_FORM, readBody } from '../body.ts'
import { awaitedBy, timelinePart, toItsPage } from '../complaint-page.ts'
import { removeNote, type Shared, saveNote, showPresence, signingData, teamPart } from '../console.ts'
import { askAll, type Deps, ledgerOf } from '../deps.ts'
import { sendFile } from '../evidence.ts'
import { allIncidents, touching } from '../incidents.ts'
import { actOf, changedSince, idempotencyForForm, performAct, renderedHead, takesFiles } from '../perform-act.ts'
import { Problem } from '../problem.ts'
import { TURNS } from '../search.ts'
import type { Signed } from '../signin/session.ts'
import { deskBody, deskSentence, formProblems, previewRuling } from './body.ts'
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
