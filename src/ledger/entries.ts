import type { Policy } from '../complaint/policy.ts'
import type { FieldValue, Step } from '../complaint/step.ts'
import type { Entry } from '../complaint/timeline.ts'
import { openDisclosure } from '../log/disclosure.ts'
import { toBase64url } from '../log/encoding.ts'
import { decodeLeaf, type Leaf } from '../log/leaf.ts'
import { leafHash } from '../log/tree.ts'
import type { Kept } from './complaint-book.ts'
import { FIELDS_A_LEAF, type Store } from './store.ts'

const range = (idx: number) => ({ from: idx * FIELDS_A_LEAF, to: (idx + 1) * FIELDS_A_LEAF })

export const leafBytes = (store: Store, idx: number): Uint8Array => {
  const row = store.leaf.get({ idx })
  if (!row) throw new RangeError(`leaf ${idx} is missing`)
  return row.bytes
}

/** The stored disclosures of a leaf, as the strings whose digests stand in it. */
export const disclosuresAt = (store: Store, idx: number) => store.disclosuresOf.all(range(idx))

/** Their values by name; erased ones are missing. */
export const fieldsAt = (store: Store, idx: number): Record<string, FieldValue> =>
  Object.fromEntries(
    disclosuresAt(store, idx).map(({ name, text }) => [name, openDisclosure(text).value as FieldValue]),
  )

export const eraseField = (store: Store, idx: number, name: string): void => {
  store.erase.run({ ...range(idx), name })
}

export const stepAt = (store: Store, idx: number): Step => stepOf(decodeLeaf(leafBytes(store, idx)))

/** The leaf's own words were written by `decide`, so they are a step again. */
const stepOf = ({ kind, by, auto, who, at, on, p }: Leaf): Step => ({ kind, by, auto, who, at, on, p }) as Step

/** The whole timeline of a complaint, with what of its disclosures is still there. */
export const entriesOf = (store: Store, { chain, complaint }: Pick<Kept, 'chain' | 'complaint'>): Entry[] =>
  chain.map((idx, seq) => entryAt(store, idx, seq, complaint.policy))

const entryAt = (store: Store, idx: number, seq: number, policy: Policy): Entry => {
  const bytes = leafBytes(store, idx)
  const leaf = decodeLeaf(bytes)
  const fields = fieldsAt(store, idx)
  const step = stepOf(leaf)
  return {
    seq,
    leaf: toBase64url(leafHash(bytes)),
    index: idx,
    step: step.kind === 'submitted' ? { ...step, policy } : step,
    fields,
    erased: Object.keys(leaf.d).filter(name => !(name in fields)),
  }
}
