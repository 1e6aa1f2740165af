// HTTP caching of the tracking page: rendered pages by all that they depend on, and whole answers ahead of the app.

import type { Context } from 'hono'
import { sha256 } from '#sha256'
import type { Incident } from '../../complaint/view/incidents.ts'
import type { Head } from '../../ledger/contract/ledger.ts'
import { shardOf } from '../../link/id.ts'
import { concat, toBase64url, utf8 } from '../../log/encoding.ts'
import type { Deps } from '../deps.ts'
import { type Compress, type Encoding, encodingFor, isKnown, PRIVATE_HEADERS, SECURITY_HEADERS } from '../headers.ts'
import { recentIncidents } from '../incidents.ts'
import { requestIdOf } from '../observe.ts'

type Bytes = Uint8Array<ArrayBuffer>

interface RenderedPage {
  bytes: Bytes
  etag: string
  /** Compressed when a reader first takes it so. */
  packed: Map<Encoding, Bytes>
  /** Everybody with the same link gets this one for a while. */
  isKept: boolean
}

/** Bound in bytes (before compression, which adds a quarter), not pages: one link with long texts must not fill the memory. */
const MAX_BYTES = 64 * 1024 * 1024
const MAX_PAGE = 100 * 1024
/** Keys that were asked for once; a page is kept only when it is asked for again. */
const REMEMBERED = 4000

/**
 * Cache of rendered pages, oldest out first. The cache key names everything that a page depends on, its reader's link
 * included. A scan of many pages, each once, evicts nothing.
 */
export class PageCache {
  readonly #pages = new Map<string, RenderedPage>()
  readonly #once = new Set<string>()
  readonly #maxBytes: number
  #bytes = 0

  constructor(maxBytes = MAX_BYTES) {
    this.#maxBytes = maxBytes
  }

  get size(): number {
    return this.#bytes
  }

