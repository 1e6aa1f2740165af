import { Hono } from 'hono'
import { verifyPage } from '../views/verify.ts'
import type { Deps } from './deps.ts'

/** The page that checks a receipt. Nothing is posted here: the file never leaves the reader's device. */
export const verifyRoutes = ({ page, ledgers }: Deps) =>
  new Hono().get('/', c => {
    const policies = ledgers.map((_, shard) => `/log/${shard}/policy`)
    return c.html(String(verifyPage(page, policies)), 200, { 'Cache-Control': 'no-cache' })
  })
