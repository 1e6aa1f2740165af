// Keys of merchants and of the platform: the same book that verifiers keep, grown with the log's own chain. Beside the log lies
// what names a person: whose key it is, as a keyed tag, and what its owner calls the device.

import { eq } from 'drizzle-orm'
import { partyKeys } from '../../../db/schema.ts'
import { isSignedBy, thumbprintOf } from '../../log/author-signature.ts'
import { toBase64url } from '../../log/encoding.ts'
import { decodeLeaf, type LeafObject, merchantTag } from '../../log/leaf.ts'
import { isPartyLeaf, type KeyParty, type KeyProblem, PartyBook, type PartyLeaf } from '../../log/party-key.ts'
import { leafHash } from '../../log/tree.ts'
import type { Clock } from '../clock.ts'
import type { Staged } from '../commands/group-commit.ts'
import type {
  KeyChange,
  KeyOwner,
  NewPartyKey,
  PartyKeyLine,
  PartyKeyList,
  PartyKeys,
  SignedByKey,
} from '../contract/party-keys.ts'
import type { Db } from '../host.ts'
import type { Store } from '../storage/queries.ts'
import { leafBytes } from '../storage/timeline-reader.ts'
import { value } from '../storage/write-statements.ts'
import { LogChain, type LogWriter } from './log-writer.ts'
import type { Tagger } from './secrets.ts'

interface PartyKeysDeps {
  db: Db
  store: Store
  writer: LogWriter
  clock: Clock
  tag: Tagger
  origin: string
  /** Runs work in the next group commit; a refusal where the log takes no leaves. */
  write<T>(work: () => T): Promise<T | Extract<KeyChange, { refused: string }>>
}

/** A key for each browser and program, with room for changing them. */
const MOST_STANDING = 20

/** How the ledger says what a verifier would. */
const REFUSALS: Partial<Record<KeyProblem, Extract<KeyChange, { refused: string }>['refused']>> = {
  known: 'key_registered',
  unknown: 'not_found',
  demanded: 'signing_unchanged',
  undemanded: 'signing_unchanged',
  unsigned: 'signature_required',
  foreign: 'signature_key',
  outdated: 'signature_head',
}

interface Change {
  kind: PartyLeaf
  p: LeafObject
  /** Rows beside the log, in the same transaction. */
  also?(): void
}

export class LocalPartyKeys implements PartyKeys, Staged {
  readonly #deps: PartyKeysDeps
  /** Prepared: every signed act asks it. */
  readonly #rows
  #book: PartyBook | null = null
  #isGrown = false

  constructor(deps: PartyKeysDeps) {
    this.#deps = deps
    this.#rows = deps.db
      .select()
      .from(partyKeys)
      .where(eq(partyKeys.key, value('key')))
      .prepare()
  }

  /** What the log says of keys, read when it is first asked for. */
  get book(): PartyBook {
    this.#book ??= readBook(this.#deps.store, this.#deps.origin)
    return this.#book
  }

  /** The log grew elsewhere. */
  forget(): void {
    this.#book = null
  }

