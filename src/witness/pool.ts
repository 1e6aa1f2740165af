import { quorumMet, type TrustPolicy } from '../log/trust.ts'
import {
  type Asked,
  type AskedLog,
  askWitness,
  type Fetch,
  type Means,
  type Outcome,
  submit,
  type Tree,
  type WitnessConfig,
} from './submit.ts'

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
class WitnessClient {
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
