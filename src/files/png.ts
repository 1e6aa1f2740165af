import { ascii, Broken, Kept, PartCount, slice, view } from './bytes.ts'

const SIGNATURE = 8
/** Chunks that draw the picture (PNG, third edition, 11). Others tell of it: Exif, texts, time, claims of origin. */
const DRAWING = [
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
    if (DRAWING.includes(type)) kept.add(chunk)
    if (type === 'IEND') return kept.whole
    at += size
  }
}
