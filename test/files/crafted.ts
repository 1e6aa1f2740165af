import { MAX_FILE_BYTES } from '../../src/files/store.ts'
import { concat } from '../../src/log/encoding.ts'
import { bytes, GIF, JPEG, PDF, PNG, WEBP } from '../routes/uploads.ts'

// Files as large as a file may be, of nothing but scraps: what each format allows most of in the fewest bytes.

type Bytes = Uint8Array<ArrayBuffer>

export const number = (value: number, size: number): Bytes =>
  Uint8Array.from({ length: size }, (_, i) => Math.floor(value / 256 ** (size - 1 - i)) % 256)
const little = (value: number, size: number): Bytes => number(value, size).reverse()

/** Nothing but this scrap, between a head and an end, as large as a file may be. */
export const full = (head: Uint8Array, scrap: Uint8Array, end: Uint8Array = new Uint8Array()): Bytes =>
  concat(head, repeated(scrap, MAX_FILE_BYTES - head.length - end.length), end)

const repeated = (scrap: Uint8Array, room: number): Bytes => {
  const all = new Uint8Array(Math.floor(room / scrap.length) * scrap.length)
  for (let at = 0; at < all.length; at += scrap.length) all.set(scrap, at)
  return all
}

const box = (type: string, body: Uint8Array = new Uint8Array()): Bytes =>
  concat(number(body.length + 8, 4), bytes(type), body)
const chunk = (type: string, size: number): Bytes => concat(bytes(type), little(size, 4))
const riff = (first: Uint8Array, scrap: Uint8Array): Bytes => {
  const file = full(concat(bytes('RIFF----WEBP'), first), scrap)
  file.set(little(file.length - 8, 4), 4)
  return file
}
const FTYP = box('ftyp', bytes('isom\0\0\0\0'))
const HEIC = box('ftyp', bytes('heic\0\0\0\0mif1'))
const GIF_HEAD = GIF.subarray(0, 19)
const TEXT = concat(number(0, 4), bytes('tEXt'), number(0, 4))

/** Boxes within boxes to this depth, the innermost full. */
const nested = (depth: number): Bytes => {
  const heads = Array.from({ length: depth }, (_, i) =>
    concat(number(MAX_FILE_BYTES - FTYP.length - 8 * i, 4), bytes('moov')),
  )
  const head = concat(FTYP, ...heads)
  return concat(head, repeated(box('free'), MAX_FILE_BYTES - head.length))
}

const fullBox = (type: string, ...parts: Uint8Array[]) => box(type, concat(number(0, 4), ...parts))
const infe = (id: number, type: string) =>
  box('infe', concat(number(2 << 24, 4), number(id, 2), number(0, 2), bytes(`${type}\0`)))
/** One Exif item for each id, and where they lie. */
const heif = (items: number, iloc: Uint8Array) => {
  const names = Array.from({ length: items }, (_, i) => infe(i + 1, 'Exif'))
  return concat(
    HEIC,
    box('meta', concat(number(0, 4), fullBox('iinf', number(items, 2), ...names), fullBox('iloc', iloc))),
  )
}

/** Twenty thousand items, each of them as often in no bytes at all as the format can say. */
const emptyExtents = (): Bytes => {
  const places = Array.from({ length: 20_000 }, (_, i) => concat(number(i + 1, 2), number(0, 2), number(65_535, 2)))
  const head = heif(20_000, concat(number(0, 2), number(places.length, 2), ...places))
  return concat(head, new Uint8Array(MAX_FILE_BYTES - head.length))
}

/** One item whose bytes lie in the last box. */
const lateIdat = (): Bytes => {
  const place = concat(number(1, 2), number(1, 2), number(0, 2), number(1, 2), number(0, 4), number(0, 4))
  const iloc = box('iloc', concat(number(1 << 24, 4), number(0x4400, 2), number(1, 2), place))
  const start = concat(number(0, 4), fullBox('iinf', number(1, 2), infe(1, 'Exif')), iloc)
  const frees = repeated(box('free'), MAX_FILE_BYTES - HEIC.length - start.length - 16)
  return concat(HEIC, box('meta', concat(start, frees, box('idat'))))
}

/** Coded data and then only this, to an end. */
const scans = (scrap: Uint8Array): Bytes => full(JPEG.subarray(0, -2), scrap, Uint8Array.of(0xff, 0xd9))
const exif = concat(Uint8Array.of(0xff, 0xe1, 0, 16), bytes('Exif\0\0MM'), number(0, 6))

