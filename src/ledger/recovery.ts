// Recovery: puts leaves back that a restored copy lacks and others still have. The tree that we signed says which leaf belongs
// where, so no source is believed.

import type { Complaint } from '../complaint/complaint.ts'
import type { Policy } from '../complaint/deadlines/policy.ts'
import { evolve } from '../complaint/evolve.ts'
import type { Step } from '../complaint/step.ts'
import { parseId } from '../link/id.ts'
import { type Checkpoint, parseCheckpoint } from '../log/checkpoint.ts'
import { digestOf, openDisclosure } from '../log/disclosure.ts'
import { equalBytes, toBase64url } from '../log/encoding.ts'
import { originIn } from '../log/key-leaf.ts'
import { decodeLeaf, type Leaf } from '../log/leaf.ts'
import { noteVerifier, parseNote, verifierKey, verifyNote } from '../log/note.ts'
import { rootAt } from '../log/tiles.ts'
import { leafHash } from '../log/tree.ts'
import { systemClock } from './clock.ts'
import { eraseFrom, itemTag, phoneTag } from './commands/executor.ts'
import { forgetFigures } from './figures/figure-book.ts'
import type { Host } from './host.ts'
import { LogWriter } from './log/log-writer.ts'
import { adoptedPolicies } from './log/policies.ts'
import { tileReader } from './log/published-log.ts'
import { readPolicy } from './log/read-policy.ts'
import { ownKeys, publicBytes, type Secrets, type Tagger, tagger } from './log/secrets.ts'
import { alertOf, openAlerts } from './storage/alerts.ts'
import { ComplaintRepository, type StoredComplaint } from './storage/complaint-repository.ts'
import { openStore, type Store } from './storage/queries.ts'
import { fieldAt, leafBytes, stepAt } from './storage/timeline-reader.ts'
import { openWrites } from './storage/write-statements.ts'

/** What others have of a log: mirrors, receipts, another copy. */
export interface Copies {
  /** Bytes of leaves by index. */
  leaves: ReadonlyMap<number, Uint8Array>
  /** What a leaf discloses, as far as the copy has it, by index. */
  disclosures: ReadonlyMap<number, readonly string[]>
  /** Signed checkpoints. */
  notes: readonly string[]
  /** Documents of deadline policies that the log may have adopted since. */
  policies: readonly unknown[]
}

export interface Recovery {
  /** Leaves before and after. */
  from: number
  size: number
  /** Leaves below the newest checkpoint that no copy has. With one of them missing nothing is put back. */
  missing: number[]
  /** Tags of complaints of which no copy knows id, order and merchant: their leaves are there, their pages are not. */
  unknown: string[]
}

/** The copies contradict what was signed, or need a policy that is not known here. Nothing was changed. */
export class NotRecovered extends Error {}

/** How many leaves the ledger has. */
export const sizeOf = ({ db }: Host): number => (openStore(db).leafCount.get()?.last ?? -1) + 1

/**
 * Brings a ledger that lacks its newest leaves up to the newest checkpoint that one of our keys signed. All in one transaction.
 * Messages and webhook events of these steps are not planned anew: they went out, or their reminders will.
 */
export const recoverLedger = async (host: Host, secrets: Secrets, copies: Copies): Promise<Recovery> => {
  const store = openStore(host.db)
  const writes = openWrites(host)
  const writer = new LogWriter(store, writes, systemClock, 0)
  const from = writer.frontier.size
  const opening = copies.leaves.get(0) ?? (from > 0 ? leafBytes(store, 0) : undefined)
  const origin = opening && originIn(decodeLeaf(opening))
  if (!origin) throw new NotRecovered('no copy has leaf 0, which names the log')
  const newest = await newestSigned(secrets, origin, [host.checkpointFile.read() ?? '', ...copies.notes])
  if (newest === null || newest.size <= from) return { from, size: from, missing: [], unknown: [] }
  const missing = []
  for (let idx = from; idx < newest.size; idx++) if (!copies.leaves.has(idx)) missing.push(idx)
  if (missing.length > 0) return { from, size: from, missing, unknown: [] }
  const unknown = host.transaction(() => {
    for (let idx = from; idx < newest.size; idx++) putBack(writer, copies, idx)
    const root = rootAt(newest.size, tileReader(store, writer))
    if (!equalBytes(root, newest.root))
      throw new NotRecovered('the leaves of the copies are not those that were signed')
    return rebuild({ host, store, writes, secrets, copies, from, size: newest.size })
  })
  await host.checkpointFile.write(newest.note)
  host.afterErasure()
  return { from, size: newest.size, missing, unknown }
}

/** The largest checkpoint of this log that a key of ours signed. */
const newestSigned = async (secrets: Secrets, origin: string, notes: readonly string[]) => {
  const verifiers = ownKeys(secrets, 'note').map(key => noteVerifier(verifierKey(origin, publicBytes(key))))
  let newest: (Checkpoint & { note: string }) | null = null
  for (const note of notes) {
    try {
      const parsed = parseNote(note)
      const checkpoint = parseCheckpoint(parsed.text)
      const isOurs = checkpoint.origin === origin && (await verifyNote(parsed, verifiers)).size > 0
      if (isOurs && checkpoint.size > (newest?.size ?? 0)) newest = { ...checkpoint, note }
    } catch {
      // Another's note, or none: it proves nothing.
    }
  }
  return newest
}

