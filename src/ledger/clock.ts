/** UTC milliseconds. The system's, or in demo mode one that can be moved forward. */
export interface Clock {
  now(): number
}
export const systemClock: Clock = { now: () => Date.now() }

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