/** Each begins as its format does; most were kept, after the seconds that they had cost. */
export const CRAFTED: [name: string, file: () => Bytes][] = [
  ['webp of empty VP8 chunks', () => riff(WEBP.subarray(12), chunk('VP8 ', 0))],
  ['mp4 3,000 moov deep, then empty boxes', () => nested(3000)],
  ['heic whose idat lies behind empty boxes', lateIdat],
  ['mp4 of empty udta', () => concat(FTYP, box('moov', repeated(box('udta'), MAX_FILE_BYTES - FTYP.length - 8)))],
  ['webp of empty EXIF chunks', () => riff(WEBP.subarray(12), chunk('EXIF', 0))],
  ['gif of empty extensions', () => full(GIF_HEAD, Uint8Array.of(0x21, 0xfe, 0), Uint8Array.of(0x3b))],
  ['png of empty tEXt chunks', () => full(PNG.subarray(0, 33), TEXT, PNG.subarray(33))],
  ['heic of empty extents', emptyExtents],
  ['jpeg with APP1 in its scan', () => scans(Uint8Array.of(0xff, 0xe1, 0, 2))],
  ['jpeg of many scans', () => scans(Uint8Array.of(0xff, 0xda, 0, 2))],
  [
    'gif of tiny pictures',
    () => full(GIF_HEAD, Uint8Array.of(0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 0), Uint8Array.of(0x3b)),
  ],
  ['jpeg of many Exif segments', () => full(Uint8Array.of(0xff, 0xd8), exif, JPEG.subarray(2))],
  // Beyond the table: what stays linear for each byte.
  [
    'gif in pieces of one byte',
    () => full(concat(GIF_HEAD, Uint8Array.of(0x21, 0xfe)), Uint8Array.of(1, 0x61), bytes('\0;')),
  ],
  ['jpeg of fill bytes', () => full(Uint8Array.of(0xff, 0xd8), Uint8Array.of(0xff), JPEG.subarray(2))],
  ['pdf of brackets', () => full(bytes('%PDF-1.4\n'), bytes('<'), bytes('%%EOF'))],
  ['pdf of half a page', () => full(bytes('%PDF-1.4\n'), bytes('<!doctype '), bytes('%%EOF'))],
  ['pdf of spaces in a doctype', () => full(bytes('%PDF-1.4\n<!doctype'), bytes(' '), bytes('%%EOF'))],
]

/** A browser's recording, a fragment each tenth of a second: the most boxes that a real film has for its bytes. */
export const recording = (fragments: number): Bytes => {
  const track = box('traf', concat(box('tfhd'), box('tfdt'), box('trun')))
  const fragment = concat(box('moof', concat(box('mfhd'), track, track)), box('mdat', bytes('frames')))
  return concat(FTYP, box('moov'), repeated(fragment, fragments * fragment.length))
}

/** A PNG whose encoder wrote a chunk for each kilobyte. */
export const smallChunks = (): Bytes => {
  const idat = concat(number(1024, 4), bytes('IDAT'), new Uint8Array(1028))
  return full(PNG.subarray(0, 33), idat, PNG.subarray(-12))
}

const noise = (size: number): Bytes => {
  const all = new Uint8Array(size)
  for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(all.subarray(at, Math.min(size, at + 65_536)))
  return all
}
const ROOM = MAX_FILE_BYTES - 64 * 1024

/** What people send, as large: random bytes where a picture, a film or a document has its own. */
export const ORDINARY: Record<string, () => Bytes> = {
  // Coded data of a JPEG stuff each 0xff.
  jpeg: () =>
    concat(
      JPEG.subarray(0, -2),
      noise(ROOM).map(byte => (byte === 0xff ? 0xfe : byte)),
      Uint8Array.of(0xff, 0xd9),
    ),
  png: () => {
    const idat = () => concat(number(8192, 4), bytes('IDAT'), noise(8192), number(0, 4))
    return concat(PNG.subarray(0, 33), ...Array.from({ length: Math.floor(ROOM / 8204) }, idat), PNG.subarray(-12))
  },
  webp: () => {
    const coded = noise(ROOM)
    // Width and height (RFC 6386, 9.1): random ones are now and then more pixels than the bytes can be.
    coded.set([0x00, 0x04, 0x00, 0x03], 6)
    return riff(concat(bytes('VP8 '), little(ROOM, 4)), coded)
  },
  gif: () => {
    const piece = () => concat(Uint8Array.of(255), noise(255))
    const pieces = Array.from({ length: Math.floor(ROOM / 256) }, piece)
    return concat(GIF_HEAD, Uint8Array.of(0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2), ...pieces, bytes('\0;'))
  },
  heic: () => concat(heif(1, concat(number(0x4400, 2), number(0, 2))), box('mdat', noise(ROOM))),
  mp4: () => concat(FTYP, box('moov', box('udta', bytes('here'))), box('mdat', noise(ROOM))),
  pdf: () => concat(PDF.subarray(0, 9), noise(ROOM), bytes('\n%%EOF\n')),
}
