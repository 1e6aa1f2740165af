import * as v from 'valibot'
import { DAY, MINUTE } from '../../complaint/time.ts'
import type { Locale } from '../../complaint/words.ts'
import { MERCHANT_WORDS } from '../../i18n/areas/merchant.ts'
import { SIGNING_WORDS, TEAM_WORDS } from '../../i18n/areas/team.ts'
import { TEST_EVENT } from '../../ledger/contract/outbox.ts'
import type { Session } from '../../ledger/contract/registry.ts'
import { TEAM_TEXT_KINDS } from '../../ledger/contract/team.ts'
import { barePhone, formatId } from '../../link/id.ts'
import { toBase64url } from '../../log/encoding.ts'
import { type KeyPage, signingKeysPage } from '../../views/console.ts'
import type { FormState } from '../../views/context.ts'
import type { Html } from '../../views/html.ts'
import { framed } from '../../views/merchant/context.ts'
import { savedTextsSection, unknownVariables } from '../../views/merchant/reply-templates.ts'
import {
  contactSection,
  deliveriesPage,
  type HookLine,
  hooksSection,
  keysSection,
  settingsNotice,
  settingsPage,
  signingSection,
} from '../../views/merchant/settings.ts'
import { endpointIn } from '../api/webhooks.ts'
import { hashKey } from '../authenticate.ts'
import { type Body, parse, readBody } from '../body.ts'
import { changeSigningKeys, showSigningKeys } from '../console.ts'
import { type Deps, registryLedger } from '../deps.ts'
import { code, count, inWords, line, long, pick, string } from '../fields.ts'
import { pageOf } from '../language.ts'
import { Problem } from '../problem.ts'
import { Contact, ContactCode, KeyName, KeyRevocation } from '../schemas.ts'
import { deskOf, merchantOf, ownLedger, teamOf, type Visitor } from './context.ts'

/** What a form left behind for the page that answers it. */
interface Left {
  notice?: Html
  contact?: FormState
  keys?: FormState
  made?: string
  hooks?: FormState
  text?: BackText
}

/** A digest names no complaint's shard, so it is kept where all of the merchant's complaints are. */
const partyOf = (person: Session): string => `merchant:${merchantOf(person)}`

const drawSettings = async (c: Visitor, deps: Deps, left: Left = {}): Promise<string> => {
  const desk = deskOf(c, deps)
  const { person } = c.var
  const { outbox, team } = await ownLedger(deps, person)
  const [phone, pending, keys, hooks, texts] = await Promise.all([
    outbox.contact(partyOf(person)),
    outbox.pendingContact(partyOf(person)),
    registryLedger(deps).registry.keys(merchantOf(person)),
    hookLines(c, deps),
    team.texts(teamOf(person)),
  ])
  return String(
    settingsPage(desk, [
      left.notice ?? null,
      ...TEAM_TEXT_KINDS.map(kind => savedTextsSection(desk, kind, texts, left.text?.kind === kind ? left.text : null)),
      contactSection(desk, { phone, pending }, left.contact ?? null),
      keysSection(desk, { keys, made: left.made ?? null, back: left.keys ?? null }),
      signingSection(desk),
      hooksSection(desk, hooks, left.hooks ?? null),
    ]),
  )
}

const DONE = ['saved', 'revoked'] as const
const HOOKS_DONE = ['added', 'rotated', 'enabled', 'removed', 'tested'] as const

const saidDone = (done: string | undefined, locale: Locale): string | undefined => {
  const own = DONE.find(each => each === done)
  const ofHooks = HOOKS_DONE.find(each => each === done)
  return own ? MERCHANT_WORDS[locale].settings[own] : ofHooks && MERCHANT_WORDS[locale].webhooks[ofHooks]
}

export const showSettings = async (c: Visitor, deps: Deps) => {
  const said = saidDone(c.req.query('done'), pageOf(c, deps).locale)
  return c.html(await drawSettings(c, deps, said === undefined ? {} : { notice: settingsNotice('good', said) }))
}

export const saveSettingsText = async (c: Visitor, deps: Deps) => {
  const text = await saveText(c, deps)
  return text ? c.html(await drawSettings(c, deps, { text }), 422) : c.redirect('/merchant/settings?done=saved', 303)
}

export const saveContact = async (c: Visitor, deps: Deps) => {
  const body = await readBody(c)
  try {
    const { phone } = parse(Contact, body.value)
    await limitCodes(deps, partyOf(c.var.person), phone)
    await (await ownLedger(deps, c.var.person)).outbox.requestContact(partyOf(c.var.person), phone)
  } catch (error) {
    const { locale } = pageOf(c, deps)
    if (error instanceof Problem && error.code === 'too_many_attempts')
      return c.html(
        await drawSettings(c, deps, { notice: settingsNotice('bad', MERCHANT_WORDS[locale].settings.codesUsed) }),
        429,
      )
    return c.html(await drawSettings(c, deps, { contact: backFrom(c, deps, body, error) }), 422)
  }
  return c.redirect('/merchant/settings', 303)
}

