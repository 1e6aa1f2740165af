import type { Context } from 'hono'
import { getCookie } from 'hono/cookie'
import * as v from 'valibot'
import type { PageContext } from '../../views/context.ts'
import { hashKey } from '../auth.ts'
import type { Deps, OrderTickets } from '../deps.ts'
import { pageOf } from '../language.ts'
import { Problem } from '../problem.ts'
import { TicketClaims } from '../schemas.ts'

/** A buyer who comes from a shop's order page. */
export interface TicketVisit {
  ticket: TicketClaims
  jti: string
  /** The ticket, sealed: it stands in the page in the ticket's place. */
  form: string
  permit: string
  /** Names what is being written, on the buyer's own phone. */
  draft: string
  page: PageContext
  categories: readonly string[]
}

/** Where no shop is known there is no form. */
export const deskOf = ({ tickets }: Deps): OrderTickets => {
  if (!tickets) throw new Problem('not_found')
  return tickets
}

/** Null for a ticket that is not from our platform's shops; also where it lacks what a complaint needs. */
export const visitWith = async (
  c: Context,
  deps: Deps,
  text: unknown,
): Promise<TicketVisit | 'expired' | 'foreign' | 'silent'> => {
  const desk = deskOf(deps)
  const opened = await desk.open(typeof text === 'string' ? text : '')
  if ('refused' in opened) return opened.refused
  const { success, output } = v.safeParse(TicketClaims, opened.claims)
  if (!success || opened.jti === '') return 'foreign'
  const { merchantId, orderId, item = '' } = output
  const draft = hashKey(`draft\n${merchantId}\n${orderId}\n${item}`).slice(0, 24)
  const page = languageOf(c, deps, output)
  return {
    ticket: output,
    jti: opened.jti,
    form: opened.form,
    permit: desk.uploadToken(),
    draft,
    page,
    categories: deps.categories,
  }
}

/** What the buyer chose here, or else what the shop says of its customer, or else the browser. */
const languageOf = (c: Context, deps: Deps, { locale }: TicketClaims): PageContext =>
  locale === undefined || (c.req.query('lang') ?? getCookie(c, 'lang')) !== undefined
    ? pageOf(c, deps)
    : deps.pages[locale]
