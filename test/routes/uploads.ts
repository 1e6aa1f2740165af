import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'

type Bytes = Uint8Array<ArrayBuffer>

export const bytes = (text: string): Bytes => Uint8Array.from(text, each => each.charCodeAt(0))
export const joined = (...parts: readonly Uint8Array[]): Bytes => Uint8Array.from(parts.flatMap(part => [...part]))
const fromBase64 = (text: string): Bytes => bytes(atob(text))

// One pixel each, as encoders made them.
export const PNG = fromBase64(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
)
export const JPEG = fromBase64(
  '/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxD/2Q==',
)
/** The same, with a header that announces this many pixels. */
export const sized = (width: number, height: number): Bytes => {
  const file = new Uint8Array(JPEG)
  file.set([height >> 8, height & 255, width >> 8, width & 255], JPEG.indexOf(0xc2) + 4)
  return file
}
export const WEBP = fromBase64('UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAwA0JaQAA3AA/vuUAAA=')
export const GIF = fromBase64('R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=')
export const PDF = bytes('%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n')

const number = (value: number, size: number): Bytes =>
  Uint8Array.from({ length: size }, (_, i) => Math.floor(value / 256 ** (size - 1 - i)) % 256)

/** A box of an ISO base media file (ISO/IEC 14496-12, 4.2). */
export const box = (type: string, ...parts: readonly Uint8Array[]): Bytes => {
  const body = joined(...parts)
  return joined(number(body.length + 8, 4), bytes(type), body)
}

/** Somebody's front door, as a phone writes it into a video. */
export const PLACE = '+39.9042+116.4074/'
const film = (brand: string) =>
  joined(
    box('ftyp', bytes(`${brand}\0\0\0\0`)),
    box('moov', box('mvhd', number(0, 16)), box('udta', box('\xa9xyz', bytes(PLACE)))),
    box('mdat', bytes('frames')),
  )
export const MP4 = film('isom')
export const MOV = film('qt  ')

/** A HEIC with one picture and its Exif, which says `exif`. */
export const heic = (exif: string): Bytes => {
  const head = box('ftyp', bytes('heic\0\0\0\0mif1'))
  const item = (id: number, type: string) =>
    box('infe', number(2 << 24, 4), number(id, 2), number(0, 2), bytes(`${type}\0`))
  const entry = (id: number, at: number, size: number) => [
    number(id, 2),
    number(0, 2),
    number(1, 2),
    number(at, 4),
    number(size, 4),
  ]
  const meta = (start: number) =>
    box(
      'meta',
      number(0, 4),
      box('iinf', number(0, 4), number(2, 2), item(1, 'hvc1'), item(2, 'Exif')),
      box(
        'iloc',
        number(0, 4),
        number(0x4400, 2),
        number(2, 2),
        ...entry(1, start, 6),
        ...entry(2, start + 6, exif.length),
      ),
    )
  const start = head.length + meta(0).length + 8
  return joined(head, meta(start), box('mdat', bytes('pixels'), bytes(exif)))
}
export const HEIC = heic('')

export const hashOf = (file: Uint8Array): string => bytesToHex(sha256(file))

/** A form with a text and files, as a browser sends it; the boundary is the Response's own. */
export const upload = async (
  files: readonly (readonly [name: string, file: Uint8Array<ArrayBuffer>])[],
  fields: Record<string, string> = { text: '见照片' },
  field = 'files',
): Promise<{ body: ArrayBuffer; headers: Record<string, string> }> => {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  for (const [name, file] of files) form.append(field, new File([file], name))
  const sent = new Response(form)
  return { body: await sent.arrayBuffer(), headers: { 'Content-Type': sent.headers.get('content-type') ?? '' } }
}
