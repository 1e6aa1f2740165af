import { blank, type Complaint, isStuck } from '../../complaint/complaint.ts'
import { nextSideDueAt } from '../../complaint/deadlines/due-steps.ts'
import { lengthOf, type Policy } from '../../complaint/deadlines/policy.ts'
import { retentionEnd } from '../../complaint/deadlines/retention.ts'
import type { Holder } from '../../complaint/words.ts'
import { fromUtf8 } from '../../log/encoding.ts'
import { log } from '../../telemetry/log.ts'
import type { Staged } from '../commands/group-commit.ts'
import type { Head } from '../contract/ledger.ts'
import { type Counted, decodeCounted, encodeCounted } from '../figures/figure-rows.ts'
import { ALL_MERCHANTS } from './inbox-queries.ts'
import type { ComplaintRow, Store } from './queries.ts'
import { type AddedStep, AlteredRow, leafBytes, parseLeaf } from './timeline-reader.ts'
import type { Writes } from './write-statements.ts'

/** A complaint as the ledger keeps it: the fold, and where its leaves are. */
export interface StoredComplaint {
  id: number
  tag: string
  merchant: string
  item: string
  head: string
  /** Leaf indices in order of seq. */
  chain: readonly number[]
  complaint: Complaint
  /** Its figures up to the newest leaf; null for an old row that waits to be counted. */
  counted: Counted | null
  /** Those of its last day's steps that quotas count, oldest first; null until one asks. In memory alone. */
  added: readonly AddedStep[] | null
}

const INDEX_BYTES = 6

/** Leaf indices as bytes, of which the order is that of the numbers. */
export const pack = (chain: readonly number[]): Uint8Array => {
  const bytes = new Uint8Array(chain.length * INDEX_BYTES)
  chain.forEach((idx, i) => {
    for (let j = INDEX_BYTES - 1, rest = idx; j >= 0; j--, rest = Math.floor(rest / 256)) {
      bytes[i * INDEX_BYTES + j] = rest % 256
    }
  })
  return bytes
}
export const unpack = (bytes: Uint8Array): number[] => {
  const chain: number[] = []
  for (let at = 0; at < bytes.length; at += INDEX_BYTES) {
    let idx = 0
    for (const byte of bytes.subarray(at, at + INDEX_BYTES)) idx = idx * 256 + byte
    chain.push(idx)
  }
  return chain
}

/** Reads and writes folded complaints, the recent ones from memory; what a rolled back savepoint wrote is forgotten. */
export class ComplaintRepository implements Staged {
  readonly #store: Store
  readonly #writes: Writes
  readonly #limit: number
  readonly #policies: ReadonlyMap<string, Policy>
  readonly #kept = new Map<number, StoredComplaint>()
  readonly #altered = new Set<string>()
  #undo: [number, StoredComplaint | undefined][] = []
  /** What this commit adds to `open_counts`. */
  readonly #openCounts = new Map<Holder, number>()

  /** At most `limit` are kept in memory. */
  constructor(store: Store, writes: Writes, policies: ReadonlyMap<string, Policy>, limit: number) {
    this.#limit = limit
    this.#store = store
    this.#writes = writes
    this.#policies = policies
  }

  /** Rows found since the start that contradict the log. */
  get altered(): number {
    return this.#altered.size
  }

