// What an order must meet before it is decided: the head that its caller saw (If-Match), its idempotency key, its signature.

import type { Act } from '../../complaint/command.ts'
import { standingKey } from '../../complaint/complaint.ts'
import { DAY } from '../../complaint/time.ts'
import type { Role } from '../../complaint/words.ts'
import { type AuthorKey, formOf, type SignedClaim, signatureIn } from '../../log/author-signature.ts'
import { toBase64url } from '../../log/encoding.ts'
import { decodeLeaf, type Leaf, merchantTag } from '../../log/leaf.ts'
import { leafHash } from '../../log/tree.ts'
import type { Done, Order, OrderOf, Refused } from '../contract/ledger.ts'
import type { LocalPartyKeys } from '../log/party-keys.ts'
import type { StoredComplaint } from '../storage/complaint-repository.ts'
import type { Store } from '../storage/queries.ts'
import { leafBytes } from '../storage/timeline-reader.ts'
import type { Writes } from '../storage/write-statements.ts'

// Optimistic concurrency: did the complaint move since the step that the caller was shown?

const DESK_WORK: readonly string[] = ['officer_assigned', 'handoff_offered', 'handoff_accepted']

/** Does this step change what `role` would decide: state, holder, due, offer, or (for officers) the desk's own work? */
const moves = (before: Leaf | null, { kind, state, holder, due }: Leaf, role: Role): boolean =>
  before === null ||
  before.state !== state ||
  before.holder !== holder ||
  before.due !== due ||
  kind === 'merchant_responded' ||
  // Assignments and handoffs matter to officers alone.
  ((role === 'platform' || role === 'supervisor') && DESK_WORK.includes(kind))

/** Did a step after the one with this leaf hash move the complaint? An unknown hash counts as older than all. */
export const movedSince = (
  store: Store,
  { chain, head }: StoredComplaint,
  expectedHead: string,
  role: Role,
): boolean => {
  if (expectedHead === head) return false
  let newer: Leaf | null = null
  for (const idx of [...chain].reverse()) {
    const bytes = leafBytes(store, idx)
    const leaf = decodeLeaf(bytes)
    if (newer && moves(leaf, newer, role)) return true
    if (toBase64url(leafHash(bytes)) === expectedHead) return false
    newer = leaf
  }
  return true
}

type Key = NonNullable<Order['idempotency']>

/** Keys are known for one period after their own: for seven days at least, and at most fourteen. */
const PERIOD_DAYS = 7
/** The first day of the period. */
const periodAt = (now: number): number => {
  const day = Math.floor(now / DAY)
  return day - (day % PERIOD_DAYS)
}

/**
 * Idempotency keys: which step an answer was about, and no token or text. Partitioned by time, so that old ones go in one piece and an
 * insert touches recent pages; a look-up costs as much as there are partitions, so these are few.
 */
export class IdempotencyStore {
  readonly #store: Store
  readonly #add: Writes['addOnce']
  /** Nothing older than the period before this one is left. A few records are deleted with each new one: all at once would be a long pause. */
  #sweptFor = 0

  constructor(store: Store, { addOnce }: Pick<Writes, 'addOnce'>) {
    this.#store = store
    this.#add = addOnce
  }

  /** The first answer to this key, or a refusal if it came with another request, or null. */
  find({ key, body }: Key, now: number): Done | Refused | null {
    const period = periodAt(now)
    const found = this.#store.once.get({ period, before: period - PERIOD_DAYS, key })
    if (!found) return null
    return found.body === body ? { id: found.complaint, seq: found.seq, replayed: true } : { refused: 'key_reused' }
  }