  async get(key: string, render: () => Promise<string>): Promise<RenderedPage> {
    const known = this.#pages.get(key)
    if (known) return known
    const page = tagged(await render())
    if (this.#once.delete(key)) this.#keep(key, page)
    else {
      this.#once.add(key)
      dropOldest(this.#once, () => this.#once.size > REMEMBERED)
    }
    return page
  }

  #keep(key: string, page: RenderedPage): void {
    if (page.bytes.length > MAX_PAGE || this.#pages.has(key)) return
    page.isKept = true
    this.#pages.set(key, page)
    this.#bytes += page.bytes.length
    for (const [oldest, { bytes }] of this.#pages) {
      if (this.#bytes <= this.#maxBytes) break
      this.#pages.delete(oldest)
      this.#bytes -= bytes.length
    }
  }
}

const dropOldest = (keys: Set<string>, isFull: () => boolean): void => {
  for (const oldest of keys) {
    if (!isFull()) break
    keys.delete(oldest)
  }
}

const etagOf = (bytes: Uint8Array): string => `"${toBase64url(sha256(bytes).subarray(0, 12))}"`

/** A strong ETag of this text. */
export const tagOf = (text: string): string => etagOf(utf8(text))

export const tagged = (text: string): RenderedPage => {
  const bytes = utf8(text)
  return { bytes, etag: etagOf(bytes), packed: new Map(), isKept: false }
}

/** Polling by an open page (htmx). */
export const isPoll = (c: Context): boolean => c.req.header('hx-request') === 'true'

export const VARY = 'Accept, Accept-Encoding, Accept-Language, Cookie, HX-Request'

const PAGE_HEADERS = { ...SECURITY_HEADERS, ...PRIVATE_HEADERS, Vary: VARY }

interface Packing {
  compress: Compress | undefined
  /** Chooses the padding: unknown to those who may not read the page, and the same until it has a new step. */
  secret: string
}

/** Conditional GET: the page, compressed where reader and host can, or 304 for a reader who has it. */
export const tagAnswer = async (
  c: Context,
  page: RenderedPage,
  { type, packing }: { type: string; packing?: Packing | undefined },
): Promise<Answer> => {
  const headers = { ...PAGE_HEADERS, ETag: page.etag }
  if (isKnown(c.req.header('if-none-match'), page.etag)) return { body: null, status: 304, headers }
  const encoding = encodingFor(c.req.header('accept-encoding'))
  if (encoding && packing?.compress && !page.packed.has(encoding))
    page.packed.set(encoding, await packing.compress(padded(page.bytes, packing.secret), encoding))
  const packed = encoding && page.packed.get(encoding)
  if (!packed) return { body: page.bytes, status: 200, headers: { ...headers, 'Content-Type': type } }
  // Not the same bytes, so the tag is weak (RFC 9110, 8.8.1).
  const more = { 'Content-Encoding': encoding, 'Content-Type': type, ETag: `W/${page.etag}` }
  return { body: packed, status: 200, headers: { ...headers, ...more } }
}

/**
 * With a plain object for headers the Node adapter writes an answer without making a `Headers` of it, which costs more than the rest
 * of a page from memory. Headers that were prepared on the context (the language's cookie, where the query sets it) would be lost.
 */
export const send = (c: Context, { body, status, headers: own }: Answer): Response => {
  const headers = { ...own, 'X-Request-Id': c.get('requestId') }
  return c.req.query('lang') === undefined
    ? new Response(body, { status, headers })
    : c.newResponse(body, status, headers)
}

/**
 * BREACH: the page holds its own link, which lets its bearer act, beside texts of the other party, who could guess at it by the
 * length of what is sent. Nothing of the request is reflected in it, and each guess is a step that all can see, 50 a day; the
 * length besides differs by up to 43 characters of a digest of the link and the newest leaf: until there is another step it is
 * the same, so looking on averages nothing out. Pages behind a cookie are not compressed at all: another site can make a browser ask for those.
 */
const padded = (html: Bytes, secret: string): Bytes => {
  const digest = sha256(utf8(secret))
  const length = (digest.at(-1) ?? 0) % 44
  return concat(html, utf8(`<!--${toBase64url(digest).slice(0, length)}-->`))
}

// Known pages, before the app.

/** An answer without its request id. */
interface Answer {
  body: Uint8Array<ArrayBuffer> | null
  status: 200 | 304
  headers: Record<string, string>
}

interface Kept extends Answer {
  id: number
  head: Head
  incidents: readonly Incident[]
  /** UTC ms: the end of the minute that the page counts, or of its link. */
  until: number
}

const MAX_REPEATS_BYTES = 16 * 1024 * 1024
const MAX_KEPT = 4000
/** What browsers send is shorter. */
const MAX_KEY = 2000

/**
 * HTTP cache of this process, before the app: the same request gets the same answer while the page has not changed, without
 * routing, link check and content negotiation, and where the head is in memory without a promise, which costs the Node adapter as much again. The key holds
 * every header that the page depends on (its `Vary` and If-None-Match), so an answer goes to who sends what its first reader sent.
 */
export class RepeatedPages {
  readonly #deps: Deps
  readonly #kept = new Map<string, Kept>()
  #bytes = 0

  constructor(deps: Deps) {
    this.#deps = deps
  }

  get size(): number {
    return this.#kept.size
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Null where the app has to answer. A promise on a host that can't see the head at once: it is asked for, and nothing else. */
  answer(request: Request): Response | Promise<Response | null> | null {
    const { clock, headNow, ledgers } = this.#deps
    const began = performance.now()
    const key = keyOf(request)
    const kept = key === null ? undefined : this.#kept.get(key)
    if (!kept) return null
    if (clock.now() >= kept.until || recentIncidents(this.#deps) !== kept.incidents) return null
    if (headNow) return this.#send(request, kept, headNow(kept.id), began)
    const ledger = ledgers[shardOf(kept.id)]
    // Of a shard that does not answer the app tells.
    return ledger
      ? ledger.head(kept.id).then(
          head => this.#send(request, kept, head, began),
          () => null,
        )
      : null
  }

  #send(request: Request, kept: Kept, head: Head | null, began: number): Response | null {
    if (!head || !sameHead(head, kept.head)) return null
    const { body, status, headers } = kept
    const response = new Response(body, { status, headers: withId(headers, request.headers.get('x-request-id')) })
    this.#deps.process?.requests.observe('/t/:token', 'GET', status, (performance.now() - began) / 1000)
    return response
  }

  keep(request: Request, kept: Kept): void {
    const key = keyOf(request)
    if (key === null || key.length > MAX_KEY) return
    const length = kept.body?.length ?? 0
    this.#bytes -= this.#kept.get(key)?.body?.length ?? 0
    this.#kept.delete(key)
    if (this.#bytes + length > MAX_REPEATS_BYTES || this.#kept.size >= MAX_KEPT) {
      // All at once: each was good for a minute at most.
      this.#kept.clear()
      this.#bytes = 0
    }
    this.#bytes += length
    this.#kept.set(key, kept)
  }
}

const withId = (headers: Record<string, string>, sent: string | null | undefined) => ({
  ...headers,
  'X-Request-Id': requestIdOf(sent),
})

/** Cache key; null for what is not the plain GET of a tracking page, before any header of another request is read. */
const keyOf = ({ method, url, headers }: Request): string | null => {
  if (method !== 'GET' || !url.includes('/t/')) return null
  const accept = headers.get('accept')
  if (!accept?.startsWith('text/html')) return null
  const [encoding, language] = [headers.get('accept-encoding'), headers.get('accept-language')]
  const [cookie, poll, known] = [headers.get('cookie'), headers.get('hx-request'), headers.get('if-none-match')]
  return `${url}\n${accept}\n${encoding}\n${language}\n${cookie}\n${poll}\n${known}`
}

/** Its links end and change by steps alone, and each step is a new head. */
const sameHead = (a: Head, b: Head): boolean =>
  a.head === b.head && a.witnessed === b.witnessed && a.isHalted === b.isHalted
