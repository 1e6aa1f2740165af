/** Stored files of a ZIP by name, from its local headers: sizes stand there, since nothing is compressed. */
export const filesIn = (zip: Uint8Array): Map<string, Uint8Array> => {
  const view = new DataView(zip.buffer, zip.byteOffset)
  const found = new Map<string, Uint8Array>()
  for (let at = 0; view.getUint32(at, true) === 0x04034b50; ) {
    const [size, name] = [view.getUint32(at + 18, true), view.getUint16(at + 26, true)]
    const start = at + 30 + name
    found.set(new TextDecoder().decode(zip.subarray(at + 30, start)), zip.subarray(start, start + size))
    at = start + size
  }
  return found
}
