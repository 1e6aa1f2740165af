// Recovery: puts leaves back that a restored copy lacks and others still have. The tree that we signed says which leaf belongs
// where, so no source is believed.

import type { Complaint } from '../complaint/complaint.ts'
import type { Policy } from '../complaint/deadlines/policy.ts'
import { evolve } from '../complaint/evolve.ts'
import type { Step } from '../complaint/step.ts'
import { parseId } from '../link/id.ts'
import { breakAfter, type ChainEnd } from '../log/chain.ts'
import { toBase64url } from '../log/encoding.ts'
import { LogError } from '../log/error.ts'
import { logOpened, noteKeyIn, originIn } from '../log/key-leaf.ts'
import { decodeLeaf, type Leaf } from '../log/leaf.ts'
import { formatVerifierKey, parseVerifierKey, verifierKey } from '../log/note.ts'
import { type Continues, successionIn } from '../log/succession.ts'
import { leafHash, verifyInclusion } from '../log/tree.ts'
import { type Clock, systemClock } from './clock.ts'
import { eraseFrom, itemTag, phoneTag } from './commands/executor.ts'
import { forgetFigures } from './figures/figure-rows.ts'
import type { Host } from './host.ts'
import { LogChain, LogWriter } from './log/log-writer.ts'
import { type Identity, identityIn } from './log/opening.ts'
import { adoptedPolicies, putBackRule } from './log/policies.ts'
import { readPolicy } from './log/read-policy.ts'
import { publicBytes, type Secrets, type Tagger, tagger } from './log/secrets.ts'
import { type Copies, NotRecovered, putBack, putBackUntil, requireRoot, type Signed, signedBy } from './put-back.ts'
import { alertsOf, openAlerts, settledBy } from './storage/alerts.ts'
import { ComplaintRepository, type StoredComplaint, unpack } from './storage/complaint-repository.ts'
import { openStore, type Store } from './storage/queries.ts'
import { fieldAt, leafBytes, stepAt } from './storage/timeline-reader.ts'
import { openWrites } from './storage/write-statements.ts'

export interface Recovery {
  /** Leaves before and after; a successor's `log_opened` is not counted. */
  from: number
  size: number
  /** Leaves below the newest checkpoint that no copy has. With one of them missing nothing is put back, unless it is declared lost. */
  missing: number[]
  /** Tags of complaints of which no copy knows id, order and merchant: their leaves are there, their pages are not. */
  unknown: string[]
  /** How many leaves are, or would be, declared lost: the missing ones, and those that can't stand without them. */
  lost: number
  /** The successor, once it is opened. */
  successor: { origin: string; verifierKey: string } | null
}

/** What an operator declares: that so many leaves are lost for good. */
export interface Declaration {
  /** Confirmation: another number than that of the lost leaves changes nothing. */
  leaves: number
  /** Name of the successor, unless `.2` behind the log's own will do. */
  origin?: string | undefined
  /** The largest tree that anybody is known to have seen, a witness for example, where no copy has its checkpoint. */
  size?: number | undefined
}

/** How many leaves the ledger has. */
export const sizeOf = ({ db }: Host): number => (openStore(db).leafCount.get()?.last ?? -1) + 1

/**
 * Brings a ledger that lacks its newest leaves up to the newest checkpoint that one of our keys signed; with a declaration, as
 * far as the copies reach, and opens its successor there. All in one transaction. Messages and webhook events of these steps
 * are not planned anew: they went out, or their reminders will.
 */
