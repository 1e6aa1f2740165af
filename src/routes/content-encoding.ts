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
