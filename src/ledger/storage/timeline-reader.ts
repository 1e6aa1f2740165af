import { sha256Text } from '#sha256'
import type { Complaint } from '../../complaint/complaint.ts'
import type { Policy } from '../../complaint/deadlines/policy.ts'
import { type AdoptedRule, citedIn, parseRuleDocument } from '../../complaint/platform-rule.ts'
import { type Fields, type FieldValue, isQuotaed, SIGNED_REQUEST, type Step } from '../../complaint/step.ts'
import type { NewestState } from '../../complaint/view/complaint-view.ts'
import type { Entry } from '../../complaint/view/timeline.ts'
import { hashesIn, isFile } from '../../complaint/view/visibility.ts'
import type { Role } from '../../complaint/words.ts'
import { digestOf, openDisclosure } from '../../log/disclosure.ts'
import { fromUtf8 } from '../../log/encoding.ts'
import { decodeLeaf, type Leaf } from '../../log/leaf.ts'
import type { TextsOf } from '../contract/ledger.ts'
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

/** A disclosed value, of which alone the digest is checked; undefined where it is erased. Throws AlteredRow. */
export const fieldAt = (store: Store, idx: number, name: string): FieldValue | undefined => {
  const text = textsAt(store, idx).get(name)
  if (text === undefined) return undefined
  const { c, d } = parseLeaf(fromUtf8(leafBytes(store, idx)))
  if (d[name] !== digestOf(text)) throw new AlteredRow(c, idx, 'a text that is not the one disclosed')
  return disclosedBy(text)
}

/**
 * Erases the fields of a leaf of which the names are `doomed`, whatever stands beside them: another text that was swapped stops
 * no erasure. Answers the hashes of the files that they named.
 */
export const eraseFields = (store: Store, idx: number, doomed: (name: string) => boolean): string[] => {
  const texts = textsAt(store, idx)
  const gone = [...texts].filter(([name]) => doomed(name))
  if (gone.length === 0) return []
  for (const [name] of gone) texts.delete(name)
  store.saveDisclosures.run({ idx, texts: formatTexts(texts) })
  return gone.flatMap(([name, text]) => (isFile(name) ? hashesIn(readValue(text)) : []))
}

/** Undefined for a text that somebody swapped for no disclosure. */
const readValue = (text: string): FieldValue | undefined => {
  try {
    return disclosedBy(text)
  } catch {
    return undefined
  }
}

// Neither names nor base64url hold these two.
export const formatTexts = (texts: Iterable<readonly [name: string, text: string]>): string => {
  let line = ''
  for (const [name, text] of texts) line += line === '' ? `${name}=${text}` : `~${name}=${text}`
  return line
}
export const parseTexts = (line: string): Map<string, string> => {
  const texts = new Map<string, string>()
  for (const part of line.split('~')) {
    const at = part.indexOf('=')
    if (at > 0) texts.set(part.slice(0, at), part.slice(at + 1))
  }
  return texts
}

const fieldsIn = (texts: Map<string, string>): Record<string, FieldValue> =>
  Object.fromEntries([...texts].map(([name, text]) => [name, disclosedBy(text)]))

/** What was disclosed was a field's value. */
const disclosedBy = (text: string): FieldValue => openDisclosure(text).value as FieldValue

/** A version of a platform rule. Throws AlteredRow for a document that is not the one its leaf adopted. */
export const ruleIn = (
  store: Store,
  { idx, digest, document }: ReturnType<Store['rules']['all']>[number],
): AdoptedRule => {
  const { at, kind, p } = decodeLeaf(leafBytes(store, idx))
  if (kind !== 'rule_adopted' || p.digest !== digest || sha256Text(document) !== digest)
    throw new AlteredRow(null, idx, 'a rule that is not the one adopted')
  return { ...parseRuleDocument(document), digest, at }
}

export const ruleAt = (store: Store, digest: string): AdoptedRule | null => {
  const row = store.rule.get({ digest })
  return row ? ruleIn(store, row) : null
}

export const stepAt = (store: Store, idx: number): Step => stepOf(decodeLeaf(leafBytes(store, idx)))

/** The leaf's own words were written by `decide`, so they are a step again. */
const stepOf = ({ kind, by, auto, who, at, on, p: { signed, ...p } }: Leaf): Step =>
  ({ kind, by, auto, who, at, on, p, ...(signed !== undefined && { signed }) }) as Step

