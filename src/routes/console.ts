// What both consoles share: assignment, notes and presence (the caller has checked that the complaint is this team's), keys that sign,
// and trying an act before it is sent.

import type { Context, MiddlewareHandler } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import * as v from 'valibot'
import type { Act, CommandOf } from '../complaint/command.ts'
import { decide } from '../complaint/decide.ts'
import type { AdoptedRule } from '../complaint/platform-rule.ts'
import type { FieldValue, NewStep } from '../complaint/step.ts'
import { yieldToEventLoop } from '../complaint/time.ts'
import { type Entry, projectDueSteps, replay } from '../complaint/view/timeline.ts'
import { TEAM_WORDS } from '../i18n/areas/team.ts'
import type { KeyOwner } from '../ledger/contract/party-keys.ts'
import type { Session } from '../ledger/contract/registry.ts'
import { formatId } from '../link/id.ts'
import { fromBase64url, fromUtf8 } from '../log/encoding.ts'
import { hereWords, type KeyPage, type SigningData, type SigningRows, type TeamPart } from '../views/console.ts'
import type { FormState, PageContext } from '../views/context.ts'
import { foreignOriginPage } from '../views/signin/page.ts'
import { changeKeys, keyLedgers, requireKeys, retireKey } from './api/keys.ts'
import { hashKey } from './authenticate.ts'
import { type Body, bodyOf, isRecord, parse, readBody } from './body.ts'
import { type Deps, ledgerOf } from './deps.ts'
import { code, count, inWords, line, long, pick, string } from './fields.ts'
import { pageOf } from './language.ts'
import { wantsJson } from './perform-act.ts'
import { Problem } from './problem.ts'
import { KeyThumbprint, NewPersonKey, PersonKeySigned } from './schemas.ts'
import { localPath } from './signin/routes.ts'
import { hostCookie, hostOptions, roomOf, type Signed } from './signin/session.ts'

/** A complaint as a team has it. */
export interface Shared {
  id: number
  team: string
  base: string
  me: string
}

const NoteText = v.object({ text: v.pipe(long, v.maxLength(2000, code('too_long'))) })
const NoteRemoval = v.object({ note: count(0, 999_999_999) })
const Assignee = v.object({ person: v.optional(line) })

/** `people` who can be given it; null where the log says who is in charge. */
export const teamPart = async (
  deps: Deps,
  { id, team, base, me }: Shared,
  people: readonly string[] | null,
  back?: FormState,
): Promise<TeamPart> => {
  const shared = ledgerOf(deps, id).team
  const [{ assignee, notes }, others] = await Promise.all([shared.work(team, id), shared.look(team, id, me)])
  return { base, me, assignment: people && { assignee, people }, notes, others, back }
}

/** Who else has it open, as the script asks. */
export const showPresence = async (c: Context<Signed>, deps: Deps, { id, team, me }: Shared) =>
  c.json({ says: hereWords(await ledgerOf(deps, id).team.look(team, id, me), pageOf(c, deps)) })

/** The form that comes back, or null once the note is saved. */
export const saveNote = async (c: Context<Signed>, deps: Deps, { id, team, me }: Shared): Promise<FormState | null> => {
  const { value, rawFields: values } = await readBody(c)
  const { words, locale } = pageOf(c, deps)
  try {
    const saved = await ledgerOf(deps, id).team.addNote(team, id, { author: me, ...parse(NoteText, value) })
    return saved ? null : { values, problems: [], refusal: TEAM_WORDS[locale].notesFull }
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'invalid') throw error
    return { values, problems: error.errors.map(each => inWords(each, words)) }
  }
}

export const removeNote = async (c: Context<Signed>, deps: Deps, { id, team, base }: Shared) => {
  const { note } = parse(NoteRemoval, (await readBody(c)).value)
  await ledgerOf(deps, id).team.removeNote(team, id, note)
  return c.redirect(`${base}#team`, 303)
}

/** An empty name takes the assignment away. `people` are those who can have it. */
export const assign = async (c: Context<Signed>, deps: Deps, shared: Shared, people: readonly string[]) => {
  const { person } = parse(Assignee, (await readBody(c)).value)
  if (person !== undefined && person !== shared.me && !people.includes(person))
    throw new Problem('invalid', [{ field: 'person', code: 'choose' }])
  await ledgerOf(deps, shared.id).team.assign(shared.team, shared.id, person ?? null)
  return c.redirect(`${shared.base}#team`, 303)
}

// The page of signing keys, in the merchant's console and at the desk; and what a complaint's page needs so that this browser signs.

type Person = Pick<Session, 'role' | 'subject'> & { merchant?: string | undefined }

const ownerOf = ({ role, merchant, subject }: Person): KeyOwner => ({ role, merchant, subject })
/** Two people may share a browser. */
const storeOf = ({ role, subject }: Person): string => `party ${hashKey(`${role} ${subject}`).slice(0, 16)}`
const baseOf = ({ role }: Person): string => (role === 'merchant' ? '/merchant/keys' : '/desk/keys')

