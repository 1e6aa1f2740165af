/** Thrown by the parsers of this folder for a malformed file; caught in evidence.ts. */
export class Broken extends Error {}

export const ascii = (bytes: Uint8Array, from: number, to: number): string =>
  String.fromCharCode(...bytes.subarray(from, to))

export const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/**
 * Denial of service: bound on the boxes, chunks, segments or extents of one file, counted as they are read. Ten megabytes hold a million
 * empty ones. A recording of many short fragments, or a PNG of 1 KB chunks, has about ten thousand.
 */
export class PartCount {
  #left = 20_000

  /** Counts one more; throws Broken for a file that has too many. */
  add(): void {
    if (this.#left-- <= 0) throw new Broken()
  }
}

/** What is kept of a file, put together as it is read: a list of its million scraps would fill the memory. */
export class Kept {
  readonly #bytes: Uint8Array<ArrayBuffer>
  #size = 0
  /** @param most Bytes that will be added at most. */
  constructor(most: number) {
    this.#bytes = new Uint8Array(most)
  }

  add(part: Uint8Array): void {
    this.#bytes.set(part, this.#size)
    this.#size += part.length
  }

  get size(): number {
    return this.#size
  }

  get whole(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#size)
  }
}

/** `size` bytes from `at`; a file that ends before is broken. */
export const slice = (bytes: Uint8Array, at: number, size: number): Uint8Array => {
  if (size < 0 || at + size > bytes.length) throw new Broken()
  return bytes.subarray(at, at + size)
}
