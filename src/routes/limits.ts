// Token buckets: rate limits by client, in memory. A client's address is never logged and never stored on disk. On Cloudflare
// each isolate counts by itself.

import { Problem } from './problem.ts'

interface Rate {
  /** Requests that may come at once, after a pause. */
  burst: number
  /** Requests that become possible with each second. */
  perSecond: number
}
interface Limit {
  /** For one client: an IPv4 address, which a carrier may share among many buyers, or an IPv6 /64. */
  client: Rate
  /** For all clients together, those without a known address among them. */
  all?: Rate
}

export const LIMITS = {
  /** Pickup codes, links by SMS, complaint forms, sign-ins, forms whose session has ended: each costs a write or a provider's answer. */
  anonymous: { client: { burst: 30, perSecond: 0.5 }, all: { burst: 300, perSecond: 50 } },
  /** Acts by a link, complaint forms that were opened with a shop's ticket. */
  holder: { client: { burst: 200, perSecond: 5 } },
} as const satisfies Record<string, Limit>

/** Clients who were not seen for long are forgotten first, half of all at once: by then their buckets are full again, unless a flood of addresses came. */
export const MOST_CLIENTS = 10_000

interface Bucket {
  tokens: number
  /** UTC ms of the last refill. */
  at: number
}

/** The buckets of one limit. Constant time and bounded memory, however many addresses come. */
export class RateLimiter {
  readonly #limit: Limit
  readonly #clock: { now(): number }
  /** Clients by network: those seen lately, and those seen before them. */
  #young = new Map<string, Bucket>()
  #old = new Map<string, Bucket>()
  readonly #all: Bucket

  constructor(limit: Limit, clock: { now(): number }) {
    this.#limit = limit
    this.#clock = clock
    this.#all = { tokens: limit.all?.burst ?? 0, at: clock.now() }
  }

  get size(): number {
    return this.#young.size + this.#old.size
  }

  /** Counts a request. Answers 0, or in how many whole seconds the next one is possible; a refused one takes nothing from others. */
  take(client: string | undefined): number {
    const now = this.#clock.now()
    const own = client === undefined ? undefined : this.#bucketOf(networkOf(client), now)
    const wait = (own && waitFor(own, this.#limit.client, now)) || this.#waitForAll(now)
    if (wait > 0) return wait
    if (own) own.tokens--
    this.#all.tokens--
    return 0
  }

  #waitForAll(now: number): number {
    return this.#limit.all ? waitFor(this.#all, this.#limit.all, now) : 0
  }

  /** Two generations stand in for an LRU list: a Map that loses its oldest entry again and again is searched from its start. */
  #bucketOf(network: string, now: number): Bucket {
    const kept = this.#young.get(network)
    if (kept) return kept
    const bucket = this.#old.get(network) ?? { tokens: this.#limit.client.burst, at: now }
    if (this.#young.size >= MOST_CLIENTS / 2) [this.#old, this.#young] = [this.#young, new Map()]
    this.#young.set(network, bucket)
    return bucket
  }
}

/** Refills the bucket; seconds until it holds a token. A clock that went back refills nothing and is followed. */
const waitFor = (bucket: Bucket, { burst, perSecond }: Rate, now: number): number => {
  const seconds = Math.max(0, now - bucket.at) / 1000
  bucket.tokens = Math.min(burst, bucket.tokens + seconds * perSecond)
  bucket.at = now
  return bucket.tokens >= 1 ? 0 : Math.ceil((1 - bucket.tokens) / perSecond)
}

/** An IPv4 address (also one mapped into IPv6) as it is; of an IPv6 address the first 64 bits, since one client has them all. */
export const networkOf = (address: string): string => {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined || !address.includes(':')) return mapped ?? address
  const [head = '', tail] = (address.split('%')[0] ?? '').toLowerCase().split('::')
  const [before, after] = [head, tail ?? ''].map(part => part.split(':').filter(Boolean))
  const missing = tail === undefined ? 0 : 8 - (before?.length ?? 0) - (after?.length ?? 0)
  const groups = [...(before ?? []), ...Array<string>(Math.max(0, missing)).fill('0'), ...(after ?? [])]
  return groups
    .slice(0, 4)
    .map(group => Number.parseInt(group, 16).toString(16))
    .join(':')
}

export type Limiters = Record<keyof typeof LIMITS, RateLimiter>

export const createLimiters = (clock: { now(): number }): Limiters => ({
  anonymous: new RateLimiter(LIMITS.anonymous, clock),
  holder: new RateLimiter(LIMITS.holder, clock),
})

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

interface Reservation {
  /** Raises it to this many bytes in all. Throws `busy`. */
  grow(bytes: number): void
  release(): void
}
