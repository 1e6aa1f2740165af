import { expect, test } from 'vitest'
import { asEvidence, asThumbnail } from '../../src/files/evidence.ts'
import { pixelSize } from '../../src/files/raster.ts'
import { THUMBNAIL_BYTES } from '../../src/files/store.ts'
import { GIF, JPEG, joined, PNG, sized, WEBP } from '../routes/uploads.ts'

test.each([
  ['image/png', PNG],
  ['image/jpeg', JPEG],
  ['image/webp', WEBP],
  ['image/gif', GIF],
])('the header of an %s says how large it is drawn', (type, file) => {
  expect(pixelSize(type, file)).toEqual({ width: 1, height: 1 })
})

test('a lossless and an extended WebP say their size elsewhere', () => {
  const webp = (chunk: string, ...body: number[]) =>
    joined(new TextEncoder().encode(`RIFF----WEBP${chunk}----`), Uint8Array.from(body))
  const lossless = 0x0f | (0x1f << 14)
  const bits = [0, 8, 16, 24].map(shift => (lossless >>> shift) & 255)
  expect(pixelSize('image/webp', webp('VP8L', 0x2f, ...bits))).toEqual({ width: 16, height: 32 })
  expect(pixelSize('image/webp', webp('VP8X', 0, 0, 0, 0, 99, 1, 0, 9, 0, 0))).toEqual({ width: 356, height: 10 })
})

test('pixel flood: a picture that announces more than its bytes can be is no evidence', () => {
  expect(asEvidence(sized(4000, 4000))).not.toBeNull()
  expect(asEvidence(sized(20_000, 20_000))).toBeNull()
  expect(asEvidence(sized(0, 10))).toBeNull()
  const huge = new Uint8Array(PNG)
  huge.set([0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30], 16)
  expect(asEvidence(huge)).toBeNull()
  // A second frame header, larger than the first.
  const frame = sized(20_000, 20_000).subarray(JPEG.indexOf(0xc2) - 1, JPEG.indexOf(0xc2) + 12)
  expect(asEvidence(joined(JPEG.subarray(0, 2), frame, JPEG.subarray(2)))).toBeNull()
})

test('EXIF of a megabyte leaves nothing of itself', () => {
  const segment = new Uint8Array(65_537)
  segment.set([0xff, 0xe1, 0xff, 0xff, ...new TextEncoder().encode('Exif\0\0MM')])
  const heavy = joined(JPEG.subarray(0, 2), ...Array.from({ length: 16 }, () => segment), JPEG.subarray(2))
  expect(heavy.length).toBeGreaterThan(1_048_576)
  expect(asEvidence(heavy)?.bytes).toEqual(JPEG)
})

test('a thumbnail is a small JPEG by its bytes and by its header', () => {
  expect(asThumbnail(sized(200, 150))).toEqual(sized(200, 150))
  for (const other of [PNG, WEBP, GIF, sized(321, 10), sized(10, 4000)]) expect(asThumbnail(other)).toBeNull()
  const padding = new Uint8Array(THUMBNAIL_BYTES)
  expect(asThumbnail(joined(JPEG.subarray(0, -2), padding, JPEG.subarray(-2)))).toBeNull()
})
