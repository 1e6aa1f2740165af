// Witnesses (C2SP tlog-witness, tlog-cosignature): what they cosigned, and whether anything may be written before they have.

import { MINUTE } from '../../complaint/time.ts'
import { cosignatureTime, parseSignatures } from '../../log/note.ts'
import { consistencyProof, type ReadTile } from '../../log/tiles.ts'
import { quorumMet, type TrustPolicy } from '../../log/trust.ts'
import { WitnessPool } from '../../witness/pool.ts'
import type { Fetch, WitnessConfig } from '../../witness/submit.ts'
import type { Clock } from '../clock.ts'
import type { Store } from '../storage/queries.ts'
import { ClockBehind } from './log-writer.ts'
import type { Published, Signer } from './signer.ts'

interface WitnessGateOptions {
  config: WitnessConfig
  fetch: Fetch
  clock: Clock
  signer: Signer
  readTile: ReadTile
  cosignatures: Cosignatures
  /** Why this database is not what was published, or null. */
  fork: string | null
  /** Puts in force what had to wait for the witnesses. May reject, and is tried again. */
  admit(): Promise<void>
  /** The shortest time between two rounds. */
  everyMs: number
  timeoutMs: number
}

const WAITING = 'waiting for witnesses'

/** Nothing is written to this ledger; the message says why. */
export class ReadOnly extends Error {}

/**
 * Whether anything may be written, as far as those know who saw the log before: its last checkpoint, kept beside the
 * database, and its witnesses. A restore is a fork.
 */
export class WitnessGate {
  readonly #options: WitnessGateOptions
  readonly #panel: WitnessPool<Published>
  /** For good: what was seen elsewhere can't be unseen. */
  #fork: string | null
  #waiting: boolean
  #admitting = false
  /** Why the log could not go on although a quorum accepted it. */
  #hindrance: string[] = []

  constructor(options: WitnessGateOptions) {
    const { config, fetch, clock, signer, readTile, cosignatures, fork, everyMs, timeoutMs } = options
    this.#options = options
    this.#fork = fork
    this.#panel = new WitnessPool<Published>({
      config,
      fetch,
      everyMs,
      timeoutMs,
      log: {
        size: () => signer.published?.size ?? 0,
        consistency: (older, size) => consistencyProof(older, size, readTile),
      },
      newest: () => (signer.isAdopting ? null : signer.published),
      cosignedBy: name => cosignatures.sizeOf(name),
      keep: (tree, name, line) => cosignatures.add(tree, name, line),
      forked: reason => this.#close(reason),
      accepted: () => void this.#open(),
      now: () => clock.now(),
    })
    this.#waiting = fork === null && !this.#panel.hasQuorum
  }

  /** Why nothing may be written, or null. */
  get readOnly(): string | null {
    return this.#fork ?? (this.#waiting ? [WAITING, ...this.#panel.troubles, ...this.#hindrance].join('; ') : null)
  }

  get isFork(): boolean {
    return this.#fork !== null
  }

  /** For what may be written while witnesses are waited for, but not to another history. Throws ReadOnly. */
  refuseFork(): void {
    if (this.#fork !== null) throw new ReadOnly(this.#fork)
  }

  /** Call at the start, after each publication, and from time to time. Does not wait for the witnesses. */
  poke(): void {
    if (this.#fork !== null) return
    this.#panel.poke()
    if (this.#panel.hasQuorum) void this.#open()
  }

  /** When to poke again although nothing happens, or null. */
  next(): number | null {
    return this.#fork === null ? this.#panel.next() : null
  }

  settled(): Promise<void> {
    return this.#panel.settled()
  }

  stop(): Promise<void> {
    return this.#panel.stop()
  }

  async #open(): Promise<void> {
    if (!this.#waiting || this.#admitting || this.#fork !== null) return
    this.#admitting = true
    try {
      await this.#options.admit()
      this.#waiting = false
    } catch (error) {
      // The next poke tries again.
      this.#hindrance = [
        error instanceof ClockBehind ? error.message : 'they accepted, but the log could not be written',
      ]
    } finally {
      this.#admitting = false
    }
  }

  #close(reason: string): void {
    this.#fork ??= `${reason}; a restored backup?`
    void this.#panel.stop()
    void this.#options.signer.stop()
  }
}

/** A tree that witnesses cosigned: its newest checkpoint, and their signature lines by name. */
interface Seen {
  published: Published
  lines: Map<string, string>
}

/** Trees whose quorum may yet come together; a slow witness answers within a few rounds. */
const KEPT = 32
/** Witnesses are shown an unchanged tree at least this often, so a younger quorum is one that still stands. */
const YOUNG_MS = 10 * MINUTE

