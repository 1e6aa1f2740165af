import { toBase64url } from '../../log/encoding.ts'
import {
  noteKeyAdded,
  noteKeyIn,
  noteKeyRetired,
  retiredKeyIn,
  type StatementKey,
  statementKeyAdded,
  statementKeyIn,
  statementKeyRetired,
} from '../../log/key-leaf.ts'
import { decodeLeaf, type LeafObject } from '../../log/leaf.ts'
import { formatVerifierKey, parseVerifierKey, type VerifierKey, verifierKey } from '../../log/note.ts'
import { statementKid } from '../../log/statement.ts'
import type { Store } from '../storage/queries.ts'
import { leafBytes } from '../storage/timeline-reader.ts'
import { ownKeys, publicBytes, type Secrets, type SigningKey } from './secrets.ts'

/** The secrets are not those of this log, or its first leaf is not what opens one. */
export class WrongLog extends Error {}

/** What the log's own chain says of a key: the leaf that introduced it, and whether a later one retired it. */
interface Introduced {
  idx: number
  retired: boolean
}
/** A key of ours, `name` being its kid or verifier key. */
interface Own {
  name: string
  key: SigningKey
}
export interface NoteSigner {
  key: VerifierKey
  secret: SigningKey
}
interface KeyChange {
  kind: 'key_added' | 'key_retired'
  p: LeafObject
}

/** Which keys speak for the log: those of the secrets, newest first, as far as its own chain introduced them. */
export class KeyRing {
  readonly #store: Store
  readonly #origin: string
  readonly #ours: readonly SigningKey[]
  #notes: readonly (Own & { vkey: VerifierKey })[] = []
  readonly #statements: readonly Own[]
  #introduced = new Map<string, Introduced>()
  /** Every statement key that the chain ever introduced, in its order. */
  #everIntroduced: StatementKey[] = []
  #predecessors: VerifierKey[] = []

  /** Throws WrongLog if the chain knows none of our keys, or has retired one of them. */
  constructor(store: Store, secrets: Secrets, origin: string) {
    this.#store = store
    this.#origin = origin
    this.#ours = ownKeys(secrets, 'note')
    this.#statements = ownKeys(secrets, 'statement').map(key => ({ name: statementKid(key.x), key }))
    this.reload()
    for (const own of [this.#notes, this.#statements]) this.#requireKnown(own)
  }

  /** Reads the chain again; call after it grew. */
  reload(): void {
    this.#introduced = new Map()
    this.#everIntroduced = []
    this.#predecessors = []
    for (const { idx } of this.#store.logSteps.all()) this.#read(idx)
    // A successor has note keys of its own: no trust policy takes one key under two names (C2SP tlog-policy).
    const before = new Set(this.#predecessors.map(({ publicKey }) => toBase64url(publicKey)))
    this.#notes = this.#ours.flatMap(key => {
      const vkey = verifierKey(this.#origin, publicBytes(key))
      return before.has(key.x) ? [] : [{ name: formatVerifierKey(vkey), key, vkey }]
    })
    // A database that lost everything has no leaf to say whose it is.
    if (this.#introduced.size === 0) this.#presume()
  }

  /** Statement keys for the JWKS: added, never removed. */
  get jwks(): readonly StatementKey[] {
    return this.#everIntroduced
  }

  /** Keys that sign a checkpoint of this size: all of ours that its tree introduces. */
  noteSigners(size: number): NoteSigner[] {
    return this.#within(this.#notes, size).map(({ vkey, key }) => ({ key: vkey, secret: key }))
  }

  /** Verifier keys of the logs that this one continues, newest first: what they signed stays good. */
  get predecessors(): readonly VerifierKey[] {
    return this.#predecessors
  }

  /** Verifier keys that sign now, newest first. */
  get verifierKeys(): VerifierKey[] {
    return this.noteSigners(Number.POSITIVE_INFINITY).map(({ key }) => key)
  }

  /** The newest key of statements that a tree of this size introduces, and by which leaf; null if it introduces none of ours. */
  statementSigner(size: number): { key: SigningKey; leaf: number } | null {
    const [own] = this.#within(this.#statements, size)
    return own ? { key: own.key, leaf: this.#introduced.get(own.name)?.idx ?? 0 } : null
  }

  /** Leaves that a checkpoint must hold before a statement can be made under it. */
  get leavesNeeded(): number {
    const leaves = this.#statements.flatMap(({ name }) => this.#introduced.get(name)?.idx ?? [])
    return Math.min(...leaves) + 1
  }

  /** What the chain does not say yet: keys that are new in the secrets, and keys that are gone from them. */
  changes(): KeyChange[] {
    const ours = new Set([...this.#notes, ...this.#statements].map(({ name }) => name))
    const gone = [...this.#introduced].flatMap(([name, { retired }]) => (retired || ours.has(name) ? [] : [name]))
    const statements = new Set(this.#everIntroduced.map(({ kid }) => kid))
    return [
      ...this.#new(this.#notes).map(({ name }) => added(noteKeyAdded(name))),
      ...this.#new(this.#statements).map(({ key }) => added(statementKeyAdded(key.x))),
      ...gone.map(name => retired(statements.has(name) ? statementKeyRetired(name) : noteKeyRetired(name))),
    ]
  }

  #read(idx: number): void {
    const leaf = decodeLeaf(leafBytes(this.#store, idx))
    const note = noteKeyIn(leaf)
    const statement = statementKeyIn(leaf)
    const gone = this.#introduced.get(retiredKeyIn(leaf) ?? '')
    if (note !== null) this.#introduceNote(note, idx)
    if (statement !== null) {
      if (!this.#introduced.has(statement.kid)) this.#everIntroduced.push(statement)
      // A receipt of a successor rests on its own opening, though the key is an older one.
      this.#introduced.set(statement.kid, { idx, retired: false })
    }
    if (gone) gone.retired = true
  }

  #introduceNote(note: string, idx: number): void {
    const vkey = parseVerifierKey(note)
    if (vkey.name === this.#origin) this.#introduced.set(note, { idx, retired: false })
    else this.#predecessors.unshift(vkey)
  }

  #presume(): void {
    for (const { name } of [...this.#notes, ...this.#statements]) this.#introduced.set(name, { idx: 0, retired: false })
    this.#everIntroduced = this.#statements.map(({ name, key }) => ({ kid: name, x: key.x }))
  }

  #requireKnown(own: readonly Own[]): void {
    const known = own.flatMap(({ name }) => this.#introduced.get(name) ?? [])
    if (known.length === 0) throw new WrongLog('the secrets are not those that opened this log')
    if (known.some(({ retired }) => retired)) throw new WrongLog('the secrets hold a key that this log has retired')
  }

  #within<O extends Own>(own: readonly O[], size: number): O[] {
    return own.filter(({ name }) => (this.#introduced.get(name)?.idx ?? size) < size)
  }

  /** Oldest first: the newest key has the last leaf. */
  #new<O extends Own>(own: readonly O[]): O[] {
    return own.filter(({ name }) => !this.#introduced.has(name)).reverse()
  }
}

const added = (p: LeafObject): KeyChange => ({ kind: 'key_added', p })
const retired = (p: LeafObject): KeyChange => ({ kind: 'key_retired', p })
