import { ascii, Broken, Kept, PartCount, slice, view } from './bytes.ts'

// WebP container: RFC 9649, section 2.
const HEADER = 12
const EXIF_FLAG = 0x08
const XMP_FLAG = 0x04
/** Chunks that draw the picture; others tell of it. */
const DRAWING = ['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP']

/** The picture alone: without Exif and XMP, and without whatever follows its end. */
export const cleanWebp = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => {
  const end = 8 + view(slice(bytes, 0, HEADER)).getUint32(4, true)
  if (end > bytes.length + 1) throw new Broken()
  // The last chunk may lack its padding.
  const kept = new Kept(bytes.length + 1)
  kept.add(slice(bytes, 0, HEADER))
  const chunks = new PartCount()
  for (let at = HEADER; at + 8 <= end; ) {
    chunks.add()
    const size = 8 + view(slice(bytes, at, 8)).getUint32(4, true)
    const type = ascii(bytes, at, at + 4)
    const chunk = slice(bytes, at, size)
    if (kept.size === HEADER && !type.startsWith('VP8')) throw new Broken()
    if (DRAWING.includes(type)) {
      kept.add(type === 'VP8X' ? withoutFlags(chunk) : chunk)
      kept.add(padding(size))
    }
    at += size + (size % 2)
  }
  if (kept.size === HEADER) throw new Broken()
  const cleaned = kept.whole
  view(cleaned).setUint32(4, cleaned.length - 8, true)
  return cleaned
}

const padding = (size: number): Uint8Array => new Uint8Array(size % 2)

const withoutFlags = (chunk: Uint8Array): Uint8Array => {
  const changed = new Uint8Array(chunk)
  changed[8] = (changed[8] ?? 0) & ~(EXIF_FLAG | XMP_FLAG)
  return changed
}
