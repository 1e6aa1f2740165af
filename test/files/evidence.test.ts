import { expect, test } from 'vitest'
import { asEvidence } from '../../src/files/evidence.ts'
import { box, bytes, GIF, heic, JPEG, joined, MOV, MP4, PDF, PLACE, PNG, WEBP } from '../routes/uploads.ts'

const kept = (file: Uint8Array) => asEvidence(file)?.bytes ?? null
const says = (file: Uint8Array | null, text: string) =>
  new TextDecoder('latin1').decode(file ?? undefined).includes(text)

const be = (value: number) => [value >> 24, value >> 16, value >> 8, value].map(byte => byte & 255)
const le = (value: number) => be(value).reverse()

/** Exif with an orientation and a place, in either byte order (CIPA DC-008). */
const exif = (orientation: number, order: 'II' | 'MM' = 'MM'): Uint8Array => {
  const two = (value: number) => (order === 'MM' ? [value >> 8, value & 255] : [value & 255, value >> 8])
  const four = order === 'MM' ? be : le
  const entry = [...two(0x0112), ...two(3), ...four(1), ...two(orientation), 0, 0]
  const tiff = [...bytes(order), ...two(42), ...four(8), ...two(1), ...entry, ...four(0)]
  const body = [...bytes('Exif\0\0'), ...tiff, ...bytes(PLACE)]
  return Uint8Array.of(0xff, 0xe1, (body.length + 2) >> 8, (body.length + 2) & 255, ...body)
}
const segment = (marker: number, text: string) =>
  Uint8Array.of(0xff, marker, (text.length + 2) >> 8, (text.length + 2) & 255, ...bytes(text))
const photo = (...segments: readonly Uint8Array[]) => joined(JPEG.subarray(0, 2), ...segments, JPEG.subarray(2))

test('files that tell nothing are kept to the byte', () => {
  for (const file of [PNG, JPEG, WEBP, GIF, PDF]) expect(kept(file)).toEqual(file)
})

test.each([1, 3, 6, 8])('a photo loses its place and stays upright (%i)', orientation => {
  for (const order of ['II', 'MM'] as const) {
    const file = photo(
      exif(orientation, order),
      segment(0xe1, `http://ns.adobe.com/xap/1.0/\0${PLACE}`),
      segment(0xfe, PLACE),
    )
    const cleaned = kept(file)
    expect(says(file, PLACE)).toBe(true)
    expect(says(cleaned, PLACE)).toBe(false)
    const upright = orientation === 1 ? JPEG : null
    if (upright) expect(cleaned).toEqual(upright)
    else
      expect(says(cleaned, `MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0${String.fromCharCode(orientation)}`)).toBe(
        true,
      )
    // Cleaning twice is cleaning once: the same photo handed in again has the same hash.
    expect(cleaned && kept(cleaned)).toEqual(cleaned)
  }
})

test('a photo keeps its colours', () => {
  const file = photo(segment(0xe2, 'ICC_PROFILE\0\x01\x01colours'), segment(0xe2, 'MPF\0more pictures'))
  expect([says(kept(file), 'colours'), says(kept(file), 'more pictures')]).toEqual([true, false])
})

test('what follows the end of a picture is not kept', () => {
  const archive = bytes('PK\x03\x04 and a film with its place, or <script>')
  for (const file of [PNG, JPEG, WEBP, GIF]) expect(kept(joined(file, archive))).toEqual(file)
})

const chunk = (type: string, text: string) =>
  joined(Uint8Array.from(be(text.length)), bytes(type), bytes(text), bytes('crc!'))

test('a PNG loses its texts', () => {
  const told = ['tEXt', 'zTXt', 'iTXt', 'eXIf', 'tIME'].map(type => chunk(type, PLACE))
  const file = joined(PNG.subarray(0, 33), ...told, PNG.subarray(33))
  expect(kept(file)).toEqual(PNG)
})

