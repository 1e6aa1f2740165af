// ZIP (APPNOTE 6.3.10) of stored files, written as it is read: one file is in memory at a time, and nothing is compressed, since
// photos are.

export interface ZipEntry {
  /** A path with `/`; UTF-8. */
  name: string
  /** Read when its turn comes; null leaves the file out. */
  read(): Promise<Uint8Array | null>
}

interface Written {
  name: Uint8Array<ArrayBuffer>
  crc: number
  size: number
  offset: number
}

const [LOCAL, CENTRAL, END] = [0x04034b50, 0x02014b50, 0x06054b50]
/** Version 2.0; names are UTF-8 (bit 11); stored. */
const COMMON = [20, 0x0800, 0]
const MAX = 0xffffffff
const text = new TextEncoder()

/** `at`: UTC ms, the date of every file. Throws RangeError above 4 GiB or 65,535 files: that would be ZIP64. */
export const zipStream = (
  entries: Iterable<ZipEntry> | AsyncIterable<ZipEntry>,
  at: number,
): ReadableStream<Uint8Array> => {
  const parts = partsOf(entries, dosTime(at))
  return new ReadableStream<Uint8Array>(
    {
      pull: async controller => {
        const { done, value } = await parts.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
      cancel: async () => {
        await parts.return(undefined)
      },
    },
    // Backpressure: the next file is read once this one was taken.
    { highWaterMark: 0 },
  )
}

async function* partsOf(
  entries: Parameters<typeof zipStream>[0],
  time: [number, number],
): AsyncGenerator<Uint8Array, undefined> {
  const written: Written[] = []
  let offset = 0
  for await (const entry of entries) {
    const bytes = await entry.read()
    if (bytes === null) continue
    const file = { name: text.encode(entry.name), crc: await crcOf(bytes), size: bytes.length, offset }
    const header = localHeader(file, time)
    offset += header.length + bytes.length
    if (offset > MAX || written.push(file) > 0xffff) throw new RangeError('too large for a ZIP without ZIP64')
    yield header
    if (bytes.length > 0) yield bytes
  }
  const directory = written.map(file => centralHeader(file, time))
  const size = directory.reduce((sum, { length }) => sum + length, 0)
  for (const part of directory) yield part
  yield record([
    [4, END],
    [2, 0],
    [2, 0],
    [2, written.length],
    [2, written.length],
    [4, size],
    [4, offset],
    [2, 0],
  ])
}

type Field = readonly [bytes: 2 | 4, value: number]

/** Little-endian numbers, and the name behind them. */
const record = (fields: readonly Field[], name = new Uint8Array()): Uint8Array<ArrayBuffer> => {
  const length = fields.reduce((sum, [size]) => sum + size, 0)
  const bytes = new Uint8Array(length + name.length)
  const view = new DataView(bytes.buffer)
  let at = 0
  for (const [size, value] of fields) {
    if (size === 2) view.setUint16(at, value, true)
    else view.setUint32(at, value, true)
    at += size
  }
  bytes.set(name, length)
  return bytes
}

const shared = ({ crc, size, name }: Written, [time, date]: [number, number]): Field[] => [
  ...COMMON.map(value => [2, value] as const),
  ...[[2, time] as const, [2, date] as const],
  ...[[4, crc] as const, [4, size] as const, [4, size] as const],
  ...[[2, name.length] as const, [2, 0] as const],
]

const localHeader = (file: Written, time: [number, number]): Uint8Array<ArrayBuffer> =>
  record([[4, LOCAL], ...shared(file, time)], file.name)

const centralHeader = (file: Written, time: [number, number]): Uint8Array<ArrayBuffer> =>
  record([[4, CENTRAL], [2, 20], ...shared(file, time), [2, 0], [2, 0], [2, 0], [4, 0], [4, file.offset]], file.name)

/** MS-DOS time and date, two seconds exact, from 1980 on; in Shanghai, as readers of these files live there. */
const dosTime = (at: number): [number, number] => {
  const local = new Date(at + 8 * 3_600_000)
  const time = (local.getUTCHours() << 11) | (local.getUTCMinutes() << 5) | (local.getUTCSeconds() >> 1)
  const date = ((local.getUTCFullYear() - 1980) << 9) | ((local.getUTCMonth() + 1) << 5) | local.getUTCDate()
  return [time, date]
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1
  return rest
})

/** CRC-32 (ISO 3309, as PNG and ZIP use it), of bytes behind those whose CRC is `before`. */
export const crc32 = (bytes: Uint8Array, before = 0): number => {
  let rest = ~before
  for (const byte of bytes) rest = (rest >>> 8) ^ (TABLE[(rest ^ byte) & 255] ?? 0)
  return ~rest >>> 0
}

/** A few milliseconds of work. */
const SLICE = 512 * 1024

/** The same of a large file, a slice in each turn of the event loop. */
const crcOf = async (bytes: Uint8Array): Promise<number> => {
  let crc = crc32(bytes.subarray(0, SLICE))
  for (let at = SLICE; at < bytes.length; at += SLICE) {
    await new Promise(resolve => setTimeout(resolve))
    crc = crc32(bytes.subarray(at, at + SLICE), crc)
  }
  return crc
}
