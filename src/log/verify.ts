/** Verifies a receipt against a trust policy, offline: no network, least of all the log's. */

import { sha256 } from '#sha256'
import { isSignedBy } from './author-signature.ts'
import { AuthorError, breakBetween, checkSignatures, type Link, merchantIn, unansweredFindings } from './chain.ts'
import { parseCheckpoint } from './checkpoint.ts'
import { digestOf, openDisclosure } from './disclosure.ts'
import { equalBytes, fromBase64, toBase64url, utf8 } from './encoding.ts'
import { type Check, LogError, Refused } from './error.ts'
import { originIn, statementKeyIn } from './key-leaf.ts'
import { merchantTag } from './leaf.ts'
import { parseNote } from './note.ts'
import { isPartyLeaf, KEY_PROBLEMS, type KeyProof, PartyBook } from './party-key.ts'
import { type Evidence, type OpenedReceipt, openReceipt, type ReceiptTimeStamp, type StepEvidence } from './receipt.ts'
import { verifyStatement } from './statement.ts'
import { openingProblem, originAt, successionIn, successionsIn } from './succession.ts'
import { readTimeStamp } from './time-stamp.ts'
import { verifyConsistency, verifyInclusion } from './tree.ts'
import {
  BOUND_MS,
  CLOCKS_MS,
  logThatSigned,
  parsePolicy,
  requireQuorum,
  skippedNote,
  type TrustPolicy,
} from './trust.ts'

export interface Verification {
  readonly ok: boolean
  readonly checks: readonly Check[]
}

type Prove = (opened: OpenedReceipt, policy: TrustPolicy) => string | Promise<string>

const PROOFS: readonly (readonly [name: string, prove: Prove])[] = [
  ['checkpoint-signature', checkpointSignature],
  ['one-checkpoint', oneCheckpoint],
  ['origin', origin],
  ['witnesses', witnesses],
  ['inclusion', inclusion],
  ['key-inclusion', keyInclusion],
  ['statement-key', statementKey],
  ['statement-signature', statementSignature],
  ['statement-tree', statementTree],
  ['chain', chain],
  ['times', times],
  ['disclosures', disclosures],
  ['complaint-id', complaintId],
  ['signatures', signatures],
  ['authors', authors],
  ['rules', rules],
  ['head', head],
  ['timestamps', timeStamps],
]

/**
 * `receipt` is parsed JSON; `policyText` a C2SP tlog-policy that the reader has from elsewhere. Never throws: what
 * can't be read is a failed check, and then the checks that need it are left out.
 */
export async function verifyReceipt(receipt: unknown, policyText: string): Promise<Verification> {
  const read = attempt('policy', () => parsePolicy(policyText), 'the trust policy can be read')
  const note = read.value === null ? '' : skippedNote(read.value)
  const policy = { value: read.value, check: { ...read.check, detail: read.check.detail + note } }
  const opened = attempt('well-formed', () => openReceipt(receipt), 'every part of the receipt can be read')
  const done = [policy.check, opened.check]
  if (policy.value !== null && opened.value !== null) {
    for (const [name, prove] of PROOFS) done.push(await run(name, prove, opened.value, policy.value))
  }
  return { ok: done.every(check => check.ok), checks: done }
}

function attempt<T>(name: string, read: () => T, detail: string): { check: Check; value: T | null } {
  try {
    return { value: read(), check: { name, ok: true, detail } }
  } catch (error) {
    return { value: null, check: { name, ok: false, detail: explain(error) } }
  }
}

async function run(name: string, prove: Prove, opened: OpenedReceipt, policy: TrustPolicy): Promise<Check> {
  try {
    return { name, ok: true, detail: await prove(opened, policy) }
  } catch (error) {
    return { name, ok: false, detail: explain(error) }
  }
}

// The messages of other errors may quote what they choked on.
function explain(error: unknown): string {
  return error instanceof LogError ? error.message : 'could not be read'
}

// The proofs, one function each: it answers a line for the reader, or throws a LogError that says what is wrong. Privacy: both hold only
// numbers, and names from the reader's own policy, and never a text of the receipt.

async function checkpointSignature(opened: OpenedReceipt, policy: TrustPolicy): Promise<string> {
  const key = await logThatSigned(opened.note, opened.checkpoint, policy)
  if (key === null) throw new Refused('no log of the policy signed the checkpoint')
  return `signed by ${key.name}, key ${key.id}`
}

