// The page of one complaint, as all its readers' routes draw it: which part of the timeline, with which texts.

import type { Context } from 'hono'
import { foldAll } from '../complaint/evolve.ts'
import { iso } from '../complaint/time.ts'
import type { TextsOf, Timeline } from '../ledger/contract/ledger.ts'
import type { TimelinePart } from '../views/context.ts'
import type { AwaitedStatement } from '../views/third-party/page.ts'
import { STEPS_A_PAGE } from '../views/timeline.ts'
import { type Deps, statementUrl } from './deps.ts'

/** The statements that this side asked for and still awaits, each with the link that it hands on. */
export const awaitedBy = (deps: Deps, { id, entries }: Timeline, side: 'merchant' | 'platform'): AwaitedStatement[] =>
  (foldAll(entries.map(({ step }) => step))?.statements ?? [])
    .filter(({ of }) => (entries[of]?.step.by === 'merchant') === (side === 'merchant'))
    .map(({ of, party, due }) => ({ party, due: iso(due), url: statementUrl(deps, id, of) }))

/** Pagination of a timeline by the query: `before` and `step` are numbers of steps as a page says them, from 1. */
export const timelinePart = (c: Context): TimelinePart => {
  const read = (name: string) =>
    /^[1-9]\d{0,5}$/.test(c.req.query(name) ?? '') ? Number(c.req.query(name)) : undefined
  const step = read('step')
  return { before: read('before'), step: step === undefined ? undefined : step - 1 }
}

/** The steps whose texts this part shows. */
export const textsOf = ({ before, step }: TimelinePart): TextsOf =>
  step === undefined ? { before, limit: STEPS_A_PAGE } : { before: step + 1, limit: 1 }

/** Who gets the address that a form was sent to (a reload, the language switch) finds the page of the form, one noun up. */
export const toItsPage = (c: Context): Response => {
  const { pathname, search } = new URL(c.req.url)
  return c.redirect(pathname.slice(0, pathname.lastIndexOf('/')) + search, 303)
}
