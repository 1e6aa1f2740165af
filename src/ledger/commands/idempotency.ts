import { DAY } from '../../complaint/time.ts'
import type { Done, Order, Refused } from '../port.ts'
import type { Store } from '../storage/queries.ts'

type Once = NonNullable<Order['idempotency']>

const KEPT_DAYS = 7
/** One point look-up a day of the window. */
const window = (today: number): number[] => Array.from({ length: KEPT_DAYS + 1 }, (_, i) => today - i)

/** Idempotency records, kept seven days: which step an answer was about, and no token or text. */
export class IdempotencyStore {
  readonly #store: Store
  readonly #look: ReturnType<Store['once']>
  /** The day of which nothing older is left. A few records go with each new one: all at once would be a long pause. */
  #forgotten = 0

  constructor(store: Store) {
    this.#store = store
    this.#look = store.once(window(0))
  }

  /** The first answer to this key, or a refusal if something else was asked with it, or null. */
  look({ key, body }: Once, now: number): Done | Refused | null {
    const days = Object.fromEntries(window(Math.floor(now / DAY)).map((day, i) => [`day${i}`, day]))
    const found = this.#look.get({ ...days, key })
    if (!found) return null
    return found.body === body ? { id: found.complaint, seq: found.seq, replayed: true } : { refused: 'key_reused' }
  }

  add({ key, body }: Once, now: number, { id, seq }: Done): void {
    const day = Math.floor(now / DAY)
    if (this.#forgotten < day && this.#store.forgetOnce.all({ day: day - KEPT_DAYS }).length === 0)
      this.#forgotten = day
    this.#store.addOnce.run({ day, key, body, complaint: id, seq })
  }
}
