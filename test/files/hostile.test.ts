import { expect, test } from 'vitest'
import { asEvidence } from '../../src/files/evidence.ts'
import { concat } from '../../src/log/encoding.ts'
import { box, bytes, HEIC, heic, JPEG, MP4, PLACE, PNG, WEBP } from '../routes/uploads.ts'
import { full, number } from './crafted.ts'

const kept = (file: Uint8Array) => asEvidence(file)?.bytes ?? null
const says = (file: Uint8Array | null, text: string) =>
  new TextDecoder('latin1').decode(file ?? undefined).includes(text)

const infe = (id: number, type: string) =>
  box('infe', number(2 << 24, 4), number(id, 2), number(0, 2), bytes(`${type}\0`))
const heif = (sizes: number, places: Uint8Array, ...behind: Uint8Array[]) =>
  concat(
    box('ftyp', bytes('heic\0\0\0\0mif1')),
    box(
      'meta',
      number(0, 4),
      box('iinf', number(0, 4), number(1, 2), infe(1, 'Exif')),
      box('iloc', number(0, 4), number(sizes, 2), places),
    ),
    ...behind,
  )

/** The most that this process ever took, in bytes. */
const mostRoom = () => process.resourceUsage().maxRSS * 1024

test('ten megabytes of scraps are read in no more room than a photo', { timeout: 60_000 }, () => {
  const before = mostRoom()
  const gif = concat(bytes('GIF89a'), new Uint8Array(7))
  const scraps = [
    full(Uint8Array.of(0xff, 0xd8), Uint8Array.of(0xff, 0xdb, 0, 2), Uint8Array.of(0xff, 0xda, 0, 2)),
    full(Uint8Array.of(0xff, 0xd8, 0xff, 0xda, 0, 2), Uint8Array.of(0xff)),
    full(Uint8Array.of(0xff, 0xd8, 0xff, 0xda, 0, 2), Uint8Array.of(0xff, 0xc4, 0, 2)),
    full(gif, Uint8Array.of(0x21, 0xf9, 0), Uint8Array.of(0x3b)),
    full(concat(box('ftyp', bytes('isom\0\0\0\0')), box('moov')), box('free')),
  ]
  for (const file of scraps) expect(kept(file)?.length ?? 0).toBeLessThanOrEqual(file.length)
  // As lists of scraps they took 1100 MB.
  expect(mostRoom() - before).toBeLessThan(400_000_000)
})

test('a small HEIC that says it has millions of extents is no evidence, at once', () => {
  const item = (id: number) => concat(number(id, 2), number(0, 2), number(65_535, 2))
  const many = Array.from({ length: 300 }, (_, i) => item(i + 1))
  expect(kept(heif(0, concat(number(many.length, 2), ...many)))).toBeNull()
})

test('a HEIC whose Exif lies a hundred thousand times in one place is no evidence, at once', {
  timeout: 30_000,
}, () => {
  const extent = concat(number(1_000_000, 4), number(8_000_000, 4))
  const entries = Array.from({ length: 6 }, () =>
    concat(number(1, 2), number(0, 2), number(20_000, 2), ...Array.from({ length: 20_000 }, () => extent)),
  )
  const file = heif(0x4400, concat(number(entries.length, 2), ...entries), box('mdat', new Uint8Array(9_000_000)))
  expect(kept(file)).toBeNull()
})

test('a HEIC whose Exif is not where a reader of this house looks is no evidence', () => {
  // Construction method 2: within another item.
  const within = concat(number(1, 2), number(2, 2), number(0, 2), number(1, 2), number(0, 4), number(4, 4))
  const versioned = heif(0x4400, concat(number(1, 2), within))
  versioned[versioned.lastIndexOf(0x63) + 1] = 1
  expect(kept(versioned)).toBeNull()
})

test('a HEIC loses the film and the claims that phones put behind the picture', () => {
  const film = box('mpvd', MP4)
  const moving = box('moov', box('udta', box('\xa9xyz', bytes(PLACE))))
  const claims = box('uuid', bytes(`0123456789abcdef${PLACE}`))
  for (const behind of [film, moving, claims]) {
    const file = concat(heic(''), behind)
    expect([says(kept(file), PLACE), kept(file)?.length]).toEqual([false, file.length])
  }
  expect(kept(HEIC)).toEqual(HEIC)
})

test('a picture loses what its format does not draw: claims of origin, and whatever else was put between', () => {
  const chunk = concat(number(PLACE.length, 4), bytes('caBX'), bytes(PLACE), bytes('crc!'))
  expect(kept(concat(PNG.subarray(0, 33), chunk, PNG.subarray(33)))).toEqual(PNG)
  const part = concat(bytes('C2PA'), number(PLACE.length, 4).reverse(), bytes(PLACE), new Uint8Array(PLACE.length % 2))
  const riff = concat(bytes('RIFF'), number(WEBP.length - 8 + part.length, 4).reverse(), WEBP.subarray(8), part)
  expect(kept(riff)).toEqual(WEBP)
})

test('a photo loses its place also between its scans', () => {
  const scan = JPEG.length - 12
  expect([...JPEG.subarray(scan, scan + 2)]).toEqual([0xff, 0xda])
  const exif = concat(Uint8Array.of(0xff, 0xe1), number(PLACE.length + 8, 2), bytes('Exif\0\0'), bytes(PLACE))
  const table = Uint8Array.of(0xff, 0xc4, 0, 5, 0xff, 0xd9, 0)
  const twice = concat(JPEG.subarray(0, -2), table, JPEG.subarray(scan))
  expect(kept(concat(JPEG.subarray(0, -2), exif, table, JPEG.subarray(scan)))).toEqual(twice)
})

const archive = (comment: string) => {
  const entry = concat(bytes('PK\x01\x02'), new Uint8Array(42))
  const end = concat(number(0x0100_0100, 4), number(entry.length, 4).reverse(), number(0, 4))
  return concat(entry, bytes('PK\x05\x06'), new Uint8Array(4), end, number(comment.length, 2).reverse(), bytes(comment))
}

test.each([
  ['a photo that is an archive', concat(JPEG.subarray(0, -2), archive('\xff\xd9'))],
  ['a film that is an archive', concat(MP4, box('free', archive('')))],
  ['a film that is a document', concat(box('ftyp', bytes('isom\0\0\0\0%PDF-1.7')), MP4.subarray(16))],
])('%s is no evidence', (_name, file) => {
  expect(kept(file)).toBeNull()
})
