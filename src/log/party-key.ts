/**
 * Keys of merchants and of the platform (docs/log.md, sections 4 and 11): leaves of the log's own chain introduce and retire
 * them, and say whether a merchant takes nothing unsigned for its own. A person is named in none of them.
 */

import { type AuthorKey, actBehind, isHash, type SignedClaim, signatureIn, thumbprintOf } from './author-signature.ts'
import { isMerchantTag, type Leaf, type LeafObject, type LeafValue } from './leaf.ts'

const PARTY_ROLES = ['merchant', 'platform', 'supervisor'] as const

/** Who a key is of: a role, and of a merchant its tag (`merchantTag`). */
export interface KeyParty {
  readonly role: (typeof PARTY_ROLES)[number]
  readonly m: string | null
}

/** What a party signs about its keys, by the kind of the leaf. */
const KEY_ACTS = {
  party_key_added: 'party-keys',
  party_key_retired: 'party-key-retirements',
  signing_demanded: 'signing-demands',
  signing_released: 'signing-releases',
} as const
export type PartyLeaf = keyof typeof KEY_ACTS

interface KeyClaim {
  party: KeyParty
  /** The key that is added or retired; of a demand and its release the one that signs. */
  key: string
  origin: string
  /** Of a demand and its release: hash of the newest leaf of the log about this merchant's keys. Else empty. */
  seen?: string
}

/** What is signed, in the form of an act. A key is offered to any log: whose it is does not depend on a shard. */
export const keyClaim = (kind: PartyLeaf, { party, key, origin, seen = '' }: KeyClaim): SignedClaim => ({
  act: KEY_ACTS[kind],
  body: key,
  c: party.m ?? party.role,
  origin: kind === 'party_key_added' ? '' : origin,
  seen,
})

/** A signature that a leaf needs: by this key, over this claim. */
export interface KeyProof {
  readonly key: AuthorKey
  readonly claim: SignedClaim
  readonly sig: string
}

/** Leaf indices: behind the first, and before the second. */
interface Standing {
  readonly from: number
  until: number | null
}
type BookedKey = AuthorKey & KeyParty & Standing
type Demand = Standing & { readonly m: string }
export interface PartyMemory {
  readonly keys: readonly BookedKey[]
  readonly demands: readonly Demand[]
  /** Base64url hash of the newest leaf about the keys of each merchant. */
  readonly newest: readonly (readonly [m: string, hash: string])[]
}

/** Where the leaf stands. `isWhole`: the book has every leaf of keys before it; what a receipt lacks is left to monitors. */
interface At {
  readonly index: number
  readonly hash: string
  readonly origin: string
  readonly isWhole: boolean
}
/** What can be wrong with a leaf about keys. */
export const KEY_PROBLEMS = {
  nobody: 'names no party',
  improper: 'introduces no proper key',
  known: 'introduces a key once more',
  unknown: 'retires a key that is not in use',
  demanded: 'demands once more, or for nobody',
  undemanded: 'releases what was not demanded',
  unsigned: 'is unsigned, of a merchant who demands signatures',
  unreadable: 'has a signature that cannot be read',
  foreign: "is signed by a key that was not its party's then",
  outdated: 'was signed before another leaf about these keys',
} as const
export type KeyProblem = keyof typeof KEY_PROBLEMS

/** What is wrong with a leaf, or the signatures that it needs. */
type Taken = KeyProblem | KeyProof[]

/** What the leaves of keys say, in their order: all of a log's, or those that a receipt brings. */
export class PartyBook {
  readonly #keys = new Map<string, BookedKey>()
  readonly #byParty = new Map<string, BookedKey[]>()
  readonly #demands = new Map<string, Demand[]>()
  readonly #newest: Map<string, string>

