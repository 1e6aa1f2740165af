/** Signatures of authors (docs/log.md, section 11) by node:crypto: for the monitor, which replays a million leaves, and the server on Node. */

import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { type AuthorKey, type SignedClaim, signedBytes, thumbprintOf } from '../log/author-signature.ts'

/** Synchronous, unlike WebCrypto, which hands each signature to another thread. False too for a point that is not on the curve. */
export const isSigned = (key: AuthorKey, claim: SignedClaim, sig: string): boolean => {
  try {
    const { message, signature } = signedBytes(key, claim, sig)
    const publicKey = publicKeyOf(key)
    return key.y === undefined
      ? verify(null, message, publicKey, signature)
      : verify('sha256', message, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature)
  } catch {
    return false
  }
}

const KEPT = 1000
const known = new Map<string, { x: string; y: string | undefined; made: KeyObject }>()

/** A merchant's key signs many leaves. Throws for a point that is not on the curve, and a key under another's thumbprint. */
const publicKeyOf = ({ key, x, y }: AuthorKey): KeyObject => {
  const found = known.get(key)
  if (found && found.x === x && found.y === y) return found.made
  if (key !== thumbprintOf(x, y)) throw new RangeError('a key under the thumbprint of another')
  const jwk = y === undefined ? { kty: 'OKP', crv: 'Ed25519', x } : { kty: 'EC', crv: 'P-256', x, y }
  const made = createPublicKey({ key: jwk, format: 'jwk' })
  if (known.size >= KEPT) known.clear()
  known.set(key, { x, y, made })
  return made
}
