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
import type { Writes } from '../storage/write-statements.ts'

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
