import { sha256 } from '@noble/hashes/sha2.js'
import { DeadlinePolicyError, type Policy } from '../../complaint/deadlines/policy.ts'
import { surgeProblem } from '../../complaint/deadlines/surge.ts'
import { toBase64url, utf8 } from '../../log/encoding.ts'
import { decodeLeaf } from '../../log/leaf.ts'
import type { Store } from '../storage/queries.ts'
import { leafBytes } from '../storage/timeline-reader.ts'
import { WrongLog } from './key-ring.ts'
import type { LogChain } from './log-chain.ts'
import { readPolicy } from './read-policy.ts'
import { allRules } from './rule-library.ts'

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
