// The signature of a time-stamping authority (RFC 3161, section 2.3; RFC 5816): its certificate leads to one that the verifier
// brought, was valid at that time, and is for time stamps. Revocation is not asked for: `openssl ts -verify` can be given a CRL.

import { createHash, verify, X509Certificate } from 'node:crypto'
import { fromBase64 } from '../log/encoding.ts'
import { type Check, LogError } from '../log/error.ts'
import { parseReceipt } from '../log/receipt.ts'
import { OID_SHA1, OID_SHA256, readTimeStamp, type TimeStamp } from '../log/time-stamp.ts'
import { CliError, readText } from './io.ts'
import { iso } from './monitor/report.ts'

/** Every certificate of a PEM file. Throws a CliError. */
export const readAuthorities = (file: string): X509Certificate[] => {
  const blocks = readText(file).match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  if (blocks.length === 0) throw new CliError(`${file}: no certificate in PEM`)
  try {
    return blocks.map(block => new X509Certificate(block))
  } catch {
    throw new CliError(`${file}: a certificate that can't be read`)
  }
}

/** One line for each time stamp of a receipt that was verified before. */
export const verifyAuthorities = (receipt: unknown, trusted: readonly X509Certificate[]): Check[] => {
  const { timestamps = [] } = parseReceipt(receipt)
  if (timestamps.length === 0) return [refused('the receipt holds no time stamp')]
  return timestamps.map(({ reply }) => {
    try {
      const stamp = readTimeStamp(fromBase64(reply))
      return { name: 'tsa', ok: true, detail: `${iso(stamp.at)}, signed by ${nameOf(verifyAuthority(stamp, trusted))}` }
    } catch (error) {
      return refused(error instanceof LogError ? error.message : 'a certificate or signature that can’t be read')
    }
  })
}

const refused = (detail: string): Check => ({ name: 'tsa', ok: false, detail })

class NotTrusted extends LogError {}

/** Answers the authority's certificate. Throws a LogError. */
export const verifyAuthority = (stamp: TimeStamp, trusted: readonly X509Certificate[]): X509Certificate => {
  const { signer, info, at } = stamp
  const known = [...stamp.certificates.map(raw => new X509Certificate(raw)), ...trusted]
  const certificate = known.find(({ raw }) => hash(signer.certificate.digest, raw).equals(signer.certificate.hash))
  if (!certificate) throw new NotTrusted('the certificate that signed it is neither in it nor in the file given')
  if (!hash(signer.digest, info).equals(signer.infoDigest)) throw new NotTrusted('what it says is not what was signed')
  if (!isSigned(signer, certificate)) throw new NotTrusted('its signature does not hold')
  if ((certificate.keyUsage ?? []).join() !== TIME_STAMPING)
    throw new NotTrusted('its certificate is not for time stamps')
  requirePath(certificate, known, trusted, at)
  return certificate
}

/** Extended key usage id-kp-timeStamping. */
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8'
const DIGESTS: Readonly<Record<string, string>> = {
  [OID_SHA1]: 'sha1',
  [OID_SHA256]: 'sha256',
  '608648016503040202': 'sha384',
  '608648016503040203': 'sha512',
}
/** Signature algorithms that a public key and a digest say in full: RSA of PKCS #1 v1.5, ECDSA. */
const ALGORITHMS = /^(2a864886f70d0101(01|0b|0c|0d|05)|2a8648ce3d0403(02|03|04))$/

const hash = (digest: string, bytes: Uint8Array): Buffer => createHash(digestOf(digest)).update(bytes).digest()

const digestOf = (oid: string): string => {
  const name = DIGESTS[oid]
  if (name === undefined) throw new NotTrusted('a hash function that is not known here: use openssl ts -verify')
  return name
}

const isSigned = (
  { digest, algorithm, attributes, signature }: TimeStamp['signer'],
  { publicKey }: X509Certificate,
) => {
  if (!ALGORITHMS.test(algorithm))
    throw new NotTrusted('a signature algorithm that is not known here: use openssl ts -verify')
  return verify(digestOf(digest), attributes, publicKey, signature)
}

/** From the signer up to a certificate that the verifier brought, each valid at that time. */
const requirePath = (
  signer: X509Certificate,
  known: readonly X509Certificate[],
  trusted: readonly X509Certificate[],
  at: number,
): void => {
  let certificate = signer
  for (let length = 0; length < 8; length++) {
    const { raw, validFromDate, validToDate } = certificate
    if (at < validFromDate.getTime() || at > validToDate.getTime())
      throw new NotTrusted('a certificate on its path was not valid at that time')
    if (trusted.some(each => each.raw.equals(raw))) return
    const issuer = known.find(each => each.ca && certificate.checkIssued(each) && certificate.verify(each.publicKey))
    if (!issuer || issuer.raw.equals(raw)) break
    certificate = issuer
  }
  throw new NotTrusted('its certificate does not lead to one of the file given')
}

const nameOf = ({ subject }: X509Certificate): string => /^(?:.*\n)*?CN=(.*)$/m.exec(subject)?.[1] ?? 'the authority'
