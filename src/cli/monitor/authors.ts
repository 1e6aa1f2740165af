// Signatures of authors as a monitor sees them (docs/log.md, section 11): from public leaves alone, so not what was said.

import { createPublicKey, verify } from 'node:crypto'
import type { Complaint } from '../../complaint/complaint.ts'
import { signerOf, signingInput, thumbprintOf } from '../../log/author-signature.ts'
import type { Case } from './case.ts'
import type { SkimmedLeaf } from './skim.ts'

/** Signature fault of the leaf that follows `before`; null where the signature is good, and where the leaf has none. */
export const wrongSignature = (before: Complaint | null, leaf: SkimmedLeaf, origin: string): string | null => {
  if (leaf.p.signed === undefined && leaf.kind !== 'key_bound') return null
  const signer = signerOf(leaf, new Map(before?.keys.map(key => [key.key, key])))
  if (signer === null || 'problem' in signer) return signer?.problem ?? null
  const { key, act, signature } = signer
  const { body, seen, sig } = signature
  const claim = signingInput(key.key, { act, body, c: leaf.c ?? '', origin, seen })
  return isSigned(key, claim, sig) ? null : 'has a signature that its key did not make'
}

/** Synchronous, unlike WebCrypto: a replay of a million leaves waits for nothing. */
const isSigned = ({ key, x, y }: { key: string; x: string; y: string }, input: string, sig: string): boolean => {
  try {
    const publicKey = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' })
    const signature = Buffer.from(sig, 'base64url')
    return (
      key === thumbprintOf(x, y) &&
      signature.toString('base64url') === sig &&
      verify('sha256', Buffer.from(input), { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature)
    )
  } catch {
    return false
  }
}

/** One line for each complaint in which something was given up unsigned though a key was bound, and nothing signed followed. */
export function* unsignedFindings(cases: ReadonlyMap<string, Case>): Iterable<string> {
  for (const [c, { complaint }] of cases)
    if (complaint.unsigned !== null)
      yield `complaint ${c}, step ${complaint.unsigned}: given up in the buyer's name, unsigned though a key was bound`
}