function oneCheckpoint({ steps, keys, rules }: OpenedReceipt): string {
  const checkpoints = new Set([...steps, ...keys, ...rules].map(({ proof }) => proof.checkpoint))
  if (checkpoints.size !== 1) throw new Refused('the proofs end in different checkpoints')
  return 'all proofs end in the same checkpoint'
}

function origin({ receipt, checkpoint, statement, keys }: OpenedReceipt): string {
  if (checkpoint.origin !== receipt.origin) throw new Refused('the checkpoint is of another log')
  if (statement.origin !== receipt.origin) throw new Refused('the statement is of another log')
  const successions = successionsIn(keys)
  let named = successions[0]?.continues.origin ?? receipt.origin
  for (const { leaf, index } of [...keys].sort((a, b) => a.index - b.index)) {
    const opened = originIn(leaf)
    if (opened === null) continue
    const found = successionIn(leaf, index)
    if (found !== null && found.continues.origin !== named) throw new Refused('a successor of another log')
    if (found === null && opened !== named) throw new Refused('the log was opened under another origin')
    named = opened
  }
  if (named !== receipt.origin) throw new Refused('the log was opened under another origin')
  const lost = successions.reduce((sum, { continues }) => sum + continues.lost, 0)
  return `receipt, checkpoint and statement name one log${lost > 0 ? `, which goes on after a declared loss of ${lost} leaves` : ''}`
}

async function witnesses({ note }: OpenedReceipt, policy: TrustPolicy): Promise<string> {
  const names = await requireQuorum(note, policy)
  if (policy.quorum === 'none') return `the policy asks for no witnesses (quorum none): cosigned by ${names}`
  return `the policy's quorum is met: cosigned by ${names}`
}

function inclusion({ steps, checkpoint: { size, root } }: OpenedReceipt): string {
  const missing = steps.find(step => !isIncluded(step, size, root))
  if (missing !== undefined) throw new Refused(`step ${missing.leaf.seq} is not in the tree`)
  return `${steps.length} of ${steps.length} steps are in the tree of ${size} leaves`
}

function keyInclusion({ keys, checkpoint: { size, root } }: OpenedReceipt): string {
  if (keys.length === 0) throw new Refused('no leaf that introduces a key')
  if (!keys.every(key => isIncluded(key, size, root))) throw new Refused('a key leaf is not in the tree')
  return 'the leaf that introduces the key is in the tree'
}

function statementKey(opened: OpenedReceipt): string {
  const { leaf, index } = introduction(opened)
  if (leaf.kind !== 'log_opened') return `introduced by leaf ${index} of the log's own chain`
  const problem = openingProblem(leaf, index, null)
  if (problem !== null) throw new Refused(problem)
  if (index === 0 && (leaf.seq !== 0 || leaf.prev !== null)) throw new Refused('a log_opened that is not leaf 0')
  return `introduced by leaf ${index}, which opened the log`
}

async function statementSignature(opened: OpenedReceipt): Promise<string> {
  const key = statementKeyIn(introduction(opened).leaf)
  await verifyStatement(opened.receipt.statement, key?.x ?? '')
  return 'signed by the key that the log introduced'
}

function statementTree({ statement, checkpoint }: OpenedReceipt): string {
  if (statement.size !== checkpoint.size) throw new Refused('the statement is about a tree of another size')
  if (statement.root !== toBase64url(checkpoint.root))
    throw new Refused('the statement is about a tree of another root')
  return 'the statement is about the tree of the checkpoint'
}

function chain({ receipt, steps }: OpenedReceipt): string {
  let last: Link | null = null
  for (const step of steps) {
    const problem = breakBetween(last, step)
    if (problem !== null) throw new Refused(problem)
    last = step
  }
  if (receipt.steps.some(({ seq }, i) => seq !== i)) throw new Refused('a step that stands under another number')
  if (steps.some(({ leaf }) => leaf.c !== receipt.complaint.c)) throw new Refused('a step of another complaint')
  return `steps 0 to ${steps.length - 1} follow each other without a gap`
}

function times({ steps, keys, rules, statement }: OpenedReceipt): string {
  const all = [...steps, ...keys, ...rules].sort((a, b) => a.index - b.index)
  for (const [i, { leaf, index }] of all.entries()) {
    if (leaf.on > leaf.at) throw new Refused(`leaf ${index} took effect after it was appended`)
    const before = all[i - 1]
    if (before !== undefined && leaf.at < before.leaf.at)
      throw new Refused(`leaf ${index} is dated before leaf ${before.index}`)
    // The tree claims to be complete up to iat. A leaf in it that is newer would make that claim one about the past.
    if (leaf.at > statement.iat) throw new Refused(`leaf ${index} is dated after the statement that covers it`)
  }
  return 'no leaf is dated before the one before it, or after the statement'
}

