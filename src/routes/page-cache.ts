import { sha256 } from '@noble/hashes/sha2.js'
import { toBase64url, utf8 } from '../log/encoding.ts'

export interface RenderedPage {
  bytes: Uint8Array<ArrayBuffer>
  etag: string
}

const KEPT = 2000

/** Rendered pages in memory. A key names everything that the page depends on, its reader's link among it. */
export class PageCache {
  readonly #pages = new Map<string, RenderedPage>()

  async get(key: string, render: () => Promise<string>): Promise<RenderedPage> {
    const known = this.#pages.get(key)
    if (known) return known
    const bytes = utf8(await render())
    const page = { bytes, etag: `"${toBase64url(sha256(bytes).subarray(0, 12))}"` }
    this.#pages.set(key, page)
    for (const oldest of this.#pages.keys()) {
      if (this.#pages.size <= KEPT) break
      this.#pages.delete(oldest)
    }
    return page
  }
}
