import { sha256 } from '#sha256'
import { HOUR, MINUTE } from '../../complaint/time.ts'
import { concat, equalBytes, utf8 } from '../../log/encoding.ts'
import { LogError } from '../../log/error.ts'
import { readTimeStamp, TimeStampError, timeStampQuery } from '../../log/time-stamp.ts'
import { CLOCKS_MS } from '../../log/trust.ts'
import { FaultLog } from '../../telemetry/log.ts'
import type { Fetch } from '../../witness/submit.ts'
import type { Clock } from '../clock.ts'
import type { Host } from '../host.ts'
import type { Store } from '../storage/queries.ts'
import type { Published } from './signer.ts'

interface TimeStamperOptions {
  /** RFC 3161 over HTTP (section 3.4); without it nothing is stamped. */
  url: string | undefined
  fetch: Fetch
  /** Of the log. */
  origin: string
  host: Host
  store: Store
  clock: Clock
  /** What auditors are shown now. */
  served(): Published | null
  timeoutMs: number
}

/** Between two tokens. */
const EVERY_MS = HOUR
/** Exponential backoff after a failure, from half a minute to the interval itself. */
const RETRY_MS = MINUTE / 2
/** A token with its certificates has some 6 KB. */
const MAX_BYTES = 64 * 1024

/**
 * Asks a time-stamping authority for a token over the served checkpoint, every hour in which the log grew. Non-blocking, and
 * never inside a transaction: an authority that is silent or wrong is a line in the logs, and nothing waits for it.
 */
export class TimeStamper {
  readonly #options: TimeStamperOptions
  readonly #faults = new FaultLog('time stamping')
  readonly #stop = new AbortController()
  /** Leaves under the newest token. */
  #size: number
  /** When to ask next at the earliest, UTC ms. */
  #nextAt: number
  #failures = 0
  #running: Promise<void> | null = null

  constructor(options: TimeStamperOptions) {
    this.#options = options
    const last = options.store.lastTimeStamp.get({ origin: options.origin })
    this.#size = last?.size ?? 0
    this.#nextAt = last ? last.at + EVERY_MS : Number.NEGATIVE_INFINITY
  }

  /** Call after each publication, and from time to time. */
  poke(): void {
    const { url, clock } = this.#options
    if (url === undefined || this.#running !== null || this.#stop.signal.aborted) return
    if (clock.now() < this.#nextAt) return
    const published = this.#options.served()
    if (published === null || published.size <= this.#size) return
    this.#running = this.#ask(url, published).finally(() => {
      this.#running = null
    })
  }

  /** When to poke again although nothing happens, or null. */
  next(): number | null {
    const { url, clock, served } = this.#options
    if (url === undefined || this.#stop.signal.aborted || (served()?.size ?? 0) <= this.#size) return null
    return Math.max(this.#nextAt, clock.now() + MINUTE / 6)
  }

  /** Resolves once the authority is not being asked: at most its time limit, and never rejects. */
  async settled(): Promise<void> {
    await this.#running
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.settled()
  }

  async #ask(url: string, { size, note }: Published): Promise<void> {
    const { clock, origin, host, store } = this.#options
    try {
      const hash = sha256(utf8(note))
      const reply = await this.#post(url, timeStampQuery(hash))
      const { imprint, at } = readTimeStamp(reply)
      if (!equalBytes(imprint, hash)) throw new TimeStampError('over another hash than was asked for')
      // Its time is held against the leaves' for ever: one that is wrong would accuse an honest log.
      if (Math.abs(at - clock.now()) > CLOCKS_MS) throw new TimeStampError('more than ten minutes from our clock')
      host.transaction(() => store.addTimeStamp.run({ origin, size, at, note, reply }))
      this.#size = size
      this.#failures = 0
      this.#nextAt = clock.now() + EVERY_MS
      this.#faults.worked()
    } catch (error) {
      this.#nextAt = clock.now() + Math.min(EVERY_MS, RETRY_MS * 2 ** this.#failures++)
      if (!this.#stop.signal.aborted) this.#faults.failed(reasonOf(error))
    }
  }

  async #post(url: string, body: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
    const { fetch, timeoutMs } = this.#options
    const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(timeoutMs)])
    const headers = { 'Content-Type': 'application/timestamp-query', Accept: 'application/timestamp-reply' }
    const response = await fetch(url, { method: 'POST', headers, body, signal })
    if (response.status !== 200) {
      await response.body?.cancel()
      throw new TimeStampError(`status ${response.status}`)
    }
    return await readBody(response)
  }
}

/** At most MAX_BYTES. */
const readBody = async ({ body }: Response): Promise<Uint8Array> => {
  const reader = body?.getReader()
  let read = new Uint8Array(0)
  while (reader) {
    const { done, value } = await reader.read()
    if (done) break
    read = concat(read, value)
    if (read.length > MAX_BYTES) {
      await reader.cancel()
      throw new TimeStampError('too long')
    }
  }
  return read
}

/** For a log line: our own sentence, or that it did not answer. */
const reasonOf = (error: unknown): string => (error instanceof LogError ? error.message : 'no answer, or not kept')
