/**
 * Time stamps of RFC 3161 over checkpoints: the request, and what a reply says (CMS, RFC 5652). The authority's signature is
 * checked where certificates can be: `tousu verify --tsa`, or `openssl ts -verify`.
 */
import { concat } from './encoding.ts'
import { LogError } from './error.ts'

export class TimeStampError extends LogError {
  override name = 'TimeStampError'
}

/** What a reply holds, in the parts that a verifier of its signature needs; nothing verified. */
export interface TimeStamp {
  /** SHA-256 that was stamped. */
  readonly imprint: Uint8Array
  /** UTC ms of `genTime`. */
  readonly at: number
  /** The TSTInfo as it was signed. */
  readonly info: Uint8Array
  /** Certificates that came with the token, DER. */
  readonly certificates: readonly Uint8Array[]
  readonly signer: {
    /** Content of the OBJECT IDENTIFIERs, hexadecimal. */
    readonly digest: string
    readonly algorithm: string
    /** Signed attributes as the signature covers them: with the tag of a SET. */
    readonly attributes: Uint8Array
    /** Hash of `info` that they hold. */
    readonly infoDigest: Uint8Array
    /** Hash of the signer's certificate that they hold (RFC 5816), and the OBJECT IDENTIFIER of its algorithm. */
    readonly certificate: { readonly digest: string; readonly hash: Uint8Array }
    readonly signature: Uint8Array
  }
}

export const OID_SHA1 = '2b0e03021a'
export const OID_SHA256 = '608648016503040201'
const OID_SIGNED_DATA = '2a864886f70d010702'
const OID_TST_INFO = '2a864886f70d0109100104'
const OID_CONTENT_TYPE = '2a864886f70d010903'
const OID_MESSAGE_DIGEST = '2a864886f70d010904'
const OID_SIGNING_CERTIFICATE = '2a864886f70d010910020c'
const OID_SIGNING_CERTIFICATE_V2 = '2a864886f70d010910022f'

const TAG = { integer: 0x02, octets: 0x04, oid: 0x06, time: 0x18, sequence: 0x30, set: 0x31, context0: 0xa0 } as const

/** TimeStampReq (section 2.4.1) of version 1 with SHA-256 and `certReq`, up to the hash and behind it. */
const BEFORE = [0x30, 0x39, 0x02, 0x01, 0x01, 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09]
const SHA256 = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20]
const AFTER = [0x01, 0x01, 0xff]

/** The body of a request, `application/timestamp-query`, for a SHA-256 of 32 bytes. */
export function timeStampQuery(hash: Uint8Array): Uint8Array<ArrayBuffer> {
  if (hash.length !== 32) throw new RangeError('a SHA-256 has 32 bytes')
  return concat(Uint8Array.from([...BEFORE, ...SHA256]), hash, Uint8Array.from(AFTER))
}

/** Reads a TimeStampResp (section 2.4.2). Throws a LogError where it is refused, or nothing that can be read. */
export function readTimeStamp(reply: Uint8Array): TimeStamp {
  const [status, token] = childrenOf(expect(readDer(reply), TAG.sequence))
  const [code] = childrenOf(expect(status, TAG.sequence))
  const [granted] = expect(code, TAG.integer).content
  if (granted !== 0 && granted !== 1) throw new TimeStampError(`refused with status ${granted}`)
  const [type, wrapped] = childrenOf(expect(token, TAG.sequence))
  requireOid(type, OID_SIGNED_DATA, 'not signed data')
  return readSignedData(only(wrapped, TAG.context0))
}

function readSignedData(signed: Der): TimeStamp {
  const parts = childrenOf(expect(signed, TAG.sequence))
  const [type, wrapped] = childrenOf(expect(parts[2], TAG.sequence))
  requireOid(type, OID_TST_INFO, 'not a time stamp')
  const info = expect(only(wrapped, TAG.context0), TAG.octets).content
  const certificates = parts.filter(({ tag }) => tag === TAG.context0).flatMap(childrenOf)
  // One signer (section 2.4.2).
  const signer = readSigner(only(parts.at(-1), TAG.set))
  return { ...readInfo(info), info, certificates: certificates.map(({ whole }) => whole), signer }
}

function readInfo(bytes: Uint8Array): Pick<TimeStamp, 'imprint' | 'at'> {
  const [, , imprint, , time] = childrenOf(expect(readDer(bytes), TAG.sequence))
  const [algorithm, hash] = childrenOf(expect(imprint, TAG.sequence))
  requireOid(childrenOf(expect(algorithm, TAG.sequence))[0], OID_SHA256, 'not over a SHA-256')
  return { imprint: expect(hash, TAG.octets).content, at: instantOf(expect(time, TAG.time).content) }
}

