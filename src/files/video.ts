import { type Box, blank, boxes, boxOf } from './boxes.ts'

/** Where players keep the place, the phone and the owner; none of it is needed to play. */
const TELLING = ['udta', 'meta', 'uuid']
const HOLDING = ['moov', 'trak', 'mdia', 'minf', 'moof', 'traf']

/**
 * A video without its descriptions, `©xyz`, `loci` and Apple's location among them. Position that a camera writes
 * into a track of its own, frame by frame, stays.
 */
export const cleanVideo = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => {
  const cleaned = new Uint8Array(bytes)
  boxOf(boxes(cleaned, 0, cleaned.length), 'moov')
  blankTelling(cleaned, boxes(cleaned, 0, cleaned.length))
  return cleaned
}

/** Empties what tells of a film, in these boxes and those within. */
export const blankTelling = (bytes: Uint8Array, found: Iterable<Box>): void => {
  for (const box of found) {
    if (TELLING.includes(box.type)) blank(bytes, box)
    else if (HOLDING.includes(box.type)) blankTelling(bytes, boxes(bytes, box.body, box.end))
  }
}
