// The successor of a ledger that lost leaves for good (docs/log.md, section 4): what is left of the tree, what copies prove one
// by one, and a leaf that declares the rest lost. Nothing that was signed is taken back, and nothing lost goes uncounted.

import { breakAfter, type ChainEnd } from '../log/chain.ts'
import { toBase64url } from '../log/encoding.ts'
import { LogError } from '../log/error.ts'
import { logOpened, noteKeyIn, originIn } from '../log/key-leaf.ts'
import { decodeLeaf } from '../log/leaf.ts'
import { formatVerifierKey, parseVerifierKey, verifierKey } from '../log/note.ts'
import type { Continues } from '../log/succession.ts'
import { leafHash, verifyInclusion } from '../log/tree.ts'
import type { Host } from './host.ts'
import { identityIn } from './log/identity.ts'
import { LogChain } from './log/log-chain.ts'
import type { LogWriter } from './log/log-writer.ts'
import { publicBytes, type Secrets } from './log/secrets.ts'
import { type Copies, NotRecovered, putBack, putBackUntil, requireRoot, type Signed } from './put-back.ts'
import { unpack } from './storage/complaint-repository.ts'
import type { Store } from './storage/queries.ts'
import { leafBytes } from './storage/timeline-reader.ts'

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
