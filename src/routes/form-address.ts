import type { Context } from 'hono'

/** Who gets the address that a form was sent to (a reload, the language switch) finds the page of the form, one noun up. */
export const toItsPage = (c: Context): Response => {
  const { pathname, search } = new URL(c.req.url)
  return c.redirect(pathname.slice(0, pathname.lastIndexOf('/')) + search, 303)
}