test('a WebP loses its Exif, and says so', () => {
  const riff = (...chunks: Uint8Array[]) => {
    const body = joined(bytes('WEBP'), ...chunks)
    return joined(bytes('RIFF'), Uint8Array.from(le(body.length)), body)
  }
  const part = (type: string, body: Uint8Array) =>
    joined(bytes(type), Uint8Array.from(le(body.length)), body, new Uint8Array(body.length % 2))
  const extended = (flags: number) => part('VP8X', Uint8Array.of(flags, 0, 0, 0, 0, 0, 0, 0, 0, 0))
  const picture = WEBP.subarray(12)
  const file = riff(extended(0x1c), picture, part('EXIF', bytes(`${PLACE}!`)), part('XMP ', bytes(PLACE)))
  expect(kept(file)).toEqual(riff(extended(0x10), picture))
})

test('a GIF loses its comments and runs on', () => {
  const loop = joined(bytes('!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0'))
  const comment = joined(Uint8Array.of(0x21, 0xfe, PLACE.length), bytes(PLACE), Uint8Array.of(0))
  const [head, rest] = [GIF.subarray(0, 19), GIF.subarray(19)]
  expect(kept(joined(head, loop, comment, rest))).toEqual(joined(head, loop, rest))
})

test('a HEIC loses its Exif where it lies', () => {
  const file = heic(PLACE)
  expect([says(file, PLACE), says(kept(file), PLACE), says(kept(file), 'pixels')]).toEqual([true, false, true])
  expect(kept(file)).toHaveLength(file.length)
})

test.each([
  ['MP4', MP4],
  ['QuickTime', MOV],
])('a film loses its place and keeps its frames (%s)', (_name, file) => {
  expect([says(file, PLACE), says(kept(file), PLACE), says(kept(file), 'frames')]).toEqual([true, false, true])
  expect(kept(file)).toHaveLength(file.length)
})

test.each([
  ['a page that begins as a GIF', bytes('GIF89a/*<html><script>alert(1)</script>*/')],
  ['a page in a comment box', joined(box('ftyp', bytes('isom<!--')), box('moov'), bytes('<html>'))],
  ['a page in a document', bytes('%PDF-1.7\n<!DOCTYPE html><script>alert(1)</script>\n%%EOF')],
  ['a script in a document', bytes('%PDF-1.7\n<ScRiPt>1</ScRiPt>\n%%EOF')],
  ['a page in a document, by another spelling', bytes('%PDF-1.7\n<!docTYPE\n\t HTML>\n%%EOF')],
  ['an archive in a document', joined(PDF, bytes('PK\x05\x06'), new Uint8Array(18))],
  ['a drawing', bytes('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')],
  ['a document without an end', bytes('%PDF-1.7\n')],
  ['a picture that is none', joined(PNG.subarray(0, 8), bytes('hello, this is a text'))],
  ['a film without pictures', box('ftyp', bytes('isom\0\0\0\0'))],
  [
    'a box that is longer than its file',
    joined(box('ftyp', bytes('isom\0\0\0\0')), Uint8Array.of(0, 1, 0, 0), bytes('moov')),
  ],
  ['nothing', new Uint8Array()],
])('%s is no evidence', (_name, file) => {
  expect(asEvidence(file)).toBeNull()
})

test('a document that only resembles a page is kept', () => {
  // Behind the first bytes, in which a browser looks for one.
  for (const text of ['<htmlx>', '<scripts', '< html>', '<!doctypehtml>', '<!doctype htmls>', '<<']) {
    const file = joined(bytes('%PDF-1.7\n'), new Uint8Array(1445), bytes(`${text}\n%%EOF`))
    expect([text, kept(file)]).toEqual([text, file])
  }
})

test('a file that is cut off anywhere is read or refused, never anything else', () => {
  for (const file of [PNG, photo(exif(6)), WEBP, GIF, MP4, heic(PLACE)]) {
    for (let size = 0; size < file.length; size++) {
      const cleaned = kept(file.subarray(0, size))
      if (cleaned) expect(says(cleaned, PLACE)).toBe(false)
    }
  }
})
