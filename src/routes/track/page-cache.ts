import { sha256 } from '@noble/hashes/sha2.js'
import type { Context } from 'hono'
import { toBase64url, utf8 } from '../../log/encoding.ts'
import { PRIVATE_HEADERS, SECURITY_HEADERS } from '../headers.ts'

interface RenderedPage {
  bytes: Uint8Array<ArrayBuffer>
  etag: string
}

/** Bound in bytes, not pages: one link with long texts must not fill the memory. */
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
  return { bytes, etag: etagOf(bytes) }
}

/** Polling by an open page (htmx). */
export const isPoll = (c: Context): boolean => c.req.header('hx-request') === 'true'

export const VARY = 'Accept, Accept-Language, Cookie, HX-Request'

/** Conditional GET: the page, or 304 for a reader who has it. A proxy that compresses makes a tag weak (RFC 9110, 13.1.2). */
export const sendTagged = (c: Context, { bytes, etag }: RenderedPage, type: string): Response => {
  const known = (c.req.header('if-none-match') ?? '').split(',').map(tag => tag.trim().replace(/^W\//, ''))
  const headers = {
    ...SECURITY_HEADERS,
    ...PRIVATE_HEADERS,
    ...{ Vary: VARY, ETag: etag, 'X-Request-Id': c.get('requestId') },
  }
  // By the context: headers prepared on it (the language's cookie) are lost with a bare Response.
  if (known.includes(etag) || known.includes('*')) return c.body(null, 304, headers)
  return c.body(bytes, 200, { ...headers, 'Content-Type': type })
}
