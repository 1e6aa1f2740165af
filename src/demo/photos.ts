// The photos of the demo's stories, drawn by this program: flat shapes, painted one over another, as a PNG (PNG, third edition).

import { crc32 } from '../files/crc32.ts'
import { concat, utf8 } from '../log/encoding.ts'

const [WIDTH, HEIGHT] = [480, 640]
type Colour = readonly [red: number, green: number, blue: number]
type Covers = (x: number, y: number) => boolean
type Shape = readonly [Covers, Colour]

const box =
  (left: number, top: number, right: number, bottom: number): Covers =>
  (x, y) =>
    x >= left && x < right && y >= top && y < bottom
const round =
  (atX: number, atY: number, radiusX: number, radiusY = radiusX): Covers =>
  (x, y) =>
    ((x - atX) / radiusX) ** 2 + ((y - atY) / radiusY) ** 2 <= 1
/** A band between two points. */
const line =
  (fromX: number, fromY: number, toX: number, toY: number, width: number): Covers =>
  (x, y) => {
    const [dx, dy] = [toX - fromX, toY - fromY]
    const along = Math.max(0, Math.min(1, ((x - fromX) * dx + (y - fromY) * dy) / (dx * dx + dy * dy)))
    return (x - fromX - along * dx) ** 2 + (y - fromY - along * dy) ** 2 <= width * width
  }
/** A dress: narrow above, wide below. */
const dress =
  (middle: number, sleeve: number): Covers =>
  (x, y) =>
    (y >= 150 && y < 560 && Math.abs(x - middle) <= 46 + Math.max(0, y - 290) * 0.22) ||
    (y >= 150 && y < 150 + sleeve && Math.abs(x - middle) <= 92 - (y - 150) * 0.25)
/** Flowers, as a print repeats them. */
const print =
  (within: Covers, every: number): Covers =>
  (x, y) =>
    within(x, y) &&
    ((x % every) - every / 2) ** 2 + (((y + (Math.floor(x / every) % 2) * 17) % every) - every / 2) ** 2 < 40

const all: Covers = () => true
const rows =
  (left: number, right: number, ...tops: number[]): Covers =>
  (x, y) =>
    tops.some(top => box(left, top, right, top + 9)(x, y))

export const SCENES = {
  /** The shop's picture beside what came. */
  dresses: [
    [all, [226, 221, 212]],
    [box(0, 0, 240, 640), [244, 240, 232]],
    [dress(120, 110), [206, 88, 104]],
    [print(dress(120, 110), 34), [250, 226, 214]],
    [dress(360, 62), [121, 78, 82]],
    [print(dress(360, 62), 34), [168, 140, 132]],
    [box(238, 0, 242, 640), [120, 112, 100]],
  ],
  /** Sewn into the dress: 100 % of something else. */
  label: [
    [all, [121, 78, 82]],
    [box(90, 120, 390, 540), [247, 246, 241]],
    [box(104, 134, 376, 136), [170, 168, 160]],
    [rows(130, 330, 170, 200, 230), [70, 70, 74]],
    [rows(130, 250, 290, 320), [70, 70, 74]],
    [round(160, 420, 26), [70, 70, 74]],
    [round(160, 420, 21), [247, 246, 241]],
    [line(220, 400, 268, 446, 4), [70, 70, 74]],
    [line(268, 400, 220, 446, 4), [70, 70, 74]],
    [box(310, 396, 356, 446), [70, 70, 74]],
    [box(316, 402, 350, 440), [247, 246, 241]],
  ],
  /** An air fryer whose case is cracked. */
  fryer: [
    [all, [206, 196, 180]],
    [box(0, 500, 480, 640), [158, 132, 104]],
    [round(240, 560, 170, 22), [128, 106, 82]],
    [box(110, 170, 370, 556), [52, 56, 62]],
    [round(240, 174, 130, 66), [52, 56, 62]],
    [round(240, 200, 46), [92, 98, 106]],
    [round(240, 200, 34), [40, 43, 48]],
    [box(180, 350, 300, 378), [150, 154, 160]],
    [line(300, 250, 330, 330, 3), [226, 222, 214]],
    [line(330, 330, 312, 390, 3), [226, 222, 214]],
    [line(330, 330, 368, 366, 3), [226, 222, 214]],
    [line(312, 390, 340, 470, 2), [226, 222, 214]],
    [line(312, 390, 286, 430, 2), [226, 222, 214]],
  ],
  /** A thermos flask that leaks from its lid. */
  flask: [
    [all, [214, 224, 230]],
    [box(0, 520, 480, 640), [176, 160, 140]],
    [round(330, 560, 120, 26), [120, 150, 174]],
    [box(170, 180, 310, 552), [66, 128, 172]],
    [round(240, 552, 70, 14), [66, 128, 172]],
    [box(178, 120, 302, 184), [236, 238, 240]],
    [box(170, 180, 310, 188), [40, 84, 116]],
    [line(306, 190, 318, 380, 5), [150, 190, 216]],
    [round(320, 420, 8, 14), [150, 190, 216]],
    [round(326, 490, 7, 12), [150, 190, 216]],
  ],
} satisfies Record<string, readonly Shape[]>
export type Scene = keyof typeof SCENES

/** A PNG of a scene, 480 by 640 pixels, a few kilobytes. */
export const drawPhoto = async (scene: Scene): Promise<Uint8Array<ArrayBuffer>> => {
  const shapes: readonly Shape[] = SCENES[scene]
  // A row begins with its filter: none.
  const rows = new Uint8Array(HEIGHT * (1 + WIDTH * 3))
  for (let y = 0, at = 0; y < HEIGHT; y++) {
    at++
    for (let x = 0; x < WIDTH; x++) {
      rows.set(shapes.findLast(([covers]) => covers(x, y))?.[1] ?? [0, 0, 0], at)
      at += 3
    }
  }
  const header = new Uint8Array(13)
  const view = new DataView(header.buffer)
  view.setUint32(0, WIDTH)
  view.setUint32(4, HEIGHT)
  // Eight bits a channel, red, green and blue.
  header.set([8, 2], 8)
  const packed = new Blob([rows]).stream().pipeThrough(new CompressionStream('deflate'))
  const data = new Uint8Array(await new Response(packed).arrayBuffer())
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)
  return concat(signature, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', new Uint8Array()))
}

const chunk = (type: string, body: Uint8Array): Uint8Array => {
  const named = concat(utf8(type), body)
  return concat(fourBytes(body.length), named, fourBytes(crc32(named)))
}
const fourBytes = (value: number): Uint8Array => {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value)
  return bytes
}
