/**
 * Signatures of authors (docs/log.md, section 11): a JWS (RFC 7515, ES256) whose header and payload a leaf itself tells. What
 * was signed beside them is an SD-JWT disclosure of the author's own making, so no JSON has to be made canonical.
 */

import { sha256 } from '@noble/hashes/sha2.js'
import { digestOf, type Json, openDisclosure } from './disclosure.ts'
import { fromBase64url, toBase64url, utf8 } from './encoding.ts'
import { LogError } from './error.ts'
import type { Leaf, LeafObject, LeafValue } from './leaf.ts'

/** `p` of `key_bound`: coordinates on P-256, base64url of 32 bytes each, and their RFC 7638 thumbprint. */
export interface AuthorKey {
  readonly key: string
  readonly x: string
  readonly y: string
}

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

/** The act that a signed leaf of this kind answers; no other kind is signed. */
export const SIGNED_ACTS: Readonly<Record<string, string>> = {
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
  conduct_reported: 'conduct-report',
  redaction_requested: 'redaction-request',
  link_shared: 'share-links',
  evidence_supplied: 'evidence',
  message_added: 'messages',
  nudged: 'nudge',
  key_bound: 'device-keys',
}

/** Kinds that mean the same whatever happened since their author looked. */
const TIMELESS = [
  'evidence_supplied',
  'message_added',
  'human_requested',
  'conduct_reported',
  'redaction_requested',
  'rated',
  'link_shared',
  'nudged',
  'key_bound',
]
/** Kinds by which a buyer gives something up. */
const DECISIVE = ['confirmed', 'withdrawn', 'offer_accepted']

/** 32 bytes in the one spelling that base64url has for them. */
const HASH = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/

/** RFC 7638 thumbprint of a P-256 key. */
export const thumbprintOf = (x: string, y: string): string =>
  toBase64url(sha256(utf8(`{"crv":"P-256","kty":"EC","x":"${x}","y":"${y}"}`)))

/** JWS signing input. All values are base64url, nouns or an origin, none of which JSON escapes. */
export const signingInput = (key: string, { act, body, c, origin, seen }: SignedClaim): string => {
  const header = `{"alg":"ES256","kid":"${key}"}`
  const payload = `{"act":"${act}","body":"${body}","c":"${c}","origin":"${origin}","seen":"${seen}"}`
  return `${toBase64url(utf8(header))}.${toBase64url(utf8(payload))}`
}

