// Signatures of authors as a monitor sees them (docs/log.md, section 11): from public leaves alone, so not what was said.

import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import type { Complaint } from '../../complaint/complaint.ts'
import { type AuthorKey, type SignedClaim, signerOf, signingInput, thumbprintOf } from '../../log/author-signature.ts'
import type { Case } from './case.ts'
import type { SkimmedLeaf } from './skim.ts'

/** Signature fault of the leaf that follows `before`; null where the signature is good, and where the leaf has none. */
export const wrongSignature = (
  before: Complaint | null,
  leaf: SkimmedLeaf,
  { origin, party }: { origin: string; party: (key: string) => AuthorKey | null },
): string | null => {
  if (leaf.p.signed === undefined && leaf.kind !== 'key_bound') return null
  const signer = signerOf(leaf, new Map(before?.keys.map(key => [key.key, key])), party)
  if (signer === null || 'problem' in signer) return signer?.problem ?? null
  const { key, act, signature } = signer
  const { body, seen, sig } = signature
  const claim = { act, body, c: leaf.c ?? '', origin, seen }
  return isSigned(key, claim, sig) ? null : 'has a signature that its key did not make'
}

/** Synchronous, unlike WebCrypto: a replay of a million leaves waits for nothing. */
export const isSigned = (key: AuthorKey, claim: SignedClaim, sig: string): boolean => {
  try {
    const input = Buffer.from(signingInput(key, claim))
    const signature = Buffer.from(sig, 'base64url')
    if (signature.toString('base64url') !== sig) return false
    const publicKey = publicKeyOf(key)
    return key.y === undefined
      ? verify(null, input, publicKey, signature)
      : verify('sha256', input, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature)
  } catch {
    return false
  }
}

const KEPT = 1000
const known = new Map<string, KeyObject>()

/** A merchant's key signs many leaves. Throws for a point that is not on the curve, and a key under another's thumbprint. */
const publicKeyOf = ({ key, x, y }: AuthorKey): KeyObject => {
  if (key !== thumbprintOf(x, y)) throw new RangeError('a key under the thumbprint of another')
  const found = known.get(key)
  if (found) return found
  const jwk = y === undefined ? { kty: 'OKP', crv: 'Ed25519', x } : { kty: 'EC', crv: 'P-256', x, y }
  const made = createPublicKey({ key: jwk, format: 'jwk' })
  if (known.size >= KEPT) known.clear()
  known.set(key, made)
  return made
}

/**
 * One line for each complaint in which something was given up unsigned though a key was bound, and nothing signed followed; and
 * for each with an unsigned step in the name of a merchant who demands signatures.
 */
export function* unsignedFindings(cases: ReadonlyMap<string, Case>): Iterable<string> {
  for (const [c, { complaint, disowned }] of cases) {
    if (complaint.unsigned !== null)
      yield `complaint ${c}, step ${complaint.unsigned}: given up in the buyer's name, unsigned though a key was bound`
    if (disowned !== null)
      yield `complaint ${c}, step ${disowned}: in the merchant's name, unsigned though it demands signatures`
  }
}
