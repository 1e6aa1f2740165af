// The platform's rule library: what a supervisor adopts, and what rulings cite. POST and GET /api/v1/rules.

import type { Context } from 'hono'
import type * as v from 'valibot'
import { type AdoptedRule, nameOfRule, type PlatformRule, rulesInForce } from '../complaint/platform-rule.ts'
import { iso } from '../complaint/time.ts'
import type { Ledger } from '../ledger/contract/ledger.ts'
import { authenticate } from './authenticate.ts'
import { readBody } from './body.ts'
import { type Deps, registryLedger } from './deps.ts'
import { parseStrictly } from './fields.ts'
import { Problem, refusalProblem } from './problem.ts'
import { RuleVersion } from './schemas.ts'

/** The library is that of shard 0; every shard's log adopts the same versions, so that its rulings can cite them. */
export const libraryOf = (deps: Deps): Promise<AdoptedRule[]> => registryLedger(deps).rules()

/** Throws `rule_version` where another version came first. Shards that are new, or failed before, get what they lack. */
export const adoptVersion = async (deps: Deps, asked: v.InferOutput<typeof RuleVersion>): Promise<AdoptedRule> => {
  const { repealed, ...rest } = asked
  const adopted = await adoptIn(deps, registryLedger(deps), repealed ? { ...rest, repealed } : rest)
  const library = await libraryOf(deps)
  for (const ledger of deps.ledgers.slice(1)) await catchUp(deps, ledger, library)
  return adopted
}

const catchUp = async (deps: Deps, ledger: Ledger, library: readonly AdoptedRule[]): Promise<void> => {
  const known = new Set((await ledger.rules()).map(({ digest }) => digest))
  for (const { digest, at: _, ...rule } of library) if (!known.has(digest)) await adoptIn(deps, ledger, rule)
}

const adoptIn = async (deps: Deps, ledger: Ledger, rule: PlatformRule): Promise<AdoptedRule> => {
  const adopted = await ledger.adoptRule(rule)
  if (adopted === null) throw new Problem('rule_version')
  if ('refused' in adopted) throw refusalProblem(adopted, deps.clock.now())
  return adopted
}

const asJson = ({ at, ...rule }: AdoptedRule) => ({ name: nameOfRule(rule), ...rule, adoptedAt: iso(at) })

export const postRule = async (c: Context, deps: Deps) => {
  if ((await authenticate(c, deps)).role !== 'supervisor') throw new Problem('not_yours')
  return c.json(asJson(await adoptVersion(deps, parseStrictly(RuleVersion, (await readBody(c)).value))), 201)
}

export const listRules = async (c: Context, deps: Deps) => {
  await authenticate(c, deps)
  const versions = await libraryOf(deps)
  const inForce = new Set(rulesInForce(versions).map(({ digest }) => digest))
  return c.json({ rules: versions.map(rule => ({ ...asJson(rule), inForce: inForce.has(rule.digest) })) })
}
