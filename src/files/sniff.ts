/** Types that evidence may have. SVG and HTML are never among them: a browser would run what stands in them. */
export type FileType =
  | 'image/jpeg'
  | 'image/png'
  | 'image/webp'
  | 'image/gif'
  | 'image/heic'
  | 'application/pdf'
  | 'video/mp4'
  | 'video/quicktime'

const ascii = (bytes: Uint8Array, from: number, to: number): string => String.fromCharCode(...bytes.subarray(from, to))

const starts = (bytes: Uint8Array, ...magic: number[]): boolean => magic.every((byte, i) => bytes[i] === byte)

/** What a careless reader could run: evidence that is also a page is refused, whatever its first bytes say. */
const MARKUP = /<(?:!doctype\s+html|html|script|svg)\b/i
const STRIDE = 65_536
const isPage = (bytes: Uint8Array): boolean => {
  for (let at = 0; at < bytes.length; at += STRIDE - 32) {
    if (MARKUP.test(LATIN.decode(bytes.subarray(at, at + STRIDE)))) return true
  }
  return false
}
const LATIN = new TextDecoder('latin1')

/** Brands of ISO base media files (ISO/IEC 14496-12): phones call their photos and their videos nearly alike. */
const mediaOf = (bytes: Uint8Array): FileType | null => {
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
  if (ascii(bytes, 4, 8) !== 'ftyp' || size < 16 || size > bytes.length) return null
  const brand = ascii(bytes, 8, 12)
  if (/^(hei|hev|mif1|msf1)/.test(brand)) return 'image/heic'
  if (brand === 'qt  ') return 'video/quicktime'
  return /^(iso|mp4|avc|M4V|MSNV|3g|dash|f4v)/.test(brand) ? 'video/mp4' : null
}

/** The type by the file's own bytes; null for any other. What the sender calls it counts for nothing. */
export const sniff = (bytes: Uint8Array): FileType | null => {
  const type = byMagic(bytes)
  return type === null || isPage(bytes) ? null : type
}

const byMagic = (bytes: Uint8Array): FileType | null => {
  if (starts(bytes, 0xff, 0xd8, 0xff)) return 'image/jpeg'
  if (starts(bytes, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png'
  if (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 12) === 'WEBP') return 'image/webp'
  if (ascii(bytes, 0, 6) === 'GIF87a' || ascii(bytes, 0, 6) === 'GIF89a') return 'image/gif'
  if (ascii(bytes, 0, 5) === '%PDF-') return 'application/pdf'
  return bytes.length >= 16 ? mediaOf(bytes) : null
}

export const isImage = (type: string): boolean => type.startsWith('image/')
