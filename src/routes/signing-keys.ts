// The page of signing keys, in the merchant's console and at the desk; and what a complaint's page needs so that this browser signs.

import type { Context } from 'hono'
import type { KeyOwner } from '../ledger/contract/party-keys.ts'
import type { Session } from '../ledger/contract/registry.ts'
import { formatId } from '../link/id.ts'
import { fromBase64url, fromUtf8 } from '../log/encoding.ts'
import type { KeyPage, SigningData, SigningRows } from '../views/signing-keys.ts'
import { changeKeys, keyLedgers, requireKeys, retireKey } from './api/keys.ts'
import { hashKey } from './authenticate.ts'
import { isRecord, parse, readBody } from './body.ts'
import { type Deps, ledgerOf } from './deps.ts'
import { pageOf } from './language.ts'
import { Problem } from './problem.ts'
import { KeyThumbprint, NewPersonKey, PersonKeySigned } from './schemas.ts'
import type { Signed } from './signin/session.ts'

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

export const CHANGES = ['retirements', 'requirement', 'release'] as const

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