/** Rate limits of codes: a merchant's own, which it can use up for itself alone, and a phone's, which no merchant uses up for its owner. */
const CODES_DAILY = 3
const CODES_DAILY_TO_PHONE = 9
const limitCodes = async (deps: Deps, party: string, phone: string): Promise<void> => {
  const { registry } = registryLedger(deps)
  const may =
    (await registry.recordAttempt(`contact code ${party}`, CODES_DAILY, DAY)) &&
    (await registry.recordAttempt(`contact code ${barePhone(phone)}`, CODES_DAILY_TO_PHONE, DAY))
  if (!may) throw new Problem('too_many_attempts')
}

/** Six digits, five tries: one in 200,000. */
const CODE_TRIES = 5

/** The number becomes the contact once its code came back. */
export const confirmContact = async (c: Visitor, deps: Deps) => {
  const party = partyOf(c.var.person)
  const body = await readBody(c)
  const attempts = `contact try ${party}`
  try {
    const { code } = parse(ContactCode, body.value)
    const { registry } = registryLedger(deps)
    if (!(await registry.recordAttempt(attempts, CODE_TRIES, 15 * MINUTE))) throw new Problem('too_many_attempts')
    const { outbox } = await ownLedger(deps, c.var.person)
    if (!(await outbox.confirmContact(party, code))) throw new Problem('invalid', [{ field: 'code', code: 'other' }])
    await registry.clearAttempts(attempts)
  } catch (error) {
    const { settings } = MERCHANT_WORDS[pageOf(c, deps).locale]
    const back = backFrom(c, deps, body, error)
    const problems = back.problems.map(each => ({ ...each, message: settings.codeWrong }))
    return c.html(await drawSettings(c, deps, { contact: { ...back, problems } }), 422)
  }
  return c.redirect('/merchant/settings?done=saved', 303)
}

/** The number that waits for its code; the contact stays. */
export const giveUpNumber = async (c: Visitor, deps: Deps) => {
  const { outbox } = await ownLedger(deps, c.var.person)
  const party = partyOf(c.var.person)
  await outbox.setContact(party, await outbox.contact(party))
  return c.redirect('/merchant/settings', 303)
}

export const removeContact = async (c: Visitor, deps: Deps) => {
  await (await ownLedger(deps, c.var.person)).outbox.setContact(partyOf(c.var.person), null)
  return c.redirect('/merchant/settings?done=saved', 303)
}

/** A key for each system, with room for changing them; without a bound one session could fill the registry. */
const MAX_KEYS = 20