/** Null where the complaint is not there. */
export const signingData = async (deps: Deps, id: number, person: Person): Promise<SigningData | null> => {
  const ledger = ledgerOf(deps, id)
  const [head, { keys }] = await Promise.all([ledger.head(id), ledger.partyKeys.list(ownerOf(person))])
  if (!head) return null
  const own = keys.flatMap(({ key, own, retired }) => (own && !retired ? [key] : []))
  return { c: head.c, origin: head.origin, seen: head.head, keys: own, store: storeOf(person), page: baseOf(person) }
}

/** The same for a form that acts on many; null where there are none. */
export const signingRows = async (deps: Deps, ids: readonly number[], person: Person): Promise<SigningRows | null> => {
  const [first] = ids
  const signing = first === undefined ? null : await signingData(deps, first, person)
  if (!signing) return null
  const heads = await Promise.all(ids.map(async id => ({ id, head: await ledgerOf(deps, id).head(id) })))
  const rows = heads.flatMap(({ id, head }) => (head ? [[formatId(id), head] as const] : []))
  return { ...signing, rows: new Map(rows) }
}

type Draw = (view: KeyPage) => Promise<string>

/** Draws the page; `refused` is why a form was not done. */
export const showSigningKeys = async (c: Context<Signed>, deps: Deps, draw: Draw, refused?: string) => {
  const { person } = c.var
  const [first] = await keyLedgers(deps, ownerOf(person))
  if (!first) throw new RangeError('an app needs a ledger')
  const { keys, required, origin, party, seen } = await first.list(ownerOf(person))
  const page = pageOf(c, deps)
  const seenKeys = person.role === 'platform' ? keys.filter(({ own }) => own) : keys
  const about = { origin, party, seen, store: storeOf(person), person: person.name }
  const common = { page, base: baseOf(person), keys: seenKeys, ...about }
  const view = { ...common, required: person.role === 'merchant' ? required : null, done: c.req.query('done'), refused }
  return c.html(await draw(view), refused === undefined ? 200 : 409)
}

/** Adds a key, or does what the last part of the address says; a refusal stands on the page. */
export const changeSigningKeys = async (c: Context<Signed>, deps: Deps, draw: Draw, what?: string) => {
  const owner = ownerOf(c.var.person)
  const { value } = await readBody(c)
  try {
    const done = await changed(deps, owner, value, what)
    return c.redirect(`${baseOf(c.var.person)}?done=${done}`, 303)
  } catch (error) {
    if (!(error instanceof Problem) || (error.status !== 409 && error.status !== 422)) throw error
    return showSigningKeys(c, deps, draw, error.code)
  }
}

const changed = async (deps: Deps, owner: KeyOwner, value: Record<string, unknown>, what?: string) => {
  if (what === undefined) {
    const { name, ...key } = parse(NewPersonKey, value)
    refuseForeign(deps, key.sig, key.voucher?.sig)
    await changeKeys(deps, owner, keys => keys.add(owner, { ...key, label: name }))
    return 'added'
  }
  const { signed } = parse(PersonKeySigned, value)
  refuseForeign(deps, signed?.sig)
  if (what === 'retirements') {
    const { key } = parse(KeyThumbprint, value)
    await retireKey(deps, owner, key, signed)
    return 'retired'
  }
  if (what !== 'requirement' && what !== 'release') throw new Problem('not_found')
  await requireKeys(deps, owner, what === 'requirement', signed)
  return what === 'requirement' ? 'required' : 'released'
}

/** Relying party: an assertion that a passkey made for another page of this domain is refused (Web Authentication, section 7.2). */
const refuseForeign = ({ baseUrl }: Deps, ...signatures: readonly (string | undefined)[]): void => {
  for (const sig of signatures) {
    const [, client, signature] = sig?.split('.') ?? []
    if (client !== undefined && signature !== undefined && siteIn(client) !== new URL(baseUrl).origin)
      throw new Problem('signature_wrong')
  }
}

const siteIn = (client: string): unknown => {
  try {
    const said: unknown = JSON.parse(fromUtf8(fromBase64url(client)))
    return isRecord(said) ? said.origin : undefined
  } catch {
    return undefined
  }
}

/**
 * The timeline as it would be if this command were given now, by the same decision that the ledger takes; nothing is
 * recorded. `cites` are the rules that it cites. Throws the Problem that the act itself would meet.
 */
export const dryRun = <A extends Act>(
  entries: readonly Entry[],
  command: CommandOf<A>,
  now: number,
  cites: readonly AdoptedRule[] = [],
): Entry[] => {
  const settled = settledBy(entries, now)
  const made = decide(command, replay(settled).at(-1)?.after ?? null, now)
  if ('refused' in made) throw new Problem(made.refused)
  return [
    ...settled,
    ...made.map((step, i) => ({ ...imagined(step, settled.length + i), ...(cites.length > 0 && { cites }) })),
  ]
}

const settledBy = (entries: readonly Entry[], now: number): Entry[] => {
  const newest = replay(entries).at(-1)?.after
  const steps = newest ? projectDueSteps(newest, now).map(({ step }) => step) : []
  return [...entries, ...steps.map((step, i) => imagined({ ...step, content: {} }, entries.length + i))]
}

