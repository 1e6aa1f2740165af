import { Broken } from './bytes.ts'

/** An archive that ends where the document does (its end record, APPNOTE 4.3.16), and pages that are also documents. */
const ARCHIVE = 'PK\u0005\u0006'
const ARCHIVE_END = 66_000
const PAGE = /<(?:!doctype\s+html|html|script)\b/i
const STRIDE = 65_536

/** A document is kept as it is: its parts may be signed. Throws Broken where it is something else as well. */
export const cleanPdf = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => {
  const text = new TextDecoder('latin1')
  if (text.decode(bytes.subarray(-ARCHIVE_END)).includes(ARCHIVE)) throw new Broken()
  if (!text.decode(bytes.subarray(-STRIDE)).includes('%%EOF')) throw new Broken()
  for (let at = 0; at < bytes.length; at += STRIDE - 32) {
    if (PAGE.test(text.decode(bytes.subarray(at, at + STRIDE)))) throw new Broken()
  }
  return new Uint8Array(bytes)
}
