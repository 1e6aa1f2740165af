import { ascii, view } from './bytes.ts'

/** Pixel flood (CWE-400): no camera's file of ten megabytes has more. */
const MOST_PIXELS = 120_000_000
/** So many are drawn without a question; a larger picture has to bring bytes for its pixels. A photo has 2 to 10 pixels a byte. */
const PLAIN_PIXELS = 16_000_000
const PIXELS_A_BYTE = 30

/** Whether a picture announces no more pixels than its bytes can be: a few kilobytes can ask a phone for gigabytes. */
export const isPlausible = (type: string, bytes: Uint8Array): boolean => {
  const size = pixelSize(type, bytes)
  if (size === null) return true
  const pixels = size.width * size.height
  return pixels > 0 && pixels <= Math.min(MOST_PIXELS, Math.max(PLAIN_PIXELS, bytes.length * PIXELS_A_BYTE))
}

/** Width and height as the header says, which is what a decoder reserves memory for; null for a type that no page draws. */
export const pixelSize = (type: string, bytes: Uint8Array): { width: number; height: number } | null => {
  const data = view(bytes)
  switch (type) {
    case 'image/png':
      // IHDR is the first chunk (PNG, 5.6).
      return { width: data.getUint32(16), height: data.getUint32(20) }
    case 'image/gif':
      return { width: data.getUint16(6, true), height: data.getUint16(8, true) }
    case 'image/webp':
      return webpSize(bytes, data)
    case 'image/jpeg':
      return jpegSize(bytes, data)
    default:
      return null
  }
}

/** The first chunk: lossy (RFC 6386, 9.1), lossless (RFC 9649, 3.4) or the canvas (2.7.1). */
const webpSize = (bytes: Uint8Array, data: DataView) => {
  const kind = ascii(bytes, 12, 16)
  if (kind === 'VP8 ') return { width: data.getUint16(26, true) & 0x3fff, height: data.getUint16(28, true) & 0x3fff }
  if (kind === 'VP8L') {
    const bits = data.getUint32(21, true)
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
  }
  return { width: (data.getUint32(23, true) >>> 8) + 1, height: (data.getUint32(26, true) >>> 8) + 1 }
}

/** The largest frame header (T.81, B.2.2): there is one, and a second is a lie. DHT, JPG and DAC are no frames. */
const jpegSize = (bytes: Uint8Array, data: DataView) => {
  const largest = { width: 0, height: 0 }
  for (let at = 2; bytes[at] === 0xff; ) {
    const marker = bytes[at + 1] ?? 0
    if (marker === 0xff) {
      at++
      continue
    }
    if (marker === 0xda || at + 9 > bytes.length) break
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      largest.height = Math.max(largest.height, data.getUint16(at + 5))
      largest.width = Math.max(largest.width, data.getUint16(at + 7))
    }
    at += 2 + Math.max(2, data.getUint16(at + 2))
  }
  return largest
}
