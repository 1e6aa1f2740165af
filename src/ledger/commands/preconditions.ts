// Optimistic concurrency (If-Match): did the complaint move since the step that the caller was shown?

import { DAY } from '../../complaint/time.ts'
import type { Role } from '../../complaint/words.ts'
import { toBase64url } from '../../log/encoding.ts'
import { decodeLeaf, type Leaf } from '../../log/leaf.ts'
import { leafHash } from '../../log/tree.ts'
import type { Done, Order, Refused } from '../contract/ledger.ts'
import type { StoredComplaint } from '../storage/complaint-repository.ts'
import type { Store } from '../storage/queries.ts'
import { leafBytes } from '../storage/timeline-reader.ts'

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

const RETENTION_DAYS = 7
/** The days of the retention window: one point look-up for each. */
const window = (today: number): number[] => Array.from({ length: RETENTION_DAYS + 1 }, (_, i) => today - i)

/** Idempotency keys, kept seven days: which step an answer was about, and no token or text. */
export class IdempotencyStore {
  readonly #store: Store
  readonly #query: ReturnType<Store['once']>
  /** Nothing older than this day is left. A few records are deleted with each new one: all at once would be a long pause. */
  #sweptDay = 0
  #days: Record<string, number> = {}

  constructor(store: Store) {
    this.#store = store
    this.#query = store.once(window(0))
  }

  /** The first answer to this key, or a refusal if it came with another request, or null. */
  find({ key, body }: Key, now: number): Done | Refused | null {
    const found = this.#query.get({ ...this.#daysUntil(Math.floor(now / DAY)), key })
    if (!found) return null
    return found.body === body ? { id: found.complaint, seq: found.seq, replayed: true } : { refused: 'key_reused' }
  }

  /** The same for a whole day, and asked for with each command. */
  #daysUntil(today: number): Record<string, number> {
    if (this.#days.day0 !== today) this.#days = Object.fromEntries(window(today).map((day, i) => [`day${i}`, day]))
    return this.#days
  }

  add({ key, body }: Key, now: number, { id, seq }: Done): void {
    const day = Math.floor(now / DAY)
    if (this.#sweptDay < day && this.#store.forgetOnce.all({ day: day - RETENTION_DAYS }).length === 0)
      this.#sweptDay = day
    this.#store.addOnce.run({ day, key, body, complaint: id, seq })
  }
}
