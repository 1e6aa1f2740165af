// Signatures of authors as a monitor sees them (docs/log.md, section 11): from public leaves alone, so not what was said.

import type { Complaint } from '../../complaint/complaint.ts'
import { type AuthorKey, isBinding, signerOf } from '../../log/author-signature.ts'
import { isSigned } from '../author-key.ts'
import type { Cases } from './cases.ts'
import type { SkimmedLeaf } from './skim.ts'

/** Signature fault of the leaf that follows `before`; null where the signature is good, and where the leaf has none. */
export const wrongSignature = (
  before: Complaint | null,
  leaf: SkimmedLeaf,
  { origin, party }: { origin: string; party: (key: string) => AuthorKey | null },
): string | null => {
  if (leaf.p.signed === undefined && !isBinding(leaf)) return null
  const signer = signerOf(leaf, new Map(before?.keys.map(key => [key.key, key])), party)
  if (signer === null || 'problem' in signer) return signer?.problem ?? null
  const { key, act, signature } = signer
  const { body, seen, sig } = signature
  const claim = { act, body, c: leaf.kind === 'submitted' ? '' : (leaf.c ?? ''), origin, seen }
  const isGood =
    isSigned(key, claim, sig) || (mayBeOnForm(before, leaf, key) && isSigned(key, { ...claim, c: '' }, sig))
  return isGood ? null : 'has a signature that its key did not make'
}

/** Photos that came with a submission were signed on its form, by its key. A monitor does not remember which form it was. */
const mayBeOnForm = (before: Complaint | null, { kind, by }: SkimmedLeaf, { key }: AuthorKey): boolean =>
  kind === 'evidence_supplied' && by === 'buyer' && before?.keys[0]?.key === key

/**
 * One line for each complaint in which something was given up unsigned though a key was bound, and nothing signed followed; and
 * for each with an unsigned step in the name of a merchant who demands signatures.
 */
export function* unsignedFindings(cases: Cases): Iterable<string> {
  for (const [c, { complaint, disowned }] of cases) {
    if (complaint.unsigned !== null)
      yield `complaint ${c}, step ${complaint.unsigned}: given up in the buyer's name, unsigned though a key was bound`
    if (disowned !== null)
      yield `complaint ${c}, step ${disowned}: in the merchant's name, unsigned though it demands signatures`
  }
}