export const recoverLedger = async (
  host: Host,
  secrets: Secrets,
  copies: Copies,
  declared?: Declaration,
  clock: Clock = systemClock,
): Promise<Recovery> => {
  const store = openStore(host.db)
  const writes = openWrites(host)
  // The operator is here: a ledger that was down for a month has not lost its clock.
  const writer = new LogWriter(
    store,
    writes,
    { ...clock, now: () => clock.now(), confirmed: true },
    store.lastCheckpoint.get()?.at ?? 0,
  )
  const from = writer.frontier.size
  const { origin, successions } = identityOf(store, copies)
  const signed = await signedBy(secrets, origin, [host.checkpointFile.read() ?? '', ...copies.notes])
  const newest = signed.at(-1) ?? null
  const size = Math.max(newest?.size ?? 0, declared?.size ?? 0)
  const none = { from, size: from, missing: [], unknown: [], lost: 0, successor: null }
  if (size <= from) return none
  const rebuilding = { host, store, writes, secrets, copies, from }
  const missing: number[] = []
  for (let idx = from; idx < size; idx++) if (!copies.leaves.has(idx) || idx >= (newest?.size ?? 0)) missing.push(idx)
  const [reach] = missing
  if (newest === null || reach !== undefined) {
    const name = declared?.origin ?? `${successions[0]?.continues.origin ?? origin}.${successions.length + 2}`
    const loss = { copies, signed, size, name, origin, reach: reach ?? from, leaves: declared?.leaves ?? null }
    const parts = { host, store, writer, secrets }
    const opened = openSuccessor({ ...loss, ...parts }, end => rebuild({ ...rebuilding, size: end }))
    if (opened.successor !== null) host.afterErasure()
    return { ...none, ...opened, missing }
  }
  const unknown = host.transaction(() => {
    putBackUntil(writer, copies, newest)
    requireRoot(store, writer, newest)
    return rebuild({ ...rebuilding, size: newest.size })
  })
  await host.checkpointFile.write(newest.note)
  host.afterErasure()
  return { ...none, size: newest.size, unknown }
}

/** As the newest leaf says that opens a log, or a successor. */
const identityOf = (store: Store, { leaves }: Copies): Identity => {
  const [own, copied] = [identityIn(store, ''), [...leaves].sort(([a], [b]) => a - b)]
  const successions = [...own.successions]
  let { origin } = own
  for (const [idx, bytes] of copied) {
    const leaf = decodeLeaf(bytes)
    const succession = successionIn(leaf, idx)
    if (succession !== null && idx > (successions.at(-1)?.index ?? 0)) successions.push(succession)
    origin = originIn(leaf) ?? origin
  }
  if (origin === '') throw new NotRecovered('no copy has leaf 0, which names the log')
  return { origin, successions }
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
    if (leaf.c === null) putBackOwn(store, leaf, idx, copies)
    else chains.set(leaf.c, [...(chains.get(leaf.c) ?? []), idx])
  }
  const policies = adoptedPolicies(store)
  const complaints = new ComplaintRepository(store, writes, policies, host.complaintsInMemory)
  const known = new Map(store.tags.all().map(({ tag, id }) => [tag, id]))
  const unknown: string[] = []
  const alerts = openAlerts(host.db)
  const alert = (id: number, step: Step, before: Complaint | null, after: Complaint) => {
    for (const kind of settledBy(step, before, after))
      writes.settleAlerts({ complaint: id, kind, settledBy: 'step', settledAt: step.at })
    for (const kind of alertsOf(step, after.seq, after))
      if (!alerts.isOpen(id, kind)) writes.addAlert({ complaint: id, seq: after.seq, kind, at: step.at })
  }
  for (const [c, chain] of chains) {
    const id = known.get(c)
    const before = id === undefined ? null : complaints.get(id)
    const fold = before ?? submitted(store, tagger(secrets.tags), c, chain[0] ?? -1)
    if (fold === null) {
      unknown.push(c)
      continue
    }
    const after = continued(store, fold, chain, policies, alert)
    if ('phone' in fold) complaints.add(after, fold.phone)
    else complaints.save(after)
    erase(store, after, chain)
  }
  complaints.flush()
  forgetFigures(host.db)
  return unknown
}

/** A leaf of the log's own chain, and the document of a policy or rule that it adopts. */
const putBackOwn = (store: Store, leaf: Leaf, idx: number, { policies: documents, rules }: Copies): void => {
  store.addLogStep.run({ seq: leaf.seq, idx })
  if (leaf.kind === 'rule_adopted' && !putBackRule(store, idx, rules))
    throw new NotRecovered(`no copy has the platform rule that leaf ${idx} adopted`)
  if (leaf.kind !== 'policy_adopted' || leaf.policy === null) return
  const found = documents.map(readPolicy).find(({ policy }) => policy.hash === leaf.policy)
  if (!found)
    throw new NotRecovered(
      `the log adopted a deadline policy that is not known here: set TOUSU_POLICY to it (leaf ${idx})`,
    )
  store.addPolicy.run({ hash: found.policy.hash, document: found.text })
}

