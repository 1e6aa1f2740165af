import type { Amount } from '../../complaint/command.ts'
import { foldAll } from '../../complaint/evolve.ts'
import type { FieldValue } from '../../complaint/step.ts'
import { toComplaintView } from '../../complaint/view/complaint-view.ts'
import { needsReturn, REMEDIES } from '../../complaint/words.ts'
import { MERCHANT_WORDS } from '../../i18n/areas/merchant.ts'
import type { MerchantWords } from '../../i18n/index.ts'
import type { TextsOf, Timeline } from '../../ledger/contract/ledger.ts'
import type { Session } from '../../ledger/contract/registry.ts'
import { formatId } from '../../link/id.ts'
import { addressed, type FormState, type PageContext, type TimelinePart } from '../../views/context.ts'
import { formOf, isForm } from '../../views/merchant/act-forms.ts'
import { casePage } from '../../views/merchant/case.ts'
import type { CaseContext, Preview } from '../../views/merchant/context.ts'
import { isMine } from '../../views/merchant/inbox.ts'
import { blanksLeft, hasReplyTemplates, replyTemplates } from '../../views/merchant/reply-templates.ts'
import { type Body, CONSOLE_FORM, isRecord, parse, readBody } from '../body.ts'
import { awaitedBy, textsOf, timelinePart, toItsPage } from '../complaint-page.ts'
import { assign, dryRun, removeNote, type Shared, saveNote, showPresence, signingData, teamPart } from '../console.ts'
import { type Deps, ledgerOf, registryLedger } from '../deps.ts'
import { sendFile } from '../evidence.ts'
import { inShanghai, inWords } from '../fields.ts'
import { allIncidents, touching } from '../incidents.ts'
import { actOf, changedSince, idempotencyForForm, performAct, takesFiles } from '../perform-act.ts'
import { type FieldProblem, Problem } from '../problem.ts'
import { schemaOf } from '../schemas.ts'
import {
  boundsOf,
  buyerPage,
  deskOf,
  merchantOf,
  nextWaiting,
  ownLedger,
  teamOf,
  trackOf,
  type Visitor,
} from './context.ts'

/** Tenant isolation: a complaint of the clerk's own merchant; any other is not found, whatever was sent. */
export const readOwn = async (c: Visitor, deps: Deps, id: number, texts?: TextsOf): Promise<Timeline> => {
  const timeline = await ledgerOf(deps, id).read(id, texts)
  if (timeline?.entries[0]?.fields.merchantId !== merchantOf(c.var.person)) throw new Problem('not_found')
  return timeline
}

export const showCase = async (c: Visitor, deps: Deps, id: number) => {
  const part = timelinePart(c)
  const timeline = await readOwn(c, deps, id, textsOf(part))
  const done = Number(c.req.query('done') ?? 0)
  const drawn = await renderCase(c, deps, timeline, {
    done: Number.isSafeInteger(done) && done > 0 ? done - 1 : null,
    part,
  })
  return c.html(drawn)
}

/** The complaint as the clerk's team has it; not found if it is another merchant's. */
const sharedOf = async (c: Visitor, deps: Deps, id: number): Promise<Shared> => {
  await readOwn(c, deps, id, { limit: 1 })
  return shared(c.var.person, id)
}

const shared = (person: Session, id: number): Shared => ({
  id,
  team: teamOf(person),
  base: `/merchant/complaints/${formatId(id)}`,
  me: person.name,
})

const colleagues = (deps: Deps, person: Session): Promise<string[]> =>
  registryLedger(deps).registry.people(merchantOf(person))

export const showHere = async (c: Visitor, deps: Deps, id: number) => showPresence(c, deps, await sharedOf(c, deps, id))

export const addNote = async (c: Visitor, deps: Deps, id: number) => {
  const of = await sharedOf(c, deps, id)
  const note = await saveNote(c, deps, of)
  if (note === null) return c.redirect(`${of.base}#team`, 303)
  return c.html(await renderCase(c, deps, await readOwn(c, deps, id, textsOf({})), { note }), 422)
}

export const dropNote = async (c: Visitor, deps: Deps, id: number) => removeNote(c, deps, await sharedOf(c, deps, id))

export const giveTo = async (c: Visitor, deps: Deps, id: number) =>
  assign(c, deps, await sharedOf(c, deps, id), await colleagues(deps, c.var.person))

export const caseReceipt = async (c: Visitor, deps: Deps, id: number) => {
  await readOwn(c, deps, id)
  c.header('Content-Disposition', `attachment; filename="tousu-${formatId(id)}.json"`)
  return c.json(await ledgerOf(deps, id).receipt(id, 'merchant'))
}

