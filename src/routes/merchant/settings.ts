import type { Locale } from '../../complaint/words.ts'
import { merchantWords } from '../../i18n/merchant.ts'
import { hookWords } from '../../i18n/merchant-webhooks.ts'
import type { Session } from '../../ledger/port.ts'
import { toBase64url } from '../../log/encoding.ts'
import type { FormState } from '../../views/context.ts'
import type { Html } from '../../views/html.ts'
import { settingsNotice, settingsPage } from '../../views/merchant/settings.ts'
import { contactSection } from '../../views/merchant/settings-contact.ts'
import { keysSection } from '../../views/merchant/settings-keys.ts'
import { hooksSection } from '../../views/merchant/settings-webhooks.ts'
import { hashKey } from '../auth.ts'
import { type Body, parse, readBody } from '../body.ts'
import { type Deps, registryLedger } from '../deps.ts'
import { inWords } from '../field-words.ts'
import { pageOf } from '../language.ts'
import { Problem } from '../problem.ts'
import { Contact, KeyName, KeyRevocation } from '../schemas.ts'
import { deskOf, merchantOf, ownLedger, type Visitor } from './context.ts'
import { hookLines } from './webhooks.ts'

/** What a form left behind for the page that answers it. */
interface Left {
  notice?: Html
  contact?: FormState
  keys?: FormState
  made?: string
  hooks?: FormState
}

/** A digest names no complaint's shard, so it is kept where all of the merchant's complaints are. */
const partyOf = (person: Session): string => `merchant:${merchantOf(person)}`

export const drawSettings = async (c: Visitor, deps: Deps, left: Left = {}): Promise<string> => {
  const desk = deskOf(c, deps)
  const { person } = c.var
  const [phone, keys, hooks] = await Promise.all([
    ownLedger(deps, person).contact(partyOf(person)),
    registryLedger(deps).registry.keys(merchantOf(person)),
    hookLines(c, deps),
  ])
  return String(
    settingsPage(desk, [
      left.notice ?? null,
      contactSection(desk, phone, left.contact ?? null),
      keysSection(desk, { keys, made: left.made ?? null, back: left.keys ?? null }),
      hooksSection(desk, hooks, left.hooks ?? null),
    ]),
  )
}

const DONE = ['saved', 'revoked'] as const
const HOOKS_DONE = ['added', 'rotated', 'enabled', 'removed'] as const

const saidDone = (done: string | undefined, locale: Locale): string | undefined => {
  const own = DONE.find(each => each === done)
  const ofHooks = HOOKS_DONE.find(each => each === done)
  return own ? merchantWords[locale].settings[own] : ofHooks && hookWords[locale][ofHooks]
}

export const showSettings = async (c: Visitor, deps: Deps) => {
  const said = saidDone(c.req.query('done'), pageOf(c, deps).locale)
  return c.html(await drawSettings(c, deps, said === undefined ? {} : { notice: settingsNotice('good', said) }))
}

export const saveContact = async (c: Visitor, deps: Deps) => {
  const body = await readBody(c)
  try {
    const { phone } = parse(Contact, body.value)
    await ownLedger(deps, c.var.person).setContact(partyOf(c.var.person), phone)
  } catch (error) {
    return c.html(await drawSettings(c, deps, { contact: backFrom(c, deps, body, error) }), 422)
  }
  return c.redirect('/merchant/settings?done=saved', 303)
}

export const removeContact = async (c: Visitor, deps: Deps) => {
  await ownLedger(deps, c.var.person).setContact(partyOf(c.var.person), null)
  return c.redirect('/merchant/settings?done=saved', 303)
}

/** The key stands on the answer alone: a redirect would have to carry it, or keep it. */
export const createKey = async (c: Visitor, deps: Deps) => {
  const body = await readBody(c)
  const made = `tsk_${toBase64url(crypto.getRandomValues(new Uint8Array(24)))}`
  try {
    const { name } = parse(KeyName, body.value)
    const merchant = merchantOf(c.var.person)
    await registryLedger(deps).registry.addCredential(hashKey(made), { role: 'merchant', merchant, name })
  } catch (error) {
    return c.html(await drawSettings(c, deps, { keys: backFrom(c, deps, body, error) }), 422)
  }
  return c.html(await drawSettings(c, deps, { made }))
}

export const revokeKey = async (c: Visitor, deps: Deps) => {
  const { id } = parse(KeyRevocation, (await readBody(c)).value)
  const revoked = await registryLedger(deps).registry.revokeKey(merchantOf(c.var.person), id)
  if (revoked) return c.redirect('/merchant/settings?done=revoked', 303)
  const { settings } = merchantWords[pageOf(c, deps).locale]
  return c.html(await drawSettings(c, deps, { notice: settingsNotice('bad', settings.unknownKey) }), 404)
}

/** A form that can't be taken as typed; anything else that went wrong is not the form's fault. */
export const backFrom = (c: Visitor, deps: Deps, { rawFields: typed }: Body, error: unknown): FormState => {
  if (!(error instanceof Problem) || error.code !== 'invalid') throw error
  return { values: typed, problems: error.errors.map(each => inWords(each, pageOf(c, deps).words)) }
}