/** A complaint that the copy did not have yet, from what its submission discloses; null where that is not known. Its order may have been erased. */
const submitted = (store: Store, tag: Tagger, c: string, first: number) => {
  const text = (name: string): string | undefined => {
    const value = fieldAt(store, first, name)
    return typeof value === 'string' ? value : undefined
  }
  const [id, merchant, orderId] = [parseId(text('id') ?? ''), text('merchantId'), text('orderId')]
  if (id === null || merchant === undefined) return null
  const phone = text('buyerPhone')
  const item = orderId === undefined ? '' : itemTag(tag, { orderId, item: text('item') })
  return {
    id,
    tag: c,
    merchant,
    item,
    head: '',
    chain: [],
    counted: null,
    added: null,
    phone: phone === undefined ? '' : phoneTag(tag, phone),
  }
}

type Begun = Omit<StoredComplaint, 'complaint'> & { complaint?: Complaint }

/** `each` is told of every step, with the complaint before and after it. */
const continued = (
  store: Store,
  { id, tag, merchant, item, ...before }: Begun,
  chain: readonly number[],
  policies: ReadonlyMap<string, Policy>,
  each: (id: number, step: Step, before: Complaint | null, after: Complaint) => void,
): StoredComplaint => {
  let complaint = before.complaint ?? null
  for (const idx of chain) {
    const policy = policies.get(decodeLeaf(leafBytes(store, idx)).policy ?? '')
    const step = stepAt(store, idx)
    const after = evolve(complaint, step.kind === 'submitted' && policy ? { ...step, policy } : step)
    each(id, step, complaint, after)
    complaint = after
  }
  const newest = chain.at(-1)
  if (complaint === null || newest === undefined) throw new RangeError('no leaf to continue with')
  const head = toBase64url(leafHash(leafBytes(store, newest)))
  return { id, tag, merchant, item, head, chain: [...before.chain, ...chain], complaint, counted: null, added: null }
}

/** What was erased stays erased, though the older copy, or a receipt, still has it. */
const erase = (store: Store, stored: StoredComplaint, chain: readonly number[]): void => {
  for (const idx of chain) {
    const step = stepAt(store, idx)
    if (step.kind === 'redacted') eraseFrom(store, stored, step.p)
  }
}

// Successor log (docs/log.md, section 4), where leaves are lost for good: it begins with the leaves that are left, adds those that a copy
// proves one by one, and declares all others lost in a leaf of its own. Nothing that was signed is taken back.

interface Loss {
  host: Host
  store: Store
  writer: LogWriter
  secrets: Secrets
  copies: Copies
  /** Checkpoints of the log that keys of ours signed, the largest last. */
  signed: readonly Signed[]
  /** Of the largest tree that is known of. */
  size: number
  /** Of the log before, and of its successor. */
  origin: string
  name: string
  /** The first leaf that no copy has. */
  reach: number
  /** How many leaves the operator declares lost; null to learn how many would be. */
  leaves: number | null
}

interface Opened {
  /** Leaves that are left. */
  size: number
  lost: number
  unknown: string[]
  successor: { origin: string; verifierKey: string } | null
}

/** A rehearsal is over: its rows go with its transaction. */
class Rehearsed extends Error {
  readonly lost: number
  constructor(lost: number) {
    super('not confirmed')
    this.lost = lost
  }
}

/**
 * Opens the successor where the operator confirmed the number of lost leaves; else only counts them. `rebuild` makes the rows
 * that follow from the leaves up to a size. Uses up the writer. Throws NotRecovered.
 */
export const openSuccessor = (loss: Loss, rebuild: (size: number) => string[]): Opened => {
  const { host, store, writer, copies, signed, size, origin, leaves, reach } = loss
  const { size: from } = writer.frontier
  const before = signed.findLast(each => each.size <= from)
  const whole = signed.findLast(each => each.size > from && each.size <= reach)
  try {
    return host.transaction(() => {
      if (before) requireRoot(store, writer, before)
      if (whole) {
        putBackUntil(writer, copies, whole)
        requireRoot(store, writer, whole)
      }
      const kept = writer.frontier.size
      putBackProved(loss)
      const end = writer.frontier.size
      const lost = size - end
      if (leaves !== lost) throw new Rehearsed(lost)
      const unknown = rebuild(end)
      const root = signed.find(each => each.size === size)?.root
      const successor = open(loss, { origin, size, root: root ? toBase64url(root) : null, kept, lost })
      return { size: end, lost, unknown, successor }
    })
  } catch (error) {
    if (error instanceof Rehearsed) return { size: from, lost: error.lost, unknown: [], successor: null }
    throw error
  }
}

