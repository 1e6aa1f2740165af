import type { Complaint } from '../../complaint/complaint.ts'
import type { Policy } from '../../complaint/deadlines/policy.ts'
import type { FieldValue, Step } from '../../complaint/step.ts'
import type { Entry } from '../../complaint/view/timeline.ts'
import { digestOf, openDisclosure } from '../../log/disclosure.ts'
import { toBase64url } from '../../log/encoding.ts'
import { decodeLeaf, type Leaf } from '../../log/leaf.ts'
import { leafHash } from '../../log/tree.ts'
import type { Store } from './queries.ts'

export const leafBytes = (store: Store, idx: number): Uint8Array => {
  const row = store.leaf.get({ idx })
  if (!row) throw new RangeError(`leaf ${idx} is missing`)
  return row.bytes
}

/**
 * A row beside the log says what its leaf does not: somebody edited the database. What it says is shown to nobody. The
 * message names tag and leaf, which are public, and is all of the error that crosses to another isolate.
 */
export class AlteredRow extends Error {
  override name = 'AlteredRow'
  constructor(c: string | null, idx: number, what: string) {
    super(`row_altered: complaint ${c}, leaf ${idx}: ${what}`)
  }
}

/**
 * The stored disclosures of a leaf by name, as the strings whose digests stand in it; erased ones are missing. Throws
 * AlteredRow for a text that the leaf does not commit to.
 */
export const disclosuresAt = (store: Store, idx: number): Map<string, string> => {
  const texts = textsAt(store, idx)
  return texts.size === 0 ? texts : requireDigests(texts, decodeLeaf(leafBytes(store, idx)), idx)
}

const textsAt = (store: Store, idx: number): Map<string, string> =>
  parseTexts(store.disclosures.get({ idx })?.texts ?? '')

const requireDigests = (texts: Map<string, string>, { c, d }: Leaf, idx: number): Map<string, string> => {
  for (const [name, text] of texts)
    if (d[name] !== digestOf(text)) throw new AlteredRow(c, idx, 'a text that is not the one disclosed')
  return texts
}

export const fieldAt = (store: Store, idx: number, name: string): FieldValue | undefined => {
  const text = disclosuresAt(store, idx).get(name)
  return text === undefined ? undefined : disclosedBy(text)
}

/** Whatever stands beside it: another text that was swapped stops no erasure. */
export const eraseField = (store: Store, idx: number, name: string): void => {
  const texts = textsAt(store, idx)
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
export const entriesOf = (store: Store, stored: { chain: readonly number[]; complaint: Complaint }): Entry[] =>
  stored.chain.map((idx, seq) => entryAt(store, idx, seq, stored.complaint.policy))

const entryAt = (store: Store, idx: number, seq: number, policy: Policy): Entry => {
  const bytes = leafBytes(store, idx)
  const leaf = decodeLeaf(bytes)
  const texts = requireDigests(textsAt(store, idx), leaf, idx)
  const fields = Object.fromEntries([...texts].map(([name, text]) => [name, disclosedBy(text)]))
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
