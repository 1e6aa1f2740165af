import { ascii, view } from './bytes.ts'

/** An archive is read from its end: a record of at most 22 bytes and a comment (APPNOTE 4.3.16), after its directory. */
const RECORD = 22
const LONGEST = RECORD + 65_535
const [RECORD_BEGINS, DIRECTORY_BEGINS] = ['PK\u0005\u0006', 'PK\u0001\u0002']

/** Whether this file can be opened as an archive, whatever else it is. */
export const isArchive = (bytes: Uint8Array): boolean => {
  const from = Math.max(0, bytes.length - LONGEST)
  const end = new TextDecoder('latin1').decode(bytes.subarray(from))
  for (let at = end.indexOf(RECORD_BEGINS); at >= 0; at = end.indexOf(RECORD_BEGINS, at + 1)) {
    if (hasDirectory(bytes, from + at)) return true
  }
  return false
}

const hasDirectory = (bytes: Uint8Array, at: number): boolean => {
  if (at + RECORD > bytes.length) return false
  const directory = at - view(bytes).getUint32(at + 12, true)
  return directory >= 0 && ascii(bytes, directory, directory + 4) === DIRECTORY_BEGINS
}
