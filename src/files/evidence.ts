import { ascii, Broken, view } from './bytes.ts'
import { cleanHeic, cleanVideo } from './heic.ts'
import { cleanJpeg } from './jpeg.ts'
import { cleanGif, cleanPng, cleanWebp, isPlausible, pixelSize } from './raster.ts'
import { THUMBNAIL_BYTES } from './store.ts'

/** An archive that ends where the document does (its end record, APPNOTE 4.3.16), and pages that are also documents. */
const ARCHIVE = 'PK\u0005\u0006'
const ARCHIVE_END = 66_000
const DOCUMENT_END = 65_536

/** A document is kept as it is: its parts may be signed. Throws Broken where it is something else as well. */
const cleanPdf = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => {
  const text = new TextDecoder('latin1')
  if (text.decode(bytes.subarray(-ARCHIVE_END)).includes(ARCHIVE)) throw new Broken()
  if (!text.decode(bytes.subarray(-DOCUMENT_END)).includes('%%EOF')) throw new Broken()
  for (let at = 0; at < bytes.length; at++) if (bytes[at] === OPENING && beginsPage(bytes, at + 1)) throw new Broken()
  return new Uint8Array(bytes)
}

const OPENING = 0x3c
/** `html`, `script` or `!doctype html`, in any case. Linear time in all: none holds a `<`, so no byte is compared for two of them. */
const beginsPage = (bytes: Uint8Array, at: number): boolean => {
  switch (bytes[at]) {
    case 0x48:
    case 0x68:
      return wordEnd(bytes, at, 'html') > 0
    case 0x53:
    case 0x73:
      return wordEnd(bytes, at, 'script') > 0
    case 0x21: {
      const doctype = wordEnd(bytes, at + 1, 'doctype')
      let next = doctype
      while (isSpace(bytes[next] ?? 0)) next++
      return doctype > 0 && next > doctype && wordEnd(bytes, next, 'html') > 0
    }
    default:
      return false
  }
}

/** Where this word of small letters ends that stands here by itself, in any case; 0 where it does not. */
const wordEnd = (bytes: Uint8Array, at: number, word: string): number => {
  for (let i = 0; i < word.length; i++) if (((bytes[at + i] ?? 0) | 0x20) !== word.charCodeAt(i)) return 0
  const end = at + word.length
  return isWord(bytes[end] ?? 0) ? 0 : end
}
/** As `\w` and `\s` read Latin-1. */
const isWord = (byte: number): boolean =>
  ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte === 0x5f
const isSpace = (byte: number): boolean => (byte >= 9 && byte <= 13) || byte === 0x20 || byte === 0xa0

const CLEAN: Record<FileType, (bytes: Uint8Array) => Uint8Array<ArrayBuffer>> = {
  'image/jpeg': cleanJpeg,
  'image/png': cleanPng,
  'image/webp': cleanWebp,
  'image/gif': cleanGif,
  'image/heic': cleanHeic,
  'application/pdf': cleanPdf,
  'video/mp4': cleanVideo,
  'video/quicktime': cleanVideo,
}

/** Browsers look no further than this for a page (WHATWG MIME Sniffing, 5.2: 1445 bytes). */
const SNIFFED = 1445
const MARKUP = /<(?:!doctype|html|head|script|svg|iframe|body|\?xml|!--)/i
/** Readers of documents take one that begins later. */
const isAlso = (type: FileType, bytes: Uint8Array): boolean => {
  const text = new TextDecoder('latin1').decode(bytes.subarray(0, SNIFFED))
  return MARKUP.test(text) || (type !== 'application/pdf' && text.includes('%PDF-')) || isArchive(bytes)
}

/**
 * A file as it is kept: its type by its own bytes, built as that type is to its end, with nothing behind it, and
 * without what tells where it was taken. Null for any other, such as a page that is also a picture, or a picture that announces
 * more pixels than it has.
 */
export const asEvidence = (bytes: Uint8Array): { type: FileType; bytes: Uint8Array<ArrayBuffer> } | null => {
  const type = sniff(bytes)
  if (type === null) return null
  try {
    const cleaned = CLEAN[type](bytes)
    return isAlso(type, cleaned) || !isPlausible(type, cleaned) ? null : { type, bytes: cleaned }
  } catch (error) {
    if (error instanceof Broken || error instanceof RangeError) return null
    throw error
  }
}

/** No larger than it is drawn on a dense display. */
const THUMBNAIL_SIDE = 320

/** A thumbnail as it is kept: a JPEG that is small by its bytes and by its header. Null for any other. */
export const asThumbnail = (bytes: Uint8Array): Uint8Array<ArrayBuffer> | null => {
  const kept = bytes.length <= THUMBNAIL_BYTES ? asEvidence(bytes) : null
  if (kept?.type !== 'image/jpeg') return null
  const { width, height } = pixelSize(kept.type, kept.bytes) ?? {}
  return width && height && Math.max(width, height) <= THUMBNAIL_SIDE ? kept.bytes : null
}

/** An archive is read from its end: a record of at most 22 bytes and a comment (APPNOTE 4.3.16), after its directory. */
const RECORD = 22
const LONGEST = RECORD + 65_535
const DIRECTORY = 'PK\u0001\u0002'

/** Whether this file can be opened as an archive, whatever else it is. */
const isArchive = (bytes: Uint8Array): boolean => {
  const from = Math.max(0, bytes.length - LONGEST)
  const end = new TextDecoder('latin1').decode(bytes.subarray(from))
  for (let at = end.indexOf(ARCHIVE); at >= 0; at = end.indexOf(ARCHIVE, at + 1)) {
    if (hasDirectory(bytes, from + at)) return true
  }
  return false
}

const hasDirectory = (bytes: Uint8Array, at: number): boolean => {
  if (at + RECORD > bytes.length) return false
  const directory = at - view(bytes).getUint32(at + 12, true)
  return directory >= 0 && ascii(bytes, directory, directory + 4) === DIRECTORY
}

/** Types that evidence may have. SVG and HTML are never among them: a browser would run what stands in them. */
type FileType =
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
const sniff = (bytes: Uint8Array): FileType | null => {
  if (starts(bytes, 0xff, 0xd8, 0xff)) return 'image/jpeg'
  if (starts(bytes, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png'
  if (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 12) === 'WEBP') return 'image/webp'
  if (ascii(bytes, 0, 6) === 'GIF87a' || ascii(bytes, 0, 6) === 'GIF89a') return 'image/gif'
  if (ascii(bytes, 0, 5) === '%PDF-') return 'application/pdf'
  return bytes.length >= 16 ? mediaOf(bytes) : null
}
