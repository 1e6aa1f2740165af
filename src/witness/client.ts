import type { Asked } from './config.ts'
import { type AskedLog, askWitness, type Means, type Outcome, submit, type Tree } from './submit.ts'

/** An unchanged checkpoint is shown again after this: well within the ten minutes that bound back-dating. */
const HEARTBEAT_MS = 9 * 60_000
const LONGEST_RETRY_MS = 60_000

interface AskerOptions {
  witness: Asked
  log: AskedLog
  means: Means
  /** UTC ms. */
  now(): number
  /** After a failure it is asked again after this, then after twice as long, up to a minute. */
  retryMs: number
  /** Size that it cosigned last, as far as is known. */
  old: number
}

/** Asks one witness, one question at a time, and remembers where it stands. */
export class WitnessClient {
  readonly #options: AskerOptions
  #old: number
  /** Size of the tree that it cosigned since the start. */
  #accepted: number | null = null
  #failures = 0
  #nextAt = Number.NEGATIVE_INFINITY
  #busy = false
  /** Why it gave no cosignature the last time, or null. */
  trouble: string | null = null

  constructor(options: AskerOptions) {
    this.#options = options
    this.#old = options.old
  }

  get name(): string {
    return this.#options.witness.name
  }

  /** Is there anything to ask it now? */
  wants({ size }: Tree): boolean {
    if (this.#busy) return false
    return this.#options.now() >= this.#nextAt || (this.#failures === 0 && this.#accepted !== size)
  }

  /** When to ask it again although nothing happens. */
  get nextAt(): number {
    return this.#nextAt
  }

  /** Never rejects. */
  async ask(tree: Tree): Promise<Outcome> {
    const { witness, log, means, now, retryMs } = this.#options
    this.#busy = true
    // Should this never end, as in an object that is evicted, it is asked again.
    this.#nextAt = now() + Math.min((retryMs + means.timeoutMs) * 2 ** this.#failures, LONGEST_RETRY_MS)
    try {
      return this.#learn(await submit(tree, this.#old, log, request => askWitness(witness, request, means)), tree)
    } catch {
      // No proof could be made, as when the database can't be read.
      return this.#learn({ failed: 'could not be asked' }, tree)
    } finally {
      this.#busy = false
    }
  }

  #learn(outcome: Outcome, { size }: Tree): Outcome {
    const { now, retryMs } = this.#options
    if ('cosigned' in outcome) {
      this.#failures = 0
      this.#accepted = this.#old = size
      this.#nextAt = now() + HEARTBEAT_MS
      this.trouble = null
      return outcome
    }
    this.trouble = 'fork' in outcome ? outcome.fork : outcome.failed
    if ('failed' in outcome && outcome.size !== undefined) this.#old = outcome.size
    this.#nextAt = now() + Math.min(retryMs * 2 ** this.#failures++, LONGEST_RETRY_MS)
    return outcome
  }
}
