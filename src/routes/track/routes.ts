import { type Context, Hono } from 'hono'
import { foldAll } from '../../complaint/evolve.ts'
import { HOUR, MINUTE } from '../../complaint/time.ts'
import { toComplaintView } from '../../complaint/view/complaint-view.ts'
import type { Incident } from '../../complaint/view/incidents.ts'
import type { ComplaintView } from '../../complaint/view/types.ts'
import { maySee, type Reader } from '../../complaint/view/visibility.ts'
import type { Head, TextsOf } from '../../ledger/contract/ledger.ts'
import { formatId } from '../../link/id.ts'
import { type Link, openLink } from '../../link/token.ts'
import { addressed, type PageContext, type TrackContext } from '../../views/context.ts'
import { trackingPage } from '../../views/track/page.ts'
import { type Body, parse, readBody } from '../body.ts'
import { textsOf, timelinePart } from '../complaint-page.ts'
import { type Deps, ledgerOf, linkUrl } from '../deps.ts'
import { sendFile } from '../evidence.ts'
import { inWords } from '../fields.ts'
import { allIncidents, incidentsMark, touching } from '../incidents.ts'
import { keepLanguage, memoized, pageOf } from '../language.ts'
import { actOf, answerOf, changedSince, idempotencyForForm, performAct, takesFiles, wantsJson } from '../perform-act.ts'
import { Problem } from '../problem.ts'
import { limitRate } from '../rate-limit.ts'
import { ACT_BODIES, type OutsideAct } from '../schemas.ts'
import { isKnownDevice, needsProof, proveDevice } from './device.ts'
import { isPoll, PageCache, type RepeatedPages, send, tagAnswer, tagged, tagOf, VARY } from './page-cache.ts'

const LINKS_KEPT = 4000

/** The page itself, mounted before other middleware: it sets its own headers (`send`). */
export const trackPage = (deps: Deps, repeats: RepeatedPages) => {
  const pages = new PageCache()
  // A page is asked for again and again by its reader; an HMAC each time would cost as much as finding the page.
  const open = memoized(token => openLink(token, deps.links), LINKS_KEPT)
  return new Hono().get('/:token', c => show(c, deps, { token: c.req.param('token'), open, pages, repeats }))
}

/** The rest behind a tracking or share link: receipt, files, and the buyer's acts. */
export const trackRoutes = (deps: Deps) =>
  new Hono()
    .get('/:token/record', c => record(c, deps, c.req.param('token')))
    .get('/:token/sheet', c => evidence(c, deps, c.req.param('token')))
    .get('/:token/12315.zip', c => pack(c, deps, c.req.param('token')))
    .get('/:token/certificates/:no', c => certificate(c, deps, c.req.param()))
    .get('/:token/receipt.json', c => receipt(c, deps, c.req.param('token')))
    .get('/:token/promise.txt', c => promise(c, deps, c.req.param('token')))
    .get('/:token/share.svg', c => shareCode(c, deps, c.req.param('token')))
    .get('/:token/files/:sha256', c => file(c, deps, c.req.param()))
    .get('/:token/mine', c => mine(c, deps, c.req.param('token')))
    .get('/:token/data.zip', c => data(c, deps, c.req.param('token')))
    .get('/:token/erasure', c => erasure(c, deps, c.req.param('token')))
    .post('/:token/erasure', c => erasure(c, deps, c.req.param('token')))
    .post('/:token/mine', c => mine(c, deps, c.req.param('token')))
    .post('/:token/:act', c => act(c, deps, c.req.param()))

interface Visit extends Link {
  head: Head
  reader: Reader
  base: string
  page: PageContext
  /** This browser has shown to be the buyer's (`device.ts`). */
  isKnown: boolean
  incidents: readonly Incident[]
}

/** The same 404 for a link that is unknown, altered, revoked or expired. A forged one touches no database. */
const visit = async (
  c: Context,
  deps: Deps,
  token: string,
  link: Link | null = openLink(token, deps.links),
): Promise<Visit> => {
  const head = link && (await ledgerOf(deps, link.id).head(link.id))
  if (!link || !head || !works(link, head, deps.clock.now())) throw new Problem('not_found')
  const [isBuyer, page] = [link.scope === 'act', pageOf(c, deps)]
  const isKnown = isKnownDevice(c, deps, token)
  const reader = isBuyer ? (isKnown ? 'buyer' : 'link') : 'share'
  const incidents = await allIncidents(deps)
  return { ...link, head, reader, isKnown, incidents, base: `/t/${token}`, page: isBuyer ? addressed(page) : page }
}

