import type { Context } from 'hono'
import type { DeskPage } from '../../views/desk/context.ts'
import type { Deps } from '../deps.ts'
import { pageOf } from '../language.ts'
import type { Signed } from '../signin/session.ts'

const COUNTED = 99

/** What every page of the desk is drawn with. */
export const deskPageOf = async (c: Context<Signed>, deps: Deps): Promise<DeskPage> => {
  const { name, role } = c.var.person
  const waiting = await Promise.all(deps.ledgers.map(ledger => ledger.alerts(COUNTED)))
  return {
    ...pageOf(c, deps),
    person: { name, role },
    now: deps.clock.now(),
    alerts: waiting.reduce((sum, alerts) => sum + alerts.length, 0),
    here: hereOf(c),
  }
}

/** A page that answers a form is left, by the language switch, for the one that shows it to a GET. */
const hereOf = (c: Context): string => {
  const { pathname, searchParams } = new URL(c.req.url)
  if (c.req.method !== 'GET') return pathname.replace(/^(\/desk\/complaints\/[^/]+|\/desk\/[a-z]+).*$/, '$1')
  searchParams.delete('lang')
  const query = searchParams.toString()
  return query === '' ? pathname : `${pathname}?${query}`
}
