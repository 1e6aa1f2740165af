// The photos of the demo's stories, drawn by this program: flat shapes, painted one over another, as a PNG.

import { type Colour, encodePng } from '../files/png-writer.ts'

const [WIDTH, HEIGHT] = [480, 640]
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
export const drawPhoto = (scene: Scene): Promise<Uint8Array<ArrayBuffer>> => {
  const shapes: readonly Shape[] = SCENES[scene]
  return encodePng(WIDTH, HEIGHT, (x, y) => shapes.findLast(([covers]) => covers(x, y))?.[1] ?? [0, 0, 0])
}
