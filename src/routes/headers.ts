import type { MiddlewareHandler } from 'hono'

/** The Content-Security-Policy of our pages. */
export const POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Security headers of every answer that does not set its own: CSP without foreign content, no framing, no MIME sniffing. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': POLICY,
  // A stricter policy breaks form posts in some web views: they would send no Origin.
  'Referrer-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Strict-Transport-Security': 'max-age=15552000; includeSubDomains',
}

/** A complaint is never kept by a shared cache, a search engine or a referrer. */
export const PRIVATE_HEADERS: Readonly<Record<string, string>> = {
  'Cache-Control': 'private, no-cache',
  'X-Robots-Tag': 'noindex',
}

/** Adds headers that the answer does not have by itself. */
export const withHeaders =
  (headers: Readonly<Record<string, string>>): MiddlewareHandler =>
  async (c, next) => {
    await next()
    for (const [name, value] of Object.entries(headers)) if (!c.res.headers.has(name)) c.res.headers.set(name, value)
  }

/** Pages behind a sign-in stay in no cache, whatever the status. */
export const noStore: MiddlewareHandler = async (c, next) => {
  await next()
  c.res.headers.set('Cache-Control', 'no-store')
}

/** Content negotiation of encodings (RFC 9110, 12.5.3): which of ours a reader takes. `*` is not read: identity is always right. */

export type Encoding = 'br' | 'gzip'

/** Compresses in the background; a host whose proxy does so by itself (Cloudflare) gives none. */
export type Compress = (bytes: Uint8Array<ArrayBuffer>, encoding: Encoding) => Promise<Uint8Array<ArrayBuffer>>

/** The best encoding that this `Accept-Encoding` allows, or null to send the bytes as they are. */
export const encodingFor = (accepted: string | undefined): Encoding | null =>
  accepted === undefined ? null : takes(accepted, BR) ? 'br' : takes(accepted, GZIP) ? 'gzip' : null

const BR = /(?:^|[,\s])br\s*(?:;\s*q=([\d.]+))?\s*(?:,|$)/i
const GZIP = /(?:^|[,\s])gzip\s*(?:;\s*q=([\d.]+))?\s*(?:,|$)/i

const takes = (accepted: string, coding: RegExp): boolean => {
  const found = coding.exec(accepted)
  return found !== null && (found[1] === undefined || Number(found[1]) > 0)
}

/** If-None-Match (RFC 9110, 13.1.2): whether the reader has what this entity tag names. Weak comparison. */
export const isKnown = (ifNoneMatch: string | undefined, etag: string): boolean =>
  ifNoneMatch?.split(',').some(each => {
    const tag = each.trim().replace(/^W\//, '')
    return tag === '*' || tag === etag
  }) ?? false
