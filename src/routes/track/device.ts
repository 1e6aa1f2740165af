// A forwarded link: before what can't be undone, a browser that has not shown to be the buyer's gives the phone's last four digits.

import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import * as v from 'valibot'
import { hmacSha256 } from '#sha256'
import type { Act } from '../../complaint/command.ts'
import { barePhone, formatId } from '../../link/id.ts'
import type { LinkKeys } from '../../link/token.ts'
import { concat, equalBytes, fromBase64url, toBase64url, utf8 } from '../../log/encoding.ts'
import { IRREVERSIBLE } from '../../views/acts/acts.ts'
import { parse } from '../body.ts'
import { type Deps, ledgerOf } from '../deps.ts'
import { Problem } from '../problem.ts'
import { guess, guessed } from '../rate-limit.ts'
import { Pickup } from '../schemas.ts'

const COOKIE = 'device'
const MAX_AGE_SECONDS = 180 * 86_400
const LastFour = v.object({ last4: Pickup.entries.last4 })

export const isKnownDevice = (c: Context, deps: Deps, token: string): boolean =>
  isDeviceMark(getCookie(c, COOKIE), token, deps.links)

/** For as long as a link works after the end; for the pages of this link alone. */
export const keepDevice = (c: Context, deps: Deps, token: string): void =>
  setCookie(c, COOKIE, deviceMark(token, deps.links), {
    path: `/t/${token}`,
    maxAge: MAX_AGE_SECONDS,
    sameSite: 'Lax',
    httpOnly: true,
    secure: deps.baseUrl.startsWith('https:'),
  })

/** Whether this act asks a browser that is not known for the digits. */
export const needsProof = (act: Act): boolean => IRREVERSIBLE.some(each => each === act)

/** Throws 422 for digits that are missing or wrong, 429 after five tries. A phone that was erased can't be asked for. */
export const proveDevice = async (c: Context, deps: Deps, at: { id: number; token: string }, body: unknown) => {
  const phone = (await ledgerOf(deps, at.id).newest(at.id))?.first.fields.buyerPhone
  if (typeof phone === 'string') {
    const { last4 } = parse(LastFour, body)
    const what = formatId(at.id)
    await guess(deps, 'device', what)
    if (!barePhone(phone).endsWith(last4)) throw new Problem('invalid', [{ field: 'last4', code: 'last4' }])
    await guessed(deps, 'device', what)
  }
  keepDevice(c, deps, at.token)
}

const DOMAIN = utf8('tousu device v1\n')
const BYTES = 16

const markOf = (token: string, key: Uint8Array): Uint8Array =>
  hmacSha256(key, concat(DOMAIN, utf8(token))).subarray(0, BYTES)

/** What a browser keeps that has shown to belong to the buyer of this link: 22 characters, of use with this link alone. */
const deviceMark = (token: string, keys: LinkKeys): string => {
  const key = keys.at(-1)
  if (!key) throw new RangeError('no link key')
  return toBase64url(markOf(token, key))
}

const isDeviceMark = (mark: string | undefined, token: string, keys: LinkKeys): boolean => {
  if (mark === undefined || !/^[A-Za-z0-9_-]{22}$/.test(mark)) return false
  const bytes = fromBase64url(mark)
  return keys.some(key => equalBytes(markOf(token, key), bytes))
}