const works = ({ epoch, scope }: Link, head: Head, now: number): boolean =>
  (epoch === head.linkEpoch || (scope === 'act' && epoch === head.oldLinkEpoch)) &&
  (head.linkExpiresAt === null || now < head.linkExpiresAt)

const view = async (deps: Deps, { id, scope, reader, page }: Visit, texts?: TextsOf): Promise<ComplaintView> => {
  const timeline = await ledgerOf(deps, id).read(id, texts)
  if (!timeline) throw new Problem('not_found')
  const role = scope === 'act' ? 'buyer' : null
  return toComplaintView({
    id: formatId(id),
    entries: timeline.entries,
    reader,
    role,
    now: deps.clock.now(),
    dictionary: page.dictionary,
    loss: timeline.loss,
  })
}

/** What an open page waits to hear of: a step, a witness, or an hour gone, but not each minute; those it counts itself. */
const newsOf = ({ head, base, page, isKnown, incidents }: Visit, now: number): string =>
  `${isKnown} ${incidentsMark(incidents)} ${head.head} ${head.witnessed} ${head.isHalted} ${base} ${page.locale} ${Math.floor(now / HOUR)}`

interface Asked {
  token: string
  open: (token: string) => Link | null
  pages: PageCache
  repeats: RepeatedPages
}

const show = async (c: Context, deps: Deps, { token, open, pages, repeats }: Asked) => {
  keepLanguage(c)
  const visitor = await visit(c, deps, token, open(token))
  if (wantsJson(c)) {
    const complaint = await view(deps, visitor)
    const statement = await ledgerOf(deps, visitor.id).statement(visitor.id)
    return send(
      c,
      await tagAnswer(c, tagged(JSON.stringify({ ...complaint, statement })), { type: 'application/json' }),
    )
  }
  const packing = { compress: deps.compress, secret: `${visitor.base} ${visitor.head.head}` }
  const html = { type: 'text/html; charset=utf-8', packing }
  const [part, act] = [timelinePart(c), c.req.query('act')]
  if (part.before !== undefined || part.step !== undefined)
    return send(c, await tagAnswer(c, tagged(await draw(deps, visitor, { part })), html))
  // The page with the form of this act open, for who asked for it.
  if (act !== undefined) {
    const form = { act, values: {}, problems: [] }
    return send(c, await tagAnswer(c, tagged(await draw(deps, visitor, { form })), html))
  }
  const now = deps.clock.now()
  const news = newsOf(visitor, now)
  // What a page says depends on these alone; the time left on it counts minutes.
  const page = await pages.get(`${news} ${Math.floor(now / MINUTE)}`, async () => draw(deps, visitor))
  const answer = await tagAnswer(c, isPoll(c) ? { ...page, etag: tagOf(news) } : page, html)
  const { id, head, incidents } = visitor
  const until = Math.min((Math.floor(now / MINUTE) + 1) * MINUTE, head.linkExpiresAt ?? Number.POSITIVE_INFINITY)
  if (page.isKept && c.req.query('lang') === undefined)
    repeats.keep(c.req.raw, { ...answer, id, head, incidents, until })
  return send(c, answer)
}

const draw = async (deps: Deps, visitor: Visit, extras: Extras = {}): Promise<string> =>
  renderPage(deps, visitor, await view(deps, visitor, textsOf(extras.part ?? {})), extras)

const contextOf = (deps: Deps, { page, base, scope, head, isKnown }: Visit): TrackContext => ({
  ...page,
  isNewDevice: scope === 'act' && !isKnown,
  base,
  scope,
  now: deps.clock.now(),
  site: deps.baseUrl,
  checked: { witnesses: head.witnessed },
  ...(scope === 'act' && { signing: { c: head.c, origin: head.origin } }),
  isHalted: head.isHalted,
})

type Extras = Pick<TrackContext, 'form' | 'part'>

const renderPage = async (
  deps: Deps,
  visitor: Visit,
  complaint: ComplaintView,
  { form, part }: Extras = {},
): Promise<string> => {
  const shared = shareUrlOf(deps, visitor, complaint)
  const context: TrackContext = {
    ...contextOf(deps, visitor),
    incidents: touching(visitor.incidents, complaint),
    // A page of earlier steps waits for nothing new.
    ...(part ? { part } : { news: tagOf(newsOf(visitor, deps.clock.now())) }),
    ...(form && { form }),
    ...(shared !== null && { shared }),
  }
  return String(trackingPage(complaint, context))
}

/** The share link that the buyer made; a new link ends what was shared with the old one. */
const shareUrlOf = (deps: Deps, { id, scope, head }: Visit, { steps }: ComplaintView): string | null => {
  const last = steps.findLast(({ kind }) => kind === 'link_shared' || kind === 'link_rotated')
  return scope === 'act' && last?.kind === 'link_shared' ? linkUrl(deps, id, 'view', head.linkEpoch) : null
}

