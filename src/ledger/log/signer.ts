import { MINUTE } from '../../complaint/time.ts'
import { formatCheckpoint } from '../../log/checkpoint.ts'
import { toBase64url } from '../../log/encoding.ts'
import { formatNote, noteVerifier, parseNote, signNote, verifyNote } from '../../log/note.ts'
import { errorFields } from '../../telemetry/log.ts'
import { type Clock, ClockAhead } from '../clock.ts'
import type { Host } from '../host.ts'
import type { Store } from '../storage/queries.ts'
import type { NoteSigner } from './key-ring.ts'
import type { LogWriter } from './log-writer.ts'

export interface Published {
  id: number
  size: number
  /** Every leaf appended before this instant (UTC ms) is in its tree. */
  at: number
  note: string
  /** base64url. */
  root: string
}

interface SignerOptions {
  host: Host
  store: Store
  writer: LogWriter
  clock: Clock
  origin: string
  /** Those that sign a checkpoint of this size, at least one. */
  keys(size: number): readonly NoteSigner[]
  /** Told of each checkpoint, once it is stored. */
  published?(checkpoint: Published): void
  /** At most one signature in this time. */
  everyMs: number
}

/** Older than this, a checkpoint is signed again for a reader: what it claims ends at its instant. */
const STALE_MS = 10 * MINUTE

/** Retention (migrations/0006): how often the signer looks for superseded rows, and how many make it look again at once. */
const PRUNE_EVERY_MS = MINUTE
const PRUNE_AGAIN = 200

/** A code of the system's, the database's or the commit log's, else the class of the error. */
const reasonOf = (error: unknown): string => {
  const { code, error: name } = errorFields(error)
  return String(code ?? name)
}

/** No checkpoint will follow: the ledger is closed, or takes no writes. */
export class SignerStopped extends Error {}

/**
 * The one signer of a log: signs the newest committed size, after the commit and never inside a transaction, since
 * WebCrypto is asynchronous. Signs only what is durable, publishes only what is stored, and only larger sizes or later instants.
 */
export class Signer {
  readonly #options: SignerOptions
  #published: Published | null
  #triedAt: number
  #running: Promise<void> | null = null
  #stopped = false
  #held = false
  #failure: string | null = null
  #pruneAt = 0
  #adopting: Promise<void> | null = null
  #wake = () => {}

  constructor(options: SignerOptions, published: Published | null) {
    this.#options = options
    this.#published = published
    this.#triedAt = published?.at ?? Number.NEGATIVE_INFINITY
  }

  get published(): Published | null {
    return this.#published
  }

  /**
   * Takes up a checkpoint of this log that was published and whose row is lost, unless none of our keys signed it. Until
   * then nothing is signed and nothing is published. Resolves in any case.
   */
  adopt(lost: Omit<Published, 'id'>): Promise<void> {
    this.#adopting = this.#adopt(lost)
      .catch(() => undefined)
      .finally(() => {
        this.#adopting = null
        this.requestCheckpoint()
      })
    return this.#adopting
  }

  async #adopt(lost: Omit<Published, 'id'>): Promise<void> {
    const known = this.#options.keys(lost.size).map(({ key }) => noteVerifier(key))
    const signed = await verifyNote(parseNote(lost.note), known)
    if (signed.size === 0 || this.#stopped) return
    this.#options.writer.sealUntil(lost.at)
    const stored = this.#store(lost)
    await this.#options.host.durable?.()
    this.#announce(stored)
  }

  get isAdopting(): boolean {
    return this.#adopting !== null
  }

  /** Resolves at once, but for the moment in which a lost checkpoint is being adopted. */
  async settled(): Promise<void> {
    await this.#adopting
  }

