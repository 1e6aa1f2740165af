/**
 * Signatures of authors (docs/log.md, section 11): a JWS (RFC 7515, ES256) whose header and payload a leaf itself tells. What
 * was signed beside them is an SD-JWT disclosure of the author's own making, so no JSON has to be made canonical.
 */

import { sha256 } from '#sha256'
import { concat, fromBase64url, fromUtf8, toBase64url, utf8 } from './encoding.ts'
import { LogError } from './error.ts'
import type { Leaf, LeafObject, LeafValue } from './leaf.ts'

/**
 * A public key, base64url of 32 bytes each: coordinates on P-256, or Ed25519 where there is no y; and its RFC 7638
 * thumbprint. `p` of `key_bound` is one on P-256.
 */
export interface AuthorKey {
  readonly key: string
  readonly x: string
  readonly y?: string | undefined
}

/** A buyer's key in its chain. `until`: of one that was retired, from when it signs no more. */
export type BoundKey = AuthorKey & { readonly until?: number | undefined }

/** `p.signed` of a leaf. */
export interface AuthorSignature {
  readonly key: string
  readonly seen: string
  readonly body: string
  readonly sig: string
}

/** What an author signs, besides the key's own name. */
export interface SignedClaim {
  readonly act: string
  readonly body: string
  readonly c: string
  readonly origin: string
  readonly seen: string
}

/** Name of the disclosure that the author made. */
export const SIGNED_REQUEST = 'signedRequest'

/** The act that a signed leaf of this kind answers, by the buyer; no other kind of theirs is signed. */
export const SIGNED_ACTS: Readonly<Record<string, string>> = {
  submitted: 'submit',
  offer_accepted: 'offer-acceptance',
  offer_refused: 'offer-refusal',
  escalated: 'escalation',
  disputed: 'dispute',
  appealed: 'appeal',
  reopened: 'reopening',
  return_shipped: 'return-shipment',
  confirmed: 'confirmation',
  human_requested: 'human-request',
  withdrawn: 'withdrawal',
  rated: 'rating',
  followed_up: 'follow-up',
  conduct_reported: 'conduct-report',
  redaction_requested: 'redaction-request',
  link_shared: 'share-links',
  evidence_supplied: 'evidence',
  message_added: 'messages',
  nudged: 'nudges',
  key_bound: 'device-keys',
  key_retired: 'device-key-retirements',
}

/** The same by a merchant or the platform. */
export const PARTY_ACTS: Readonly<Record<string, string>> = {
  merchant_responded: 'responses',
  automated_reply: 'responses',
  fulfilled: 'fulfilment',
  return_received: 'return-receipt',
  return_disputed: 'return-disputes',
  appealed: 'appeals',
  deadline_extended: 'extensions',
  interim_reported: 'interim-reports',
  evidence_supplied: 'evidence',
  message_added: 'messages',
  officer_assigned: 'assignment',
  handoff_offered: 'handoffs',
  handoff_accepted: 'handoff-acceptance',
  evidence_requested: 'evidence-requests',
  statement_requested: 'statements-requests',
  ruled: 'rulings',
  appeal_ruled: 'rulings',
  refused: 'refusal',
  redacted: 'redactions',
  redaction_requested: 'redactions',
  redaction_refused: 'redaction-refusals',
  legal_hold_set: 'legal-holds',
  legal_hold_released: 'legal-hold-releases',
  link_rotated: 'link-rotation',
}

/** The act behind a leaf that its author could sign, or undefined. */
export const actBehind = ({ kind, by }: Pick<Leaf, 'kind' | 'by'>): string | undefined => {
  if (by === 'buyer') return SIGNED_ACTS[kind]
  return by === 'system' ? undefined : PARTY_ACTS[kind]
}

/** Kinds that mean the same whatever happened since their author looked. */
export const TIMELESS: readonly string[] = [
  'evidence_supplied',
  'message_added',
  'human_requested',
  'conduct_reported',
  'redaction_requested',
  'rated',
  'followed_up',
  'link_shared',
  'statement_requested',
  'nudged',
  'key_bound',
  'key_retired',
]
/** Kinds by which a buyer gives something up. */
const DECISIVE = ['confirmed', 'withdrawn', 'offer_accepted']

/** 32 bytes in the one spelling that base64url has for them. */
const HASH = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/

/** RFC 7638 thumbprint of a key on P-256, or of an Ed25519 key without y. */
export const thumbprintOf = (x: string, y?: string): string =>
  toBase64url(
    sha256(
      utf8(
        y === undefined
          ? `{"crv":"Ed25519","kty":"OKP","x":"${x}"}`
          : `{"crv":"P-256","kty":"EC","x":"${x}","y":"${y}"}`,
      ),
    ),
  )