function disclosures({ steps }: OpenedReceipt): string {
  let shown = 0
  for (const step of steps) shown += disclosedBy(step)
  return `${shown} disclosures match the digests in their leaves`
}

function complaintId({ receipt, steps: [first] }: OpenedReceipt): string {
  const shown = new Map(first?.disclosures.map(openDisclosure).map(({ name, value }) => [name, value]))
  if (!shown.has('id')) throw new Refused('step 0 does not disclose the id')
  if (shown.get('id') !== receipt.complaint.id) throw new Refused('step 0 discloses another id')
  const [m, merchant] = [first?.leaf.p.m, shown.get('merchantId')]
  if (m !== undefined && typeof merchant === 'string' && m !== merchantTag(merchant))
    throw new Refused('step 0 counts for another merchant than it discloses')
  return 'step 0 commits to the id of the complaint'
}

async function signatures({ receipt, steps, keys: leaves }: OpenedReceipt): Promise<string> {
  const { book, proofs, originOf } = partiesIn(leaves, receipt.origin)
  for (const { key, claim, sig } of proofs)
    if (!(await isSignedBy(key, claim, sig)))
      throw new AuthorError('a leaf about a key has a signature that its key did not make')
  const { acts, signed, keys, shown, others, signedByOthers, unsignedThough } = await checkSignatures(
    steps,
    originOf,
    book,
  )
  const though = unsignedThough > 0 ? `, ${unsignedThough} unsigned though their party had a key` : ''
  const ofOthers = others > 0 ? `; ${signedByOthers} of ${others} acts of merchant and platform${though}` : ''
  if (keys === 0)
    return `no device of the buyer bound a key: ${acts} of ${acts} acts of the buyer are unsigned${ofOthers}`
  return `${signed} of ${acts} acts of the buyer are signed, by keys of ${keys} devices${ofOthers}; of ${shown} signed steps this shows what was signed`
}

function authors({ receipt, steps, keys }: OpenedReceipt): string {
  const [found] = unansweredFindings(steps.map(({ leaf }) => leaf))
  if (found !== undefined)
    throw new Refused(`step ${found} gives up in the buyer's name, unsigned though a key was bound`)
  const { book } = partiesIn(keys, receipt.origin)
  const m = merchantIn(steps)
  const disowned = steps.find(({ leaf, index }) => book.isDisowned(leaf, m, index))
  if (disowned !== undefined)
    throw new Refused(`step ${disowned.leaf.seq} is in the merchant's name, unsigned though it demands signatures`)
  return 'nothing was given up unsigned where a key was bound, or said unsigned for a merchant who demands signatures'
}

/** What the receipt's leaves say of the keys of merchant and platform, and the signatures that they need. */
function partiesIn(leaves: readonly Evidence[], newest: string) {
  const successions = successionsIn(leaves)
  const originOf = ({ index }: Pick<Evidence, 'index'>) => originAt(successions, newest, index)
  const book = new PartyBook()
  const proofs: KeyProof[] = []
  for (const { leaf, index, hash } of leaves.toSorted((a, b) => a.index - b.index)) {
    if (!isPartyLeaf(leaf)) continue
    const taken = book.take(leaf, { index, hash: toBase64url(hash), origin: originOf({ index }), isWhole: false })
    if (typeof taken === 'string') throw new AuthorError(`a leaf about a key ${KEY_PROBLEMS[taken]}`)
    proofs.push(...taken)
  }
  return { book, proofs, originOf }
}

function rules({ steps, rules: shown, checkpoint: { size, root } }: OpenedReceipt): string {
  const adopted = new Map<string, Evidence>()
  for (const { document, ...rule } of shown) {
    const { c, kind, p } = rule.leaf
    if (c !== null || kind !== 'rule_adopted' || p.digest !== toBase64url(sha256(utf8(document))))
      throw new Refused('a rule of another text than its leaf adopted')
    if (!isIncluded(rule, size, root)) throw new Refused('the leaf of a rule is not in the tree')
    adopted.set(p.digest, rule)
  }
  for (const { leaf, index } of steps) {
    for (const digest of citedBy(leaf)) {
      const rule = adopted.get(digest)
      if (rule === undefined) throw new Refused(`step ${leaf.seq} cites a rule that is not shown`)
      if (rule.index > index) throw new Refused(`step ${leaf.seq} cites a rule that was adopted after it`)
    }
  }
  if (adopted.size === 0) return 'no ruling cites a rule of the platform'
  return `${adopted.size} cited rules of the platform are as the log adopted them, before they were cited`
}

