// Appends leaves to the tree: steps of complaints with their disclosures, and the log's own chain.

import { type Fields, SIGNED_REQUEST } from '../../complaint/step.ts'
import { MINUTE } from '../../complaint/time.ts'
import { digestOf, disclose, type Json, SALT_BYTES } from '../../log/disclosure.ts'
import { toBase64url } from '../../log/encoding.ts'
import { type Leaf, type LeafObject, leafScratch } from '../../log/leaf.ts'
import type { PartyLeaf } from '../../log/party-key.ts'
import { Frontier, TILE_WIDTH } from '../../log/tiles.ts'
import { leafHash } from '../../log/tree.ts'
import { BelievedClock, type Clock } from '../clock.ts'
import type { Staged } from '../commands/group-commit.ts'
import type { Store } from '../storage/queries.ts'
import { formatTexts, leafBytes } from '../storage/timeline-reader.ts'
import type { Writes } from '../storage/write-statements.ts'

/** The clock was set back by more than a minute: no honest instant can be written. */
export class ClockBehind extends Error {}
const TOLERATED_MS = MINUTE

interface Appended {
  idx: number
  /** base64url leaf hash. */
  hash: string
  /** Length of what it disclosed, as it is stored. */
  chars: number
}

/** Appends leaves with their disclosures and tiles, inside the caller's transaction. */
export class LogWriter implements Staged {
  readonly #writes: Writes
  readonly #clock: BelievedClock
  readonly #wall: Clock
  readonly #random = randomPool()
  readonly frontier: Frontier
  #lastAt: number

  constructor(store: Store, writes: Writes, clock: Clock, lastAt: number) {
    this.#writes = writes
    this.#wall = clock
    const size = (store.leafCount.get()?.last ?? -1) + 1
    this.frontier = Frontier.from(size, {
      readTile: (level, n) => readFullTile(store, level, n),
      trailing: store.leafRange.all({ from: size - (size % TILE_WIDTH), to: size }).map(row => leafHash(row.bytes)),
    })
    const newest = size > 0 ? store.leaf.get({ idx: size - 1 }) : undefined
    this.#lastAt = Math.max(lastAt, newest ? atOf(newest.bytes) : 0)
    this.#clock = new BelievedClock(clock, this.#lastAt)
  }

  /** Why nothing can be dated at present, or null. */
  get clockFault(): 'clock_ahead' | 'clock_behind' | null {
    if (this.#clock.isAhead) return 'clock_ahead'
    return this.#wall.now() < this.#lastAt - TOLERATED_MS ? 'clock_behind' : null
  }

  /** The instant for what is appended now: never before an earlier leaf or statement. Throws ClockBehind and ClockAhead. */
  now(): number {
    const now = this.#clock.now()
    if (now < this.#lastAt - TOLERATED_MS) throw new ClockBehind('the clock is behind the log')
    return Math.max(now, this.#lastAt)
  }

  /** Promises that no later leaf bears an instant before this one. */
  sealUntil(at: number): void {
    this.#lastAt = Math.max(this.#lastAt, at)
  }

  /** `request` is the disclosure that a step's author made. */
  append(leaf: Omit<Leaf, 'd' | 'v'>, says: Fields = {}, request?: string): Appended {
    const idx = this.frontier.size
    const [d, texts] = this.#disclose(idx, says, request)
    // A shared buffer, valid until the next leaf is encoded: it is hashed and bound to the statement before that.
    const bytes = leafScratch({ ...leaf, v: 1, d })
    return { idx, hash: this.#add(idx, bytes, leaf.at), chars: texts.length }
  }

  /** Appends a leaf that was written before and lost, with what it disclosed. */
  putBack(bytes: Uint8Array, disclosed: readonly (readonly [name: string, disclosure: string])[]): Appended {
    const idx = this.frontier.size
    const texts = formatTexts(disclosed)
    if (texts !== '') this.#writes.addDisclosures({ idx, texts })
    return { idx, hash: this.#add(idx, bytes, atOf(bytes)), chars: texts.length }
  }

  #add(idx: number, bytes: Uint8Array, at: number): string {
    const hash = leafHash(bytes)
    this.#writes.addLeaf({ idx, bytes })
    for (const { level, n, bytes: full } of this.frontier.append(hash)) this.#writes.addTile({ level, n, bytes: full })
    this.#lastAt = Math.max(this.#lastAt, at)
    return toBase64url(hash)
  }

  /** Answers the digests by name, and the texts as they are stored. */
  #disclose(idx: number, says: Fields, request?: string): [Record<string, string>, string] {
    const digests: Record<string, string> = {}
    const disclosed: [string, string][] = []
    for (const name in says) {
      const value = says[name]
      if (value === undefined) continue
      const text = disclose(name, plain(value), this.#random(SALT_BYTES))
      digests[name] = digestOf(text)
      disclosed.push([name, text])
    }
    if (request !== undefined) {
      digests[SIGNED_REQUEST] = digestOf(request)
      disclosed.push([SIGNED_REQUEST, request])
    }
    const texts = formatTexts(disclosed)
    if (texts !== '') this.#writes.addDisclosures({ idx, texts })
    return [digests, texts]
  }

  mark(): () => void {
    const mark = this.frontier.mark()
    return () => this.frontier.rollback(mark)
  }

  adopt(): void {}
}

/** Fields hold JSON values, with `undefined` for what is absent; JSON leaves those out by itself. */
const plain = (value: NonNullable<Fields[string]>): Json => value as Json

const atOf = (bytes: Uint8Array): number => JSON.parse(new TextDecoder().decode(bytes)).at

export const readFullTile = (store: Store, level: number, n: number): Uint8Array => {
  const tile = store.tile.get({ level, n })
  if (!tile) throw new RangeError(`tile ${level}/${n} is missing`)
  return tile.bytes
}

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

const POOLED = 16_384

/** Random bytes, fetched many at a time: a call to the system for each few costs more than hashing them. */
export const randomPool = (): ((length: number) => Uint8Array) => {
  let pool = new Uint8Array(0)
  let used = 0
  return length => {
    if (used + length > pool.length) {
      pool = crypto.getRandomValues(new Uint8Array(POOLED))
      used = 0
    }
    used += length
    return pool.subarray(used - length, used)
  }
}