  constructor({ keys, demands, newest }: PartyMemory = { keys: [], demands: [], newest: [] }) {
    for (const key of keys) this.#addKey({ ...key })
    for (const demand of demands) push(this.#demands, demand.m, { ...demand })
    this.#newest = new Map(newest)
  }

  get memory(): PartyMemory {
    return { keys: [...this.#keys.values()], demands: [...this.#demands.values()].flat(), newest: [...this.#newest] }
  }

  /** Takes the next leaf about keys. */
  take({ kind, p }: Pick<Leaf, 'kind' | 'p'>, at: At): Taken {
    const party = partyIn(p)
    if (party === null) return 'nobody'
    const taken = this.#take(kind, p, party, at)
    this.note(p, at.hash)
    return taken
  }

  /** The hash of a leaf that was taken before it was known. */
  note({ m }: LeafObject, hash: string): void {
    if (typeof m === 'string') this.#newest.set(m, hash)
  }

  /** The key by which a party could sign this leaf; null where it was none of theirs then. `m` is null where that is not public. */
  signer(key: string, role: string, m: string | null, index: number): AuthorKey | null {
    const found = this.#keys.get(key)
    if (found?.role !== role || !stands(found, index)) return null
    return found.m === null || m === null || found.m === m ? found : null
  }

  /** An unsigned step that came while a key of its merchant stood, or one of its role on the platform: whose, no leaf tells. */
  isUnsignedThough(leaf: Pick<Leaf, 'kind' | 'by' | 'p'>, m: string | null, index: number): boolean {
    return this.#keyUnused(leaf, m, index) !== undefined
  }

  #keyUnused(leaf: Pick<Leaf, 'kind' | 'by' | 'p'>, m: string | null, index: number): BookedKey | undefined {
    if (!isUnsigned(leaf)) return undefined
    return this.keysOf(leaf.by === 'merchant' ? m : leaf.by).find(each => stands(each, index))
  }

  /** Keys of a merchant (by its tag) or of a role of the platform, standing and retired. */
  keysOf(party: string | null): readonly BookedKey[] {
    return (party !== null && this.#byParty.get(party)) || []
  }

  keys(): Iterable<BookedKey> {
    return this.#keys.values()
  }

  isDemanded(m: string | null, index: number): boolean {
    return m !== null && (this.#demands.get(m) ?? []).some(each => stands(each, index))
  }

  /** Hash of the newest leaf about a merchant's keys; empty without one. */
  newest(m: string | null): string {
    return (m !== null && this.#newest.get(m)) || ''
  }

  /** Indices of the leaves that a receipt of these steps needs: of keys that signed, of one that could have, and of a merchant's demands. */
  leavesFor(steps: readonly { leaf: Pick<Leaf, 'kind' | 'by' | 'p'>; index: number }[], m: string | null): number[] {
    const keys = steps.flatMap(({ leaf, index }) => {
      const used = leaf.by === 'buyer' ? undefined : signatureIn(leaf.p)?.key
      return (used === undefined ? this.#keyUnused(leaf, m, index) : this.#keys.get(used)) ?? []
    })
    const ends = [...keys, ...((m !== null && this.#demands.get(m)) || [])]
    const indices = ends.flatMap(({ from, until }) => (until === null ? [from] : [from, until]))
    return [...new Set(indices)].sort((a, b) => a - b)
  }

  /** An unsigned step of a merchant that came while it took nothing unsigned for its own. */
  isDisowned(leaf: Pick<Leaf, 'kind' | 'by' | 'p'>, m: string | null, index: number): boolean {
    return leaf.by === 'merchant' && isUnsigned(leaf) && this.isDemanded(m, index)
  }

  #take(kind: string, p: LeafObject, party: KeyParty, at: At): Taken {
    if (kind === 'party_key_added') return this.#add(p, party, at)
    if (kind === 'party_key_retired') return this.#retire(p, party, at)
    return kind === 'signing_demanded' ? this.#demand(p, party, at) : this.#release(p, party, at)
  }

  #add(p: LeafObject, party: KeyParty, at: At): Taken {
    const key = keyIn(p)
    if (key === null || typeof p.sig !== 'string') return 'improper'
    if (this.#keys.has(key.key)) return 'known'
    const claim = keyClaim('party_key_added', { party, key: key.key, origin: at.origin })
    const vouched = this.#signed(p.voucher, party, at, () => claim)
    if (typeof vouched === 'string') return vouched
    this.#addKey({ ...key, ...party, from: at.index, until: null })
    return [{ key, claim, sig: p.sig }, ...vouched]
  }

  #retire(p: LeafObject, party: KeyParty, at: At): Taken {
    const known = typeof p.key === 'string' ? this.#keys.get(p.key) : undefined
    if (known?.until !== null || known.role !== party.role || known.m !== party.m) return 'unknown'
    const signed = this.#signed(p.signed, party, at, () =>
      keyClaim('party_key_retired', { party, key: known.key, origin: at.origin }),
    )
    if (typeof signed !== 'string') known.until = at.index
    return signed
  }

  #demand(p: LeafObject, party: KeyParty, at: At): Taken {
    if (party.m === null || (at.isWhole && this.isDemanded(party.m, at.index))) return 'demanded'
    if (p.signed === undefined) return 'unsigned'
    const signed = this.#signed(p.signed, party, at, this.#fresh('signing_demanded', party, at))
    if (typeof signed !== 'string') push(this.#demands, party.m, { m: party.m, from: at.index, until: null })
    return signed
  }

  #release(p: LeafObject, party: KeyParty, at: At): Taken {
    const standing = this.#demands.get(party.m ?? '')?.find(({ until }) => until === null)
    if (standing === undefined) return 'undemanded'
    // A merchant that has lost every key is released unsigned, in everybody's sight.
    const signed = this.#signed(p.signed, party, at, this.#fresh('signing_released', party, at), false)
    if (typeof signed !== 'string') standing.until = at.index
    return signed
  }

  #addKey(key: BookedKey): void {
    this.#keys.set(key.key, key)
    push(this.#byParty, key.m ?? key.role, key)
  }

  /** Replay: such a signature was made in sight of all that was said of these keys before. */
  #fresh(kind: PartyLeaf, party: KeyParty, { origin, isWhole }: At) {
    const newest = this.#newest.get(party.m ?? '')
    return (key: string, seen: LeafValue | undefined) =>
      typeof seen !== 'string' || (isWhole && seen !== newest) ? null : keyClaim(kind, { party, key, origin, seen })
  }

  /** The proof in a member of a leaf; none where there is no such member, or why it will not do. */
  #signed(
    member: LeafValue | undefined,
    party: KeyParty,
    { index, isWhole }: At,
    claimOf: (key: string, seen: LeafValue | undefined) => SignedClaim | null,
    isNeeded = this.isDemanded(party.m, index),
  ): Taken {
    if (member === undefined) return isNeeded && isWhole ? 'unsigned' : []
    if (!isObject(member) || typeof member.key !== 'string' || typeof member.sig !== 'string') return 'unreadable'
    const key = this.signer(member.key, party.role, party.m, index)
    if (key === null) return isWhole ? 'foreign' : []
    const claim = claimOf(key.key, member.seen)
    return claim === null ? 'outdated' : [{ key, claim, sig: member.sig }]
  }
}

export const isPartyLeaf = ({ c, kind }: Pick<Leaf, 'c' | 'kind'>): boolean =>
  c === null && Object.hasOwn(KEY_ACTS, kind)

/** Whose keys a leaf is about; null where it names no party that could be. */
export const partyIn = ({ role, m }: LeafObject): KeyParty | null => {
  const known = PARTY_ROLES.find(each => each === role)
  if (known === undefined || (known === 'merchant') !== (m !== undefined)) return null
  if (m === undefined) return { role: known, m: null }
  return isMerchantTag(m) ? { role: known, m } : null
}

/** The key that a `party_key_added` introduces, or null where its thumbprint is another's. */
export const keyIn = ({ key, x, y }: LeafObject): AuthorKey | null => {
  if (!isHash(key) || !isHash(x) || (y !== undefined && !isHash(y))) return null
  return thumbprintOf(x, y) === key ? { key, x, ...(y !== undefined && { y }) } : null
}

const isObject = (value: LeafValue | undefined): value is LeafObject => typeof value === 'object' && value !== null

const push = <T>(lists: Map<string, T[]>, name: string, item: T): void => {
  const list = lists.get(name)
  if (list) list.push(item)
  else lists.set(name, [item])
}

const stands = ({ from, until }: Standing, index: number): boolean => from < index && (until === null || index < until)

const isUnsigned = (leaf: Pick<Leaf, 'kind' | 'by' | 'p'>): boolean =>
  leaf.by !== 'buyer' && leaf.p.signed === undefined && actBehind(leaf) !== undefined
