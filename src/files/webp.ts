import { ascii, Broken, joined, slice, view } from './bytes.ts'

// WebP container: RFC 9649, section 2.
const HEADER = 12
const EXIF_FLAG = 0x08
const XMP_FLAG = 0x04

/** Without Exif and XMP, and without whatever follows its end. */
export const cleanWebp = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => {
  const end = 8 + view(slice(bytes, 0, HEADER)).getUint32(4, true)
  if (end > bytes.length + 1) throw new Broken()
  const kept: Uint8Array[] = []
  for (let at = HEADER; at + 8 <= end; ) {
    const size = 8 + view(slice(bytes, at, 8)).getUint32(4, true)
    const type = ascii(bytes, at, at + 4)
    const chunk = slice(bytes, at, size)
    if (kept.length === 0 && !type.startsWith('VP8')) throw new Broken()
    if (type !== 'EXIF' && type !== 'XMP ') kept.push(type === 'VP8X' ? withoutFlags(chunk) : chunk, padding(size))
    at += size + (size % 2)
  }
  if (kept.length === 0) throw new Broken()
  const body = joined(kept)
  const header = new Uint8Array(slice(bytes, 0, HEADER))
  view(header).setUint32(4, body.length + 4, true)
  return joined([header, body])
}

const padding = (size: number): Uint8Array => new Uint8Array(size % 2)

const withoutFlags = (chunk: Uint8Array): Uint8Array => {
  const changed = new Uint8Array(chunk)
  changed[8] = (changed[8] ?? 0) & ~(EXIF_FLAG | XMP_FLAG)
  return changed
}