/** The share link as a code to scan: a file of its own, since few who open a page look at it. */
const shareCode = async (c: Context, deps: Deps, token: string) => {
  const visitor = await visit(c, deps, token)
  const url = shareUrlOf(deps, visitor, await view(deps, visitor, textsOf({})))
  if (url === null) throw new Problem('not_found')
  const { qrFile } = await import('../../views/qr.ts')
  return c.body(String(qrFile(url)), 200, { 'Content-Type': 'image/svg+xml' })
}

/** For its buyer alone, though made to be handed to others, who read of the buyer in the third person. */
const visitForPaper = async (c: Context, deps: Deps, token: string): Promise<Visit> => {
  keepLanguage(c)
  const own = await visit(c, deps, token)
  if (own.scope !== 'act') throw new Problem('not_found')
  c.header('Vary', VARY)
  return { ...own, page: pageOf(c, deps) }
}

/** The buyer's whole number, for a browser that has shown to be theirs. */
const phoneFor = async (deps: Deps, { id, isKnown }: Visit): Promise<string | null> => {
  const phone = isKnown && (await ledgerOf(deps, id).newest(id))?.first.fields.buyerPhone
  return typeof phone === 'string' ? phone : null
}

/** The complaint on paper, whole. */
const record = async (c: Context, deps: Deps, token: string) => {
  const visitor = await visitForPaper(c, deps, token)
  const { recordPage } = await import('../../views/track/record.ts')
  const [complaint, phone] = [await view(deps, visitor), await phoneFor(deps, visitor)]
  return c.html(String(recordPage(complaint, contextOf(deps, visitor), phone)))
}

/** All that 12315 asks for as one file. It has the buyer's number, so a browser that is not known is asked for the digits. */
const pack = async (c: Context, deps: Deps, token: string) => {
  limitRate(c, deps, 'holder')
  const visitor = await visitForPaper(c, deps, token)
  if (!visitor.isKnown) return c.redirect(`${visitor.base}/mine`, 303)
  const { id } = visitor
  const outside = await import('./outside.ts')
  const [complaint, phone] = [await view(deps, visitor), await phoneFor(deps, visitor)]
  const page = contextOf(deps, visitor)
  return outside.pack({
    ...{ id, phone, page, view: complaint },
    ...{ ledger: ledgerOf(deps, id), files: deps.files, now: deps.clock.now() },
  })
}

const certificate = async (c: Context, deps: Deps, { token, no }: { token: string; no: string }) => {
  const visitor = await visitForPaper(c, deps, token)
  const { id } = visitor
  const outside = await import('./outside.ts')
  const source = { id, view: await view(deps, visitor), page: contextOf(deps, visitor), ledger: ledgerOf(deps, id) }
  return outside.certificate(c, source, no)
}

/** The evidence sheet: what a receipt of the same reader proves, on paper. */
const evidence = async (c: Context, deps: Deps, token: string) => {
  keepLanguage(c)
  const visitor = { ...(await visit(c, deps, token)), page: pageOf(c, deps) }
  // A step that came meanwhile is not in the receipt, and so not on the sheet.
  const receipt = await ledgerOf(deps, visitor.id).receipt(visitor.id, visitor.reader)
  if (receipt === null) throw new Problem('not_found')
  const { drawEvidence } = await import('./outside.ts')
  return c.html(drawEvidence(await view(deps, visitor), receipt, contextOf(deps, visitor)))
}

/** The promise of the submission, to keep beside the link. */
const promise = async (c: Context, deps: Deps, token: string) => {
  const { id } = await visit(c, deps, token)
  const jws = await ledgerOf(deps, id).promise(id)
  if (jws === null) throw new Problem('not_found')
  const type = { 'Content-Type': 'text/plain; charset=utf-8' }
  return c.body(`${jws}\n`, 200, { ...type, 'Content-Disposition': 'attachment; filename="promise.txt"' })
}

const receipt = async (c: Context, deps: Deps, token: string) => {
  const { id, reader } = await visit(c, deps, token)
  c.header('Content-Disposition', `attachment; filename="tousu-${formatId(id)}.json"`)
  return c.json(await ledgerOf(deps, id).receipt(id, reader))
}

const file = async (c: Context, deps: Deps, { token, sha256 }: { token: string; sha256: string }) => {
  const { id, reader } = await visit(c, deps, token)
  const timeline = await ledgerOf(deps, id).read(id)
  if (!timeline) throw new Problem('not_found')
  const ticked = foldAll(timeline.entries.map(({ step }) => step))?.shared ?? null
  return sendFile(c, deps, timeline, { sha256, visible: field => maySee(reader, field, ticked) })
}

