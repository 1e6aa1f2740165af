// Apart from policies.ts: a Worker's isolate reads this before it answers a buyer, and no ledger with it.

import { sha256 } from '#sha256'
import { type Policy, parsePolicy } from '../../complaint/deadlines/policy.ts'
import { toBase64url, utf8 } from '../../log/encoding.ts'

/** A policy document as stored and hashed: JSON without white space, names as given. Throws DeadlinePolicyError. */
export const readPolicy = (document: unknown): { policy: Policy; text: string } => {
  const parsed = parsePolicy(document)
  const text = JSON.stringify(document)
  return { policy: { ...parsed, hash: toBase64url(sha256(utf8(text))) }, text }
}
