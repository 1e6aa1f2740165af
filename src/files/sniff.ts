/** Types that evidence may have. SVG and HTML are never among them: a browser would run what stands in them. */
export type FileType = 'image/jpeg' | 'image/png' | 'image/webp' | 'image/gif' | 'application/pdf' | 'video/mp4'

const ascii = (bytes: Uint8Array, from: number, to: number): string => String.fromCharCode(...bytes.subarray(from, to))

const starts = (bytes: Uint8Array, ...magic: number[]): boolean => magic.every((byte, i) => bytes[i] === byte)

/** The type by the file's own first bytes; null for any other. What the sender calls it counts for nothing. */
export const sniff = (bytes: Uint8Array): FileType | null => {
  if (starts(bytes, 0xff, 0xd8, 0xff)) return 'image/jpeg'
  if (starts(bytes, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png'
  if (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 12) === 'WEBP') return 'image/webp'
  if (ascii(bytes, 0, 6) === 'GIF87a' || ascii(bytes, 0, 6) === 'GIF89a') return 'image/gif'
  if (ascii(bytes, 0, 5) === '%PDF-') return 'application/pdf'
  return ascii(bytes, 4, 8) === 'ftyp' ? 'video/mp4' : null
}

export const isImage = (type: string): boolean => type.startsWith('image/')
