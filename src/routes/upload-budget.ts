import { Problem } from './problem.ts'

/** Bodies up to this size are not counted: the longest text of a buyer takes less. */
export const SMALL_BODY = 64 * 1024
/** Of the budget, on top of it, for bodies that bring no files: two uploads don't close the consoles. */
const MARGIN = 0.1

/**
 * Semaphore over the bytes of request bodies that are being received, in one process (or isolate). Nothing waits: a body that does
 * not fit is refused as `busy`, with Retry-After, before it is read. One that is larger than the whole budget takes all of it.
 */
export class UploadBudget {
  readonly #capacity: number
  /** How long a sender may be silent before it has hung up: a phone that is gone would hold its room for minutes. */
  readonly silenceMs: number
  #inFlight = 0

  constructor(capacity: number, silenceMs = 30_000) {
    this.#capacity = capacity
    this.silenceMs = silenceMs
  }

  uploadBytesInFlight(): number {
    return this.#inFlight
  }

  /** A reservation of no bytes yet; the caller releases it in every outcome. */
  reserve(kind: 'files' | 'text'): Reservation {
    const capacity = kind === 'files' ? this.#capacity : this.#capacity * (1 + MARGIN)
    let held = 0
    return {
      grow: bytes => {
        const wanted = bytes > SMALL_BODY ? Math.min(bytes, this.#capacity) : 0
        if (wanted <= held) return
        if (this.#inFlight - held + wanted > capacity) throw new Problem('busy')
        this.#inFlight += wanted - held
        held = wanted
      },
      release: () => {
        this.#inFlight -= held
        held = 0
      },
    }
  }
}

export interface Reservation {
  /** Raises it to this many bytes in all. Throws `busy`. */
  grow(bytes: number): void
  release(): void
}
