import { sha256 } from '@noble/hashes/sha2.js'
import type { Context } from 'hono'
import { toBase64url, utf8 } from '../../log/encoding.ts'
import { PRIVATE_HEADERS, SECURITY_HEADERS } from '../headers.ts'

interface RenderedPage {
  bytes: Uint8Array<ArrayBuffer>
  etag: string
}

const KEPT = 2000

/** LRU cache of rendered pages. The cache key names everything that a page depends on, its reader's link included. */
export class PageCache {
  readonly #pages = new Map<string, RenderedPage>()

  async get(key: string, render: () => Promise<string>): Promise<RenderedPage> {
    const known = this.#pages.get(key)
    if (known) return known
    const page = tagged(await render())
    this.#pages.set(key, page)
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= KEPT) break
      this.#pages.delete(oldest)
    }
    return page
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
  const headers = { ...SECURITY_HEADERS, ...PRIVATE_HEADERS, Vary: VARY, ETag: etag }
  // By the context: headers prepared on it (the language's cookie) are lost with a bare Response.
  if (known.includes(etag) || known.includes('*')) return c.body(null, 304, headers)
  return c.body(bytes, 200, { ...headers, 'Content-Type': type })
}
