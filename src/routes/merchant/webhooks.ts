import * as v from 'valibot'
import { hookWords } from '../../i18n/merchant-webhooks.ts'
import { formatId } from '../../link/id.ts'
import { settingsNotice } from '../../views/merchant/settings.ts'
import type { HookLine } from '../../views/merchant/settings-webhooks.ts'
import { deliveriesPage } from '../../views/merchant/webhook-deliveries.ts'
import { Endpoint } from '../api/webhooks.ts'
import { parse, readBody } from '../body.ts'
import type { Deps } from '../deps.ts'
import { count } from '../fields.ts'
import { pageOf } from '../language.ts'
import { Problem } from '../problem.ts'
import { deskOf, merchantOf, ownLedger, type Visitor } from './context.ts'
import { backFrom, drawSettings } from './settings.ts'

const SHOWN = 50
const Resend = v.object({ delivery: count(0, 999_999_999) })

const hooksOf = (c: Visitor, deps: Deps) => ({
  hooks: ownLedger(deps, c.var.person).webhooks,
  merchant: merchantOf(c.var.person),
  id: c.req.param('hook') ?? '',
})

/** The endpoints of the merchant who is signed in, each with its secret. */
export const hookLines = async (c: Visitor, deps: Deps): Promise<HookLine[]> => {
  const { hooks, merchant } = hooksOf(c, deps)
  return (await hooks.list(merchant)).map(hook => ({ ...hook, secret: deps.webhookSecret(hook) }))
}

export const addHook = async (c: Visitor, deps: Deps) => {
  const { hooks, merchant } = hooksOf(c, deps)
  const body = await readBody(c)
  try {
    const { url } = parse(Endpoint, body.value)
    if (await hooks.add(merchant, url)) return c.redirect('/merchant/settings?done=added', 303)
  } catch (error) {
    return c.html(await drawSettings(c, deps, { hooks: backFrom(c, deps, body, error) }), 422)
  }
  const refusal = hookWords[pageOf(c, deps).locale].full
  return c.html(await drawSettings(c, deps, { hooks: { values: body.rawFields, problems: [], refusal } }), 409)
}

const CHANGES = { 'secret-rotations': 'rotate', activation: 'enable', removal: 'remove' } as const
const DONE = { 'secret-rotations': 'rotated', activation: 'enabled', removal: 'removed' } as const
const isChange = (text: string): text is keyof typeof CHANGES => Object.hasOwn(CHANGES, text)

/** Changes the secret of an endpoint, enables it again or takes it away. */
export const changeHook = async (c: Visitor, deps: Deps) => {
  const { hooks, merchant, id } = hooksOf(c, deps)
  const change = c.req.param('change') ?? ''
  if (!isChange(change) || !(await hooks[CHANGES[change]](merchant, id))) throw new Problem('not_found')
  return c.redirect(`/merchant/settings?done=${DONE[change]}`, 303)
}

export const showDeliveries = async (c: Visitor, deps: Deps) => {
  const { hooks, merchant, id } = hooksOf(c, deps)
  const hook = (await hooks.list(merchant)).find(each => each.id === id)
  if (!hook) throw new Problem('not_found')
  const desk = deskOf(c, deps)
  const notice = c.req.query('done') === 'resent' ? settingsNotice('good', hookWords[desk.page.locale].resent) : null
  const lines = await hooks.deliveries(merchant, id, SHOWN)
  const named = lines.map(line => ({ ...line, complaint: formatId(line.complaint) }))
  return c.html(String(deliveriesPage(desk, { ...hook, notice }, named)))
}

export const resendEvent = async (c: Visitor, deps: Deps) => {
  const { hooks, merchant, id } = hooksOf(c, deps)
  const { delivery } = parse(Resend, (await readBody(c)).value)
  if (!(await hooks.resend(merchant, id, delivery))) throw new Problem('not_found')
  return c.redirect(`/merchant/webhooks/${id}?done=resent`, 303)
}
