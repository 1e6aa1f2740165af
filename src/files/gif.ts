import { ascii, Broken, Kept, PartCount, slice } from './bytes.ts'

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