  /** Throws AlteredRow where the row contradicts the newest leaf: it would hide a deadline, or an act from its party. */
  get(id: number): StoredComplaint | null {
    const known = this.#kept.get(id)
    if (known) return known
    const row = this.#store.complaint.get({ id })
    if (!row) return null
    const kept = this.#stored(row)
    const { wrong } = heldAgainstLeaf(kept, this.#store)
    if (wrong !== null) {
      this.#alert(wrong)
      throw wrong
    }
    this.#kept.set(id, kept)
    this.#trim()
    return kept
  }

  /** Another process wrote the rows. */
  forget(): void {
    this.#kept.clear()
  }

  /**
   * The complaint of a row, for lists: where its fold contradicts the newest leaf, the leaf counts. Throws AlteredRow where
   * the row does not even name its leaf.
   */
  fromRow(row: ComplaintRow): StoredComplaint {
    const stored = this.#stored(row)
    const { leaf, wrong } = heldAgainstLeaf(stored, this.#store)
    if (wrong !== null) this.#alert(wrong)
    return wrong === null ? stored : { ...stored, complaint: { ...stored.complaint, ...leaf } }
  }

  #stored(row: ComplaintRow): StoredComplaint {
    const policy = this.#policies.get(row.policy)
    if (!policy) throw new Error('a complaint without its policy')
    const { id, tag, merchant, item, head } = row
    const chain = unpack(row.chain)
    const complaint = unfold(row.folded, chain.length - 1, policy)
    const counted = row.standing === null ? null : decodeCounted(row.standing, complaint)
    return { id, tag, merchant, item, head, chain, complaint, counted, added: null }
  }

  /** Once for each complaint, since a list may be read every minute. */
  #alert(error: AlteredRow): void {
    if (this.#altered.has(error.message)) return
    this.#altered.add(error.message)
    log('error', 'alert: a row contradicts the log', { row: error.message })
  }

  /** `phone`: the keyed tag of its buyer's phone. */
  add(kept: StoredComplaint, phone: string): void {
    const { id, tag, merchant, item, complaint } = kept
    const policy = complaint.policy.hash
    this.#writes.addComplaint({
      id,
      tag,
      merchant,
      item,
      phone,
      policy,
      category: complaint.category,
      opened: complaint.openedAt,
      ...placed(kept),
      ...turned(kept),
      ...aside(kept),
      ...ended(kept),
      ...folded(kept),
      ...standing(kept),
    })
    this.#count(merchant, null, complaint)
    this.#remember(kept)
  }

  /** Writes no more columns than changed. */
  save(kept: StoredComplaint): void {
    const known = this.#kept.get(kept.id)
    const before = known?.complaint
    const { complaint } = kept
    const isTurned = !before || hasTurned(before, complaint)
    this.#writes.saveComplaint({
      ...placed(kept),
      ...(isTurned && turned(kept)),
      ...((!before || nextSideDueAt(before) !== nextSideDueAt(complaint)) && aside(kept)),
      ...((!before || hasEnded(before, complaint)) && ended(kept)),
      ...((!before || !isSameFold(before, complaint)) && folded(kept)),
      ...(known?.counted !== kept.counted && standing(kept)),
    })
    if (isTurned) this.#count(kept.merchant, before ?? this.#foldOf(kept.id), complaint)
    this.#remember(kept)
  }

  /** In code: a trigger would make SQLite journal every statement. */
  #count(merchant: string, before: Placed | null, after: Placed): void {
    this.#countOpen(before, after)
    if (before?.state !== after.state) this.#countClosed(merchant, before, after)
  }

  /** Gathers for `open_counts`. */
  #countOpen(before: Placed | null, after: Placed): void {
    const count = (holder: Holder, n: number) => this.#openCounts.set(holder, (this.#openCounts.get(holder) ?? 0) + n)
    if (before?.holder) count(before.holder, -1)
    if (after.holder) count(after.holder, 1)
  }

  /** Keeps `closed_counts`, of the merchant and of all. */
  #countClosed(merchant: string, before: Placed | null, after: Placed): void {
    const count = ({ state, category, closedAt }: Placed, n: number) => {
      if (closedAt === null) return
      for (const whose of [ALL_MERCHANTS, merchant])
        this.#writes.countClosed({ merchant: whose, status: state, category, n })
    }
    if (before) count(before, -1)
    count(after, 1)
  }

  /** As stored, of one that is not in memory any more. */
  #foldOf(id: number): Placed | null {
    const row = this.#store.complaint.get({ id })
    return row ? parseFold(row.folded) : null
  }

  /** An old row was counted. */
  saveCounted(kept: StoredComplaint): void {
    this.#writes.saveComplaint({ first: placed(kept).first, ...standing(kept) })
    this.#remember(kept)
  }

  /** The columns that say when a row falls due were moved: they are written anew from its fold. Throws as `get` does. */
  restore(id: number): void {
    const kept = this.get(id)
    if (!kept) return
    this.#alert(new AlteredRow(kept.tag, kept.chain.at(-1) ?? -1, 'the row falls due at another instant'))
    this.#writes.saveComplaint({ ...placed(kept), ...turned(kept), ...aside(kept), ...ended(kept), ...folded(kept) })
  }

  #remember(kept: StoredComplaint): void {
    this.#undo.push([kept.id, this.#kept.get(kept.id)])
    this.#kept.set(kept.id, kept)
  }

  mark(): () => void {
    const length = this.#undo.length
    return () => {
      // Of the commit that failed: none before it is left.
      this.#openCounts.clear()
      for (const [id, before] of this.#undo.splice(length).reverse()) {
        if (before) this.#kept.set(id, before)
        else this.#kept.delete(id)
      }
    }
  }

  flush(): void {
    for (const [holder, n] of this.#openCounts) if (n !== 0) this.#writes.countOpen({ holder, n })
    this.#openCounts.clear()
  }

  adopt(): void {
    this.#undo = []
    this.#trim()
  }

  #trim(): void {
    for (const id of this.#kept.keys()) {
      if (this.#kept.size <= this.#limit) break
      this.#kept.delete(id)
    }
  }
}

type Placed = Pick<Complaint, 'state' | 'category' | 'closedAt' | 'holder'>

type Four = Pick<Complaint, 'state' | 'holder' | 'due' | 'rule'>

