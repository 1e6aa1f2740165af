// The clocks of a ledger, and whether the wall clock can be believed.

import { DAY, MINUTE } from '../complaint/time.ts'

/** UTC milliseconds. The system's, or in demo mode one that can be moved forward. */
export interface Clock {
  now(): number
  /** Milliseconds that never leap. Absent where the clock is moved on purpose. */
  monotonic?(): number
  /** The operator vouches for it, however far ahead of the newest leaf it stands. */
  confirmed?: boolean
}
export const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() }

/** Demo mode's clock: runs with the system's, from an instant of its own. It never goes back. */
export class DemoClock implements Clock {
  #offset: number

  constructor(start: number = Date.now()) {
    this.#offset = start - Date.now()
  }

  now(): number {
    return Date.now() + this.#offset
  }

  /** Moves forward to this instant; does nothing if it has passed. */
  moveTo(instant: number): void {
    this.#offset = Math.max(this.#offset, instant - Date.now())
  }
}

/** The clock leapt ahead of the monotonic clock: nothing may be dated by it. */
export class ClockAhead extends Error {}

/** Steps of a time server's correction are smaller. */
const TOLERATED_MS = 10 * MINUTE
/** A leap that lasts is the truth: a machine that was suspended, a dead clock that was set. */
const HELD_MS = 10 * MINUTE
/** A log that was silent for longer than this is rare; a clock that is wrong by more is not. */
const SILENT_MS = 30 * DAY

/**
 * Clock sanity: the wall clock is believed while it advances with the monotonic clock. One that leaps ahead would date leaves
 * in the future, record deadlines as missed that are not, and refuse every write once it is right again, since no leaf may
 * be older than the one before.
 */
export class BelievedClock {
  readonly #clock: Clock
  /** Wall minus monotonic: the furthest that was believed, so that a clock which falls back and returns has not leapt. */
  #offset: number
  #leap: { offset: number; since: number } | null = null

  /** `newest`: instant of the newest leaf, 0 for none. A start far beyond it is taken for a leap, since no process saw time pass. */
  constructor(clock: Clock, newest = 0) {
    this.#clock = clock
    const isFar = newest > 0 && clock.now() - newest > SILENT_MS && !clock.confirmed
    this.#offset = (isFar ? newest : clock.now()) - (clock.monotonic?.() ?? 0)
  }

  /** Whether the clock is ahead by a leap that has not held yet. */
  get isAhead(): boolean {
    if (this.#clock.monotonic === undefined) return false
    const monotonic = this.#clock.monotonic()
    const offset = this.#clock.now() - monotonic
    if (offset - this.#offset <= TOLERATED_MS || this.#holds(offset, monotonic)) {
      this.#offset = Math.max(this.#offset, offset)
      this.#leap = null
      return false
    }
    return true
  }

  #holds(offset: number, monotonic: number): boolean {
    if (this.#leap === null || Math.abs(offset - this.#leap.offset) > TOLERATED_MS)
      this.#leap = { offset, since: monotonic }
    return monotonic - this.#leap.since >= HELD_MS
  }

  /** Throws ClockAhead. */
  now(): number {
    if (this.isAhead) throw new ClockAhead('the clock leapt ahead')
    return this.#clock.now()
  }
}
