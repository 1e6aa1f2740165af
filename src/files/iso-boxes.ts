import { ascii, Broken, PartCount, slice, view } from './bytes.ts'

/** A box of an ISO base media file (ISO/IEC 14496-12, 4.2): where it begins, its content and its end. */
export interface Box {
  type: string
  at: number
  body: number
  end: number
}

/** Reads the boxes of one file, and counts them: all that are read are within one bound. Throws Broken. */
export class BoxReader {
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
export const boxOf = (found: Iterable<Box>, type: string): Box => {
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
export const blank = (bytes: Uint8Array, { at, body, end }: Box): void => {
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
export const blankTelling = (reader: BoxReader, found: Iterable<Box>): void => {
  for (const box of found) {
    if (TELLING.includes(box.type)) blank(reader.bytes, box)
    else if (HOLDING.includes(box.type)) blankTelling(reader, reader.within(box.body, box.end))
  }
}
