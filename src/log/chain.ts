/** A chain: the leaves of one complaint, or the log's own, in the order in which they were appended; and the signatures of authors in it. */

import {
  actBehind,
  answersFinding,
  type BoundKey,
  boundKeyIn,
  formOf,
  isFinding,
  isOnForm,
  isSignedBy,
  keysAfter,
  SIGNED_REQUEST,
  signerOf,
  TIMELESS,
  wrongRetirement,
} from './author-signature.ts'
import { digestOf, type Json, openDisclosure } from './disclosure.ts'
import { toBase64url } from './encoding.ts'
import { LogError } from './error.ts'
import type { Leaf, LeafObject } from './leaf.ts'
import type { PartyBook } from './party-key.ts'

export interface Link {
  readonly leaf: Leaf
  /** Its leaf hash. */
  readonly hash: Uint8Array
  /** Its index in the tree. */
  readonly index: number
}

/** All that the next leaf of a chain is checked against. */
export interface ChainEnd {
  readonly seq: number
  /** Base64url leaf hash. */
  readonly hash: string
  readonly index: number
}

/** What keeps `next` from being the leaf after `last` (null before the first), or null when nothing does. */
export function breakBetween(last: Link | null, next: Omit<Link, 'hash'>): string | null {
  if (last === null) return breakAfter(null, next.leaf, next.index)
  if (next.leaf.c !== last.leaf.c) return 'a leaf of another chain'
  return breakAfter({ seq: last.leaf.seq, hash: toBase64url(last.hash), index: last.index }, next.leaf, next.index)
}

/** The same where the chain's `c` is known to be the leaf's. */
export function breakAfter(last: ChainEnd | null, leaf: Pick<Leaf, 'seq' | 'prev'>, index: number): string | null {
  if (last === null) {
    if (leaf.seq !== 0) return 'the chain does not start at 0'
    return leaf.prev === null ? null : 'the first leaf names one before it'
  }
  if (leaf.seq !== last.seq + 1) return `${leaf.seq} follows ${last.seq}`
  if (leaf.prev !== last.hash) return `${leaf.seq} does not name the hash of ${last.seq}`
  return index > last.index ? null : `${leaf.seq} stands before ${last.seq} in the tree`
}

// Signatures of authors in a whole chain (docs/log.md, section 11): each is good, none is used twice, each was made in sight of the
// chain, and what a step says is what its author signed.

interface SignedStep {
  readonly leaf: Leaf
  /** In the tree. */
  readonly index: number
  readonly hash: Uint8Array
  readonly disclosures: readonly string[]
}

/** Says which step and why, never what it says. */
export class AuthorError extends LogError {
  override name = 'AuthorError'
}

/** Checks the signatures of a whole chain, each made under its log's origin; throws an AuthorError at the first that is not good. */
export const checkSignatures = async <S extends SignedStep>(
  steps: readonly S[],
  originOf: (step: S) => string,
  parties: PartyBook,
) => {
  const m = merchantIn(steps)
  let bound: ReadonlyMap<string, BoundKey> = new Map()
  const bodies = new Set<string>()
  const counts = { acts: 0, signed: 0, keys: 0, shown: 0, others: 0, signedByOthers: 0, unsignedThough: 0 }
  for (const [seq, step] of steps.entries()) {
    const { leaf, index } = step
    const fail = (problem: string) => new AuthorError(`step ${seq} ${problem}`)
    const known = bound
    const strange = wrongRetirement(known, leaf)
    if (strange !== null) throw fail(strange)
    bound = keysAfter(known, leaf)
    counts.keys = bound.size
    const signer = signerOf(leaf, known, key => parties.signer(key, leaf.by, m, index))
    if (signer !== null && 'problem' in signer) throw fail(signer.problem)
    if (leaf.by === 'buyer' && leaf.kind !== 'key_bound') counts.acts++
    if (leaf.by !== 'buyer' && actBehind(leaf) !== undefined) counts.others++
    if (parties.isUnsignedThough(leaf, m, index)) counts.unsignedThough++
    if (signer === null) continue
    const { signature, key, act } = signer
    const { seen, body, sig } = signature
    if (leaf.d[SIGNED_REQUEST] !== body || bodies.has(body))
      throw fail('does not hold the request that was signed, or holds it again')
    // Before there was a complaint its author saw the form, which no leaf shows.
    const isBefore = isOnForm(leaf.kind, seen, formOf(steps[0]?.leaf))
    const place = isBefore ? 0 : steps.slice(0, seq).findLastIndex(({ hash }) => toBase64url(hash) === seen)
    if (place < 0) throw fail('was signed before another step than any of this complaint')
    if (!TIMELESS.includes(leaf.kind) && hasMoved(steps.slice(place, seq)))
      throw fail('was signed before the complaint moved')
    if (!(await isSignedBy(key, { act, body, c: isBefore ? '' : (leaf.c ?? ''), origin: originOf(step), seen }, sig)))
      throw fail('has a signature that its key did not make')
    if (!isAsSigned(step)) throw fail('says what its author did not sign')
    bodies.add(body)
    if (step.disclosures.some(text => digestOf(text) === body)) counts.shown++
    if (leaf.by !== 'buyer') counts.signedByOthers++
    else if (leaf.kind !== 'key_bound') counts.signed++
  }
  return counts
}

/** The merchant's tag of a chain, or null in one of a policy without an index of merchants. */
export const merchantIn = ([first]: readonly Pick<SignedStep, 'leaf'>[]): string | null =>
  typeof first?.leaf.p.m === 'string' ? first.leaf.p.m : null

