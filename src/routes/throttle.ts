import { Problem } from './problem.ts'

const TRIES = 5
const LOCKED_MS = 15 * 60_000
const KEPT = 50_000

/** Five tries lock a code, or an order, for a quarter of an hour; a right one takes the earlier ones back. */
export class Throttle {
  readonly #clock: { now(): number }
  readonly #tries = new Map<string, { count: number; until: number }>()

  constructor(clock: { now(): number }) {
    this.#clock = clock
  }

  /** Counts before it is known how the try ends: many at once get no more than five. Throws too_many_attempts. */
  attempt(what: string): void {
    const before = this.#tries.get(what)
    const count = before && this.#clock.now() < before.until ? before.count : 0
    if (count >= TRIES) throw new Problem('too_many_attempts')
    this.#tries.delete(what)
    this.#tries.set(what, { count: count + 1, until: this.#clock.now() + LOCKED_MS })
    for (const oldest of this.#tries.keys()) {
      if (this.#tries.size <= KEPT) break
      this.#tries.delete(oldest)
    }
  }

  succeeded(what: string): void {
    this.#tries.delete(what)
  }
}