/** Without another device's signature the digits prove whose device it is, on one that is known too. */
const BY_DIGITS = ['device-keys', 'device-key-retirements']

/** After these the card is as it was: without a script the page opens at the new step, since else nothing says that it was taken. */
const LEAVES_CARD: readonly OutsideAct[] = ['messages', 'evidence', 'conduct-report', 'nudges']

const act = async (c: Context, deps: Deps, params: { token: string; act: string }) => {
  const visitor = await visit(c, deps, params.token)
  const name = actOf(params.act, 'buyer')
  if (visitor.scope !== 'act') throw new Problem('not_yours')
  const body = await readBody(c, { upload: takesFiles(name) })
  const idempotency = idempotencyForForm(c, `buyer of ${visitor.id}`, body)
  try {
    const by = () => ({ role: 'buyer', automated: false }) as const
    const isProven = BY_DIGITS.includes(name) && body.value.last4 !== undefined
    if ((needsProof(name) && !visitor.isKnown) || isProven) {
      // What else is wrong is said first: a guess is not spent on a form that would come back anyway.
      parse(ACT_BODIES[name], body.value)
      await proveDevice(c, deps, { id: visitor.id, token: params.token }, body.value)
    }
    const done = await performAct(deps, { act: name, id: visitor.id, by, body, idempotency })
    if (!wantsJson(c))
      return c.redirect(`${visitor.base}${LEAVES_CARD.includes(name) ? `#step-${done.seq + 1}` : ''}`, 303)
    const shareUrl =
      name === 'share-links' ? { shareUrl: linkUrl(deps, visitor.id, 'view', visitor.head.linkEpoch) } : {}
    return c.json({ ...(await answerOf(c, deps, done, 'buyer')), ...shareUrl }, 201)
  } catch (error) {
    if (wantsJson(c) || !(error instanceof Problem) || error.status >= 500) throw error
    return redisplayForm(c, deps, params.token, { act: name, body, problem: error })
  }
}

/** A page of all that one phone has, for its buyer alone; a browser that is not known is asked for the digits. */
const own = async (c: Context, deps: Deps, token: string) => {
  keepLanguage(c)
  const { scope, id, isKnown, base, page } = await visit(c, deps, token)
  if (scope !== 'act') throw new Problem('not_found')
  c.header('Vary', VARY)
  return { id, token, isKnown, page: { ...page, base } }
}

/** The buyer's other open complaints, by the same phone. */
const mine = async (c: Context, deps: Deps, token: string) => {
  const owner = await own(c, deps, token)
  const { showMine } = await import('./mine.ts')
  return showMine(c, deps, owner, c.req.method === 'POST' ? (await readBody(c)).value : null)
}

/** All data of the buyer as one file. */
const data = async (c: Context, deps: Deps, token: string) => {
  limitRate(c, deps, 'holder')
  const owner = await own(c, deps, token)
  if (!owner.isKnown) return c.redirect(`${owner.page.base}/mine`, 303)
  return (await import('./mine.ts')).sendData(deps, owner)
}

const erasure = async (c: Context, deps: Deps, token: string) => {
  const owner = await own(c, deps, token)
  if (!owner.isKnown) return c.redirect(`${owner.page.base}/mine`, 303)
  const { askErasure, showErasure } = await import('./mine.ts')
  return c.req.method === 'POST' ? askErasure(c, deps, owner, await readBody(c)) : showErasure(c, deps, owner)
}

/** The form comes back as it was typed, with what was wrong beside the field, or why the act was refused. */
const redisplayForm = async (
  c: Context,
  deps: Deps,
  token: string,
  sent: { act: string; body: Body; problem: Problem },
) => {
  const { act, body, problem } = sent
  // Deadlines that fell due were appended with the refusal, so the complaint is read anew.
  const visitor = await visit(c, deps, token)
  const complaint = await view(deps, visitor, textsOf({}))
  const problems = problem.errors.map(each => inWords(each, visitor.page.words))
  const form = {
    act,
    values: body.rawFields,
    problems,
    ...(problems.length === 0 && { refusal: problem.code }),
    ...(problem.code === 'stale' && { changed: changedSince(complaint, body) }),
  }
  return c.html(await renderPage(deps, visitor, complaint, { form }), problem.formStatus, {
    ...OWN_LANGUAGE,
    ...problem.headers(),
  })
}

/** An answer to a form is as much in its reader's language as the page is. */
const OWN_LANGUAGE = { Vary: VARY }
