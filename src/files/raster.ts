// GIF, PNG and WebP as evidence: what says where, when and by whom is taken out, and the size in pixels is read from the bytes.

import { ascii, Broken, Kept, PartCount, slice, view } from './bytes.ts'

// GIF89a, sections 17 to 27.
const TRAILER = 0x3b
const IMAGE = 0x2c
const EXTENSION = 0x21
const GRAPHIC_CONTROL = 0xf9
const APPLICATION = 0xff

/** Without comments, texts and XMP, and without whatever follows its end; how often it runs is kept. */
export const cleanGif = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => {
  const start = 13 + tableSize(slice(bytes, 10, 1)[0])
  const kept = new Kept(bytes.length)
  const blocks = new PartCount()
  kept.add(slice(bytes, 0, start))
  for (let at = start; ; ) {
    blocks.add()
    const end = blockEnd(bytes, at)
    const block = slice(bytes, at, end - at)
    if (isDrawing(block)) kept.add(block)
    if (block[0] === TRAILER) return kept.whole
    at = end
  }
}

/** Bytes of the colour table that these flags announce. */
const tableSize = (flags = 0): number => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0)

const blockEnd = (bytes: Uint8Array, at: number): number => {
  const kind = slice(bytes, at, 1)[0]
  if (kind === TRAILER) return at + 1
  if (kind === EXTENSION) return dataEnd(bytes, at + 2)
  if (kind === IMAGE) return dataEnd(bytes, at + 11 + tableSize(slice(bytes, at + 9, 1)[0]))
  throw new Broken()
}

/** Data come in pieces, each after its length; one of no length ends them. They are not counted: a large picture has 40,000. */
const dataEnd = (bytes: Uint8Array, from: number): number => {
  for (let at = from; ; ) {
    const length = bytes[at]
    if (length === undefined) throw new Broken()
    at += 1 + length
    if (length === 0) return at
  }
}

const isDrawing = (block: Uint8Array): boolean => {
  if (block[0] !== EXTENSION) return true
  return block[1] === GRAPHIC_CONTROL || (block[1] === APPLICATION && ascii(block, 3, 14) === 'NETSCAPE2.0')
}

const SIGNATURE = 8
/** Chunks that draw the picture (PNG, third edition, 11). Others tell of it: Exif, texts, time, claims of origin. */
const PNG_DRAWING = [
  ...['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS', 'bKGD', 'hIST', 'pHYs', 'sPLT', 'acTL', 'fcTL', 'fdAT'],
  ...['cHRM', 'gAMA', 'iCCP', 'sBIT', 'sRGB', 'cICP', 'mDCV', 'cLLI'],
]

/** The picture alone: without where and when it was taken, and without whatever follows its end. */
export const cleanPng = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => {
  const kept = new Kept(bytes.length)
  const chunks = new PartCount()
  kept.add(slice(bytes, 0, SIGNATURE))
  for (let at = SIGNATURE; ; ) {
    chunks.add()
    const head = slice(bytes, at, 8)
    const size = 12 + view(head).getUint32(0)
    const type = ascii(head, 4, 8)
    if (!/^[A-Za-z]{4}$/.test(type) || (at === SIGNATURE && type !== 'IHDR')) throw new Broken()
    const chunk = slice(bytes, at, size)
    if (PNG_DRAWING.includes(type)) kept.add(chunk)
    if (type === 'IEND') return kept.whole
    at += size
  }
}

// WebP container: RFC 9649, section 2.
const HEADER = 12
const EXIF_FLAG = 0x08
const XMP_FLAG = 0x04
/** Chunks that draw the picture; others tell of it. */
const WEBP_DRAWING = ['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP']

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
    if (WEBP_DRAWING.includes(type)) {
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
