import { Problem } from './problem.ts'

const TRIES = 5
const LOCKED_MS = 15 * 60_000
const KEPT = 50_000

/** Five wrong tries lock a code for a quarter of an hour. */
export class Throttle {
  readonly #clock: { now(): number }
  readonly #failures = new Map<string, { count: number; until: number }>()

  constructor(clock: { now(): number }) {
    this.#clock = clock
  }

  /** Throws too_many_attempts while the code is locked. */
  check(code: string): void {
    const failure = this.#failures.get(code)
    if (!failure) return
    if (this.#clock.now() >= failure.until) this.#failures.delete(code)
    else if (failure.count >= TRIES) throw new Problem('too_many_attempts')
  }

  failed(code: string): void {
    const count = (this.#failures.get(code)?.count ?? 0) + 1
    this.#failures.delete(code)
    this.#failures.set(code, { count, until: this.#clock.now() + LOCKED_MS })
    for (const oldest of this.#failures.keys()) {
      if (this.#failures.size <= KEPT) break
      this.#failures.delete(oldest)
    }
  }
}
