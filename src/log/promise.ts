/**
 * The promise (docs/log.md, section 6): a JWS that the submitter holds at once, before any checkpoint covers the leaf. A log
 * that holds no such leaf at `by` has broken it, with its own signature.
 */

import { fingerprintOf, readFingerprint, toBase64url } from './encoding.ts'
import { type Check, checkInTurn, LogError, Refused } from './error.ts'
import { retiredKeyIn, statementKeyIn } from './key-leaf.ts'
import { decodeLeaf, type Leaf } from './leaf.ts'
import { parseNote } from './note.ts'
import { type OpenedReceipt, openReceipt } from './receipt.ts'
import {
  count,
  readKid,
  readPayload,
  requireClaims,
  requireHash,
  signClaims,
  text,
  verifySignature,
} from './statement.ts'
import { findSuccession, type Succession, successionsIn } from './succession.ts'
import { TILE_WIDTH } from './tiles.ts'
import { leafHash } from './tree.ts'
import { BundleReader, type ServedLog } from './tree-reader.ts'
import { BEHIND_MS, cosignedAt, isFresh, openSigned, parsePolicy, requireQuorum, type TrustPolicy } from './trust.ts'

export interface LeafPromise {
  /** UTC ms: the leaf's `at`. */
  readonly iat: number
  readonly origin: string
  /** Base64url hash of the leaf. */
  readonly leaf: string
  /** UTC ms: every tree that is served from then on holds the leaf. */
  readonly by: number
  /** Of a certificate: what the leaf says. */
  readonly missed?: Miss
}

/** Whose deadline passed, and when it was due (UTC ms). */
export interface Miss {
  readonly party: string
  readonly due: number
}

/** What a certificate says of this leaf; null for one that is no missed deadline. */
export const missIn = ({ kind, p: { party, due } }: Pick<Leaf, 'kind' | 'p'>): { missed: Miss } | null =>
  (kind === 'deadline_missed' || kind === 'total_missed') && typeof party === 'string' && typeof due === 'number'
    ? { missed: { party, due } }
    : null

/** How long a log takes at most, two clocks that differ included: `checkpoint` may be ten minutes old (section 10). */
export const PROMISE_MS = BEHIND_MS

const NAMES = ['by', 'iat', 'leaf', 'origin']
const CERTIFICATE = ['by', 'due', 'iat', 'leaf', 'origin', 'party']

export function signPromise(
  { iat, origin, leaf, by, missed }: LeafPromise,
  key: CryptoKey,
  x: string,
): Promise<string> {
  return signClaims({ iat, origin, leaf: requireHash(leaf), by, ...missed }, key, x)
}

/** What it says, its signature unchecked. Throws a LogError. */
export function readPromise(jws: string): LeafPromise {
  const payload = readPayload(jws)
  const certifies = typeof payload === 'object' && payload !== null && 'party' in payload
  const claims = requireClaims(payload, certifies ? CERTIFICATE : NAMES)
  const promise = {
    iat: count(claims, 'iat'),
    origin: text(claims, 'origin'),
    leaf: requireHash(text(claims, 'leaf')),
    by: count(claims, 'by'),
    ...(certifies && { missed: { party: text(claims, 'party'), due: count(claims, 'due') } }),
  }
  if (promise.by < promise.iat) throw new Refused('it ends before it begins')
  return promise
}

/** What a buyer has in hand: the fingerprint of the first SMS, or a promise. One line; never throws. */
export async function verifyToken(receipt: unknown, token: string): Promise<Check> {
  const name = readFingerprint(token) === null ? nameOf(token) : 'fingerprint'
  try {
    const opened = openReceipt(receipt)
    const detail = name === 'fingerprint' ? committed(opened, token) : await keptBy(opened, token.trim())
    return { name, ok: true, detail }
  } catch (error) {
    return { name, ok: false, detail: error instanceof LogError ? error.message : 'could not be read' }
  }
}

function committed({ steps: [first] }: OpenedReceipt, token: string): string {
  if (first === undefined || fingerprintOf(first.hash) !== readFingerprint(token))
    throw new Refused('it is not that of this receipt’s first step')
  return 'it is that of the first step, the submission'
}

async function keptBy({ receipt, steps, keys }: OpenedReceipt, jws: string): Promise<string> {
  const { origin, leaf, missed } = readPromise(jws)
  const isBefore = successionsIn(keys).some(({ continues }) => continues.origin === origin)
  if (origin !== receipt.origin && !isBefore) throw new Refused('it is of another log')
  const kid = readKid(jws)
  const key = keys.map(({ leaf }) => statementKeyIn(leaf)).find(each => each?.kid === kid)
  if (!key) throw new Refused('the receipt does not introduce the key that signed it: check it in the log')
  await verifySignature(jws, key.x)
  const step = steps.find(({ hash }) => toBase64url(hash) === leaf)
  if (!step) throw new Refused('no step of this receipt is the leaf that was promised')
  return `the log kept it: step ${step.leaf.seq} is the leaf that was promised${saysSo(missed, step.leaf)}`
}

/** What the check of this JWS is called. */
const nameOf = (jws: string): 'certificate' | 'promise' => {
  try {
    return readPromise(jws.trim()).missed ? 'certificate' : 'promise'
  } catch {
    return 'promise'
  }
}