  mark(): () => void {
    return () => {
      if (this.#isGrown) this.#book = null
      this.#isGrown = false
    }
  }

  adopt(): void {
    this.#isGrown = false
  }

  /** Whether this key is the sender's of a request: a person by issuer and subject, or a program of the party. */
  isOwn(key: string, subject: string | undefined): boolean {
    return (this.#row(key)?.owner ?? '') === this.#ownerTag(subject)
  }

  async list(owner: KeyOwner): Promise<PartyKeyList> {
    const party = partyOf(owner)
    const { book } = this
    const keys = party.m === null ? [...book.keys()].filter(({ m }) => m === null) : book.keysOf(party.m)
    const lines = keys.map(({ key, y, role, from, until }): PartyKeyLine => {
      const row = this.#row(key)
      const own = role === owner.role && (row?.owner ?? '') === this.#ownerTag(owner.subject)
      const alg = y === undefined ? 'EdDSA' : 'ES256'
      return {
        key,
        alg,
        role,
        label: row?.label ?? '',
        addedAt: row?.createdAt ?? null,
        own,
        retired: until !== null,
        leaf: from,
        credential: row?.credential ?? null,
      }
    })
    return {
      keys: lines.toReversed(),
      required: book.isDemanded(party.m, this.#deps.writer.frontier.size),
      origin: this.#deps.origin,
      party: party.m ?? party.role,
      seen: book.newest(party.m),
    }
  }

  async add(owner: KeyOwner, { x, y, label, sig, voucher, credential }: NewPartyKey): Promise<KeyChange> {
    const key = thumbprintOf(x, y)
    const { keys } = await this.list(owner)
    const standing = keys.filter(each => each.own && !each.retired)
    if (standing.some(each => each.key === key)) return { done: true }
    if (standing.length >= MOST_STANDING) return { refused: 'too_many_keys' }
    const p = {
      ...nameOf(partyOf(owner)),
      key,
      x,
      ...(y !== undefined && { y }),
      sig,
      ...(voucher && { voucher: { ...voucher } }),
    }
    const row = {
      key,
      owner: this.#ownerTag(owner.subject),
      label,
      credential: credential ?? null,
      createdAt: this.#deps.clock.now(),
    }
    return this.#change({
      kind: 'party_key_added',
      p,
      also: () => void this.#deps.db.insert(partyKeys).values(row).run(),
    })
  }

  async retire(owner: KeyOwner, key: string, signed?: SignedByKey): Promise<KeyChange> {
    const line = (await this.list(owner)).keys.find(each => each.key === key)
    if (!line) return { refused: 'not_found' }
    const isTheirs = owner.role === 'merchant' || owner.role === 'supervisor' || owner.subject === undefined || line.own
    if (!isTheirs) return { refused: 'not_yours' }
    if (line.retired) return { done: true }
    const party = { ...partyOf(owner), role: line.role }
    return this.#change({
      kind: 'party_key_retired',
      p: { ...nameOf(party), key, ...(signed && { signed: { ...signed } }) },
    })
  }

  async require(owner: KeyOwner, required: boolean, signed?: SignedByKey): Promise<KeyChange> {
    const party = partyOf(owner)
    if (party.m === null) return { refused: 'not_yours' }
    const seen = this.book.newest(party.m)
    const p = { ...nameOf(party), ...(signed && { signed: { ...signed, seen } }) }
    return this.#change({ kind: required ? 'signing_demanded' : 'signing_released', p })
  }

  /** As a verifier would take it: once before the signatures are computed, and once where it is appended. */
  async #change(change: Change): Promise<KeyChange> {
    const { origin, writer, write, store } = this.#deps
    const trial = new PartyBook(this.book.memory)
    const proofs = trial.take(change, { index: writer.frontier.size, hash: '', origin, isWhole: true })
    if (typeof proofs === 'string') return { refused: REFUSALS[proofs] ?? 'signature_wrong' }
    for (const { key, claim, sig } of proofs)
      if (!(await isSignedBy(key, claim, sig))) return { refused: 'signature_wrong' }
    return write((): KeyChange => {
      const index = writer.frontier.size
      const { book } = this
      this.#isGrown = true
      const problem = book.take(change, { index, hash: '', origin, isWhole: true })
      if (typeof problem === 'string') {
        // The book may have taken a part of it.
        this.#book = null
        return { refused: REFUSALS[problem] ?? 'signature_wrong' }
      }
      const { hash } = new LogChain(store, writer).append(change.kind, change.p)
      book.note(change.p, hash)
      change.also?.()
      return { done: true }
    })
  }

  #ownerTag(subject: string | undefined): string {
    return subject === undefined ? '' : this.#deps.tag('key owner', subject)
  }

  #row(key: string) {
    return this.#rows.get({ key })
  }
}

const readBook = (store: Store, origin: string): PartyBook => {
  const book = new PartyBook()
  for (const { idx } of store.logSteps.all()) {
    const bytes = leafBytes(store, idx)
    const leaf = decodeLeaf(bytes)
    if (isPartyLeaf(leaf)) book.take(leaf, { index: idx, hash: toBase64url(leafHash(bytes)), origin, isWhole: true })
  }
  return book
}

const partyOf = ({ role, merchant }: KeyOwner): KeyParty => ({
  role,
  m: role === 'merchant' ? merchantTag(merchant ?? '') : null,
})

const nameOf = ({ role, m }: KeyParty): LeafObject => (m === null ? { role } : { role, m })
