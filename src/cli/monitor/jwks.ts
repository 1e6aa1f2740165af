import * as v from 'valibot'
import { statementKid } from '../../log/statement.ts'
import { Refusal } from './broken.ts'
import type { LogKey } from './own-chain.ts'

const Jwks = v.object({ keys: v.array(v.object({ kid: v.string(), x: v.string() })) })

/**
 * The served keys are for convenience; the log's own chain says which are the log's. Each of those must be served for
 * ever (added, never removed). Keys beyond them may belong to other shards: they must not be believed for this one.
 * The answer is a line for the reader. Throws a Refusal.
 */
export const checkJwks = (text: string, own: readonly LogKey[]): string => {
  const served = parse(text)
  if (served.some(({ kid, x }) => kid !== statementKid(x)))
    throw new Refusal('the JWKS has a key under the id of another')
  const missing = own.find(key => key.use === 'statement' && !served.some(({ kid }) => kid === key.name))
  if (missing) throw new Refusal('the JWKS lacks a key that the log introduced: it was swapped or removed')
  const strange = served.filter(({ kid }) => !own.some(key => key.name === kid)).length
  return strange === 0
    ? 'the JWKS serves the keys that the log introduced, and no others'
    : `the JWKS serves the keys that the log introduced, and ${strange} that this log does not know (another shard's?)`
}

const parse = (text: string): v.InferOutput<typeof Jwks>['keys'] => {
  try {
    return v.parse(Jwks, JSON.parse(text)).keys
  } catch {
    throw new Refusal('the JWKS cannot be read')
  }
}
