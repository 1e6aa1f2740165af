import { type Context, Hono } from 'hono'
import { readPickupCode } from '../link/pickup.ts'
import { homePage, pickupSentPage } from '../views/pages.ts'
import { wantsJson } from './acting.ts'
import { type Body, parse, readBody } from './body.ts'
import { type Deps, ledgerOf, linkUrl } from './deps.ts'
import { inWords } from './field-words.ts'
import { Problem } from './problem.ts'
import { Pickup, Resend } from './schemas.ts'
import { Throttle } from './throttle.ts'

/** The front door: what this is, and two ways back to a lost link. */
export const frontRoutes = (deps: Deps) => {
  const throttle = new Throttle(deps.clock)
  return new Hono()
    .get('/', c => c.html(String(homePage(deps.page))))
    .post('/pickup', c => pickup(c, deps, throttle))
    .post('/pickup/resend', c => resend(c, deps, throttle))
}

/** Proves who was sent the code and has the phone. A wrong code and a wrong phone get the same answer. */
const pickup = async (c: Context, deps: Deps, throttle: Throttle) => {
  const body = await readBody(c)
  try {
    const { code, last4 } = parse(Pickup, body.value)
    const plain = readPickupCode(code)
    if (plain === null) throw new Problem('not_found')
    throttle.attempt(`code ${plain}`)
    const id = await found(deps, plain, last4)
    if (id === undefined) throw new Problem('not_found')
    throttle.succeeded(`code ${plain}`)
    const head = await ledgerOf(deps, id).head(id)
    const url = linkUrl(deps, id, 'act', head?.linkEpoch ?? 0)
    return wantsJson(c) ? c.json({ trackingUrl: url }) : c.redirect(url, 303)
  } catch (error) {
    return form(c, deps, 'pickup', body, error)
  }
}

const found = async ({ ledgers }: Deps, code: string, last4: string): Promise<number | undefined> =>
  (await Promise.all(ledgers.map(ledger => ledger.find({ code, last4 })))).flat()[0]

/** Sends the SMS again. The same answer whether the order exists or not. */
const resend = async (c: Context, deps: Deps, throttle: Throttle) => {
  const body = await readBody(c)
  try {
    const asked = parse(Resend, body.value)
    // Each costs an SMS and rings a phone: nobody shall make it ring all day.
    throttle.attempt(`phone ${asked.phone}`)
    const ids = (await Promise.all(deps.ledgers.map(ledger => ledger.find(asked)))).flat()
    for (const id of ids) await ledgerOf(deps, id).resend(id)
    return wantsJson(c) ? c.json({ accepted: true }, 202) : c.html(String(pickupSentPage(deps.page)), 202)
  } catch (error) {
    return form(c, deps, 'resend', body, error)
  }
}

const form = (c: Context, deps: Deps, name: 'pickup' | 'resend', { typed }: Body, error: unknown) => {
  if (wantsJson(c) || !(error instanceof Problem) || error.status >= 500) throw error
  const { words } = deps.page
  const problems = error.errors.map(each => inWords(each, words))
  const refusal =
    problems.length === 0
      ? { refusal: words.pages.home[error.code === 'too_many_attempts' ? 'locked' : 'noMatch'] }
      : {}
  const state = { values: typed, problems, ...refusal }
  return c.html(
    String(homePage(deps.page, { [name]: state })),
    problems.length > 0 ? 422 : error.status === 429 ? 429 : 404,
  )
}