const hasMoved = (steps: readonly SignedStep[]): boolean =>
  steps.some(({ leaf }, i) => {
    const before = steps[i - 1]?.leaf
    if (!before) return false
    const isSame = before.state === leaf.state && before.holder === leaf.holder && before.due === leaf.due
    return !isSame || leaf.kind === 'merchant_responded'
  })

/** Names of people, which the server writes in one spelling, and files, which stand in the leaf as they were stored. */
const OTHERS_WRITE = /^(file\d+|operator|officer)$/
/** Of a submission what its form showed or asked for; the rest is the shop's word, or the log's. */
const SUBMITTED = ['orderId', 'item', 'merchantName', 'statement', 'remedySoughtAmount']

const isAsSigned = ({ leaf, disclosures }: SignedStep): boolean => {
  const own = disclosures.find(text => digestOf(text) === leaf.d[SIGNED_REQUEST])
  if (own === undefined) return true
  const shown = disclosures.filter(text => text !== own).map(openDisclosure)
  const fields = shown.map(({ name, value }) => [name, value] as const)
  return saysWhatWasSigned(leaf, fields, openDisclosure(own).value)
}

/** Whether each text of a step, and each public parameter that an author chooses, is among what was signed. */
export const saysWhatWasSigned = (
  { kind, by, p }: Pick<Leaf, 'kind' | 'by' | 'p'>,
  fields: readonly (readonly [name: string, value: Json])[],
  request: Json,
): boolean => {
  const signed = new Set(textsIn(request))
  const isOwn =
    kind === 'submitted' ? (name: string) => SUBMITTED.includes(name) : (name: string) => !OTHERS_WRITE.test(name)
  const texts = fields.filter(([name]) => isOwn(name)).flatMap(([, value]) => textsIn(value))
  const { seq, field } = p
  // A form may name a step and its field in one.
  const chosen = signed.has(`${seq}.${field}`) ? [] : [seq, field]
  const more =
    by === 'buyer' ? [...chosenByBuyer(p), kind === 'key_retired' ? p.key : undefined] : chosenByParty(kind, p)
  const isSaid = [...texts, ...stringsIn([...chosen, ...more])].every(text => signed.has(text))
  return isSaid && (by === 'buyer' || isOfSignedInstant(p, signed))
}

/** Every text, number and flag in a value, as a form would send it; currencies and empty texts apart. */
const textsIn = (value: Json): string[] => {
  if (typeof value !== 'object' || value === null)
    return value === '' || (value ?? null) === null ? [] : [String(value)]
  return Object.entries(value).flatMap(([name, each]) => (name === 'currency' ? [] : textsIn(each)))
}

type Chosen = readonly (LeafObject[string] | undefined)[]

const stringsIn = (values: Chosen): string[] =>
  values.flatMap(value => (typeof value === 'string' || typeof value === 'number' ? [String(value)] : []))

/** Which offer is accepted follows from what was seen: a newer one moves the complaint. */
const chosenByBuyer = ({ score, solved, counter, ground, category, remedySought }: LeafObject): Chosen => [
  category,
  isObject(remedySought) ? remedySought.kind : undefined,
  score,
  typeof solved === 'boolean' ? (solved ? 'yes' : 'no') : undefined,
  isObject(counter) ? counter.kind : undefined,
  ground === 'other' ? undefined : ground,
]

/** What a merchant or an officer chooses. */
const chosenByParty = (kind: string, p: LeafObject): Chosen => {
  const { ground, outcome, from } = p
  // Rule 11: an apology where money was sought is recorded as a rejection of ground `other`.
  const answer = p.answer === 'reject' && ground === 'other' ? undefined : p.answer
  // A merchant's offer is owed by the merchant, whatever was sent.
  const isRuled = kind === 'ruled' || kind === 'appeal_ruled'
  const terms = [p.offer, p.remedy].flatMap(each => (isObject(each) ? [each] : []))
  const ofTerms = terms.flatMap(each => [each.kind, each.freightPaidBy, isRuled ? each.owedBy : undefined])
  const isDeskChosen = kind === 'officer_assigned' || kind === 'handoff_offered'
  const desk = isDeskChosen && typeof p.desk === 'string' ? decodeURIComponent(p.desk) : undefined
  const asked = kind === 'statement_requested' ? p.party : undefined
  return [answer, ground === 'other' ? undefined : ground, outcome, from, asked, desk, ...ofTerms]
}

const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/

/** Of promised and ruled instants: one that was signed. A form may tell day and hour apart, and has none then. */
const isOfSignedInstant = (p: LeafObject, signed: ReadonlySet<string>): boolean => {
  const instants = [...signed].filter(text => INSTANT.test(text)).map(text => Date.parse(text))
  const said = [p.due, p.until, isObject(p.offer) && p.offer.by, isObject(p.remedy) && p.remedy.by]
  return instants.length === 0 || said.every(at => typeof at !== 'number' || instants.includes(at))
}

const isObject = (value: LeafObject[string] | undefined): value is LeafObject =>
  typeof value === 'object' && value !== null

/** The steps that are a finding and that no signed act of the buyer followed. */
export const unansweredFindings = (leaves: readonly Pick<Leaf, 'kind' | 'by' | 'p'>[]): number[] => {
  let keys = 0
  let found: number[] = []
  for (const [seq, leaf] of leaves.entries()) {
    if (isFinding(leaf, keys)) found.push(seq)
    else if (answersFinding(leaf)) found = []
    if (boundKeyIn(leaf)) keys++
  }
  return found
}
