import type { Context } from 'hono'

const LOCAL_TIME = /^(\d{4}-\d{2}-\d{2})[T ](\d{1,2}):(\d{2})$/

/** What `datetime-local` sends, or a clerk types: without an offset it is the console's own clock, Shanghai's. */
export const inShanghai = (value: unknown): unknown => {
  const [, day, hour = '', minute] = (typeof value === 'string' && LOCAL_TIME.exec(value.trim())) || []
  return day === undefined ? value : `${day}T${hour.padStart(2, '0')}:${minute}:00+08:00`
}

/** Who gets the address that a form was sent to (a reload, the language switch) finds the page of the form, one noun up. */
export const toItsPage = (c: Context): Response => {
  const { pathname, search } = new URL(c.req.url)
  return c.redirect(pathname.slice(0, pathname.lastIndexOf('/')) + search, 303)
}