/** Whether the key made this signature over the claim. False too for a point that is not on the curve. */
export const isSignedBy = async ({ key, x, y }: AuthorKey, claim: SignedClaim, sig: string): Promise<boolean> => {
  try {
    if (thumbprintOf(x, y) !== key) return false
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
    const jwk = { kty: 'EC', crv: 'P-256', x, y }
    const publicKey = await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['verify'])
    return await crypto.subtle.verify(algorithm, publicKey, fromBase64url(sig), utf8(signingInput(key, claim)))
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

const isHash = (value: LeafValue | undefined): value is string => typeof value === 'string' && HASH.test(value)

/** The key that a `key_bound` binds, or null. */
export const boundKeyIn = ({ kind, p: { key, x, y } }: Pick<Leaf, 'kind' | 'p'>): AuthorKey | null =>
  kind === 'key_bound' && isHash(key) && isHash(x) && isHash(y) ? { key, x, y } : null

/** What is wrong with this leaf's signature before the signature itself is computed, and the key to compute it with. */
export const signerOf = (
  leaf: Pick<Leaf, 'kind' | 'by' | 'p'>,
  bound: ReadonlyMap<string, AuthorKey>,
): { problem: string } | { signature: AuthorSignature; key: AuthorKey; act: string } | null => {
  const signature = signatureIn(leaf.p)
  if (signature === undefined) return { problem: 'has a signature that cannot be read' }
  if (signature === null) return leaf.kind === 'key_bound' ? { problem: 'binds a key that did not sign it' } : null
  const act = leaf.by === 'buyer' ? SIGNED_ACTS[leaf.kind] : undefined
  if (act === undefined) return { problem: 'is of a kind that nobody signs' }
  const own = boundKeyIn(leaf)
  if (own !== null && own.key !== signature.key) return { problem: 'binds a key that did not sign it' }
  const key = own ?? bound.get(signature.key)
  return key ? { signature, key, act } : { problem: 'is signed by a key that no step before it binds' }
}

/** A step of the buyer that gives something up, unsigned although a key was bound. */
export const isFinding = ({ kind, by, p }: Pick<Leaf, 'kind' | 'by' | 'p'>, boundKeys: number): boolean =>
  boundKeys > 0 && by === 'buyer' && DECISIVE.includes(kind) && p.signed === undefined

/** Whether this leaf shows that the buyer saw what stood before it: a further key does not, since an operator could bind one. */
export const answersFinding = ({ kind, by, p }: Pick<Leaf, 'kind' | 'by' | 'p'>): boolean =>
  by === 'buyer' && kind !== 'key_bound' && p.signed !== undefined

interface SignedStep {
  readonly leaf: Leaf
  readonly hash: Uint8Array
  readonly disclosures: readonly string[]
}

/** Says which step and why, never what it says. */
export class AuthorError extends LogError {
  override name = 'AuthorError'
}

/** Checks the signatures of a whole chain, each made under its log's origin; throws an AuthorError at the first that is not good. */
export const checkSignatures = async <S extends SignedStep>(steps: readonly S[], originOf: (step: S) => string) => {
  const bound = new Map<string, AuthorKey>()
  const bodies = new Set<string>()
  const counts = { acts: 0, signed: 0, keys: 0, shown: 0 }
  for (const [seq, step] of steps.entries()) {
    const { leaf } = step
    const fail = (problem: string) => new AuthorError(`step ${seq} ${problem}`)
    const signer = signerOf(leaf, bound)
    if (signer !== null && 'problem' in signer) throw fail(signer.problem)
    if (leaf.by === 'buyer' && leaf.kind !== 'key_bound') counts.acts++
    if (signer === null) continue
    const { signature, key, act } = signer
    const { seen, body, sig } = signature
    if (leaf.d[SIGNED_REQUEST] !== body || bodies.has(body))
      throw fail('does not hold the request that was signed, or holds it again')
    const place = steps.slice(0, seq).findLastIndex(({ hash }) => toBase64url(hash) === seen)
    if (place < 0) throw fail('was signed before another step than any of this complaint')
    if (!TIMELESS.includes(leaf.kind) && hasMoved(steps.slice(place, seq)))
      throw fail('was signed before the complaint moved')
    if (!(await isSignedBy(key, { act, body, c: leaf.c ?? '', origin: originOf(step), seen }, sig)))
      throw fail('has a signature that its key did not make')
    if (!saysWhatWasSigned(step)) throw fail('says what its author did not sign')
    bodies.add(body)
    if (step.disclosures.some(text => digestOf(text) === body)) counts.shown++
    if (leaf.kind === 'key_bound') counts.keys = bound.set(key.key, key).size
    else counts.signed++
  }
  return counts
}

const hasMoved = (steps: readonly SignedStep[]): boolean =>
  steps.some(({ leaf }, i) => {
    const before = steps[i - 1]?.leaf
    if (!before) return false
    const isSame = before.state === leaf.state && before.holder === leaf.holder && before.due === leaf.due
    return !isSame || leaf.kind === 'merchant_responded'
  })

/** Whether each text that the step discloses, and each public parameter that an author chooses, is among what was signed. */
const saysWhatWasSigned = ({ leaf, disclosures }: SignedStep): boolean => {
  const own = disclosures.find(text => digestOf(text) === leaf.d[SIGNED_REQUEST])
  if (own === undefined) return true
  const signed = new Set(textsIn(openDisclosure(own).value))
  const shown = disclosures.filter(text => text !== own).map(openDisclosure)
  const texts = shown.filter(({ name }) => !/^file\d+$/.test(name)).flatMap(({ value }) => textsIn(value))
  return [...texts, ...chosenIn(leaf.p)].every(text => signed.has(text))
}

/** Every text, number and flag in a value, as a form would send it; currencies and empty texts apart. */
const textsIn = (value: Json): string[] => {
  if (typeof value !== 'object' || value === null) return value === '' || value === null ? [] : [String(value)]
  return Object.entries(value).flatMap(([name, each]) => (name === 'currency' ? [] : textsIn(each)))
}

const chosenIn = ({ offer, seq, field, score, counter, ground }: LeafObject): string[] => {
  const kind = typeof counter === 'object' && counter !== null ? counter.kind : undefined
  return [offer, seq, field, score, kind, ground === 'other' ? undefined : ground].flatMap(value =>
    typeof value === 'string' || typeof value === 'number' ? [String(value)] : [],
  )
}

/** The steps that are a finding and that no signed act of the buyer followed. */
export const unansweredFindings = (leaves: readonly Pick<Leaf, 'kind' | 'by' | 'p'>[]): number[] => {
  let keys = 0
  let found: number[] = []
  for (const [seq, leaf] of leaves.entries()) {
    if (isFinding(leaf, keys)) found.push(seq)
    else if (answersFinding(leaf)) found = []
    if (leaf.kind === 'key_bound') keys++
  }
  return found
}
