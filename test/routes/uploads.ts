import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'

export const bytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(text, each => each.charCodeAt(0))
const padded = (head: string, size = 64): Uint8Array<ArrayBuffer> => {
  const whole = new Uint8Array(Math.max(size, head.length))
  whole.set(bytes(head))
  return whole
}

export const PNG = padded('\x89PNG\r\n\x1a\n')
export const JPEG = padded('\xff\xd8\xff\xe0')
export const PDF = padded('%PDF-1.7\n')
export const WEBP = padded('RIFF\0\0\0\0WEBPVP8 ')
export const MP4 = padded('\0\0\0\x18ftypisom')
export const MOV = padded('\0\0\0\x18ftypqt  ')
export const HEIC = padded('\0\0\0\x18ftypheic')

export const hashOf = (file: Uint8Array): string => bytesToHex(sha256(file))

/** A form with a text and files, as a browser sends it; the boundary is the Response's own. */
export const upload = async (
  files: readonly (readonly [name: string, file: Uint8Array<ArrayBuffer>])[],
  fields: Record<string, string> = { text: '见照片' },
  field = 'files',
): Promise<{ body: ArrayBuffer; headers: Record<string, string> }> => {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  for (const [name, file] of files) form.append(field, new File([file], name))
  const sent = new Response(form)
  return { body: await sent.arrayBuffer(), headers: { 'Content-Type': sent.headers.get('content-type') ?? '' } }
}
