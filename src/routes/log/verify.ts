import { Hono } from 'hono'
import { verifyPage } from '../../views/log/verify.ts'
import type { Deps } from '../deps.ts'
import { pageOf } from '../language.ts'

/** The page that checks a receipt. Nothing is posted here: the file never leaves the reader's device. */
export const verifyRoutes = (deps: Deps) =>
  new Hono().get('/', c => {
    const policies = deps.ledgers.map((_, shard) => `/log/${shard}/policy`)
    return c.html(String(verifyPage(pageOf(c, deps), policies)), 200, { 'Cache-Control': 'no-cache' })
  })
