import { ascii, Broken, joined, slice, view } from './bytes.ts'

const SIGNATURE = 8
/** Chunks that tell of the picture instead of drawing it (PNG, third edition: eXIf, text and time). */
const TELLING = ['eXIf', 'tEXt', 'zTXt', 'iTXt', 'tIME']

/** Without where and when it was taken, and without whatever follows its end. */
export const cleanPng = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => {
  const kept = [slice(bytes, 0, SIGNATURE)]
  for (let at = SIGNATURE; ; ) {
    const head = slice(bytes, at, 8)
    const size = 12 + view(head).getUint32(0)
    const type = ascii(head, 4, 8)
    if (!/^[A-Za-z]{4}$/.test(type) || (at === SIGNATURE && type !== 'IHDR')) throw new Broken()
    const chunk = slice(bytes, at, size)
    if (!TELLING.includes(type)) kept.push(chunk)
    if (type === 'IEND') return joined(kept)
    at += size
  }
}
