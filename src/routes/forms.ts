import type { Context } from 'hono'
import type { TextsOf } from '../ledger/contract/ledger.ts'
import type { TimelinePart } from '../views/context.ts'
import { STEPS_A_PAGE } from '../views/timeline.ts'

const LOCAL_TIME = /^(\d{4}-\d{2}-\d{2})[T ](\d{1,2}):(\d{2})$/

/** What `datetime-local` sends, or a clerk types: without an offset it is the console's own clock, Shanghai's. */
export const inShanghai = (value: unknown): unknown => {
  const [, day, hour = '', minute] = (typeof value === 'string' && LOCAL_TIME.exec(value.trim())) || []
  return day === undefined ? value : `${day}T${hour.padStart(2, '0')}:${minute}:00+08:00`
}

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
