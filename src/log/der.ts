/** A reader of DER (X.690 section 10) for what time stamps need: definite lengths, one-byte tags, nothing behind the value. */
import { LogError } from './error.ts'

export class DerError extends LogError {
  override name = 'DerError'
}

/** One value. Both arrays are views of what was read. */
export interface Der {
  readonly tag: number
  readonly content: Uint8Array
  /** With its tag and length. */
  readonly whole: Uint8Array
}

/** Exactly one value. Throws a DerError. */
export function readDer(bytes: Uint8Array): Der {
  const found = next(bytes, 0)
  if (found.whole.length !== bytes.length) throw new DerError('bytes behind the end of a value')
  return found
}

/** The values inside a constructed one. Throws a DerError. */
export function childrenOf({ content }: Der): Der[] {
  const found: Der[] = []
  for (let at = 0; at < content.length; ) {
    const child = next(content, at)
    found.push(child)
    at += child.whole.length
  }
  return found
}

/** The content of an OBJECT IDENTIFIER and other short values, for a comparison. */
export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}

function next(bytes: Uint8Array, at: number): Der {
  const [tag, first] = [bytes[at], bytes[at + 1]]
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) throw new DerError('not a value of DER')
  const octets = first < 0x80 ? 0 : first & 0x7f
  // 0x80 is an indefinite length, which DER forbids; four octets are more than anything read here.
  if (first === 0x80 || octets > 4) throw new DerError('a length that DER forbids')
  let length = octets === 0 ? first : 0
  for (let i = 0; i < octets; i++) length = length * 256 + (bytes[at + 2 + i] ?? 0)
  const start = at + 2 + octets
  const end = start + length
  if (end > bytes.length) throw new DerError('a value that is cut off')
  return { tag, content: bytes.subarray(start, end), whole: bytes.subarray(at, end) }
}
