import { Problem } from './problem.ts'

/** Far more than any form of this house has, with its files. */
const MOST_PARTS = 200
const BOUNDARY = /;\s*boundary=(?:"([\w'()+,./:=? -]{1,70})"|([\w'+,./:=?-]{1,70}))\s*(?:;|$)/i
const LINE_FEED = 10

/**
 * The type by which a multipart body is to be read, with its boundary spelt one way: what was counted is what is read.
 * Throws a Problem where it has more parts than a form can have: each becomes an object, a hundred times its size.
 */
export const multipartType = (bytes: Uint8Array, contentType: string): string => {
  const [, quoted, plain] = BOUNDARY.exec(contentType) ?? []
  const boundary = quoted ?? plain
  if (boundary === undefined) throw new Problem('malformed_form')
  if (linesWith(bytes, `--${boundary}`) > MOST_PARTS) throw new Problem('too_large')
  return `multipart/form-data; boundary="${boundary}"`
}

/** How many lines begin so; stops where they are too many. */
const linesWith = (bytes: Uint8Array, text: string): number => {
  const sought = new TextEncoder().encode(text)
  let found = 0
  for (let at = 0; at < bytes.length && found <= MOST_PARTS; at++) {
    if (bytes[at] === LINE_FEED && sought.every((byte, i) => bytes[at + 1 + i] === byte)) found++
  }
  return found
}