  /** Call after a commit: a checkpoint of the new size will follow. After a failure the next call tries again. */
  requestCheckpoint(): void {
    if (this.#isResting || this.#running) return
    if (this.#options.writer.frontier.size <= (this.#published?.size ?? 0)) return
    // A reader that waits gets the error itself.
    this.#run().catch(() => undefined)
  }

  /** The newest checkpoint, once it covers `size` leaves and is not stale. Rejects if it can't be signed. */
  async covering(size: number): Promise<Published> {
    await this.#adopting
    for (;;) {
      const newest = this.#published
      if (newest && newest.size >= size && (this.#isResting || !this.#isStale(newest))) return newest
      await this.#run()
    }
  }

  /** Signs nothing until it is released: what was published before is to be confirmed first. */
  pause(): void {
    this.#held = true
  }

  resume(): void {
    this.#held = false
    this.requestCheckpoint()
  }

  /** Why the last attempt to sign and publish failed, as a code for the operator; null where it did not. */
  get failure(): string | null {
    return this.#failure
  }

  get #isResting(): boolean {
    return this.#stopped || this.#held || this.#adopting !== null
  }

  #isStale({ at }: Published): boolean {
    return this.#options.clock.now() - at >= STALE_MS
  }

  /** Signs nothing from now on. Resolves once nothing is being signed. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#wake()
    await this.#running?.catch(() => undefined)
  }

  /** Single flight: one run at a time, shared by callers that ask meanwhile. What was committed meanwhile has the next one. */
  #run(): Promise<void> {
    this.#running ??= this.#signNext()
      .then(
        () => {
          this.#failure = null
        },
        error => {
          // A clock that leapt is reported as itself, and is over once it is right again.
          const isOurs = error instanceof SignerStopped || error instanceof ClockAhead
          this.#failure = isOurs ? null : reasonOf(error)
          throw error
        },
      )
      .finally(() => {
        this.#running = null
      })
      .then(() => this.requestCheckpoint())
    return this.#running
  }

  async #signNext(): Promise<void> {
    await this.#takeTurn()
    if (this.#isResting) throw new SignerStopped('this log signs nothing at present')
    const { writer } = this.#options
    // From here to the seal nothing else runs: size, root and instant belong together.
    const size = writer.frontier.size
    const root = writer.frontier.root()
    const at = writer.now()
    writer.sealUntil(at)
    await this.#options.host.durable?.()
    await this.#publish({ size, at, root: toBase64url(root), note: await this.#sign(size, root) })
  }

  /** Attempts keep their distance, successful or not: a key store that fails is not hammered. */
  async #takeTurn(): Promise<void> {
    const { clock, everyMs } = this.#options
    const wait = Math.min(this.#triedAt + everyMs - clock.now(), everyMs)
    if (wait > 0 && !this.#isResting) await this.#sleep(wait)
    this.#triedAt = clock.now()
  }

  #sleep(ms: number): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, ms)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  async #sign(size: number, root: Uint8Array): Promise<string> {
    const { origin, keys } = this.#options
    const text = formatCheckpoint({ origin, size, root })
    const signatures = keys(size).map(({ key, secret }) => signNote(text, key, secret.sign))
    return formatNote({ text, signatures: await Promise.all(signatures) })
  }

  async #publish(signed: Omit<Published, 'id'>): Promise<void> {
    const stored = this.#store(signed)
    await this.#options.host.durable?.()
    await this.#options.host.checkpointFile.write(signed.note)
    this.#announce(stored)
    this.#prune(signed.at)
  }

  #store(signed: Omit<Published, 'id'>): Published {
    const { host, store } = this.#options
    const { size, at, note } = signed
    return { ...host.transaction(() => store.addCheckpoint.get({ size, at, note })), ...signed }
  }

  #announce(published: Published): void {
    this.#published = published
    this.#options.published?.(published)
  }

  /** Deletes superseded checkpoints and cosignatures, a portion at a time; no longer pause than a commit's. */
  #prune(now: number): void {
    if (now < this.#pruneAt) return
    const { host, store } = this.#options
    try {
      const pruned = host.transaction(() => [
        // First: a checkpoint goes once no cosignature rests on it.
        ...store.pruneCosignatures.all(),
        ...store.pruneCheckpoints.all(),
      ])
      // A portion may hide more, as in a database that never was pruned.
      this.#pruneAt = pruned.length < PRUNE_AGAIN ? now + PRUNE_EVERY_MS : now
    } catch {
      // A full disk, most likely: what is published stays published, and a later publication tries again.
      this.#pruneAt = now + PRUNE_EVERY_MS
    }
  }
}
