import { type Box, boxes } from './boxes.ts'
import { ascii, Broken, slice, view } from './bytes.ts'

// HEIF: ISO/IEC 23008-12; items, ISO/IEC 14496-12, 8.11. How a picture is turned is a property (`irot`), not Exif.

/** Without Exif and XMP: their bytes are emptied where they lie, and nothing else moves. */
export const cleanHeic = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => {
  const cleaned = new Uint8Array(bytes)
  const meta = boxes(cleaned, 0, cleaned.length).find(({ type }) => type === 'meta')
  if (!meta) throw new Broken()
  const inner = boxes(cleaned, meta.body + 4, meta.end)
  const telling = tellingItems(cleaned, need(inner, 'iinf'))
  const data = inner.find(({ type }) => type === 'idat')
  for (const { item, method, at, size } of extents(cleaned, need(inner, 'iloc'))) {
    if (!telling.includes(item)) continue
    const start = method === 1 ? (data?.body ?? cleaned.length) + at : at
    slice(cleaned, start, size).fill(0)
  }
  return cleaned
}

const need = (found: readonly Box[], type: string): Box => {
  const box = found.find(each => each.type === type)
  if (!box) throw new Broken()
  return box
}

/** Reads big-endian numbers one after another. */
class Reader {
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
}

/** Items that tell of the picture: Exif, and XMP by its content type. */
const tellingItems = (bytes: Uint8Array, { body, end }: Box): number[] => {
  const version = bytes[body] ?? 0
  return boxes(bytes, body + (version === 0 ? 6 : 8), end).flatMap(infe => {
    const wide = bytes[infe.body] === 3
    const item = new Reader(bytes, infe.body + 4).number(wide ? 4 : 2)
    const type = infe.body + (wide ? 10 : 8)
    const kind = ascii(bytes, type, type + 4)
    return kind === 'Exif' || kind === 'mime' ? [item] : []
  })
}

interface Extent {
  item: number
  /** 0: from the beginning of the file; 1: within `idat`. */
  method: number
  at: number
  size: number
}

const extents = (bytes: Uint8Array, { body }: Box): Extent[] => {
  const version = view(bytes).getUint8(body)
  const reader = new Reader(bytes, body + 4)
  const sizes = reader.number(2)
  const [offsetSize, lengthSize, baseSize] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15]
  const indexSize = version === 0 ? 0 : sizes & 15
  return list(reader.number(version < 2 ? 2 : 4), () => {
    const item = reader.number(version < 2 ? 2 : 4)
    const method = version === 0 ? 0 : reader.number(2) & 15
    reader.number(2)
    const base = reader.number(baseSize)
    return list(reader.number(2), () => {
      reader.number(indexSize)
      return { item, method, at: base + reader.number(offsetSize), size: reader.number(lengthSize) }
    })
  }).flat()
}

const list = <T>(count: number, read: () => T): T[] => Array.from({ length: count }, read)
