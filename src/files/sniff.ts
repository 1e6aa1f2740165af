import { ascii } from './bytes.ts'

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

const starts = (bytes: Uint8Array, ...magic: number[]): boolean => magic.every((byte, i) => bytes[i] === byte)

/** Brands of ISO base media files (ISO/IEC 14496-12): phones call their photos and their videos nearly alike. */
const mediaOf = (bytes: Uint8Array): FileType | null => {
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
  if (ascii(bytes, 4, 8) !== 'ftyp' || size < 16 || size > bytes.length) return null
  const brand = ascii(bytes, 8, 12)
  if (/^(hei|hev|mif1|msf1)/.test(brand)) return 'image/heic'
  if (brand === 'qt  ') return 'video/quicktime'
  return /^(iso|mp4|avc|M4V|MSNV|3g|dash|f4v)/.test(brand) ? 'video/mp4' : null
}

/** The type by the file's own first bytes; null for any other. What the sender calls it counts for nothing. */
export const sniff = (bytes: Uint8Array): FileType | null => {
  if (starts(bytes, 0xff, 0xd8, 0xff)) return 'image/jpeg'
  if (starts(bytes, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png'
  if (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 12) === 'WEBP') return 'image/webp'
  if (ascii(bytes, 0, 6) === 'GIF87a' || ascii(bytes, 0, 6) === 'GIF89a') return 'image/gif'
  if (ascii(bytes, 0, 5) === '%PDF-') return 'application/pdf'
  return bytes.length >= 16 ? mediaOf(bytes) : null
}

/** What a browser draws as a picture and nothing else; other files are there to be saved. */
export const isSafeImage = (type: string): boolean =>
  ['image/jpeg', 'image/png', 'image/webp', 'image/gif'].includes(type)
