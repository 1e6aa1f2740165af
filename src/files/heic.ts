import { ascii, Broken, slice, view } from './bytes.ts'
import { type Box, BoxReader, blank, blankTelling, boxOf } from './iso-boxes.ts'

// HEIF: ISO/IEC 23008-12; items, ISO/IEC 14496-12, 8.11. How a picture is turned is a property (`irot`), not Exif.

/** Where the picture lies. Others tell of it, or are a film of their own (Samsung's `mpvd`). */
const DRAWING = ['ftyp', 'meta', 'mdat', 'moov', 'free']

/** Without Exif and XMP: their bytes are emptied where they lie, and nothing else moves. */
export const cleanHeic = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => {
  const cleaned = new Uint8Array(bytes)
  const reader = new BoxReader(cleaned)
  for (const box of reader.within()) {
    if (!DRAWING.includes(box.type)) blank(cleaned, box)
    else if (box.type === 'moov') blankTelling(reader, reader.within(box.body, box.end))
  }
  emptyItems(reader, boxOf(reader.within(), 'meta'))
  return cleaned
}

/** Of an extent in its list, at least: those of a list that says nothing of them are counted as well. */
const TOLD = 8

const emptyItems = (reader: BoxReader, meta: Box): void => {
  const { bytes } = reader
  const inner = () => reader.within(meta.body + 4, meta.end)
  const telling = tellingItems(reader, boxOf(inner(), 'iinf'))
  let data: Box | undefined
  let left = bytes.length
  for (const { method, at, size } of extents(reader, boxOf(inner(), 'iloc'), telling)) {
    // What lies within another item, or in more bytes than there are, is not where it seems.
    left -= size + TOLD
    if (method > 1 || left < 0) throw new Broken()
    if (method === 1) data ??= boxOf(inner(), 'idat')
    slice(bytes, (method === 1 && data ? data.body : 0) + at, size).fill(0)
  }
}

/** Reads big-endian numbers one after another. */
class NumberReader {
  readonly #bytes: Uint8Array
  #at: number
  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes
    this.#at = at
  }
  number(size: number): number {
    const read = slice(this.#bytes, this.#at, size)
    this.#at += size
    return read.reduce((value, byte) => value * 256 + byte, 0)
  }
  skip(size: number): void {
    this.#at += size
  }
}

/** Items that tell of the picture: Exif, and XMP by its content type. */
const tellingItems = (reader: BoxReader, { body, end }: Box): Set<number> => {
  const { bytes } = reader
  const version = bytes[body] ?? 0
  const telling = new Set<number>()
  for (const infe of reader.within(body + (version === 0 ? 6 : 8), end)) {
    const wide = bytes[infe.body] === 3
    const type = infe.body + (wide ? 10 : 8)
    if (['Exif', 'mime', 'uri '].includes(ascii(bytes, type, type + 4))) {
      telling.add(new NumberReader(bytes, infe.body + 4).number(wide ? 4 : 2))
    }
  }
  return telling
}

interface Extent {
  /** 0: from the beginning of the file; 1: within `idat`; 2: within another item. */
  method: number
  at: number
  size: number
}

/** Where the bytes of these items lie. */
function* extents(
  { bytes, parts }: BoxReader,
  { body }: Box,
  items: ReadonlySet<number>,
): Generator<Extent, undefined> {
  const version = view(bytes).getUint8(body)
  const reader = new NumberReader(bytes, body + 4)
  const sizes = reader.number(2)
  const [offsetSize, lengthSize, baseSize] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15]
  const indexSize = version === 0 ? 0 : sizes & 15
  for (let left = reader.number(version < 2 ? 2 : 4); left > 0; left--) {
    parts.add()
    const item = reader.number(version < 2 ? 2 : 4)
    const method = version === 0 ? 0 : reader.number(2) & 15
    reader.skip(2)
    const base = reader.number(baseSize)
    const count = reader.number(2)
    if (!items.has(item)) reader.skip(count * (indexSize + offsetSize + lengthSize))
    else {
      for (let i = 0; i < count; i++) {
        parts.add()
        reader.skip(indexSize)
        yield { method, at: base + reader.number(offsetSize), size: reader.number(lengthSize) }
      }
    }
  }
}