const imagined = ({ content, ...step }: NewStep, seq: number): Entry => ({
  seq,
  leaf: '',
  index: 0,
  step,
  fields: Object.fromEntries(
    Object.entries(content).filter((field): field is [string, FieldValue] => field[1] !== undefined),
  ),
  erased: [],
})

/**
 * CSRF guard: state-changing requests authenticated by cookie must come from our own origin. What the browser says of the site counts first (Fetch Metadata):
 * no page can forge it, and some web views send `Origin: null` beside it. Who sends neither is refused.
 */
export const sameOrigin =
  (deps: Deps): MiddlewareHandler =>
  async (c, next) => {
    if (isSafe(c) || fromUs(c, deps)) return next()
    if (wantsJson(c)) throw new Problem('foreign_origin')
    return c.html(String(foreignOriginPage(pageOf(c, deps))), 403)
  }

const isSafe = (c: Context): boolean => ['GET', 'HEAD', 'OPTIONS'].includes(c.req.method)

const fromUs = (c: Context, { baseUrl, demo }: Deps): boolean => {
  const [site, origin] = [c.req.header('sec-fetch-site'), c.req.header('origin')]
  if (site !== undefined) return site === 'same-origin'
  // A demo is also opened from a phone on the same network, by an address that no setting names.
  return origin === new URL(baseUrl).origin || (demo === true && origin === new URL(c.req.url).origin)
}

// Character key shortcuts of the consoles (WCAG 2.1.4): a browser in which they are in the way, as of a speech user, turns them off.
// A preference of the browser, kept in a cookie for a year; the server draws its switch, so that it works without a script.

const YEAR_SECONDS = 365 * 86_400
const cookieIn = (deps: Deps): string => hostCookie(deps, 'shortcuts')

/** What pages of the consoles are drawn with, beside the language. */
export const consolePageOf = (c: Context, deps: Deps): PageContext => ({
  ...pageOf(c, deps),
  shortcuts: { off: getCookie(c, cookieIn(deps)) === 'off', back: hereOf(c) },
})

/** Where GET finds this page: one that answers a form is left for the one that shows the form. */
export const hereOf = (c: Context): string => {
  const { pathname, searchParams } = new URL(c.req.url)
  if (c.req.method !== 'GET') return pathname.replace(/^(\/(?:merchant|desk)\/(?:complaints\/[^/]+|[a-z]+)).*$/, '$1')
  searchParams.delete('lang')
  const query = searchParams.toString()
  return query === '' ? pathname : `${pathname}?${query}`
}

const Switch = v.object({ shortcuts: pick(['on', 'off']), to: v.optional(string) })

export const switchShortcuts = async (c: Context<Signed>, deps: Deps) => {
  const { shortcuts, to } = parse(Switch, (await readBody(c)).value)
  if (shortcuts === 'off') setCookie(c, cookieIn(deps), 'off', { ...hostOptions(deps), maxAge: YEAR_SECONDS })
  else deleteCookie(c, cookieIn(deps), hostOptions(deps))
  return c.redirect(localPath(to) || roomOf(c.var.person.role), 303)
}

// Forms of the consoles that act on many complaints: each row is an act of its own, with a signature of its own (public/sign-rows.js).

/** Rows between two pauses: some milliseconds. */
const AT_ONCE = 5

/**
 * One row after another, each with its own result: other requests of the process come between. Rows beyond `most`, as many as a
 * page of the list holds, are refused.
 */
export const eachRow = async <Row, Result>(
  rows: readonly Row[],
  most: number,
  idOf: (row: Row) => string,
  work: (row: Row) => Promise<Result>,
): Promise<(Result | { id: string; refusal: string })[]> => {
  const results: (Result | { id: string; refusal: string })[] = []
  for (const [i, row] of rows.entries()) {
    if (i % AT_ONCE === 0) await yieldToEventLoop()
    results.push(i < most ? await work(row) : { id: idOf(row), refusal: 'too_many' })
  }
  return results
}

/** Ids of the rows: each sends the head that its page showed, as `c7K3M9QXA2P.seen`. */
export const rowsIn = ({ rawFields }: Pick<Body, 'rawFields'>): string[] =>
  Object.keys(rawFields).flatMap(name => /^c([0-9A-Z]{10})\.seen$/.exec(name)?.[1] ?? [])

/**
 * What the form of this one complaint would have sent: its own fields without their prefix, and the `shared` ones that it
 * holds, in the order of the form. Nothing else is in its signature.
 */
export const rowOf = (
  { rawFields, hasUnexpectedFile }: Pick<Body, 'rawFields' | 'hasUnexpectedFile'>,
  id: string,
  shared: readonly string[] = [],
): Body => {
  const prefix = `c${id}.`
  const own = Object.entries(rawFields).flatMap(([name, text]): [string, string][] => {
    if (name.startsWith(prefix)) return [[name.slice(prefix.length), text]]
    return shared.includes(name) ? [[name, text]] : []
  })
  return { ...bodyOf(own), hasUnexpectedFile }
}
