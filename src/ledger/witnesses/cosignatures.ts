import { MINUTE } from '../../complaint/time.ts'
import { cosignatureTime, parseSignatures } from '../../log/note.ts'
import { quorumMet, type TrustPolicy } from '../../log/trust.ts'
import type { Published } from '../log/signer.ts'
import type { Store } from '../storage/queries.ts'

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
