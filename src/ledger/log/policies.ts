// What the log adopted by leaves of its own chain: deadline policies, and versions of platform rules.

import { sha256 } from '#sha256'
import { DeadlinePolicyError, type Policy, surgeProblem } from '../../complaint/deadlines/policy.ts'
import { type AdoptedRule, type PlatformRule, parseRuleDocument, ruleDocument } from '../../complaint/platform-rule.ts'
import { toBase64url, utf8 } from '../../log/encoding.ts'
import { decodeLeaf } from '../../log/leaf.ts'
import type { Store } from '../storage/queries.ts'
import { leafBytes, ruleAt, ruleIn } from '../storage/timeline-reader.ts'
import { WrongLog } from './key-ring.ts'
import type { LogChain } from './log-writer.ts'
import { readPolicy } from './read-policy.ts'

/** All policies that complaints may be pinned to, by hash. */
export const adoptedPolicies = (store: Store): Map<string, Policy> =>
  new Map(store.policies.all().map(row => [row.hash, readPolicy(JSON.parse(row.document)).policy]))

/**
 * Throws WrongLog where a stored document is not the one that its leaf adopted, or lacks its leaf, or a leaf its document:
 * complaints would be timed, and auditors served, by another policy than they are pinned to.
 */
export const requireAdopted = (store: Store): void => {
  const adopted = new Set<string>()
  let rules = 0
  for (const { idx } of store.logSteps.all()) {
    const { kind, policy } = decodeLeaf(leafBytes(store, idx))
    if (kind === 'policy_adopted' && policy !== null) adopted.add(policy)
    if (kind === 'rule_adopted') rules++
  }
  for (const { hash, document } of store.policies.all()) {
    if (toBase64url(sha256(utf8(document))) !== hash)
      throw new WrongLog(`the deadline policy ${hash} in the database is another document than the log adopted`)
    if (!adopted.delete(hash)) throw new WrongLog(`no leaf adopts the deadline policy ${hash} in the database`)
  }
  // Reading a rule checks its document against its leaf.
  if (allRules(store).length !== rules)
    throw new WrongLog('the database lacks a platform rule that the log adopted, or has one too many')
  for (const hash of adopted)
    throw new WrongLog(`the database lacks the deadline policy ${hash}, which the log adopted`)
}

/**
 * Throws DeadlinePolicyError for a surge that was not announced in time. Call inside a transaction, also for a
 * document that is adopted later: a server that may not adopt it must not start.
 */
export const requireAnnounced = (store: Store, chain: LogChain, policy: Policy): void => {
  const adopted = adoptedPolicies(store)
  if (!policy.surges || adopted.has(policy.hash)) return
  const wrong = surgeProblem(policy, [...adopted.values()], chain.now())
  if (wrong !== null) throw new DeadlinePolicyError(`deadline policy ${policy.name}: surges: ${wrong}`)
}

/**
 * Puts a document in force if it is new. Throws DeadlinePolicyError for a surge that was not announced in time. Call
 * inside a transaction.
 */
export const adoptPolicy = (store: Store, chain: LogChain, document: unknown): void => {
  const { policy, text } = readPolicy(document)
  if (adoptedPolicies(store).has(policy.hash)) return
  requireAnnounced(store, chain, policy)
  store.addPolicy.run({ hash: policy.hash, document: text })
  chain.append('policy_adopted', { name: policy.name }, policy.hash)
}

// Rule library: the platform's own rules, each version adopted by a leaf of the log's own chain (docs/log.md, section 4).

const digestOf = (document: string): string => toBase64url(sha256(utf8(document)))

/** All versions, in the order in which they were adopted. */
export const allRules = (store: Store): AdoptedRule[] => store.rules.all().map(row => ruleIn(store, row))

/** Index of the leaf that adopted it, and its document. */
export const adoptionOf = (store: Store, digest: string): { idx: number; document: string } | null =>
  store.rule.get({ digest }) ?? null

/** `p.cites` for versions as rulings name them; undefined where there are none, or one is not in the library. */
export const citedDigests = (store: Store, names: readonly string[] = []): string | undefined => {
  const digests = [...new Set(names)].map(name => {
    const [code = '', version = ''] = name.split('@')
    return store.ruleVersion.get({ code, version: Number(version) })?.digest
  })
  return digests.length === 0 || digests.includes(undefined) ? undefined : digests.join(' ')
}

/**
 * Adopts a version. The same once more changes nothing; null where it does not follow the newest of its rule. Call inside
 * a transaction.
 */
export const adoptRule = (store: Store, chain: LogChain, rule: PlatformRule): AdoptedRule | null => {
  const document = ruleDocument(rule)
  const digest = digestOf(document)
  const known = ruleAt(store, digest)
  if (known) return known
  if (rule.version !== (store.newestVersion.get({ code: rule.code })?.version ?? 0) + 1) return null
  const { code, version } = rule
  const { idx } = chain.append('rule_adopted', { code, version, digest })
  store.addRule.run({ idx, digest, code, version, document })
  return ruleAt(store, digest)
}

/** A document that another copy has, for a leaf that came back. False where it is not the one. */
export const putBackRule = (store: Store, idx: number, documents: readonly string[]): boolean => {
  const { p } = decodeLeaf(leafBytes(store, idx))
  const document = documents.find(each => digestOf(each) === p.digest)
  if (document === undefined) return false
  const { code, version } = parseRuleDocument(document)
  store.addRule.run({ idx, digest: digestOf(document), code, version, document })
  return true
}