  add({ key, body }: Key, now: number, { id, seq }: Done): void {
    const day = periodAt(now)
    if (this.#sweptFor < day && this.#store.forgetOnce.all({ day: day - PERIOD_DAYS }).length === 0)
      this.#sweptFor = day
    this.#add({ day, key, body, complaint: id, seq })
  }
}

// Signatures of authors (docs/log.md, section 11): computed before the transaction, since WebCrypto
// answers later; what depends on the chain is asked inside it.

type Verdict = Extract<Refused['refused'], `signature_${string}`> | null

interface Sight {
  store: Store
  origin: string
  parties: Pick<LocalPartyKeys, 'book' | 'isOwn'>
  /** Of the leaf that would be appended now. */
  index: number
  isSigned(key: AuthorKey, claim: SignedClaim, sig: string): boolean | Promise<boolean>
}

/**
 * Whether a key of the author signed the order, for this log, complaint, act, head and body: one that this complaint binds, or
 * one of the merchant or the platform that its sender registered. A `device-keys` signs for itself.
 */
export const judgeSignature = async <A extends Act>(
  { act, by, body, signed }: OrderOf<A>,
  stored: StoredComplaint,
  { store, origin, parties, index, isSigned }: Sight,
): Promise<Verdict> => {
  const { tag, complaint } = stored
  const isBinding = act === 'device-keys'
  if (!signed) return isBinding ? 'signature_wrong' : null
  const own = body as { key: string; x: string; y: string }
  const ofBuyer = () => (isBinding ? own : complaint.keys.find(each => each.key === signed.key))
  const key = by.role === 'buyer' ? ofBuyer() : partyKey(parties, by.role, stored, signed, index)
  if (!key || key.key !== signed.key) return 'signature_key'
  const { seen } = signed
  const isOfForm = act === 'evidence' && by.role === 'buyer' && seen === formIn(store, stored)
  const claim = { act, body: signed.body, c: isOfForm ? '' : tag, origin, seen }
  return (await isSigned(key, claim, signed.sig)) ? null : 'signature_wrong'
}

/** Of a submission, which binds the key that signed it: over the form that it was written on, since it has no complaint yet. */
export const judgeSubmission = async (
  { body: { device }, signed }: Pick<OrderOf<'submit'>, 'body' | 'signed'>,
  { origin, isSigned }: Pick<Sight, 'origin' | 'isSigned'>,
): Promise<Verdict> => {
  if (!signed && !device) return null
  if (!signed || device?.key !== signed.key) return 'signature_key'
  const claim = { act: 'submit', body: signed.body, c: '', origin, seen: signed.seen }
  return (await isSigned(device, claim, signed.sig)) ? null : 'signature_wrong'
}

const partyKey = (
  parties: Sight['parties'],
  role: string,
  { merchant }: Pick<StoredComplaint, 'merchant'>,
  { key, subject }: { key: string; subject?: string | undefined },
  index: number,
): AuthorKey | null => {
  const m = role === 'merchant' ? merchantTag(merchant) : null
  return parties.isOwn(key, subject) ? parties.book.signer(key, role, m, index) : null
}

/** Inside the transaction: whether the key still stands, and whether the merchant takes this for its own unsigned. */
export const judgeParty = <A extends Act>(
  { by: { role }, signed }: Pick<OrderOf<A>, 'by' | 'signed'>,
  { merchant }: StoredComplaint,
  { parties: { book }, index, tagOf }: Pick<Sight, 'parties' | 'index'> & { tagOf(merchant: string): string },
): 'signature_key' | 'signature_required' | null => {
  if (role === 'buyer' || role === 'system') return null
  const m = role === 'merchant' ? tagOf(merchant) : null
  if (signed) return book.signer(signed.key, role, m, index) ? null : 'signature_key'
  return book.isDemanded(m, index) ? 'signature_required' : null
}

/** Inside the transaction: whether the device's key signs no more. To bind it anew is refused by the act's own rule. */
export const isRetired = <A extends Act>(
  { act, by: { role }, signed }: Pick<OrderOf<A>, 'act' | 'by' | 'signed'>,
  { complaint }: Pick<StoredComplaint, 'complaint'>,
  now: number,
): boolean => {
  const known = role === 'buyer' && act !== 'device-keys' && complaint.keys.some(({ key }) => key === signed?.key)
  return known && signed !== undefined && !standingKey(complaint, signed.key, now)
}

/** The form of the submission, before which the photos that came with it were signed. */
const formIn = (store: Store, { chain }: StoredComplaint): string | null =>
  formOf(decodeLeaf(leafBytes(store, chain[0] ?? -1)))

/**
 * Replay: whether the head that was signed is one of this chain, or the form of its submission, and no leaf behind it used the
 * signature already.
 */
export const judgePlace = (
  store: Store,
  { chain, head }: StoredComplaint,
  { act, signed: { seen, body } }: { act: Act; signed: { seen: string; body: string } },
): Verdict => {
  // As a rule the author saw the newest leaf, and no leaf need be read.
  if (seen === head) return null
  for (const idx of chain.toReversed()) {
    const bytes = leafBytes(store, idx)
    if (toBase64url(leafHash(bytes)) === seen) return null
    const signature = signatureIn(decodeLeaf(bytes).p)
    if (signature?.body === body) return 'signature_used'
    if (idx === chain[0] && act === 'evidence' && signature?.seen === seen) return null
  }
  return 'signature_head'
}