export const caseFile = async (c: Visitor, deps: Deps, id: number, sha256: string) =>
  sendFile(c, deps, await readOwn(c, deps, id), { sha256, visible: () => true })

/** The address that a form of this page was sent to. */
export const redirectToCase = (c: Visitor, act: string) => {
  actOf(act, 'merchant')
  return toItsPage(c)
}

export const viewOf = ({ id, entries, loss }: Timeline, c: Visitor, deps: Deps) => {
  const { page, now } = deskOf(c, deps)
  const { dictionary } = page
  return toComplaintView({ id: formatId(id), entries, reader: 'merchant', role: 'merchant', now, dictionary, loss })
}

type Extras = Partial<Pick<CaseContext, 'done' | 'form' | 'preview'>> & { part?: TimelinePart; note?: FormState }

const renderCase = async (
  c: Visitor,
  deps: Deps,
  timeline: Timeline,
  { part, note, ...extras }: Extras,
): Promise<string> => {
  const desk = deskOf(c, deps)
  const view = viewOf(timeline, c, deps)
  const buyer = buyerPage(deps, timeline)
  const { person } = c.var
  const people = await colleagues(deps, person)
  const context = {
    ...desk,
    track: {
      ...trackOf(desk, `/merchant/complaints/${view.complaint.id}`),
      part,
      incidents: touching(await allIncidents(deps), view),
    },
    buyer,
    bounds: boundsOf(timeline, desk.now),
    next: await nextWaiting(deps, c.var.person, { id: timeline.id, due: placeIn(timeline, extras.done ?? null) }),
    signing: await signingData(deps, timeline.id, person),
    team: await teamPart(deps, shared(person, timeline.id), people, note),
    saved: await (await ownLedger(deps, person)).team.texts(teamOf(person)),
    awaited: awaitedBy(deps, timeline, 'merchant'),
    done: null,
    ...extras,
  }
  const form = extras.form ?? filled(c, view, context)
  return String(casePage(view, { ...context, form }))
}

/** Where it stands in the list; of one that was just acted on, where it stood: a clerk who goes through the list goes on from there. */
const placeIn = ({ entries }: Timeline, done: number | null): number | null => {
  const c = foldAll(entries.slice(0, done ?? entries.length).map(({ step }) => step))
  return c && isMine(c.holder) ? c.due : null
}

/** The form whose ready text the address names. */
const filled = (c: Visitor, view: ReturnType<typeof viewOf>, context: CaseContext): CaseContext['form'] => {
  const name = c.req.query('form') ?? ''
  if (!isForm(name) || !hasReplyTemplates(name)) return undefined
  const ready = replyTemplates(name, view, context).find(each => each.name === c.req.query('ready'))
  return ready && { name, values: ready.values, problems: [] }
}

export const actOnCase = async (c: Visitor, deps: Deps, complaint: number, actName: string) => {
  const timeline = await readOwn(c, deps, complaint, textsOf({}))
  const { person } = c.var
  const act = actOf(actName, 'merchant')
  const body = merchantBody(await readBody(c, { upload: takesFiles(act), limits: CONSOLE_FORM }))
  const by = callerOf(c)
  try {
    if (body.rawFields.preview === 'yes') return await previewPage(c, deps, timeline, act, body)
    refuseBlanks(deps, timeline, act, body)
    const idempotency = idempotencyForForm(c, `merchant ${person.subject} of ${timeline.id}`, body)
    const { id, seq } = await performAct(deps, {
      act,
      id: timeline.id,
      by,
      body,
      signing: { subject: person.subject },
      idempotency,
    })
    return c.redirect(`/merchant/complaints/${formatId(id)}?done=${seq + 1}`, 303)
  } catch (error) {
    if (!(error instanceof Problem) || error.status >= 500 || error.status === 404) throw error
    return redisplayForm(c, deps, timeline.id, { act, body, problem: error })
  }
}

/** The clerk as the author of an act. */
export const callerOf =
  ({ var: { person } }: Visitor) =>
  () =>
    ({
      role: 'merchant',
      automated: false,
      person: person.name,
      subject: person.subject,
      merchant: person.merchant,
    }) as const

const blanksOf = (deps: Deps, timeline: Timeline, act: ActName, { rawFields: typed }: Body) =>
  blanksLeft(formOf(act, typed), typed, buyerPage(deps, timeline).locale)

