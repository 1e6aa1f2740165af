// Recovery: puts leaves back that a restored copy lacks and others still have. The tree that we signed says which leaf belongs
// where, so no source is believed.

import type { Complaint } from '../complaint/complaint.ts'
import type { Policy } from '../complaint/deadlines/policy.ts'
import { evolve } from '../complaint/evolve.ts'
import type { Step } from '../complaint/step.ts'
import { parseId } from '../link/id.ts'
import { toBase64url } from '../log/encoding.ts'
import { originIn } from '../log/key-leaf.ts'
import { decodeLeaf, type Leaf } from '../log/leaf.ts'
import { successionIn } from '../log/succession.ts'
import { leafHash } from '../log/tree.ts'
import { type Clock, systemClock } from './clock.ts'
import { eraseFrom, itemTag, phoneTag } from './commands/executor.ts'
import { forgetFigures } from './figures/figure-rows.ts'
import type { Host } from './host.ts'
import { type Identity, identityIn } from './log/identity.ts'
import { LogWriter } from './log/log-writer.ts'
import { adoptedPolicies, putBackRule } from './log/policies.ts'
import { readPolicy } from './log/read-policy.ts'
import { type Secrets, type Tagger, tagger } from './log/secrets.ts'
import { type Copies, NotRecovered, putBackUntil, requireRoot, signedBy } from './put-back.ts'
import { alertsOf, openAlerts, settledBy } from './storage/alerts.ts'
import { ComplaintRepository, type StoredComplaint } from './storage/complaint-repository.ts'
import { openStore, type Store } from './storage/queries.ts'
import { fieldAt, leafBytes, stepAt } from './storage/timeline-reader.ts'
import { openWrites } from './storage/write-statements.ts'
import { openSuccessor } from './successor.ts'

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