/** What the witnesses cosigned. Their lines are append-only rows; memory caches what is asked for often. */
export class Cosignatures {
  readonly #store: Store
  readonly #policy: TrustPolicy
  #newest: Published | null
  /** By size: two checkpoints of one size say the same, and share their cosignatures. */
  readonly #trees = new Map<number, Seen>()
  #quorum: Seen | null = null
  /** Leaves that each witness has seen, by name. */
  readonly #sizes = new Map<string, number>()
  /** Newest time stamp of each witness, by name, UTC ms. */
  readonly #times = new Map<string, number>()
  #servedSize: number

  /** `published`: leaves under the newest checkpoint that was published, whether or not its row is here. */
  constructor(
    store: Store,
    policy: TrustPolicy,
    newest: Published | null,
    published: number,
    recent: readonly CosignedRow[],
  ) {
    this.#store = store
    this.#policy = policy
    this.#newest = newest
    // What was served before the start can't be told, so nothing smaller is served after it.
    this.#servedSize = published
    // Oldest first, so that a later line takes the place of an earlier one.
    for (const { published, line } of recent.toReversed()) this.#recall(published, line)
  }

  /** Call when a checkpoint was published. */
  published(newest: Published): void {
    this.#newest = newest
    const tree = this.#trees.get(newest.size)
    if (tree) tree.published = newest
  }

  /** Keeps a verified line. Throws what the database throws; then nothing is kept. */
  add(published: Published, name: string, line: string): void {
    this.#store.addCosignature.run({ checkpoint: published.id, line })
    this.#take(published, name, line)
  }

  /** Leaves that this witness has seen, as far as is known. */
  sizeOf(name: string): number {
    return this.#sizes.get(name) ?? 0
  }

  /** Each witness of the policy, and when it signed last by its own clock, UTC ms; null for one that is not known to have. */
  lastTimes(): { witness: string; at: number | null }[] {
    return this.#policy.witnesses.map(({ name }) => ({ witness: name, at: this.#times.get(name) ?? null }))
  }

  /** How many witnesses have seen the leaf at this index. */
  seeing(idx: number): number {
    let count = 0
    for (const size of this.#sizes.values()) if (size > idx) count++
    return count
  }

  /** The newest checkpoint with the quorum, if it has `leaves` of them; else this one, which has. With cosignatures. */
  best(leaves: number, newest: Published): Published {
    const quorum = this.#quorum
    return quorum && quorum.published.size >= leaves ? noted(quorum) : this.#noted(newest)
  }

  /** What auditors are shown: the newest with the quorum, while it is young; never a smaller tree than before. */
  served(now: number): Published | null {
    const quorum = this.#quorum
    if (quorum && quorum.published.size >= this.#servedSize && now - quorum.published.at < YOUNG_MS) {
      this.#servedSize = quorum.published.size
      return noted(quorum)
    }
    this.#servedSize = this.#newest?.size ?? 0
    return this.#newest && this.#noted(this.#newest)
  }

  #recall(published: Published, line: string): void {
    const [signature] = parseSignatures(line)
    const witness = this.#policy.witnesses.find(({ key }) => key.name === signature?.name && key.id === signature.id)
    if (!witness) return
    const isOfNewest = this.#newest?.size === published.size
    this.#take(isOfNewest && this.#newest ? this.#newest : published, witness.name, line)
  }

  #take(published: Published, name: string, line: string): void {
    const { size } = published
    const tree = this.#trees.get(size) ?? { published, lines: new Map() }
    if (published.id > tree.published.id) tree.published = published
    tree.lines.set(name, line)
    this.#trees.set(size, tree)
    this.#sizes.set(name, Math.max(this.sizeOf(name), size))
    this.#times.set(name, Math.max(this.#times.get(name) ?? 0, timeOf(line)))
    if (this.#isQuorum(tree) && size >= (this.#quorum?.published.size ?? 0)) this.#quorum = tree
    this.#forget()
  }

  /** Where no quorum is asked for, every checkpoint is as good as another. */
  #isQuorum({ lines }: Seen): boolean {
    return this.#policy.quorum !== 'none' && quorumMet(this.#policy, new Set(lines.keys()))
  }

  #forget(): void {
    const oldest = [...this.#trees.keys()].sort((a, b) => a - b).slice(0, -KEPT)
    for (const size of oldest) this.#trees.delete(size)
  }

  #noted(published: Published): Published {
    return noted({ published, lines: this.#trees.get(published.size)?.lines ?? new Map() })
  }
}

/** UTC ms of a signature line; 0 where it has none. */
const timeOf = (line: string): number => {
  const [signature] = parseSignatures(line)
  return (signature ? (cosignatureTime(signature.bytes) ?? 0) : 0) * 1000
}

/** A stored line with its checkpoint. */
interface CosignedRow {
  published: Published
  line: string
}

/** Cosignatures are further signature lines of the same note (C2SP tlog-cosignature). */
const noted = ({ published, lines }: Seen): Published =>
  lines.size === 0 ? published : { ...published, note: published.note + [...lines.values()].join('') }