/** Digests of the platform's rules that a ruling rests on, parted by a space. */
const citedBy = ({ p: { cites } }: Evidence['leaf']): string[] => (typeof cites === 'string' ? cites.split(' ') : [])

function head({ receipt, statement, steps }: OpenedReceipt): string {
  const last = steps.at(-1)
  if (statement.c !== receipt.complaint.c) throw new Refused('the statement is about another complaint')
  if (last === undefined || statement.head_seq !== last.leaf.seq)
    throw new Refused('the statement ends at another step')
  if (statement.head_leaf !== toBase64url(last.hash)) throw new Refused('the statement ends in another leaf')
  return `step ${last.leaf.seq} is the last one before ${instant(statement.iat)}`
}

function isIncluded({ hash, index, proof }: Evidence, size: number, root: Uint8Array): boolean {
  return verifyInclusion({ index, size, leafHash: hash, proof: proof.hashes, root })
}

function introduction({ keys, kid }: OpenedReceipt): Evidence {
  const found = keys.find(({ leaf }) => statementKeyIn(leaf)?.kid === kid)
  if (found === undefined) throw new Refused("no key leaf introduces the statement's key")
  return found
}

function disclosedBy({ leaf, disclosures }: StepEvidence): number {
  const seen = new Set<string>()
  for (const text of disclosures) {
    const { name } = openDisclosure(text)
    const digest = Object.hasOwn(leaf.d, name) ? leaf.d[name] : undefined
    if (digest !== digestOf(text)) throw new Refused(`step ${leaf.seq} has a disclosure that its leaf does not hold`)
    if (seen.has(name)) throw new Refused(`step ${leaf.seq} discloses a field twice`)
    seen.add(name)
  }
  return seen.size
}

function instant(ms: number): string {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? 'an instant beyond the calendar' : date.toISOString()
}

/** The time stamps of a receipt (docs/log.md, section 7), but for the authority's signature: certificates are not read here. */
/** A check of `verifyReceipt`: answers its line, or throws a LogError. */
export async function timeStamps(opened: OpenedReceipt, policy: TrustPolicy): Promise<string> {
  const { timestamps = [] } = opened.receipt
  if (timestamps.length === 0) return 'the receipt holds no time stamp of an authority'
  let held = 0
  for (const stamp of timestamps) held = Math.max(held, await stepsUnder(stamp, opened, policy))
  return `${timestamps.length} over trees that hold ${held} of ${opened.steps.length} steps; whose they are is not checked by this line`
}

/** How many of the steps its tree holds. Throws a LogError unless it is a stamp over this history. */
async function stepsUnder(stamp: ReceiptTimeStamp, opened: OpenedReceipt, policy: TrustPolicy): Promise<number> {
  const note = parseNote(stamp.checkpoint)
  const stamped = parseCheckpoint(note.text)
  if (stamped.origin !== opened.checkpoint.origin || (await logThatSigned(note, stamped, policy)) === null)
    throw new Refused('a checkpoint that was stamped is not signed by this log')
  const [older, newer] = [stamped, opened.checkpoint].sort((a, b) => a.size - b.size)
  const proof = stamp.consistency.map(fromBase64)
  const isOne =
    older !== undefined &&
    newer !== undefined &&
    verifyConsistency({ size1: older.size, root1: older.root, size2: newer.size, root2: newer.root, proof })
  if (!isOne) throw new Refused('a tree that was stamped is not of one history with the tree of the receipt')
  const { imprint, at } = readTimeStamp(fromBase64(stamp.reply))
  if (!equalBytes(imprint, sha256(utf8(stamp.checkpoint))))
    throw new Refused('a time stamp is over something else than its checkpoint')
  for (const { leaf, index } of opened.steps) {
    if (index < stamped.size && leaf.at > at + CLOCKS_MS)
      throw new Refused(`step ${leaf.seq} was stamped before its time`)
    // The checkpoint may have been some minutes old when it was stamped.
    if (index >= stamped.size && leaf.at < at - BOUND_MS)
      throw new Refused(`step ${leaf.seq} is dated an hour before a time stamp that it came behind`)
  }
  return opened.steps.filter(({ index }) => index < stamped.size).length
}