/** A certificate holds its leaf to what it says. Throws Refused. */
function saysSo(missed: Miss | undefined, leaf: Leaf): string {
  if (missed === undefined) return ''
  const found = missIn(leaf)?.missed
  if (found?.party !== missed.party || found.due !== missed.due)
    throw new Refused('the leaf does not say what the certificate says of it')
  return `: ${missed.party} missed ${new Date(missed.due).toISOString()}`
}

export interface PromiseQuestion {
  readonly jws: string
  readonly policy: string
  readonly log: ServedLog
  /** UTC ms. */
  readonly now: number
}

/** A promise alone, against the log as it is served. One line a check, the first that fails is the last; throws what `log` throws. */
export function verifyPromise({ jws, policy, log, now }: PromiseQuestion): Promise<Check[]> {
  return checkInTurn('promise', async check => {
    const promise = readPromise(jws.trim())
    const trust = parsePolicy(policy)
    const note = await log.checkpoint()
    const view = await check('log-checkpoint', () => served(note, promise, log, trust))
    const kid = await check('promise-signature', () => signedByTheLog(jws.trim(), view.bundles))
    await check(promise.missed ? 'certificate' : 'promise', () => kept(promise, { ...view, kid, note, trust, now }))
  })
}

async function served(note: string, { origin }: LeafPromise, log: ServedLog, trust: TrustPolicy) {
  const tree = await openSigned(note, trust)
  const bundles = new BundleReader(log, tree)
  const loss = tree.origin === origin ? null : await findSuccession(bundles, origin, 0)
  if (tree.origin !== origin && loss === null) throw new Refused('the promise is of another log')
  const goesOn =
    loss === null ? '' : `; it continues the log of the promise and declares ${loss.continues.lost} leaves lost`
  return [`the log serves ${tree.size} leaves, signed by a key of the policy${goesOn}`, { bundles, loss }] as const
}

/** Most keys stand in leaf 0; one that came later is looked for in all the log. */
async function signedByTheLog(jws: string, bundles: BundleReader) {
  const kid = readKid(jws)
  for (let n = 0; n < bundles.count; n++) {
    for (const bytes of await bundles.read(n)) {
      const key = statementKeyIn(decodeLeaf(bytes))
      if (key?.kid !== kid) continue
      await verifySignature(jws, key.x)
      return ['signed by a key that the log introduced', kid] as const
    }
  }
  throw new Refused('no leaf of the log introduces the key that signed it')
}

interface View {
  bundles: BundleReader
  loss: Succession | null
  /** The key that signed the promise. */
  kid: string
  /** The note as it is served. */
  note: string
  trust: TrustPolicy
  /** UTC ms. */
  now: number
}

/** By bisection, since `at` never falls: the leaf stands where `at` is `iat`. */
async function kept({ iat, by, leaf, missed }: LeafPromise, view: View) {
  const { bundles, loss, now } = view
  let [low, high] = [0, bundles.count]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const [first] = await bundles.read(middle)
    if (first !== undefined && decodeLeaf(first).at < iat) low = middle + 1
    else high = middle
  }
  let lastAt = 0
  for (let n = Math.max(0, low - 1); n < bundles.count && lastAt <= by; n++) {
    for (const [i, bytes] of (await bundles.read(n)).entries()) {
      const each = decodeLeaf(bytes)
      lastAt = each.at
      if (toBase64url(leafHash(bytes)) === leaf)
        return [`the log kept it: leaf ${n * TILE_WIDTH + i}${saysSo(missed, each)}`, null] as const
    }
  }
  const until = new Date(by).toISOString()
  if (Math.max(now, lastAt) <= by)
    return [`the leaf is not there yet; the log has promised it by ${until}`, null] as const
  if (loss !== null)
    throw new Refused('the log does not hold this leaf, and declares leaves lost: submit again, and keep the promise')
  await requireStanding(view, iat)
  // A view from before `by` proves nothing by what it lacks, and an old one is easily served.
  if (lastAt <= by) await requireYoung(view)
  throw new Refused(
    `the log promised this leaf by ${until} and does not hold it: keep the promise, it bears the log's signature`,
  )
}

/** Throws a Refused where the key was retired before it signed: a finder could accuse the log. */
async function requireStanding({ bundles, kid }: View, iat: number): Promise<void> {
  for (let n = 0; n < bundles.count; n++) {
    for (const leaf of (await bundles.read(n)).map(decodeLeaf)) {
      if (leaf.at >= iat) return
      if (retiredKeyIn(leaf) === kid) throw new Refused('its key was retired before it was signed: it binds nobody')
    }
  }
}

/** Throws a LogError unless the policy's quorum cosigned the view lately; a policy without one asks nothing. */
async function requireYoung({ note, trust, now }: View): Promise<void> {
  if (trust.quorum === 'none') return
  await requireQuorum(parseNote(note), trust)
  if (isFresh(cosignedAt(parseNote(note), trust), trust, now)) return
  throw new Refused(
    'this view does not hold the leaf, but no quorum cosigned it within an hour: an old view, or silent witnesses',
  )
}
