// Signatures of authors at the ledger's door (docs/log.md, section 11): computed before the transaction, since WebCrypto
// answers later; what depends on the chain is asked inside it.

import type { Act } from '../../complaint/command.ts'
import { isSignedBy, signatureIn } from '../../log/author-signature.ts'
import { toBase64url } from '../../log/encoding.ts'
import { decodeLeaf } from '../../log/leaf.ts'
import { leafHash } from '../../log/tree.ts'
import type { OrderOf, Refused } from '../contract/ledger.ts'
import type { StoredComplaint } from '../storage/complaint-repository.ts'
import type { Store } from '../storage/queries.ts'
import { leafBytes } from '../storage/timeline-reader.ts'

type Verdict = Extract<Refused['refused'], `signature_${string}`> | null

/** Whether a key of this complaint signed the order, for this log, complaint, act, head and body. A `device-keys` signs for itself. */
export const judgeSignature = async <A extends Act>(
  { act, by, body, signed }: OrderOf<A>,
  { tag, complaint }: StoredComplaint,
  origin: string,
): Promise<Verdict> => {
  const isBinding = act === 'device-keys'
  if (!signed) return isBinding ? 'signature_wrong' : null
  if (by.role !== 'buyer') return 'signature_key'
  const own = body as { key: string; x: string; y: string }
  const key = isBinding ? own : complaint.keys.find(each => each.key === signed.key)
  if (!key || key.key !== signed.key) return 'signature_key'
  const claim = { act, body: signed.body, c: tag, origin, seen: signed.seen }
  return (await isSignedBy(key, claim, signed.sig)) ? null : 'signature_wrong'
}

/** Replay: whether the head that was signed is one of this chain, and no leaf behind it used the signature already. */
export const judgePlace = (
  store: Store,
  { chain }: StoredComplaint,
  { seen, body }: { seen: string; body: string },
): Verdict => {
  for (const idx of chain.toReversed()) {
    const bytes = leafBytes(store, idx)
    if (toBase64url(leafHash(bytes)) === seen) return null
    if (signatureIn(decodeLeaf(bytes).p)?.body === body) return 'signature_used'
  }
  return 'signature_head'
}