const NAMES_SOMEBODY = /(?:^|~)(?:officer|operator)=/

/** The steps that name an officer or operator, each with what it discloses. The others are not read: a timeline may be long. */
export const stepsNaming = (store: Store, chain: readonly number[]): Pick<Entry, 'step' | 'fields'>[] =>
  store.disclosuresIn.all({ list: JSON.stringify(chain) }).flatMap(({ idx, texts }) => {
    if (!NAMES_SOMEBODY.test(texts)) return []
    const leaf = decodeLeaf(leafBytes(store, idx))
    return [{ step: stepOf(leaf), fields: fieldsIn(requireDigests(parseTexts(texts), leaf, idx)) }]
  })

interface Chained {
  chain: readonly number[]
  complaint: Complaint
}

/** The whole timeline of a complaint, with what of its disclosures is still there; `texts` as in the contract's `read`. */
export const entriesOf = (store: Store, { chain, complaint }: Chained, texts?: TextsOf): Entry[] => {
  const end = Math.min(texts?.before ?? chain.length, chain.length)
  const from = texts ? Math.max(0, end - texts.limit) : 0
  const steps = [
    ...withoutTexts(store, chain.slice(0, from)),
    ...withTexts(store, chain.slice(from, end)),
    ...withoutTexts(store, chain.slice(end)),
  ]
  return steps.map((step, seq) => entryOf(store, step, seq, complaint.policy))
}

interface ReadStep {
  idx: number
  /** As it is spelled. */
  text: string
  leaf: Leaf
  /** What it discloses, as stored; null where that is not read. */
  line: string | null
}

const withTexts = (store: Store, chain: readonly number[]): ReadStep[] =>
  portions(chain, STEPS_AT_ONCE).flatMap(part => {
    const lines = store.stepLines.get({ list: JSON.stringify(part) })?.lines?.split('\n') ?? []
    const isWhole = lines.length === 2 * part.length
    return part.map((idx, i) => {
      if (!isWhole) return stepIn(store, idx)
      const text = lines[2 * i] ?? ''
      return { idx, text, leaf: parseLeaf(text), line: lines[2 * i + 1] ?? '' }
    })
  })

/** With the texts of those alone that a party can't add again and again: a timeline may be long. */
const withoutTexts = (store: Store, chain: readonly number[]): ReadStep[] => {
  const steps = portions(chain, LEAVES_AT_ONCE).flatMap(part => {
    const lines = store.leafLines.get({ list: JSON.stringify(part) })?.lines?.split('\n') ?? []
    const isWhole = lines.length === part.length
    return part.map((idx, i) => {
      const text = isWhole ? (lines[i] ?? '') : fromUtf8(leafBytes(store, idx))
      return { idx, text, leaf: parseLeaf(text) }
    })
  })
  const list = JSON.stringify(steps.flatMap(({ idx, leaf }) => (isAddedFreely(stepOf(leaf)) ? [] : [idx])))
  const lines = new Map(steps.length > 0 ? store.disclosuresIn.all({ list }).map(row => [row.idx, row.texts]) : [])
  return steps.map(step => ({ ...step, line: isAddedFreely(stepOf(step.leaf)) ? null : (lines.get(step.idx) ?? '') }))
}

/** Reads one step by itself, where the lines of a portion don't add up: a row is missing (throws RangeError) or was edited. */
const stepIn = (store: Store, idx: number): ReadStep => {
  const text = fromUtf8(leafBytes(store, idx))
  return { idx, text, leaf: parseLeaf(text), line: store.disclosures.get({ idx })?.texts ?? '' }
}

/** A value of SQLite holds 2 MB on Cloudflare: a leaf takes 4 KB at most, its texts some 60. */
const [LEAVES_AT_ONCE, STEPS_AT_ONCE] = [256, 24]

const portions = (chain: readonly number[], size: number): (readonly number[])[] =>
  Array.from({ length: Math.ceil(chain.length / size) }, (_, i) => chain.slice(i * size, (i + 1) * size))

/** Without its canonical form, which the log's own readers check: whoever edits a row can spell it so too, and the hash shows it. */
export const parseLeaf = (text: string): Leaf => JSON.parse(text)

/** What a buyer or merchant can add again and again: a long timeline comes without its texts. */
const isAddedFreely = (step: Step): boolean => isQuotaed(step) && (step.by === 'buyer' || step.by === 'merchant')

