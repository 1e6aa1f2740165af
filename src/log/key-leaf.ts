/** The leaves of the log's own chain that introduce its keys (`log_opened`, leaf 0, and `key_added`) and end them (`key_retired`). */
import type { Leaf, LeafObject, LeafValue } from './leaf.ts'
import { statementKid } from './statement.ts'

/** As much of a leaf as tells. */
type LeafPart = Pick<Leaf, 'c' | 'kind' | 'p'>

export interface StatementKey {
  /** RFC 7638 thumbprint of x. */
  readonly kid: string
  /** Ed25519 public key, base64url. */
  readonly x: string
}

/**
 * `p` of `log_opened`. `note` is the verifier key that signs checkpoints, `x` the public key of statements; `continues` where
 * the log is a successor (succession.ts).
 */
export function logOpened(origin: string, note: string, x: string, continues?: LeafObject): LeafObject {
  return { ...(continues && { continues }), origin, keys: { note, statement: { kid: statementKid(x), x } } }
}

/** `p` of `key_added` for a key of statements. */
export function statementKeyAdded(x: string): LeafObject {
  return { use: 'statement', kid: statementKid(x), x }
}

/** `p` of `key_added` for a key of checkpoints, as a verifier key. */
export function noteKeyAdded(vkey: string): LeafObject {
  return { use: 'note', vkey }
}

/** `p` of `key_retired` for a key of statements. */
export function statementKeyRetired(kid: string): LeafObject {
  return { use: 'statement', kid }
}

/** `p` of `key_retired` for a key of checkpoints. */
export function noteKeyRetired(vkey: string): LeafObject {
  return { use: 'note', vkey }
}

/** The kid or the verifier key that this leaf retires, or null. */
export function retiredKeyIn({ c, kind, p }: LeafPart): string | null {
  if (c !== null || kind !== 'key_retired') return null
  return p.use === 'note' ? text(p.vkey) : p.use === 'statement' ? text(p.kid) : null
}

/** The origin that `log_opened` states, or null in any other leaf. */
export function originIn(leaf: LeafPart): string | null {
  return isOpening(leaf) ? text(leaf.p.origin) : null
}

/** The statement key that this leaf introduces, or null. Its kid is that of its x. */
export function statementKeyIn(leaf: LeafPart): StatementKey | null {
  const named = isOpening(leaf) ? members(members(leaf.p.keys).statement) : isAdded(leaf, 'statement') ? leaf.p : {}
  const kid = text(named.kid)
  const x = text(named.x)
  return kid !== null && x !== null && kid === statementKid(x) ? { kid, x } : null
}

/** The verifier key that this leaf introduces, or null. */
export function noteKeyIn(leaf: LeafPart): string | null {
  if (isOpening(leaf)) return text(members(leaf.p.keys).note)
  return isAdded(leaf, 'note') ? text(leaf.p.vkey) : null
}

const isOpening = ({ c, kind }: LeafPart) => c === null && kind === 'log_opened'
const isAdded = ({ c, kind, p }: LeafPart, use: string) => c === null && kind === 'key_added' && p.use === use

function text(value: LeafValue | undefined): string | null {
  return typeof value === 'string' ? value : null
}

function members(value: LeafValue | undefined): LeafObject {
  return typeof value === 'object' && value !== null ? value : {}
}