function readSigner(signer: Der): TimeStamp['signer'] {
  const [, , digest, signed, algorithm, signature] = childrenOf(expect(signer, TAG.sequence))
  const attributes = expect(signed, TAG.context0)
  const values = new Map(childrenOf(attributes).map(attributeOf))
  requireOid(values.get(OID_CONTENT_TYPE), OID_TST_INFO, 'signed as something else')
  return {
    digest: algorithmOf(digest),
    algorithm: algorithmOf(algorithm),
    // RFC 5652, section 5.4: the signature covers them under the tag of a SET.
    attributes: concat(Uint8Array.of(TAG.set), attributes.whole.subarray(1)),
    infoDigest: expect(values.get(OID_MESSAGE_DIGEST), TAG.octets).content,
    certificate: certificateOf(values),
    signature: expect(signature, TAG.octets).content,
  }
}

/** An attribute with its one value. */
function attributeOf(attribute: Der): [oid: string, value: Der] {
  const [type, values] = childrenOf(expect(attribute, TAG.sequence))
  return [hexOf(expect(type, TAG.oid).content), only(values, TAG.set)]
}

/** ESSCertIDv2 (RFC 5035), whose algorithm is SHA-256 unless it is said, or the older ESSCertID with SHA-1. */
function certificateOf(values: ReadonlyMap<string, Der>): TimeStamp['signer']['certificate'] {
  const [newer, older] = [values.get(OID_SIGNING_CERTIFICATE_V2), values.get(OID_SIGNING_CERTIFICATE)]
  const [list] = childrenOf(expect(newer ?? older, TAG.sequence))
  const [id] = childrenOf(expect(list, TAG.sequence))
  const [first, second] = childrenOf(expect(id, TAG.sequence))
  if (newer === undefined) return { digest: OID_SHA1, hash: expect(first, TAG.octets).content }
  if (first?.tag !== TAG.sequence) return { digest: OID_SHA256, hash: expect(first, TAG.octets).content }
  return { digest: algorithmOf(first), hash: expect(second, TAG.octets).content }
}

function algorithmOf(identifier: Der | undefined): string {
  return hexOf(expect(childrenOf(expect(identifier, TAG.sequence))[0], TAG.oid).content)
}

function requireOid(value: Der | undefined, oid: string, problem: string): void {
  if (hexOf(expect(value, TAG.oid).content) !== oid) throw new TimeStampError(problem)
}

function only(outer: Der | undefined, tag: number): Der {
  const [inner, ...more] = childrenOf(expect(outer, tag))
  if (inner === undefined || more.length > 0) throw new DerError('not one value where there is one')
  return inner
}

function expect(value: Der | undefined, tag: number): Der {
  if (value?.tag !== tag) throw new DerError('not what stands at this place of a time stamp')
  return value
}

/** GeneralizedTime in UTC, as section 2.4.2 has it: `20261128093000Z`, or with a fraction. */
function instantOf(content: Uint8Array): number {
  const [, year, month, day, hour, minute, second, fraction = ''] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d+)?Z$/.exec(String.fromCharCode(...content)) ?? []
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${fraction.slice(0, 4)}Z`)
  if (!Number.isSafeInteger(at)) throw new TimeStampError('a time that can’t be read')
  return at
}

/** A reader of DER (X.690 section 10) for what time stamps need: definite lengths, one-byte tags, nothing behind the value. */
class DerError extends LogError {
  override name = 'DerError'
}

/** One value. Both arrays are views of what was read. */
interface Der {
  readonly tag: number
  readonly content: Uint8Array
  /** With its tag and length. */
  readonly whole: Uint8Array
}

/** Exactly one value. Throws a DerError. */
function readDer(bytes: Uint8Array): Der {
  const found = next(bytes, 0)
  if (found.whole.length !== bytes.length) throw new DerError('bytes behind the end of a value')
  return found
}

/** The values inside a constructed one. Throws a DerError. */
function childrenOf({ content }: Der): Der[] {
  const found: Der[] = []
  for (let at = 0; at < content.length; ) {
    const child = next(content, at)
    found.push(child)
    at += child.whole.length
  }
  return found
}

/** The content of an OBJECT IDENTIFIER and other short values, for a comparison. */
function hexOf(bytes: Uint8Array): string {
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