/** The four fields of the newest leaf, and what the row says against it. Throws AlteredRow for another's leaf, or none. */
const heldAgainstLeaf = (
  { tag, chain, complaint: c }: StoredComplaint,
  store: Store,
): { leaf: Four; wrong: AlteredRow | null } => {
  const idx = chain.at(-1) ?? -1
  const leaf = parseLeaf(fromUtf8(leafBytes(store, idx)))
  const isOwn = leaf.c === tag && leaf.seq === c.seq && leaf.policy === c.policy.hash
  if (!isOwn) throw new AlteredRow(tag, idx, 'not the leaf that the row names')
  // A leaf of a complaint was written from a fold, so its words are those.
  const four = { state: leaf.state, holder: leaf.holder, due: leaf.due, rule: leaf.rule } as Four
  const name = FOUR.find(each => four[each] !== c[each])
  return { leaf: four, wrong: name ? new AlteredRow(tag, idx, `the row has another ${name}`) : null }
}
const FOUR = ['state', 'holder', 'due', 'rule'] as const

/** Did anything change that lists of open complaints are about? */
const hasTurned = (a: Complaint, b: Complaint): boolean =>
  a.state !== b.state ||
  a.due !== b.due ||
  a.holder !== b.holder ||
  a.desk !== b.desk ||
  a.handoff?.desk !== b.handoff?.desk ||
  isStuck(a) !== isStuck(b)
const hasEnded = (a: Complaint, b: Complaint): boolean =>
  a.closedAt !== b.closedAt || retentionEnd(a) !== retentionEnd(b)

const isSameFold = (a: Complaint, b: Complaint): boolean => FOLDED.every(({ name }) => a[name] === b[name])

const placed = ({ head, chain }: StoredComplaint) => ({ first: chain[0] ?? -1, head, chain: pack(chain) })
const turned = ({ complaint }: StoredComplaint) => ({
  status: complaint.state,
  due: complaint.due,
  holder: complaint.holder,
  desk: complaint.desk,
  offered: complaint.handoff?.desk ?? null,
  stuck: isStuck(complaint) ? 1 : 0,
})
const aside = ({ complaint }: StoredComplaint) => ({ side: nextSideDueAt(complaint) })
const ended = ({ complaint }: StoredComplaint) => ({
  closedAt: complaint.closedAt,
  eraseAt: retentionEnd(complaint),
})
const folded = ({ complaint }: StoredComplaint) => ({ folded: fold(complaint) })
const standing = ({ counted, complaint }: StoredComplaint) => ({
  standing: counted && encodeCounted(counted, complaint),
})

// JSON of the members that differ from a blank complaint: small rows share a page of the file. It is written member by member, since
// building an object for JSON.stringify takes half as long again.
const fold = (complaint: Complaint): string => {
  let text = ''
  for (const { name, member, initial } of FOLDED) {
    const value = complaint[name]
    if (value === initial || isEmptyList(value)) continue
    text += text === '' ? `{${member}` : `,${member}`
    text += typeof value === 'string' || typeof value === 'object' ? JSON.stringify(value) : value
  }
  return text === '' ? '{}' : `${text}}`
}

type Folded = keyof typeof blank
/** Storage names that differ from the field's: rows written by 0.1.0 must stay readable, so these never change. */
const STORED_NAMES: Partial<Record<Folded, string>> = {
  dueWithoutSurge: 'usualDue',
  enteredSeq: 'stay',
  evidenceFrom: 'asked',
  offerImprovements: 'betterOffers',
}
const RENAMED = Object.entries(STORED_NAMES)
/** All but `seq`, which the chain tells, each with its member's beginning. */
const FOLDED = (Object.entries(blank) as [Folded, unknown][])
  .filter(([name]) => name !== 'seq')
  .map(([name, initial]) => ({ name, initial, member: `"${STORED_NAMES[name] ?? name}":` }))
const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0

const unfold = (text: string, seq: number, policy: Policy): Complaint => ({ ...parseFold(text), seq, policy })

/** The fields of a stored fold under the names they have now; `seq` and `policy` are in other columns. */
export const parseFold = (text: string): Omit<Complaint, 'policy'> => {
  const stored = JSON.parse(text)
  for (const [name, storedName] of RENAMED) {
    if (!(storedName in stored)) continue
    stored[name] = stored[storedName]
    delete stored[storedName]
  }
  return { ...blank, ...stored }
}

export const headOf = ({
  head,
  tag,
  complaint: c,
}: StoredComplaint): Omit<Head, 'witnessed' | 'isHalted' | 'origin'> => ({
  head,
  c: tag,
  linkEpoch: c.linkEpoch,
  oldLinkEpoch: c.oldLinkEpoch,
  linkExpiresAt: c.closedAt === null ? null : c.closedAt + lengthOf(c.policy.windows.link_after_close),
})
