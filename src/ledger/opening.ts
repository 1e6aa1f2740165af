import { sha256 } from '@noble/hashes/sha2.js'
import * as v from 'valibot'
import { type Policy, PolicySchema } from '../complaint/policy.ts'
import { parseCheckpoint } from '../log/checkpoint.ts'
import { equalBytes, toBase64url, utf8 } from '../log/encoding.ts'
import { logOpened, noteKeyIn, originIn, statementKeyIn } from '../log/key-leaf.ts'
import { decodeLeaf, type LeafObject } from '../log/leaf.ts'
import { formatVerifierKey, parseNote, type VerifierKey, verifierKey } from '../log/note.ts'
import { rootAt } from '../log/tiles.ts'
import { leafHash } from '../log/tree.ts'
import { leafBytes } from './entries.ts'
import type { Host } from './host.ts'
import type { LogWriter } from './log-writer.ts'
import { publicBytes, tileReader } from './published-log.ts'
import type { Secrets } from './secrets.ts'
import type { Store } from './store.ts'

/** The secrets are not those of this log, or its first leaf is not what opens one. */
export class WrongLog extends Error {}

/** The log's own chain: who it is, its keys and its policies. */
export class LogChain {
  readonly #store: Store
  readonly #writer: LogWriter
  #head: { seq: number; hash: string } | null

  constructor(store: Store, writer: LogWriter) {
    this.#store = store
    this.#writer = writer
    const last = store.logSteps.all().at(-1)
    this.#head = last ? { seq: last.seq, hash: toBase64url(leafHash(leafBytes(store, last.idx))) } : null
  }

  get isEmpty(): boolean {
    return this.#head === null
  }

  /** Call inside a transaction. */
  append(kind: 'log_opened' | 'key_added' | 'policy_adopted', p: LeafObject, policy: string | null = null): void {
    const at = this.#writer.now()
    const seq = (this.#head?.seq ?? -1) + 1
    const nobody = { who: null, state: null, holder: null, due: null, rule: null }
    const prev = this.#head?.hash ?? null
    const { idx, hash } = this.#writer.append({
      c: null,
      seq,
      prev,
      at,
      on: at,
      kind,
      by: 'system',
      auto: true,
      ...nobody,
      policy,
      p,
    })
    this.#store.addLogStep.run({ seq, idx })
    this.#head = { seq, hash }
  }
}

export interface Identity {
  origin: string
  key: VerifierKey
  keyLeaf: number
}

/** Opens a new log under `origin`, or reads whose it is from leaf 0. Throws WrongLog if the secrets are another's. */
export const identify = (store: Store, chain: LogChain, secrets: Secrets, origin: string): Identity => {
  if (chain.isEmpty) {
    const vkey = formatVerifierKey(verifierKey(origin, publicBytes(secrets.note)))
    chain.append('log_opened', logOpened(origin, vkey, secrets.statement.x))
  }
  const first = decodeLeaf(leafBytes(store, 0))
  const named = originIn(first)
  if (named === null) throw new WrongLog('leaf 0 does not open a log')
  const key = verifierKey(named, publicBytes(secrets.note))
  if (noteKeyIn(first) !== formatVerifierKey(key) || statementKeyIn(first)?.x !== secrets.statement.x) {
    throw new WrongLog('the secrets are not those that opened this log')
  }
  return { origin: named, key, keyLeaf: 0 }
}

/** A policy document as stored and hashed: its JSON without white space, names in the order of the file. */
export const readPolicy = (document: unknown): { policy: Policy; text: string } => {
  const parsed = v.parse(PolicySchema, document)
  const text = JSON.stringify(document)
  return { policy: { ...parsed, hash: toBase64url(sha256(utf8(text))) }, text }
}

/** All policies that complaints may be pinned to; adopts the one in force if it is new. */
export const adoptPolicy = (store: Store, chain: LogChain, inForce: unknown): Map<string, Policy> => {
  const { policy, text } = readPolicy(inForce)
  const known = new Map(
    store.policies.all().map(row => [row.hash, readPolicy(JSON.parse(row.document)).policy] as const),
  )
  if (!known.has(policy.hash)) {
    store.addPolicy.run({ hash: policy.hash, document: text })
    chain.append('policy_adopted', { name: policy.name }, policy.hash)
    known.set(policy.hash, policy)
  }
  return known
}

/** Why this database is not what was published last, or null: a restored backup would be a fork of the log. */
export const forkOf = (host: Host, store: Store, writer: LogWriter): string | null => {
  const note = host.note.read()
  if (note === null) return null
  const { size, root } = parseCheckpoint(parseNote(note).text)
  if (size > writer.frontier.size) {
    return `this database holds ${writer.frontier.size} leaves, but a checkpoint of ${size} was published: a restored backup?`
  }
  const ours = size === 0 ? null : rootAt(size, tileReader(store, writer))
  return ours === null || equalBytes(ours, root) ? null : `leaves before ${size} are not those that were published`
}
