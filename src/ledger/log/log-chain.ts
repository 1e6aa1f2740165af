import { toBase64url } from '../../log/encoding.ts'
import type { LeafObject } from '../../log/leaf.ts'
import type { PartyLeaf } from '../../log/party-key.ts'
import { leafHash } from '../../log/tree.ts'
import type { Store } from '../storage/queries.ts'
import { leafBytes } from '../storage/timeline-reader.ts'
import type { LogWriter } from './log-writer.ts'

/** The log's own chain: who it is, its keys, its policies and rules. */
export class LogChain {
  readonly #store: Store
  readonly #writer: LogWriter
  #head: { seq: number; hash: string } | null

  constructor(store: Store, writer: LogWriter) {
    this.#store = store
    this.#writer = writer
    const last = store.lastLogStep.get()
    this.#head = last ? { seq: last.seq, hash: toBase64url(leafHash(leafBytes(store, last.idx))) } : null
  }

  get isEmpty(): boolean {
    return this.#head === null
  }

  /** The instant that a leaf appended now would bear. */
  now(): number {
    return this.#writer.now()
  }

  /** Call inside a transaction. */
  append(
    kind: 'log_opened' | 'key_added' | 'key_retired' | 'policy_adopted' | 'rule_adopted' | PartyLeaf,
    p: LeafObject,
    policy: string | null = null,
  ): { idx: number; hash: string } {
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
    return { idx, hash }
  }
}
