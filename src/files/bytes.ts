/** Thrown by the readers of this room for a file that is not built as its kind says; nobody outside sees it. */
export class Broken extends Error {}

export const ascii = (bytes: Uint8Array, from: number, to: number): string =>
  String.fromCharCode(...bytes.subarray(from, to))

export const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

export const joined = (parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** `size` bytes from `at`; a file that ends before is broken. */
export const slice = (bytes: Uint8Array, at: number, size: number): Uint8Array => {
  if (size < 0 || at + size > bytes.length) throw new Broken()
  return bytes.subarray(at, at + size)
}