/** Payload of the JWS. All values are base64url, nouns or an origin, none of which JSON escapes. */
const claimText = ({ act, body, c, origin, seen }: SignedClaim): string =>
  `{"act":"${act}","body":"${body}","c":"${c}","origin":"${origin}","seen":"${seen}"}`

/** JWS signing input. */
export const signingInput = ({ key, y }: AuthorKey, claim: SignedClaim): string => {
  const header = `{"alg":"${y === undefined ? 'EdDSA' : 'ES256'}","kid":"${key}"}`
  return `${toBase64url(utf8(header))}.${toBase64url(utf8(claimText(claim)))}`
}

/**
 * What this signature of a claim covers, and its 64 bytes: the JWS signing input, or of a passkey an assertion (W3C Web
 * Authentication, section 6.3.3). Throws a LogError for a `sig` that is neither.
 */
export const signedBytes = (key: AuthorKey, claim: SignedClaim, sig: string) => {
  const [authenticator = '', client = '', signature] = sig.split('.')
  if (signature === undefined) return { message: utf8(signingInput(key, claim)), signature: fromBase64url(sig) }
  const [data, json] = [fromBase64url(authenticator), fromBase64url(client)]
  if (key.y === undefined || !isAssertion(data, json, claim) || sig.split('.').length > 3)
    throw new LogError('no assertion of this claim')
  return { message: concat(data, sha256(json)), signature: fromBase64url(signature) }
}

/** Flags of authenticator data: a person was there, and was verified by finger, face or PIN. */
const PRESENT_AND_VERIFIED = 0b101

/** The challenge is the hash of the claim. Whose site asked stands in it too; that is for the server to compare, which has the address. */
const isAssertion = (authenticator: Uint8Array, client: Uint8Array, claim: SignedClaim): boolean => {
  const { type, challenge, crossOrigin } = JSON.parse(fromUtf8(client)) ?? {}
  const flags = authenticator.length < 37 ? 0 : (authenticator[32] ?? 0)
  const isVerified = (flags & PRESENT_AND_VERIFIED) === PRESENT_AND_VERIFIED
  const isAsked = type === 'webauthn.get' && challenge === toBase64url(sha256(utf8(claimText(claim))))
  return isVerified && isAsked && crossOrigin !== true
}

const ES256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const ED25519 = { name: 'Ed25519' }

/** Parsing a key costs as much as a third of a verification, and a merchant's key signs every answer. */
const IMPORTED = 1000
const imported = new Map<string, CryptoKey>()

/** Throws for a point that is not on the curve, and where the thumbprint is another key's. */
const importKey = async ({ key, x, y }: AuthorKey): Promise<CryptoKey> => {
  const name = `${x} ${y}`
  const known = imported.get(name)
  if (known && thumbprintOf(x, y) === key) return known
  if (thumbprintOf(x, y) !== key) throw new LogError('a key under the thumbprint of another')
  const jwk = y === undefined ? { kty: 'OKP', crv: 'Ed25519', x } : { kty: 'EC', crv: 'P-256', x, y }
  const made = await crypto.subtle.importKey('jwk', jwk, y === undefined ? ED25519 : ES256, false, ['verify'])
  if (imported.size >= IMPORTED) imported.clear()
  imported.set(name, made)
  return made
}

/** Whether the key made this signature over the claim. False too for a point that is not on the curve. */
export const isSignedBy = async (key: AuthorKey, claim: SignedClaim, sig: string): Promise<boolean> => {
  try {
    const algorithm = key.y === undefined ? ED25519 : ES256
    const { message, signature } = signedBytes(key, claim, sig)
    return await crypto.subtle.verify(algorithm, await importKey(key), signature, message)
  } catch {
    return false
  }
}

/** The signature in a leaf's parameters: null where there is none, undefined where it is none that could be one. */
export const signatureIn = ({ signed }: LeafObject): AuthorSignature | null | undefined => {
  if (signed === undefined) return null
  if (typeof signed !== 'object' || signed === null || Object.keys(signed).length !== 4) return undefined
  const { key, seen, body, sig } = signed
  return isHash(key) && isHash(seen) && isHash(body) && typeof sig === 'string' ? { key, seen, body, sig } : undefined
}

export const isHash = (value: LeafValue | undefined): value is string => typeof value === 'string' && HASH.test(value)

/** Whether a leaf is one that binds a key of the buyer's: a `key_bound`, or a `submitted` that a device signed. */
export const isBinding = ({ kind, p }: Pick<Leaf, 'kind' | 'p'>): boolean =>
  kind === 'key_bound' || (kind === 'submitted' && p.device !== undefined)

/** The key that such a leaf binds, or null. */
export const boundKeyIn = (leaf: Pick<Leaf, 'kind' | 'p'>): AuthorKey | null => {
  if (!isBinding(leaf)) return null
  const { key, x, y } = leaf.kind === 'key_bound' ? leaf.p : members(leaf.p.device)
  return isHash(key) && isHash(x) && isHash(y) ? { key, x, y } : null
}

