// A buyer's own: the other open complaints of the same phone, all data of that phone as one file, and the request to erase it.

import type { Context } from 'hono'
import { EVERY_FIELD, erasableFrom, keptBy, unansweredErasures } from '../../complaint/deadlines/retention.ts'
import { PERSON_WORDS } from '../../i18n/areas/person.ts'
import { formatId } from '../../link/id.ts'
import type { PageContext, TrackContext } from '../../views/context.ts'
import { type ErasureRow, erasurePage, minePage } from '../../views/track/mine.ts'
import { type Body, bodyOf } from '../body.ts'
import { type Deps, ledgerOf, linkUrl, tokenIn } from '../deps.ts'
import { inWords } from '../fields.ts'
import { performAct } from '../perform-act.ts'
import { complaintsOf, exportOf, type Standing, standingsOf } from '../person.ts'
import { Problem } from '../problem.ts'
import { keepDevice, proveDevice } from './device.ts'

/** Of one phone, at most. */
const LISTED = 20

/** A link of its buyer, whose number is asked for. `isKnown`: this browser has given the digits. */
interface Own {
  id: number
  token: string
  isKnown: boolean
  page: PageContext & Pick<TrackContext, 'base'>
}

/** Null once it was erased. */
const phoneOf = async (deps: Deps, id: number): Promise<string | null> => {
  const phone = (await ledgerOf(deps, id).newest(id))?.first.fields.buyerPhone
  return typeof phone === 'string' ? phone : null
}

/** All of the phone, this one among them also where its phone was erased. */
const allOf = async (deps: Deps, id: number): Promise<Standing[]> => {
  const phone = await phoneOf(deps, id)
  const { ids } = phone === null ? { ids: [] } : await complaintsOf(deps, phone)
  return standingsOf(deps, [...new Set([...ids, id])])
}

/** The list, or the question for the digits; `sent` is the form that answers it. */
export const showMine = async (c: Context, deps: Deps, { id, token, isKnown, page }: Own, sent: unknown) => {
  try {
    if (sent !== null) await proveDevice(c, deps, { id, token }, sent)
    else if (!isKnown) return c.html(String(minePage(page, null, [])))
    return c.html(String(minePage(page, await othersOf(c, deps, id), [])))
  } catch (error) {
    if (!(error instanceof Problem) || error.status >= 500) throw error
    const problems = error.errors.map(each => inWords(each, page.words).message)
    const said = problems.length > 0 ? problems : [page.words.pages.home.locked]
    return c.html(String(minePage(page, null, said)), error.formStatus, error.headers())
  }
}

/** The open ones but this, soonest due first, each with its link; this browser is then known there too. */
const othersOf = async (c: Context, deps: Deps, own: number) => {
  const others = (await allOf(deps, own)).filter(({ id, complaint }) => complaint.closedAt === null && id !== own)
  const soonest = others.toSorted((a, b) => (a.complaint.due ?? 0) - (b.complaint.due ?? 0)).slice(0, LISTED)
  return Promise.all(
    soonest.map(async ({ id, complaint: { state, due, category }, first }) => {
      const head = await ledgerOf(deps, id).head(id)
      const url = linkUrl(deps, id, 'act', head?.linkEpoch ?? 0)
      keepDevice(c, deps, tokenIn(url))
      const { item } = first.fields
      return { id: formatId(id), url, state, due, item: typeof item === 'string' ? item : null, category }
    }),
  )
}

/** All data of the phone. Throws the Problem `not_found` once it was erased. */
export const sendData = async (deps: Deps, { id, page }: Own): Promise<Response> => {
  const phone = await phoneOf(deps, id)
  if (phone === null) throw new Problem('not_found')
  return (await exportOf(deps, phone, page)).file
}

/** The request to erase all of each: what will be asked for, and what keeps the others. */
export const showErasure = async (c: Context, deps: Deps, { id, page }: Own) =>
  c.html(String(erasurePage(page, rowsOf(deps, await allOf(deps, id)))))

const rowsOf = (deps: Deps, all: readonly Standing[]): ErasureRow[] => {
  const now = deps.clock.now()
  return all.map(({ id, complaint, first }) => {
    const { item } = first.fields
    const kept = keptBy(complaint, now)
    const wasAsked = unansweredErasures(complaint).some(({ field }) => field === EVERY_FIELD)
    return {
      id: formatId(id),
      item: typeof item === 'string' ? item : null,
      category: complaint.category,
      state: complaint.state,
      // The platform may erase it once the time to appeal is over, and is asked now.
      kept: kept === 'window' || kept === null ? (wasAsked ? 'asked' : null) : kept,
      from: kept === 'window' ? erasableFrom(complaint) : null,
    }
  })
}

/** Each is a request of its own, with a result of its own; a buyer who sends it again asks for nothing twice. */
export const askErasure = async (c: Context, deps: Deps, { id, page }: Own, { rawFields }: Body) => {
  const { erasure } = PERSON_WORDS[page.locale]
  const reason = rawFields.reason?.trim() ? rawFields.reason : erasure.standard
  const all = await allOf(deps, id)
  const asked = new Set(rowsOf(deps, all).flatMap(row => (row.kept === null ? [row.id] : [])))
  const results: { id: string; refusal?: string }[] = []
  for (const standing of all) {
    const code = formatId(standing.id)
    if (asked.has(code)) results.push({ id: code, ...(await askOne(deps, standing, reason)) })
  }
  const rows = rowsOf(deps, await allOf(deps, id))
  return c.html(String(erasurePage(page, rows, results)), results.some(({ refusal }) => refusal) ? 409 : 200)
}

const askOne = async (deps: Deps, { id, complaint }: Standing, reason: string): Promise<{ refusal?: string }> => {
  const body = bodyOf([
    ['seq', String(complaint.seq)],
    ['reason', reason],
  ])
  const by = () => ({ role: 'buyer', automated: false }) as const
  const all = { ...body, value: { ...body.value, field: EVERY_FIELD } }
  try {
    await performAct(deps, { act: 'redaction-request', id, by, body: all, idempotency: () => undefined })
    return {}
  } catch (error) {
    if (!(error instanceof Problem) || error.status >= 500) throw error
    return { refusal: error.code }
  }
}