const entryOf = (store: Store, { idx, text, leaf, line }: ReadStep, seq: number, policy: Policy): Entry => {
  const step = stepOf(leaf)
  const cites = citedIn(leaf.p).flatMap(digest => ruleAt(store, digest) ?? [])
  const fields = line === null ? {} : fieldsIn(requireDigests(parseTexts(line), leaf, idx))
  return {
    seq,
    // Of what is stored, not as the next leaf tells it: an altered one must show.
    leaf: hashOfText(text),
    index: idx,
    step: step.kind === 'submitted' ? { ...step, policy } : step,
    fields,
    erased: line === null ? [] : Object.keys(leaf.d).filter(name => name !== SIGNED_REQUEST && !(name in fields)),
    ...(cites.length > 0 && { cites }),
  }
}

/** The leaf hash (RFC 6962 section 2.1: SHA-256 of 0x00 and the leaf) of a leaf's spelling, base64url. */
const hashOfText = (text: string): string => sha256Text(`\0${text}`)

/** What a list says of a complaint besides its fold. Reads its first leaf and the newest ones, each once. */
export const summaryOf = (store: Store, { chain }: Pick<Chained, 'chain'>) => {
  const first = chain[0] ?? -1
  const leaf = chain.at(-1) ?? -1
  const opening = decodeLeaf(leafBytes(store, first))
  const newest = leaf === first ? stepOf(opening) : stepAt(store, leaf)
  const texts = requireDigests(textsAt(store, first), opening, first)
  const [orderId, item, amount] = ['orderId', 'item', 'remedySoughtAmount'].map(name => {
    const disclosed = texts.get(name)
    return disclosed === undefined ? undefined : disclosedBy(disclosed)
  })
  const sought = opening.p.remedySought as Fields | undefined
  const { seq, kind, at, by, auto } = lastStepOf(store, chain, newest)
  return {
    orderId: text(orderId),
    item: text(item),
    remedySought: sought === undefined ? null : { ...sought, ...(amount !== undefined && { amount }) },
    lastStep: { seq, kind, at, by, automated: auto },
    updatedAt: newest.at,
    leaf,
  }
}
const text = (value: FieldValue | undefined): string | null => (typeof value === 'string' ? value : null)

const lastStepOf = (store: Store, chain: readonly number[], newest: Step): Step & { seq: number } => {
  let [seq, step] = [chain.length - 1, newest]
  while (step.kind === 'notice_sent' && seq > 0) step = stepAt(store, chain[--seq] ?? -1)
  return { ...step, seq }
}

/** The first leaf that was appended at `instant` or later: leaves are in order of time. */
export const leafAfter = (store: Store, instant: number): number => {
  let [low, high] = [0, (store.leafCount.get()?.last ?? -1) + 1]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (decodeLeaf(leafBytes(store, middle)).at < instant) low = middle + 1
    else high = middle
  }
  return low
}

/** The first and the newest step, and who is assigned. */
export const newestOf = (store: Store, { chain, complaint }: Chained): NewestState => {
  const at = (seq: number) => entryOf(store, stepIn(store, chain[seq] ?? -1), seq, complaint.policy)
  return {
    complaint,
    first: at(0),
    newest: at(chain.length - 1),
    officer: complaint.officer === null ? null : nameOf(store, chain, complaint.officer),
  }
}

/** The name under a person's tag, from the newest step that discloses it. */
const nameOf = (store: Store, chain: readonly number[], who: string): string | null => {
  for (const idx of chain.toReversed()) {
    const name = stepAt(store, idx).who === who ? fieldAt(store, idx, 'officer') : undefined
    if (typeof name === 'string') return name
  }
  return null
}

/** A step that quotas count: who added it, and the length of its texts. */
export interface AddedStep {
  by: Role
  at: number
  chars: number
}

/** Rate limit: the steps after an instant that quotas count, oldest first. */
export const addedSince = (store: Store, chain: readonly number[], since: number): AddedStep[] => {
  const added: AddedStep[] = []
  for (const idx of chain.toReversed()) {
    const step = stepAt(store, idx)
    if (step.at <= since) break
    if (!isQuotaed(step)) continue
    added.unshift({ by: step.by, at: step.at, chars: store.disclosures.get({ idx })?.texts.length ?? 0 })
  }
  return added
}
