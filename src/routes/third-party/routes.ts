// The page of a third party who was asked for a statement: one question, one answer, until its clock says so.

import { type Context, Hono } from 'hono'
import { lengthOf } from '../../complaint/deadlines/policy.ts'
import { iso } from '../../complaint/time.ts'
import { incidentsTouching } from '../../complaint/view/incidents.ts'
import { projectDueSteps, replay } from '../../complaint/view/timeline.ts'
import { isFile } from '../../complaint/view/visibility.ts'
import { formatId } from '../../link/id.ts'
import { openStatementLink, type StatementLink } from '../../link/token.ts'
import type { FormState } from '../../views/context.ts'
import { type Asked, statementPage } from '../../views/third-party/page.ts'
import { type Body, readBody } from '../body.ts'
import { type Deps, ledgerOf } from '../deps.ts'
import { inWords } from '../fields.ts'
import { allIncidents } from '../incidents.ts'
import { pageOf } from '../language.ts'
import { idempotencyForForm, performAct, wantsJson } from '../perform-act.ts'
import { Problem } from '../problem.ts'

export const thirdPartyRoutes = (deps: Deps) =>
  new Hono()
    .get('/:token', async c => show(c, deps, c.req.param('token'), await visit(deps, c.req.param('token'))))
    .post('/:token', c => state(c, deps, c.req.param('token')))

/** The same 404 for a link that is forged, or of a complaint whose links ended. A forged one touches no database. */
const visit = async (deps: Deps, token: string): Promise<StatementLink & { asked: Asked }> => {
  const link = openStatementLink(token, deps.links)
  const timeline = link && (await ledgerOf(deps, link.id).read(link.id))
  const entry = link && timeline?.entries[link.of]
  if (!link || !entry || entry.step.kind !== 'statement_requested') throw new Problem('not_found')
  const now = deps.clock.now()
  const last = replay(timeline.entries).at(-1)?.after
  if (!last || (last.closedAt !== null && now >= last.closedAt + lengthOf(last.policy.windows.link_after_close)))
    throw new Problem('not_found')
  const { party, due } = entry.step.p
  // A deadline that has passed counts, whether or not the scheduler has written it.
  const settled = projectDueSteps(last, now).at(-1)?.after ?? last
  const answer = timeline.entries.find(({ step }) => step.kind === 'statement_given' && step.p.of === link.of)
  const text = answer?.fields.text
  const { request } = entry.fields
  const { merchantId } = timeline.entries[0]?.fields ?? {}
  const isAwaited = settled.statements.some(({ of }) => of === link.of)
  const asked: Asked = {
    party,
    asker: entry.step.by === 'merchant' ? 'merchant' : 'platform',
    category: last.category,
    question: typeof request === 'string' ? request : null,
    due: iso(due),
    leaf: entry.leaf,
    state: answer ? 'given' : isAwaited ? 'awaited' : now >= due ? 'late' : 'ended',
    answer: answer
      ? { at: iso(answer.step.at), text: typeof text === 'string' ? text : null, files: fileNames(answer.fields) }
      : null,
    incidents: incidentsTouching(await allIncidents(deps), { ...last, merchant: String(merchantId) }),
  }
  return { ...link, asked }
}

const fileNames = (fields: Readonly<Record<string, unknown>>): string[] =>
  Object.entries(fields).flatMap(([name, value]) => {
    const file = isFile(name) && typeof value === 'object' && value !== null && 'name' in value ? value.name : null
    return typeof file === 'string' ? [file] : []
  })

const show = (
  c: Context,
  deps: Deps,
  token: string,
  { id, asked }: StatementLink & { asked: Asked },
  { form, problem }: { form?: FormState; problem?: Problem } = {},
) => {
  if (wantsJson(c)) {
    const { leaf: _, incidents: __, ...shown } = asked
    return c.json({ complaint: formatId(id), ...shown })
  }
  const page = String(statementPage(asked, pageOf(c, deps), { base: `/s/${token}`, form }))
  return problem ? c.html(page, problem.formStatus, problem.headers()) : c.html(page)
}

const state = async (c: Context, deps: Deps, token: string) => {
  const link = await visit(deps, token)
  const { id, of, asked } = link
  let body: Body | null = null
  try {
    // Nothing is received behind a link that takes nothing; the same form sent twice is one step, so that passes.
    if (asked.state === 'late' || asked.state === 'ended') throw new Problem('no_statement')
    body = await readBody(c, { upload: true })
    const idempotency = idempotencyForForm(c, `third party ${of} of ${id}`, body)
    const by = () => ({ role: 'third_party', automated: false }) as const
    await performAct(deps, {
      act: 'statements',
      id,
      by,
      body: { ...body, value: { ...body.value, of } },
      idempotency,
    })
    return wantsJson(c) ? show(c, deps, token, await visit(deps, token)) : c.redirect(`/s/${token}`, 303)
  } catch (error) {
    if (wantsJson(c) || !(error instanceof Problem) || error.status >= 500) throw error
    const problems = error.errors.map(each => inWords(each, pageOf(c, deps).words))
    const form = {
      values: body?.rawFields ?? {},
      problems,
      ...(problems.length === 0 && { refusal: error.code }),
    }
    return show(c, deps, token, await visit(deps, token), { form, problem: error })
  }
}
