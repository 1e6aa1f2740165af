// Writes a PNG (PNG, third edition): eight bits a channel, red, green and blue, rows without a filter.

import { crc32 } from './zip.ts'

export type Colour = readonly [red: number, green: number, blue: number]

/** `colourAt` gives each channel as 0 to 255 for the pixel in column `x` of row `y`. */
export const encodePng = async (
  width: number,
  height: number,
  colourAt: (x: number, y: number) => Colour,
): Promise<Uint8Array<ArrayBuffer>> => {
  // A row begins with its filter: none.
  const rows = new Uint8Array(height * (1 + width * 3))
  for (let y = 0, at = 0; y < height; y++) {
    at++
    for (let x = 0; x < width; x++) {
      rows.set(colourAt(x, y), at)
      at += 3
    }
  }
  const header = new Uint8Array(13)
  const view = new DataView(header.buffer)
  view.setUint32(0, width)
  view.setUint32(4, height)
  header.set([8, 2], 8)
  const packed = new Blob([rows]).stream().pipeThrough(new CompressionStream('deflate'))
  const data = new Uint8Array(await new Response(packed).arrayBuffer())
  const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)
  const chunks = [chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', new Uint8Array())]
  return new Uint8Array(await new Blob([signature, ...chunks]).arrayBuffer())
}

/** Length, type, body, and the CRC of type and body. */
const chunk = (type: string, body: Uint8Array): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(12 + body.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, body.length)
  bytes.set(new TextEncoder().encode(type), 4)
  bytes.set(body, 8)
  view.setUint32(8 + body.length, crc32(bytes.subarray(4, 8 + body.length)))
  return bytes
}
