// Character key shortcuts of the consoles (WCAG 2.1.4): a browser in which they are in the way, as of a speech user, turns them off.
// A preference of the browser, kept in a cookie for a year; the server draws its switch, so that it works without a script.

import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import * as v from 'valibot'
import type { PageContext } from '../views/context.ts'
import { parse, readBody } from './body.ts'
import type { Deps } from './deps.ts'
import { pick, string } from './fields.ts'
import { pageOf } from './language.ts'
import { localPath } from './signin/routes.ts'
import { hostCookie, hostOptions, roomOf, type Signed } from './signin/session.ts'

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
