import { ascii, Broken, PartCount, slice, view } from './bytes.ts'

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
const LISTED = 8

const emptyItems = (reader: BoxReader, meta: Box): void => {
  const { bytes } = reader
  const inner = () => reader.within(meta.body + 4, meta.end)
  const telling = tellingItems(reader, boxOf(inner(), 'iinf'))
  let data: Box | undefined
  let left = bytes.length
  for (const { method, at, size } of extents(reader, boxOf(inner(), 'iloc'), telling)) {
    // What lies within another item, or in more bytes than there are, is not where it seems.
    left -= size + LISTED
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

/** A box of an ISO base media file (ISO/IEC 14496-12, 4.2): where it begins, its content and its end. */
interface Box {
  type: string
  at: number
  body: number
  end: number
}

/** Reads the boxes of one file, and counts them: all that are read are within one bound. Throws Broken. */
class BoxReader {
  readonly bytes: Uint8Array
  readonly parts = new PartCount()
  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  /** The boxes from `from` to `to`, one after another. */
  *within(from = 0, to = this.bytes.length): Generator<Box, undefined> {
    for (let at = from; at + 8 <= to; ) {
      this.parts.add()
      const box = boxAt(this.bytes, at, to)
      yield box
      at = box.end
    }
  }
}

/** The first box of this type; a file without it is broken. */
const boxOf = (found: Iterable<Box>, type: string): Box => {
  for (const box of found) if (box.type === type) return box
  throw new Broken()
}

const boxAt = (bytes: Uint8Array, at: number, to: number): Box => {
  const head = view(slice(bytes, at, 8))
  const type = ascii(bytes, at + 4, at + 8)
  const short = head.getUint32(0)
  const long = short === 1
  const size = long ? Number(view(slice(bytes, at + 8, 8)).getBigUint64(0)) : short === 0 ? to - at : short
  const body = at + (long ? 16 : 8)
  if (at + size > to || body > at + size) throw new Broken()
  return { type, at, body, end: at + size }
}

/** Empties a box in place: nothing else moves, so that what points into the file still does. */
const blank = (bytes: Uint8Array, { at, body, end }: Box): void => {
  bytes.set([0x66, 0x72, 0x65, 0x65], at + 4)
  bytes.fill(0, body, end)
}

/** Where players keep the place, the phone and the owner; none of it is needed to play. */
const TELLING = ['udta', 'meta', 'uuid']
const HOLDING = ['moov', 'trak', 'mdia', 'minf', 'moof', 'traf']

/**
 * A video without its descriptions, `©xyz`, `loci` and Apple's location among them. Position that a camera writes
 * into a track of its own, frame by frame, stays.
 */
export const cleanVideo = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => {
  const cleaned = new Uint8Array(bytes)
  const reader = new BoxReader(cleaned)
  boxOf(reader.within(), 'moov')
  blankTelling(reader, reader.within())
  return cleaned
}

/** Empties what tells of a film, in these boxes and those within. */
const blankTelling = (reader: BoxReader, found: Iterable<Box>): void => {
  for (const box of found) {
    if (TELLING.includes(box.type)) blank(reader.bytes, box)
    else if (HOLDING.includes(box.type)) blankTelling(reader, reader.within(box.body, box.end))
  }
}
