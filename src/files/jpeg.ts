import { ascii, Broken, Kept, PartCount, slice, view } from './bytes.ts'

// JPEG: ITU-T T.81, annex B. Exif: CIPA DC-008.
const RST0 = 0xd0
const SOI = 0xd8
const EOI = 0xd9
const SOS = 0xda
const APP0 = 0xe0
const APP1 = 0xe1
const APP2 = 0xe2
const APP14 = 0xee
const APP15 = 0xef
const COM = 0xfe

/** Of what describes a picture, only what it needs to be drawn: density, colour profile, colour transform. */
const isKept = (marker: number, body: Uint8Array): boolean => {
  if (marker === COM) return false
  if (marker < APP0 || marker > APP15) return true
  return marker === APP0 || marker === APP14 || (marker === APP2 && ascii(body, 0, 11) === 'ICC_PROFILE')
}

/** The picture as it is drawn, upright: without where and when it was taken, and without whatever follows its end. */
export const cleanJpeg = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => {
  const parts = new PartCount()
  const segments: Uint8Array[] = []
  let orientation = 1
  for (let at = 2; ; ) {
    parts.add()
    const [marker, start] = markerAt(bytes, at)
    if (marker === EOI || marker === SOI) throw new Broken()
    const size = segmentEnd(bytes, start - 2) - start
    const body = slice(bytes, start + 2, size - 2)
    if (marker === APP1) orientation = orientationIn(body) ?? orientation
    else if (isKept(marker, body)) segments.push(slice(bytes, start - 2, size + 2))
    at = start + size
    if (marker !== SOS) continue
    const upright = orientation === 1 ? new Uint8Array() : exifOf(orientation)
    const kept = new Kept(bytes.length + upright.length)
    for (const part of [slice(bytes, 0, 2), upright, ...segments]) kept.add(part)
    keepScans(kept, bytes, at, parts)
    return kept.whole
  }
}

/** A marker may be preceded by any number of fill bytes. Answers it and where its segment begins. */
const markerAt = (bytes: Uint8Array, at: number): [marker: number, start: number] => {
  if (bytes[at] !== 0xff) throw new Broken()
  let next = at + 1
  while (bytes[next] === 0xff) next++
  const marker = bytes[next]
  if (marker === undefined || marker === 0) throw new Broken()
  return [marker, next + 1]
}

/** Coded data, tables and more scans, to the end marker; a picture that was cut short ends where it ends. */
const keepScans = (kept: Kept, bytes: Uint8Array, from: number, parts: PartCount): void => {
  let begin = from
  for (let at = markerAfter(bytes, from); ; ) {
    parts.add()
    const [marker, end] = [bytes[at + 1], segmentEnd(bytes, at)]
    if (marker === undefined || marker === EOI || end > bytes.length) {
      kept.add(bytes.subarray(begin, marker === EOI ? at + 2 : bytes.length))
      return
    }
    if (!isKept(marker, bytes.subarray(at + 4, end))) {
      kept.add(bytes.subarray(begin, at))
      begin = end
    }
    at = markerAfter(bytes, end)
  }
}

const segmentEnd = (bytes: Uint8Array, at: number): number =>
  at + 2 + Math.max(2, (bytes[at + 2] ?? 0) * 256 + (bytes[at + 3] ?? 0))

/** The next marker that begins a segment or ends the picture: coded data hold stuffed bytes and restarts as well. */
const markerAfter = (bytes: Uint8Array, from: number): number => {
  let at = from
  while (at < bytes.length && !(bytes[at] === 0xff && beginsSegment(bytes[at + 1] ?? 0))) at++
  return at
}

const beginsSegment = (marker: number): boolean => marker >= 0xc0 && marker < 0xff && !(marker >= RST0 && marker <= SOI)

const ORIENTATION = 0x0112

/** How the camera was held, 1 to 8, of an Exif segment. */
const orientationIn = (body: Uint8Array): number | undefined => {
  if (ascii(body, 0, 4) !== 'Exif' || body.length < 14) return undefined
  const tiff = view(body.subarray(6))
  const little = tiff.getUint16(0) === 0x4949
  const ifd = tiff.getUint32(4, little)
  if (ifd + 2 > tiff.byteLength) return undefined
  const count = tiff.getUint16(ifd, little)
  for (let entry = ifd + 2; entry < ifd + 2 + 12 * count && entry + 12 <= tiff.byteLength; entry += 12) {
    if (tiff.getUint16(entry, little) !== ORIENTATION) continue
    const value = tiff.getUint16(entry + 8, little)
    return value >= 1 && value <= 8 ? value : undefined
  }
  return undefined
}

/** An Exif segment that says nothing but the orientation. */
const exifOf = (orientation: number): Uint8Array => {
  const ifd = [0x00, 0x01, 0x01, 0x12, 0x00, 0x03, 0, 0, 0, 1, 0x00, orientation, 0, 0, 0, 0, 0, 0]
  const body = [...'Exif'].map(each => each.charCodeAt(0)).concat(0, 0, 0x4d, 0x4d, 0, 42, 0, 0, 0, 8, ifd)
  return Uint8Array.of(0xff, APP1, 0, body.length + 2, ...body)
}
