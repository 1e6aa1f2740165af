import { consistencyProof, type ReadTile } from '../../log/tiles.ts'
import type { WitnessConfig } from '../../witness/config.ts'
import { WitnessPool } from '../../witness/pool.ts'
import type { Fetch } from '../../witness/submit.ts'
import type { Clock } from '../clock.ts'
import { ClockBehind } from '../log/log-writer.ts'
import type { Published, Signer } from '../log/signer.ts'
import type { Cosignatures } from './cosignatures.ts'

interface WitnessGateOptions {
  config: WitnessConfig
  fetch: Fetch
  clock: Clock
  signer: Signer
  readTile: ReadTile
  cosignatures: Cosignatures
  /** Why this database is not what was published, or null. */
  fork: string | null
  /** Puts in force what had to wait for the witnesses. May reject, and is tried again. */
  admit(): Promise<void>
  /** The shortest time between two rounds. */
  everyMs: number
  timeoutMs: number
}

const WAITING = 'waiting for witnesses'

/** Nothing is written to this ledger; the message says why. */
export class ReadOnly extends Error {}

/**
 * Whether anything may be written, as far as those know who saw the log before: its last checkpoint, kept beside the
 * database, and its witnesses. A restore is a fork.
 */
export class WitnessGate {
  readonly #options: WitnessGateOptions
  readonly #panel: WitnessPool<Published>
  /** For good: what was seen elsewhere can't be unseen. */
  #fork: string | null
  #waiting: boolean
  #admitting = false
  /** Why the log could not go on although a quorum accepted it. */
  #hindrance: string[] = []

  constructor(options: WitnessGateOptions) {
    const { config, fetch, clock, signer, readTile, cosignatures, fork, everyMs, timeoutMs } = options
    this.#options = options
    this.#fork = fork
    this.#panel = new WitnessPool<Published>({
      config,
      fetch,
      everyMs,
      timeoutMs,
      log: {
        size: () => signer.published?.size ?? 0,
        consistency: (older, size) => consistencyProof(older, size, readTile),
      },
      newest: () => (signer.isAdopting ? null : signer.published),
      cosignedBy: name => cosignatures.sizeOf(name),
      keep: (tree, name, line) => cosignatures.add(tree, name, line),
      forked: reason => this.#close(reason),
      accepted: () => void this.#open(),
      now: () => clock.now(),
    })
    this.#waiting = fork === null && !this.#panel.hasQuorum
  }

  /** Why nothing may be written, or null. */
  get readOnly(): string | null {
    return this.#fork ?? (this.#waiting ? [WAITING, ...this.#panel.troubles, ...this.#hindrance].join('; ') : null)
  }

  get isFork(): boolean {
    return this.#fork !== null
  }

  /** For what may be written while witnesses are waited for, but not to another history. Throws ReadOnly. */
  refuseFork(): void {
    if (this.#fork !== null) throw new ReadOnly(this.#fork)
  }

  /** Call at the start, after each publication, and from time to time. Does not wait for the witnesses. */
  poke(): void {
    if (this.#fork !== null) return
    this.#panel.poke()
    if (this.#panel.hasQuorum) void this.#open()
  }

  /** When to poke again although nothing happens, or null. */
  next(): number | null {
    return this.#fork === null ? this.#panel.next() : null
  }

  settled(): Promise<void> {
    return this.#panel.settled()
  }

  stop(): Promise<void> {
    return this.#panel.stop()
  }

  async #open(): Promise<void> {
    if (!this.#waiting || this.#admitting || this.#fork !== null) return
    this.#admitting = true
    try {
      await this.#options.admit()
      this.#waiting = false
    } catch (error) {
      // The next poke tries again.
      this.#hindrance = [
        error instanceof ClockBehind ? error.message : 'they accepted, but the log could not be written',
      ]
    } finally {
      this.#admitting = false
    }
  }

  #close(reason: string): void {
    this.#fork ??= `${reason}; a restored backup?`
    void this.#panel.stop()
    void this.#options.signer.stop()
  }
}
