import type { Incident } from '../../complaint/view/incidents.ts'
import type { Head } from '../../ledger/contract/ledger.ts'
import { shardOf } from '../../link/id.ts'
import type { Deps } from '../deps.ts'
import { recentIncidents } from '../incidents.ts'
import { requestIdOf } from '../observe.ts'

/** An answer without its request id. */
export interface Answer {
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

const MAX_BYTES = 16 * 1024 * 1024
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
    if (this.#bytes + length > MAX_BYTES || this.#kept.size >= MAX_KEPT) {
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
