import { type Context, Hono } from 'hono'
import type { Ledger } from '../../ledger/contract/ledger.ts'
import { barePhone, readPickupCode } from '../../link/id.ts'
import { pickupSentPage } from '../../views/errors.ts'
import { homePage } from '../../views/intake/home.ts'
import { type Body, parse, readBody } from '../body.ts'
import { askAll, type Deps, ledgerOf, linkUrl, registryLedger, tokenIn } from '../deps.ts'
import { inWords } from '../fields.ts'
import { pageOf } from '../language.ts'
import { wantsJson } from '../perform-act.ts'
import { Problem } from '../problem.ts'
import { attempt, guess, guessed, LOCKED_MS, TRIES } from '../rate-limit.ts'
import { Pickup, PickupByOrder, Resend } from '../schemas.ts'
import { keepDevice } from '../track/device.ts'

/** The front door: what this is, and two ways back to a lost link. */
export const frontRoutes = (deps: Deps) =>
  new Hono()
    .get('/', c => c.html(String(homePage(pageOf(c, deps)))))
    .post('/pickup', c => pickup(c, deps))
    .post('/pickup/by-order', c => pickupByOrder(c, deps))
    .post('/pickup/resend', c => resend(c, deps))

/** Proves who was sent the code and has the phone. A wrong code and a wrong phone get the same answer. */
const pickup = async (c: Context, deps: Deps) => {
  const body = await readBody(c)
  try {
    const { code, last4 } = parse(Pickup, body.value)
    const plain = readPickupCode(code)
    if (plain === null) throw new Problem('not_found')
    await guess(deps, 'code', plain)
    const id = await findIn(deps, { code: plain, last4 })
    if (id === undefined) throw new Problem('not_found')
    await guessed(deps, 'code', plain)
    return await answerLink(c, deps, id)
  } catch (error) {
    return form(c, deps, 'pickup', body, error)
  }
}

/**
 * The way in past a locked code: the whole phone and the order in place of four digits. Tries are counted by the pair that was
 * typed, so a caller who knows the code alone can't lock it; a caller who knows the pair has 480 tries a day at 2^40 codes. Who
 * knows code and order still lacks some 10^9 phones.
 */
const pickupByOrder = async (c: Context, deps: Deps) => {
  const body = await readBody(c)
  try {
    const { code, ...order } = parse(PickupByOrder, body.value)
    const plain = readPickupCode(code)
    const pair = `order ${barePhone(order.phone)} ${order.orderId}`
    await attempt(deps, pair)
    const id = await findIn(deps, order, each => deps.pickupCode(each) === plain)
    if (id === undefined) throw new Problem('not_found')
    await registryLedger(deps).registry.clearAttempts(pair)
    return await answerLink(c, deps, id)
  } catch (error) {
    return form(c, deps, 'byOrder', body, error)
  }
}

const answerLink = async (c: Context, deps: Deps, id: number) => {
  const head = await ledgerOf(deps, id).head(id)
  const url = linkUrl(deps, id, 'act', head?.linkEpoch ?? 0)
  // Who was sent the code and has the phone is the buyer: this browser need not show it again.
  keepDevice(c, deps, tokenIn(url))
  return wantsJson(c) ? c.json({ trackingUrl: url }) : c.redirect(url, 303)
}

/** The complaint that is asked for, in any shard. Throws `unavailable` where it may be in one that does not answer. */
const findIn = async (
  { ledgers }: Deps,
  asked: Parameters<Ledger['find']>[0],
  isMeant: (id: number) => boolean = () => true,
): Promise<number | undefined> => {
  const { answers, silent } = await askAll(ledgers, ledger => ledger.find(asked))
  const id = answers.flat().find(isMeant)
  if (id === undefined && silent.length > 0) throw new Problem('unavailable')
  return id
}

/** Sends the SMS again. The same answer, after the same time, whether the order exists or not. */
const resend = async (c: Context, deps: Deps) => {
  const body = await readBody(c)
  try {
    const asked = parse(Resend, body.value)
    // Rate limit: each costs an SMS and rings a phone. A caller who knows only the phone makes nothing
    // ring, so those attempts don't count against one who knows the order too.
    const pair = `${barePhone(asked.phone)} ${asked.orderId}`
    await attempt(deps, `phone ${pair}`)
    const { answers, silent } = await askAll(deps.ledgers, ledger => ledger.find(asked))
    if (silent.length > 0) throw new Problem('unavailable')
    const ids = answers.flat()
    // Timing side channel: do the same write for unknown orders, or response time would reveal which exist.
    if (ids.length === 0) await registryLedger(deps).registry.recordAttempt(`nothing ${pair}`, TRIES, LOCKED_MS)
    await Promise.all(ids.map(id => ledgerOf(deps, id).resend(id)))
    return wantsJson(c) ? c.json({ accepted: true }, 202) : c.html(String(pickupSentPage(pageOf(c, deps))), 202)
  } catch (error) {
    return form(c, deps, 'resend', body, error)
  }
}

const form = (
  c: Context,
  deps: Deps,
  name: 'pickup' | 'byOrder' | 'resend',
  { rawFields: typed }: Body,
  error: unknown,
) => {
  if (wantsJson(c) || !(error instanceof Problem) || error.status >= 500) throw error
  const { words } = pageOf(c, deps)
  const problems = error.errors.map(each => inWords(each, words))
  const isLocked = error.code === 'too_many_attempts'
  const mismatch = name === 'byOrder' ? 'noMatchByOrder' : 'noMatch'
  const refusal = problems.length === 0 ? { refusal: words.pages.home[isLocked ? 'locked' : mismatch] } : {}
  const state = { values: typed, problems, ...refusal }
  // A locked code leaves its buyer the way by the order.
  const wayIn = isLocked && name === 'pickup' && { byOrder: { values: typed, problems: [] } }
  return c.html(
    String(homePage(pageOf(c, deps), { [name]: state, ...wayIn })),
    problems.length > 0 ? 422 : error.status === 429 ? 429 : 404,
  )
}
