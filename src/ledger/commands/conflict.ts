import type { Role } from '../../complaint/words.ts'
import { toBase64url } from '../../log/encoding.ts'
import { decodeLeaf, type Leaf } from '../../log/leaf.ts'
import { leafHash } from '../../log/tree.ts'
import type { StoredComplaint } from '../storage/complaint-repository.ts'
import type { Store } from '../storage/queries.ts'
import { leafBytes } from '../storage/timeline-reader.ts'

const DESK_WORK: readonly string[] = ['officer_assigned', 'handoff_offered', 'handoff_accepted']

/** Whether what `role` meant to do may no longer be what they would do: state, holder, due or offer is another. */
const moves = (before: Leaf | null, { kind, state, holder, due }: Leaf, role: Role): boolean =>
  before === null ||
  before.state !== state ||
  before.holder !== holder ||
  before.due !== due ||
  kind === 'merchant_responded' ||
  // Whose desk it is on concerns those who work there.
  ((role === 'platform' || role === 'supervisor') && DESK_WORK.includes(kind))

/** Did anything move the complaint after the step with this leaf hash? An unknown hash is older than everything. */
export const movedSince = (store: Store, { chain, head }: StoredComplaint, seen: string, role: Role): boolean => {
  if (seen === head) return false
  let newer: Leaf | null = null
  for (const idx of [...chain].reverse()) {
    const bytes = leafBytes(store, idx)
    const leaf = decodeLeaf(bytes)
    if (newer && moves(leaf, newer, role)) return true
    if (toBase64url(leafHash(bytes)) === seen) return false
    newer = leaf
  }
  return true
}