/** The key stands on the answer alone: a redirect would have to carry it, or keep it. */
export const createKey = async (c: Visitor, deps: Deps) => {
  const body = await readBody(c)
  const made = `tsk_${toBase64url(crypto.getRandomValues(new Uint8Array(24)))}`
  try {
    const { name } = parse(KeyName, body.value)
    const merchant = merchantOf(c.var.person)
    if ((await registryLedger(deps).registry.keys(merchant)).length >= MAX_KEYS) {
      const { settings } = MERCHANT_WORDS[pageOf(c, deps).locale]
      return c.html(await drawSettings(c, deps, { notice: settingsNotice('bad', settings.keysFull) }), 409)
    }
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
  const { settings } = MERCHANT_WORDS[pageOf(c, deps).locale]
  return c.html(await drawSettings(c, deps, { notice: settingsNotice('bad', settings.unknownKey) }), 404)
}

/** A form that can't be taken as typed; anything else that went wrong is not the form's fault. */
const backFrom = (c: Visitor, deps: Deps, { rawFields: typed }: Body, error: unknown): FormState => {
  if (!(error instanceof Problem) || error.code !== 'invalid') throw error
  return { values: typed, problems: error.errors.map(each => inWords(each, pageOf(c, deps).words)) }
}

const SHOWN = 50
const Resend = v.object({ delivery: count(0, 999_999_999) })

const hooksOf = async (c: Visitor, deps: Deps) => ({
  hooks: (await ownLedger(deps, c.var.person)).webhooks,
  merchant: merchantOf(c.var.person),
})

/** The endpoints of the merchant who is signed in, each with its secret. */
const hookLines = async (c: Visitor, deps: Deps): Promise<HookLine[]> => {
  const { hooks, merchant } = await hooksOf(c, deps)
  return (await hooks.list(merchant)).map(hook => ({ ...hook, secret: deps.webhookSecret(hook) }))
}

export const addHook = async (c: Visitor, deps: Deps) => {
  const { hooks, merchant } = await hooksOf(c, deps)
  const body = await readBody(c)
  try {
    const { url } = parse(endpointIn(deps), body.value)
    if (await hooks.add(merchant, url)) return c.redirect('/merchant/settings?done=added', 303)
  } catch (error) {
    return c.html(await drawSettings(c, deps, { hooks: backFrom(c, deps, body, error) }), 422)
  }
  const refusal = MERCHANT_WORDS[pageOf(c, deps).locale].webhooks.full
  return c.html(await drawSettings(c, deps, { hooks: { values: body.rawFields, problems: [], refusal } }), 409)
}

const CHANGES = { tests: 'test', 'secret-rotations': 'rotate', activation: 'enable', removal: 'remove' } as const
const CHANGED = { tests: 'tested', 'secret-rotations': 'rotated', activation: 'enabled', removal: 'removed' } as const
const isChange = (text: string): text is keyof typeof CHANGES => Object.hasOwn(CHANGES, text)

/** Changes the secret of an endpoint, enables it again or takes it away. */
export const changeHook = async (c: Visitor, deps: Deps, { hook, change }: { hook: string; change: string }) => {
  const { hooks, merchant } = await hooksOf(c, deps)
  if (!isChange(change) || !(await hooks[CHANGES[change]](merchant, hook))) throw new Problem('not_found')
  return c.redirect(`/merchant/settings?done=${CHANGED[change]}`, 303)
}

export const showDeliveries = async (c: Visitor, deps: Deps, id: string) => {
  const { hooks, merchant } = await hooksOf(c, deps)
  const hook = (await hooks.list(merchant)).find(each => each.id === id)
  if (!hook) throw new Problem('not_found')
  const desk = deskOf(c, deps)
  const notice =
    c.req.query('done') === 'resent' ? settingsNotice('good', MERCHANT_WORDS[desk.page.locale].webhooks.resent) : null
  const lines = await hooks.deliveries(merchant, id, SHOWN)
  const named = lines.map(line => ({
    ...line,
    complaint: line.complaint === TEST_EVENT ? null : formatId(line.complaint),
  }))
  return c.html(String(deliveriesPage(desk, { ...hook, notice }, named)))
}

export const resendEvent = async (c: Visitor, deps: Deps, id: string) => {
  const { hooks, merchant } = await hooksOf(c, deps)
  const { delivery } = parse(Resend, (await readBody(c)).value)
  if (!(await hooks.resend(merchant, id, delivery))) throw new Problem('not_found')
  return c.redirect(`/merchant/webhooks/${id}?done=resent`, 303)
}

const drawKeys = async (c: Visitor, deps: Deps, view: KeyPage): Promise<string> => {
  const { title } = SIGNING_WORDS[pageOf(c, deps).locale]
  return String(
    framed(deskOf(c, deps), { title, room: 'settings', here: '/merchant/keys', main: signingKeysPage(view) }),
  )
}

export const showKeys = (c: Visitor, deps: Deps) => showSigningKeys(c, deps, view => drawKeys(c, deps, view))
export const changeKeys = (c: Visitor, deps: Deps, change?: string) =>
  changeSigningKeys(c, deps, view => drawKeys(c, deps, view), change)

// Saved replies and return addresses of a shop: the forms of its settings.

const name = v.pipe(line, v.maxLength(60, code('too_long')))
/** An address is written on several lines, and stands on one line of an offer. */
const onOneLine = (text: string): string => text.trim().replace(/\s*[\n\r\u2028\u2029]\s*/g, ' ')
const SavedText = v.variant('kind', [
  v.object({ kind: v.literal('reply'), name, text: v.pipe(long, v.maxLength(2000, code('too_long'))) }),
  v.object({ kind: v.literal('address'), name, text: v.pipe(string, v.transform(onOneLine), line) }),
])
const Removal = v.object({ id: count(0, 999_999_999) })

type BackText = FormState & { kind: (typeof TEAM_TEXT_KINDS)[number] }

/** The form that comes back, or null once it is saved. */
const saveText = async (c: Visitor, deps: Deps): Promise<BackText | null> => {
  const { value, rawFields: values } = await readBody(c)
  const { words, locale } = pageOf(c, deps)
  const { kind } = parse(v.object({ kind: pick(TEAM_TEXT_KINDS) }), value)
  try {
    const text = parse(SavedText, value)
    const unknown = text.kind === 'reply' ? unknownVariables(text.text) : []
    if (unknown.length > 0) {
      const message = unknown.map(TEAM_WORDS[locale].replies.unknown).join('')
      return { kind, values, problems: [{ field: 'text', message }] }
    }
    const saved = await (await ownLedger(deps, c.var.person)).team.saveText(teamOf(c.var.person), text)
    return saved ? null : { kind, values, problems: [], refusal: TEAM_WORDS[locale].full }
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'invalid') throw error
    return { kind, values, problems: error.errors.map(each => inWords(each, words)) }
  }
}

export const removeText = async (c: Visitor, deps: Deps) => {
  const { id } = parse(Removal, (await readBody(c)).value)
  const removed = await (await ownLedger(deps, c.var.person)).team.removeText(teamOf(c.var.person), id)
  if (!removed) throw new Problem('not_found')
  return c.redirect('/merchant/settings?done=saved', 303)
}
