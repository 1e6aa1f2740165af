import { DAY } from '../../complaint/time.ts'
import type { Done, Order, Refused } from '../contract/ledger.ts'
import type { Store } from '../storage/queries.ts'

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

  constructor(store: Store) {
    this.#store = store
    this.#query = store.once(window(0))
  }

  /** The first answer to this key, or a refusal if it came with another request, or null. */
  find({ key, body }: Key, now: number): Done | Refused | null {
    const days = Object.fromEntries(window(Math.floor(now / DAY)).map((day, i) => [`day${i}`, day]))
    const found = this.#query.get({ ...days, key })
    if (!found) return null
    return found.body === body ? { id: found.complaint, seq: found.seq, replayed: true } : { refused: 'key_reused' }
  }

  add({ key, body }: Key, now: number, { id, seq }: Done): void {
    const day = Math.floor(now / DAY)
    if (this.#sweptDay < day && this.#store.forgetOnce.all({ day: day - RETENTION_DAYS }).length === 0)
      this.#sweptDay = day
    this.#store.addOnce.run({ day, key, body, complaint: id, seq })
  }
}
