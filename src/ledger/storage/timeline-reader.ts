import type { Policy } from '../../complaint/deadlines/policy.ts'
import type { FieldValue, Step } from '../../complaint/step.ts'
import type { Entry } from '../../complaint/view/timeline.ts'
import { openDisclosure } from '../../log/disclosure.ts'
import { toBase64url } from '../../log/encoding.ts'
import { decodeLeaf, type Leaf } from '../../log/leaf.ts'
import { leafHash } from '../../log/tree.ts'
import type { StoredComplaint } from './complaint-repository.ts'
import type { Store } from './queries.ts'

export const leafBytes = (store: Store, idx: number): Uint8Array => {
  const row = store.leaf.get({ idx })
  if (!row) throw new RangeError(`leaf ${idx} is missing`)
  return row.bytes
}

/** The stored disclosures of a leaf by name, as the strings whose digests stand in it; erased ones are missing. */
export const disclosuresAt = (store: Store, idx: number): Map<string, string> =>
  parseTexts(store.disclosures.get({ idx })?.texts ?? '')

/** Their values by name. */
const fieldsAt = (store: Store, idx: number): Record<string, FieldValue> =>
  Object.fromEntries([...disclosuresAt(store, idx)].map(([name, text]) => [name, disclosedBy(text)]))

export const fieldAt = (store: Store, idx: number, name: string): FieldValue | undefined => {
  const text = disclosuresAt(store, idx).get(name)
  return text === undefined ? undefined : disclosedBy(text)
}

export const eraseField = (store: Store, idx: number, name: string): void => {
  const texts = disclosuresAt(store, idx)
  texts.delete(name)
  store.saveDisclosures.run({ idx, texts: formatTexts(texts) })
}

// Neither names nor base64url hold these two.
export const formatTexts = (texts: Iterable<readonly [name: string, text: string]>): string => {
  let line = ''
  for (const [name, text] of texts) line += line === '' ? `${name}=${text}` : `~${name}=${text}`
  return line
}
const parseTexts = (line: string): Map<string, string> => {
  const texts = new Map<string, string>()
  for (const part of line.split('~')) {
    const at = part.indexOf('=')
    if (at > 0) texts.set(part.slice(0, at), part.slice(at + 1))
  }
  return texts
}

/** What was disclosed was a field's value. */
const disclosedBy = (text: string): FieldValue => openDisclosure(text).value as FieldValue

export const stepAt = (store: Store, idx: number): Step => stepOf(decodeLeaf(leafBytes(store, idx)))

/** The leaf's own words were written by `decide`, so they are a step again. */
const stepOf = ({ kind, by, auto, who, at, on, p }: Leaf): Step => ({ kind, by, auto, who, at, on, p }) as Step

/** The whole timeline of a complaint, with what of its disclosures is still there. */
export const entriesOf = (store: Store, { chain, complaint }: Pick<StoredComplaint, 'chain' | 'complaint'>): Entry[] =>
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
