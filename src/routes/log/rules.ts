import { type Context, Hono } from 'hono'
import { parsePolicy } from '../../complaint/deadlines/policy.ts'
import { policyPage } from '../../views/log/rules.ts'
import type { Deps } from '../deps.ts'
import { pageOf } from '../language.ts'
import { Problem } from '../problem.ts'

const HASH = /^[A-Za-z0-9_-]{43}$/

/** The deadline policies that our logs adopted, for anybody, by the hash that each complaint is pinned to. */
export const rulesRoutes = (deps: Deps) => new Hono().get('/:hash', c => showRules(c, deps))

const showRules = async (c: Context, deps: Deps) => {
  const hash = c.req.param('hash') ?? ''
  if (!HASH.test(hash)) throw new Problem('not_found')
  const found = await Promise.all(deps.ledgers.map(ledger => ledger.log.policy(hash)))
  const document = found.find(text => text !== null)
  if (document === undefined || document === null) throw new Problem('not_found')
  return c.html(String(policyPage(parsePolicy(JSON.parse(document)), hash, pageOf(c, deps))))
}
