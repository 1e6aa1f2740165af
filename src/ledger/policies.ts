import { sha256 } from '@noble/hashes/sha2.js'
import * as v from 'valibot'
import { type Policy, PolicySchema } from '../complaint/policy.ts'
import { toBase64url, utf8 } from '../log/encoding.ts'
import type { LogChain } from './log-chain.ts'
import type { Store } from './store.ts'

/** A policy document as stored and hashed: its JSON without white space, names in the order of the file. */
export const readPolicy = (document: unknown): { policy: Policy; text: string } => {
  const parsed = v.parse(PolicySchema, document)
  const text = JSON.stringify(document)
  return { policy: { ...parsed, hash: toBase64url(sha256(utf8(text))) }, text }
}

/** All policies that complaints may be pinned to, by hash. */
export const adoptedPolicies = (store: Store): Map<string, Policy> =>
  new Map(store.policies.all().map(row => [row.hash, readPolicy(JSON.parse(row.document)).policy]))

/** Puts a document in force if it is new. Call inside a transaction. */
export const adoptPolicy = (store: Store, chain: LogChain, document: unknown): void => {
  const { policy, text } = readPolicy(document)
  if (adoptedPolicies(store).has(policy.hash)) return
  store.addPolicy.run({ hash: policy.hash, document: text })
  chain.append('policy_adopted', { name: policy.name }, policy.hash)
}
