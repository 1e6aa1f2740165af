import { formatCheckpoint } from '../log/checkpoint.ts'
import { toBase64url } from '../log/encoding.ts'
import { formatNote, signNote, type VerifierKey } from '../log/note.ts'
import type { Clock } from './clock.ts'
import type { Host } from './host.ts'
import type { LogWriter } from './log-writer.ts'
import type { SigningKey } from './secrets.ts'
import type { Store } from './store.ts'

export interface Published {
  id: number
  size: number
  /** Every leaf appended before this instant (UTC ms) is in its tree. */
  at: number
  note: string
  /** base64url. */
  root: string
}

export interface SignerOptions {
  host: Host
  store: Store
  writer: LogWriter
  clock: Clock
  origin: string
  key: VerifierKey
  sign: SigningKey
  /** At most one signature in this time. */
  everyMs: number
}

/** Older than this, a checkpoint is signed again for a reader: what it claims ends at its instant. */
const STALE_MS = 10 * 60_000

/**
 * The one signer of a log: signs the newest committed size, after the commit and never inside a transaction, since
 * WebCrypto is asynchronous. Publishes only what is stored, and only larger sizes or later instants.
 */
export class Signer {
  readonly #options: SignerOptions
  #published: Published | null
  #running: Promise<void> | null = null
  #stopped = false

  constructor(options: SignerOptions, published: Published | null) {
    this.#options = options
    this.#published = published
  }

  get published(): Published | null {
    return this.#published
  }

  /** Call after a commit: a checkpoint of the new size will follow. */
  poke(): void {
    if (this.#stopped) return
    this.#run().then(
      () => {
        if (this.#options.writer.frontier.size > (this.#published?.size ?? 0)) this.poke()
      },
      // The next commit or reader tries again; a reader that waits gets the error itself.
      () => undefined,
    )
  }

  /** The newest checkpoint, once it covers `size` leaves and is not stale. Rejects if it can't be signed. */
  async covering(size: number): Promise<Published> {
    for (;;) {
      const newest = this.#published
      if (newest && newest.size >= size && this.#options.clock.now() - newest.at < STALE_MS) return newest
      await this.#run()
    }
  }

  /** Resolves when nothing is being signed. */
  async idle(): Promise<void> {
    this.#stopped = true
    await this.#running?.catch(() => undefined)
  }

  /** One at a time; whoever asks meanwhile shares the run. */
  #run(): Promise<void> {
    this.#running ??= this.#signNext().finally(() => {
      this.#running = null
    })
    return this.#running
  }

  async #signNext(): Promise<void> {
    const { writer, clock, everyMs } = this.#options
    const wait = this.#published ? this.#published.at + everyMs - clock.now() : 0
    if (wait > 0) await new Promise(resolve => setTimeout(resolve, Math.min(wait, everyMs)))
    // From here to the seal nothing else runs: size, root and instant belong together.
    const size = writer.frontier.size
    const root = writer.frontier.root()
    const at = writer.now()
    writer.sealUntil(at)
    this.#publish({ size, at, root: toBase64url(root), note: await this.#sign(size, root) })
  }

  async #sign(size: number, root: Uint8Array): Promise<string> {
    const { origin, key, sign } = this.#options
    const text = formatCheckpoint({ origin, size, root })
    return formatNote({ text, signatures: [await signNote(text, key, sign.sign)] })
  }

  #publish(signed: Omit<Published, 'id'>): void {
    const { host, store } = this.#options
    const { id } = host.transaction(() =>
      store.addCheckpoint.get({ size: signed.size, at: signed.at, note: signed.note }),
    )
    host.note.write(signed.note)
    this.#published = { id, ...signed }
  }
}