/** Behind the first gap a leaf comes back if a checkpoint of ours proves it, and the leaf before it in its chain is there. */
const putBackProved = ({ store, writer, copies, signed }: Loss): void => {
  const ours = new Map(signed.map(each => [each.note, each]))
  const proofs = [...copies.proofs].sort((a, b) => a.index - b.index)
  const ends = new ChainEnds(store)
  let last = writer.frontier.size - 1
  for (const { index, hashes, checkpoint } of proofs) {
    const [bytes, tree] = [copies.leaves.get(index), ours.get(checkpoint)]
    if (index <= last || bytes === undefined || tree === undefined) continue
    const { size, root } = tree
    if (!verifyInclusion({ index, size, leafHash: leafHash(bytes), proof: hashes, root })) continue
    // A log_opened counts the leaves before it, so it stands where it stood or nowhere.
    if (originIn(decodeLeaf(bytes)) !== null && index !== writer.frontier.size) continue
    if (!ends.take(bytes, writer.frontier.size)) continue
    putBack(writer, copies, index)
    last = index
  }
}

/** Where each chain ends, as it grows. */
class ChainEnds {
  readonly #store: Store
  readonly #ids: ReadonlyMap<string, number>
  readonly #ends = new Map<string | null, ChainEnd | null>()

  constructor(store: Store) {
    this.#store = store
    this.#ids = new Map(store.tags.all().map(({ tag, id }) => [tag, id]))
  }

  /** Whether the leaf may come next at this index; then it does. */
  take(bytes: Uint8Array, index: number): boolean {
    const leaf = decodeLeaf(bytes)
    if (breakAfter(this.#endOf(leaf.c), leaf, index) !== null) return false
    this.#ends.set(leaf.c, { seq: leaf.seq, hash: toBase64url(leafHash(bytes)), index })
    return true
  }

  #endOf(c: string | null): ChainEnd | null {
    const known = this.#ends.get(c)
    if (known !== undefined) return known
    const idx = c === null ? this.#store.logSteps.all().at(-1)?.idx : this.#newest(this.#ids.get(c))
    if (idx === undefined) return null
    const bytes = leafBytes(this.#store, idx)
    return { seq: decodeLeaf(bytes).seq, hash: toBase64url(leafHash(bytes)), index: idx }
  }

  #newest(id: number | undefined): number | undefined {
    const row = id === undefined ? undefined : this.#store.complaint.get({ id })
    return row && unpack(row.chain).at(-1)
  }
}

/** Its note key must be a new one: a trust policy lists each key once, and both logs have to stand in it. */
const open = ({ store, writer, secrets, name }: Loss, continues: Continues) => {
  if (identityIn(store, '').origin !== continues.origin)
    throw new NotRecovered(`the leaf that opened ${continues.origin} is in no copy, so nothing can continue that log`)
  const used = store.logSteps.all().flatMap(({ idx }) => noteKeyIn(decodeLeaf(leafBytes(store, idx))) ?? [])
  if (used.some(vkey => toBase64url(parseVerifierKey(vkey).publicKey) === secrets.note.x))
    throw new NotRecovered(
      'a successor signs with a key of its own: put a new one first in `note` of TOUSU_SECRETS, and keep the others behind it',
    )
  const vkey = formatted(name, secrets)
  new LogChain(store, writer).append('log_opened', logOpened(name, vkey, secrets.statement.x, { ...continues }))
  return { origin: name, verifierKey: vkey }
}

const formatted = (name: string, secrets: Secrets): string => {
  try {
    return formatVerifierKey(verifierKey(name, publicBytes(secrets.note)))
  } catch (error) {
    throw error instanceof LogError ? new NotRecovered(error.message) : error
  }
}
