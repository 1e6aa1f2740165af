import type { Context } from 'hono'
import * as v from 'valibot'
import { PolicySchema } from '../complaint/policy.ts'
import { policyPage } from '../views/desk/policy.ts'
import type { Deps } from './deps.ts'
import { deskPageOf } from './desk-page.ts'
import { Problem } from './problem.ts'
import type { Signed } from './session.ts'

const HASH = /^[A-Za-z0-9_-]{43}$/

/** The policy that a complaint is pinned to, as its shard's log holds it. */
export const showPolicy = async (c: Context<Signed>, deps: Deps) => {
  const hash = c.req.param('hash') ?? ''
  if (!HASH.test(hash)) throw new Problem('not_found')
  const found = await Promise.all(deps.ledgers.map(ledger => ledger.log.deadlines(hash)))
  const document = found.find(text => text !== null)
  if (document === undefined || document === null) throw new Problem('not_found')
  const policy = v.parse(PolicySchema, JSON.parse(document))
  return c.html(String(policyPage(policy, hash, await deskPageOf(c, deps))))
}
