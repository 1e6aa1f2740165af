// Optimistic concurrency (If-Match): did the complaint move since the step that the caller was shown?

import type { Role } from '../../complaint/words.ts'
import { toBase64url } from '../../log/encoding.ts'
import { decodeLeaf, type Leaf } from '../../log/leaf.ts'
import { leafHash } from '../../log/tree.ts'
import type { StoredComplaint } from '../storage/complaint-repository.ts'
import type { Store } from '../storage/queries.ts'
import { leafBytes } from '../storage/timeline-reader.ts'

const DESK_WORK: readonly string[] = ['officer_assigned', 'handoff_offered', 'handoff_accepted']

/** Does this step change what `role` would decide: state, holder, due, offer, or (for officers) the desk's own work? */
const moves = (before: Leaf | null, { kind, state, holder, due }: Leaf, role: Role): boolean =>
  before === null ||
  before.state !== state ||
  before.holder !== holder ||
  before.due !== due ||
  kind === 'merchant_responded' ||
  // Assignments and handoffs matter to officers alone.
  ((role === 'platform' || role === 'supervisor') && DESK_WORK.includes(kind))

/** Did a step after the one with this leaf hash move the complaint? An unknown hash counts as older than all. */
export const movedSince = (
  store: Store,
  { chain, head }: StoredComplaint,
  expectedHead: string,
  role: Role,
): boolean => {
  if (expectedHead === head) return false
  let newer: Leaf | null = null
  for (const idx of [...chain].reverse()) {
    const bytes = leafBytes(store, idx)
    const leaf = decodeLeaf(bytes)
    if (newer && moves(leaf, newer, role)) return true
    if (toBase64url(leafHash(bytes)) === expectedHead) return false
    newer = leaf
  }
  return true
}
