import { quorumMet, type TrustPolicy } from '../log/trust.ts'
import { WitnessClient } from './client.ts'
import type { WitnessConfig } from './config.ts'
import type { AskedLog, Fetch, Outcome, Tree } from './submit.ts'

interface PanelOptions<T extends Tree> {
  config: WitnessConfig
  log: AskedLog
  /** The newest published checkpoint, null before the first. */
  newest(): T | null
  /** Size that this witness cosigned last, as far as is known; 0 for none. */
  cosignedBy(name: string): number
  /** Keeps a verified signature line. What it throws counts as no answer. */
  keep(tree: T, name: string, line: string): void
  /** A witness has seen another history. */
  forked(reason: string): void
  /** A quorum has accepted, since the start, that this log continues what it saw. May be told more than once. */
  accepted(): void
  now(): number
  fetch: Fetch
  /** The shortest time between two rounds. */
  everyMs: number
  timeoutMs: number
}

/** A silent witness is asked again after so many rounds, and after a second at least. */
const RETRY_ROUNDS = 5
const RETRY_MS = 1000

/**
 * Shows each new checkpoint to all witnesses in rounds, so that they cosign the same ones and their quorum comes
 * together. A slow one skips the rounds in which it is still being asked. Non-blocking, and never inside a transaction.
 */
export class WitnessPool<T extends Tree> {
  readonly #options: PanelOptions<T>
  readonly #askers: readonly WitnessClient[]
  readonly #stop = new AbortController()
  readonly #underWay = new Set<Promise<void>>()
  readonly #accepted = new Set<string>()
  #pause: ReturnType<typeof setTimeout> | null = null

  constructor(options: PanelOptions<T>) {
    const { config, log, fetch, everyMs, timeoutMs, now, cosignedBy } = options
    this.#options = options
    const means = { fetch, timeoutMs, stop: this.#stop.signal }
    const retryMs = Math.max(everyMs * RETRY_ROUNDS, RETRY_MS)
    this.#askers = config.witnesses.map(
      witness => new WitnessClient({ witness, log, means, now, retryMs, old: cosignedBy(witness.name) }),
    )
  }

  /** Whether a quorum accepted a checkpoint since the start. */
  get hasQuorum(): boolean {
    return quorumMet(this.#policy, this.#accepted)
  }

  /** What hinders the witnesses, in words for the operator. */
  get troubles(): string[] {
    return this.#askers.flatMap(({ name, trouble }) => (trouble === null ? [] : [`${name} ${trouble}`]))
  }

  get #policy(): TrustPolicy {
    return this.#options.config.policy
  }

  /** Call after each publication, and from time to time: asks the witnesses that are due. */
  poke(): void {
    const tree = this.#options.newest()
    if (tree === null || this.#pause !== null || this.#stop.signal.aborted) return
    const askers = this.#askers.filter(asker => asker.wants(tree))
    if (askers.length === 0) return
    for (const asker of askers) this.#track(this.#ask(asker, tree))
    this.#rest()
  }

  /** When to poke again although nothing happens; null without witnesses. */
  next(): number | null {
    const { newest, now, everyMs } = this.#options
    const tree = newest()
    if (this.#askers.length === 0 || this.#stop.signal.aborted || tree === null) return null
    if (this.#askers.some(asker => asker.wants(tree))) return now() + everyMs
    return Math.min(...this.#askers.map(asker => asker.nextAt))
  }

  /** Resolves once all that were being asked have answered, or their time was up. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay)
  }

  /** Stops asking. */
  async stop(): Promise<void> {
    if (this.#pause !== null) clearTimeout(this.#pause)
    this.#stop.abort()
    await this.settled()
  }

  #track(asked: Promise<void>): void {
    this.#underWay.add(asked)
    void asked.finally(() => this.#underWay.delete(asked))
  }

  /** Between rounds; by the system's time, whatever the log's clock does. */
  #rest(): void {
    const { everyMs } = this.#options
    if (everyMs === 0) return
    this.#pause = setTimeout(() => {
      this.#pause = null
      this.poke()
    }, everyMs)
  }

  async #ask(asker: WitnessClient, tree: T): Promise<void> {
    const outcome = await asker.ask(tree)
    if (this.#stop.signal.aborted) return
    this.#take(outcome, asker, tree)
    this.poke()
  }

  #take(outcome: Outcome, asker: WitnessClient, tree: T): void {
    if ('fork' in outcome) this.#options.forked(`the witness ${asker.name} knows another history: ${outcome.fork}`)
    if (!('cosigned' in outcome)) return
    try {
      this.#options.keep(tree, asker.name, outcome.cosigned)
    } catch {
      // A full disk, most likely: it is asked again with the next checkpoint.
      asker.trouble = 'signed what could not be stored'
      return
    }
    this.#accepted.add(asker.name)
    if (this.hasQuorum) this.#options.accepted()
  }
}