/** A reply template with unfilled blanks is not sent to a buyer. */
const refuseBlanks = (...of: Parameters<typeof blanksOf>): void => {
  const left = blanksOf(...of)
  if (left) throw new Problem('invalid', [{ field: left.field, code: 'other' }])
}

type ActName = ReturnType<typeof actOf>

const previewPage = async (c: Visitor, deps: Deps, timeline: Timeline, act: ActName, body: Body) => {
  const preview = rehearsed(deps, timeline, c.var.person, act, body)
  const changed = changedSince(viewOf(timeline, c, deps), body)
  const form = { name: formOf(act, body.rawFields), values: body.rawFields, problems: [], changed }
  return c.html(await renderCase(c, deps, timeline, { form, preview }))
}

/** The form comes back as it was typed, with what was wrong beside the field, or why the act was refused. */
const redisplayForm = async (
  c: Visitor,
  deps: Deps,
  id: number,
  sent: { act: ActName; body: Body; problem: Problem },
) => {
  const { act, body, problem } = sent
  // What was due meanwhile was appended with the refusal: the page says how things stand now.
  const timeline = await readOwn(c, deps, id, textsOf({}))
  const left = blanksOf(deps, timeline, act, body)
  const changed = changedSince(viewOf(timeline, c, deps), body)
  const form = {
    name: formOf(act, body.rawFields),
    values: body.rawFields,
    problems: problemsOf(problem, deskOf(c, deps).page, left?.blanks ?? []),
    ...(problem.errors.length === 0 && { refusal: problem.code }),
    changed,
  }
  return c.html(await renderCase(c, deps, timeline, { form }), problem.formStatus, problem.headers())
}

/** What the console's forms send, as the API's acts take it; `rawFields` stay as they were typed. */
const merchantBody = (body: Body): Body => {
  const { due, offer: sent, ...rest } = body.value
  const offer = isRecord(sent) ? withoutReturn(sent) : sent
  return {
    ...body,
    value: {
      ...rest,
      ...(due !== undefined && { due: inShanghai(due) }),
      ...(isRecord(offer) && { offer: { ...offer, ...(offer.by !== undefined && { by: inShanghai(offer.by) }) } }),
    },
  }
}

/** The shop's address stands in the form before a kind is chosen; it says nothing where no goods go back. */
const withoutReturn = (offer: Record<string, unknown>): Record<string, unknown> => {
  const kind = REMEDIES.find(each => each === offer.kind)
  if (kind === undefined || needsReturn(kind)) return offer
  const { returnTo: _, freightPaidBy: __, ...rest } = offer
  return rest
}

/** Beside the fields of the form, one for each. */
const problemsOf = ({ errors }: Problem, { words, locale }: PageContext, blanks: string[]): FormState['problems'] =>
  errors.filter(isFirst).map(each => {
    const { field, message } = inWords(each, words)
    return {
      // An offer of which nothing was filled in begins with its kind.
      field: field === 'offer' ? 'offer.kind' : field,
      message: sentence(each, MERCHANT_WORDS[locale].hints, blanks) ?? message,
    }
  })

const sentence = ({ code }: FieldProblem, hints: MerchantWords['hints'], blanks: string[]): string | null => {
  if (code === 'instant') return hints.instant
  return code === 'other' && blanks.length > 0 ? hints.blank(blanks.join(' ')) : null
}

const isFirst = ({ field }: FieldProblem, i: number, all: readonly FieldProblem[]): boolean =>
  all.findIndex(each => each.field === field) === i

/** What the buyer would read if this were sent now. Throws the Problem that sending it would meet. */
export const rehearsed = (
  deps: Deps,
  timeline: Timeline,
  person: Session,
  act: ReturnType<typeof actOf>,
  { value }: Body,
): Preview => {
  const now = deps.clock.now()
  const by = { role: 'merchant', auto: false, who: 'preview', name: person.name } as const
  const context = { sought: amountIn(timeline.entries[0]?.fields.remedySoughtAmount) }
  const entries = dryRun(timeline.entries, { act, by, body: parse(schemaOf(act), value), context }, now)
  const page = addressed(buyerPage(deps, timeline))
  const { dictionary } = page
  const view = toComplaintView({ id: formatId(timeline.id), entries, reader: 'buyer', role: 'buyer', now, dictionary })
  return { view, track: { ...trackOf({ page, person, now }, ''), scope: 'act' } }
}

const amountIn = (value: FieldValue | undefined): Amount | undefined =>
  typeof value === 'object' && typeof value.value === 'string' && typeof value.currency === 'string'
    ? { value: value.value, currency: value.currency }
    : undefined
