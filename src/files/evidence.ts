import { isArchive } from './archive.ts'
import { Broken } from './bytes.ts'
import { cleanGif } from './gif.ts'
import { cleanHeic } from './heic.ts'
import { cleanJpeg } from './jpeg.ts'
import { cleanPdf } from './pdf.ts'
import { cleanPng } from './png.ts'
import { type FileType, sniff } from './sniff.ts'
import { cleanVideo } from './video.ts'
import { cleanWebp } from './webp.ts'

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
 * without what tells where it was taken. Null for any other, such as a page that is also a picture.
 */
export const asEvidence = (bytes: Uint8Array): { type: FileType; bytes: Uint8Array<ArrayBuffer> } | null => {
  const type = sniff(bytes)
  if (type === null) return null
  try {
    const cleaned = CLEAN[type](bytes)
    return isAlso(type, cleaned) ? null : { type, bytes: cleaned }
  } catch (error) {
    if (error instanceof Broken || error instanceof RangeError) return null
    throw error
  }
}