const putBack = (writer: LogWriter, { leaves, disclosures }: Copies, idx: number): void => {
  const bytes = leaves.get(idx) ?? new Uint8Array()
  const { d } = decodeLeaf(bytes)
  const disclosed = new Map<string, string>()
  for (const text of disclosures.get(idx) ?? []) {
    const { name } = openDisclosure(text)
    if (d[name] === digestOf(text)) disclosed.set(name, text)
  }
  writer.putBack(bytes, [...disclosed])
}

interface Rebuilding {
  host: Host
  store: Store
  writes: ReturnType<typeof openWrites>
  secrets: Secrets
  copies: Copies
  from: number
  size: number
}

/** The rows that follow from the leaves that came back: the log's own chain, policies, complaints. Answers the unknown tags. */
const rebuild = ({ host, store, writes, secrets, copies, from, size }: Rebuilding): string[] => {
  const chains = new Map<string, number[]>()
  for (let idx = from; idx < size; idx++) {
    const leaf = decodeLeaf(leafBytes(store, idx))
    if (leaf.c === null) putBackOwn(store, leaf, idx, copies.policies)
    else chains.set(leaf.c, [...(chains.get(leaf.c) ?? []), idx])
  }
  const policies = adoptedPolicies(store)
  const complaints = new ComplaintRepository(store, writes, policies, host.complaintsInMemory)
  const known = new Map(store.tags.all().map(({ tag, id }) => [tag, id]))
  const unknown: string[] = []
  const alerts = openAlerts(host.db)
  const alert = (complaint: number, step: Step, seq: number, policy: Policy) => {
    const kind = alertOf(step, policy)
    if (kind !== null && !alerts.isOpen(complaint, kind)) writes.addAlert({ complaint, seq, kind, at: step.at })
  }
  for (const [c, chain] of chains) {
    const id = known.get(c)
    const before = id === undefined ? null : complaints.get(id)
    const told = before ?? submitted(store, tagger(secrets.tags), c, chain[0] ?? -1)
    if (told === null) {
      unknown.push(c)
      continue
    }
    const after = continued(store, told, chain, policies)
    if ('phone' in told) complaints.add(after, told.phone)
    else complaints.save(after)
    erase(store, after, chain)
    const first = after.complaint.seq - chain.length + 1
    for (const [i, idx] of chain.entries()) alert(after.id, stepAt(store, idx), first + i, after.complaint.policy)
  }
  forgetFigures(host.db)
  return unknown
}

/** A leaf of the log's own chain, and the document of a policy that it adopts. */
const putBackOwn = (store: Store, leaf: Leaf, idx: number, documents: readonly unknown[]): void => {
  store.addLogStep.run({ seq: leaf.seq, idx })
  if (leaf.kind !== 'policy_adopted' || leaf.policy === null) return
  const found = documents.map(readPolicy).find(({ policy }) => policy.hash === leaf.policy)
  if (!found)
    throw new NotRecovered(
      `the log adopted a deadline policy that is not known here: set TOUSU_POLICY to it (leaf ${idx})`,
    )
  store.addPolicy.run({ hash: found.policy.hash, document: found.text })
}

/** A complaint that the copy did not have yet, from what its submission discloses; null where that is not known. */
const submitted = (store: Store, tag: Tagger, c: string, first: number) => {
  const text = (name: string): string | undefined => {
    const value = fieldAt(store, first, name)
    return typeof value === 'string' ? value : undefined
  }
  const [id, merchant, orderId] = [parseId(text('id') ?? ''), text('merchantId'), text('orderId')]
  if (id === null || merchant === undefined || orderId === undefined) return null
  const phone = text('buyerPhone')
  const item = itemTag(tag, { orderId, item: text('item') })
  return {
    id,
    tag: c,
    merchant,
    item,
    head: '',
    chain: [],
    standing: null,
    phone: phone === undefined ? '' : phoneTag(tag, phone),
  }
}

type Begun = Omit<StoredComplaint, 'complaint'> & { complaint?: Complaint }

const continued = (
  store: Store,
  { id, tag, merchant, item, ...before }: Begun,
  chain: readonly number[],
  policies: ReadonlyMap<string, Policy>,
): StoredComplaint => {
  let complaint = before.complaint ?? null
  for (const idx of chain) {
    const policy = policies.get(decodeLeaf(leafBytes(store, idx)).policy ?? '')
    const step = stepAt(store, idx)
    complaint = evolve(complaint, step.kind === 'submitted' && policy ? { ...step, policy } : step)
  }
  const newest = chain.at(-1)
  if (complaint === null || newest === undefined) throw new RangeError('no leaf to continue with')
  const head = toBase64url(leafHash(leafBytes(store, newest)))
  return { id, tag, merchant, item, head, chain: [...before.chain, ...chain], complaint, standing: null }
}

/** What was erased stays erased, though the older copy, or a receipt, still has it. */
const erase = (store: Store, stored: StoredComplaint, chain: readonly number[]): void => {
  for (const idx of chain) {
    const step = stepAt(store, idx)
    if (step.kind === 'redacted') eraseFrom(store, stored.chain, step.p)
  }
}