const members = (value: LeafValue | undefined): LeafObject => (typeof value === 'object' && value !== null ? value : {})

/** Digest of the form on which a submission was signed, given its leaf; null where it was not. */
export const formOf = (submission: Pick<Leaf, 'p'> | undefined): string | null =>
  (submission && signatureIn(submission.p)?.seen) ?? null

/** Whether a step was signed on the form of its complaint's submission: the submission itself, and the photos sent with it. */
export const isOnForm = (kind: string, seen: string, form: string | null): boolean =>
  kind === 'submitted' || (kind === 'evidence_supplied' && seen === form)

/**
 * What is wrong with this leaf's signature before the signature itself is computed, and the key to compute it with. `party`
 * finds a key that the log's own chain introduced for the party that acts in this leaf (src/log/party-key.ts).
 */
export const signerOf = (
  leaf: Pick<Leaf, 'kind' | 'by' | 'p' | 'at'>,
  bound: ReadonlyMap<string, BoundKey>,
  party: (key: string) => AuthorKey | null = () => null,
): { problem: string } | { signature: AuthorSignature; key: AuthorKey; act: string } | null => {
  const signature = signatureIn(leaf.p)
  if (signature === undefined) return { problem: 'has a signature that cannot be read' }
  if (signature === null) return isBinding(leaf) ? { problem: 'binds a key that did not sign it' } : null
  const act = actBehind(leaf)
  if (act === undefined) return { problem: 'is of a kind that nobody signs' }
  const own = boundKeyIn(leaf)
  if (isBinding(leaf) && own?.key !== signature.key) return { problem: 'binds a key that did not sign it' }
  if (leaf.by !== 'buyer') {
    const key = party(signature.key)
    return key ? { signature, key, act } : { problem: "is signed by a key that was not its party's then" }
  }
  const known = bound.get(signature.key)
  if (known?.until !== undefined && leaf.at >= known.until) return { problem: 'is signed by a key that was retired' }
  const key = own ?? known
  return key ? { signature, key, act } : { problem: 'is signed by a key that no step before it binds' }
}

/** A step of the buyer that gives something up, unsigned although a key was bound. */
export const isFinding = ({ kind, by, p }: Pick<Leaf, 'kind' | 'by' | 'p'>, boundKeys: number): boolean =>
  boundKeys > 0 && by === 'buyer' && DECISIVE.includes(kind) && p.signed === undefined

/** Whether this leaf shows that the buyer saw what stood before it: a further key does not, since an operator could bind one. */
export const answersFinding = ({ kind, by, p }: Pick<Leaf, 'kind' | 'by' | 'p'>): boolean =>
  by === 'buyer' && kind !== 'key_bound' && kind !== 'key_retired' && p.signed !== undefined

/** How long a key that is retired by a younger one, or unsigned, can still say by a signature that it is not lost. */
const RETIREMENT_DELAY_MS = 24 * 3_600_000

/** The keys after this leaf: one more, one that is to sign no more, or one that did sign and stays. `bound` has the oldest first. */
export const keysAfter = (
  bound: ReadonlyMap<string, BoundKey>,
  leaf: Pick<Leaf, 'kind' | 'by' | 'p' | 'at'>,
): ReadonlyMap<string, BoundKey> => {
  const own = boundKeyIn(leaf)
  if (own) return new Map([...bound, [own.key, own]])
  const signer = leaf.by === 'buyer' ? bound.get(signatureIn(leaf.p)?.key ?? '') : undefined
  const { key, until } = leaf.kind === 'key_retired' ? leaf.p : {}
  if (!signer?.until && typeof key !== 'string') return bound
  const next = new Map(bound)
  if (signer) next.set(signer.key, { ...signer, until: undefined })
  const retired = typeof key === 'string' && next.get(key)
  if (retired && typeof until === 'number') next.set(retired.key, { ...retired, until })
  return next
}

/** What is wrong with the leaf that retires a key: which key, or from when. */
export const wrongRetirement = (
  bound: ReadonlyMap<string, BoundKey>,
  { kind, p, at }: Pick<Leaf, 'kind' | 'p' | 'at'>,
): string | null => {
  if (kind !== 'key_retired') return null
  const order: (LeafValue | undefined)[] = [...bound.keys()]
  const [place, signer] = [order.indexOf(p.key), order.indexOf(signatureIn(p)?.key)]
  if (place < 0) return 'retires a key that no step before it binds'
  const until = signer >= 0 && signer <= place ? at : at + RETIREMENT_DELAY_MS
  return p.until === until ? null : 'retires a key from another instant than the rules say'
}
