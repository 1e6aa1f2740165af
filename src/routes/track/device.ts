// A forwarded link: before what can't be undone, a browser that has not shown to be the buyer's gives the phone's last four digits.

import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import * as v from 'valibot'
import type { Act } from '../../complaint/command.ts'
import { deviceMark, isDeviceMark } from '../../link/device.ts'
import { formatId } from '../../link/id.ts'
import { barePhone } from '../../link/pickup.ts'
import { IRREVERSIBLE } from '../../views/acts/forms.ts'
import { parse } from '../body.ts'
import { type Deps, ledgerOf } from '../deps.ts'
import { guess, guessed } from '../guesses.ts'
import { Problem } from '../problem.ts'
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
