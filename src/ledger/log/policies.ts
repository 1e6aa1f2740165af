import { sha256 } from '@noble/hashes/sha2.js'
import { DeadlinePolicyError, type Policy, parsePolicy } from '../../complaint/deadlines/policy.ts'
import { surgeProblem } from '../../complaint/deadlines/surge.ts'
import { toBase64url, utf8 } from '../../log/encoding.ts'
import type { Store } from '../storage/queries.ts'
import type { LogChain } from './log-chain.ts'

/** A policy document as stored and hashed: JSON without white space, names as given. Throws DeadlinePolicyError. */
export const readPolicy = (document: unknown): { policy: Policy; text: string } => {
  const parsed = parsePolicy(document)
  const text = JSON.stringify(document)
  return { policy: { ...parsed, hash: toBase64url(sha256(utf8(text))) }, text }
}

/** All policies that complaints may be pinned to, by hash. */
export const adoptedPolicies = (store: Store): Map<string, Policy> =>
  new Map(store.policies.all().map(row => [row.hash, readPolicy(JSON.parse(row.document)).policy]))

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
