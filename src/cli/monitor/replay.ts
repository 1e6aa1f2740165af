import type { Complaint } from '../../complaint/complaint.ts'
import { MINUTE } from '../../complaint/time.ts'
import { type AuthorKey, boundKeyIn, isBinding, signerOf } from '../../log/author-signature.ts'
import { breakAfter } from '../../log/chain.ts'
import { LogError } from '../../log/error.ts'
import type { Succession } from '../../log/succession.ts'
import { isSigned } from '../author-key.ts'
import { BundleLeaves } from './bundles.ts'
import type { Carried } from './carried.ts'
import { follow } from './case.ts'
import type { Cases } from './cases.ts'
import { authorOf } from './commands.ts'
import type { CompactRange } from './hashing.ts'
import type { OwnChain } from './own-chain.ts'
import { Broken, iso } from './report.ts'
import { copyOf, type SkimmedLeaf } from './skim.ts'

/** What was seen before: leaves behind `size` were not there at `seenAt`. */
export interface Seen {
  readonly size: number
  /** UTC ms of the monitor's own clock. */
  readonly seenAt: number
}

/** A leaf may be dated this long before it was first missing: two clocks differ, and publishing takes a moment. */
const TOLERATED_MS = 10 * MINUTE

/** Observer of the replay: called for each leaf in order, to compare the log with a receipt, a promise or a memory. */
interface Witnessed {
  /** What the leaf breaks, or null. */
  see(leaf: SkimmedLeaf, hash: string, index: number): string | null
  succeed(succession: Succession | undefined): void
}

interface ReplayOptions {
  range: CompactRange
  own: OwnChain
  cases: Cases
  lastAt: number
  seen: Seen | null
  /** Observer for the leaves of the predecessor log, where a loss was declared. */
  carried: Carried | null
  promises: readonly Witnessed[]
  /** The document of a deadline policy, or null. */
  policy(hash: string): Promise<string | null>
  /** The document of a platform rule, or null. */
  rule(digest: string): Promise<string | null>
}

/** Replays leaves in the order of the tree, and throws Broken at the first that breaks a rule. */
export class Replay {
  readonly #options: ReplayOptions
  #lastAt: number
  /** Thumbprints of all buyers' keys so far. */
  readonly #bound = new Set<string>()

  constructor(options: ReplayOptions) {
    this.#options = options
    this.#lastAt = options.lastAt
    for (const [, { complaint }] of options.cases) for (const { key } of complaint.keys) this.#bound.add(key)
  }

  get size(): number {
    return this.#options.range.size
  }

  get lastAt(): number {
    return this.#lastAt
  }

  /**
   * An entry bundle whose first leaf has index `first`, up to the leaf before `end`; leaves that were replayed before
   * are passed over. Overwrites the lengths in it.
   */
  async read(bundle: Buffer, first: number, end: number): Promise<void> {
    const leaves = new BundleLeaves(bundle)
    for (let index = Math.max(first, this.size); index < end; index++) {
      const i = index - first
      if (i >= leaves.count) throw new Broken(index, null, 'its bundle is cut short')
      const leaf = readLeaf(leaves, i, index)
      // Only here does anything wait: a million promises would cost more than a million leaves.
      const document = this.#documentOf(leaf)
      this.#take(leaf, leaves.hash(i), index, document && (await document))
    }
  }

  #documentOf({ kind, policy, p }: SkimmedLeaf): Promise<string | null> | null {
    if (kind === 'policy_adopted') return this.#options.policy(policy ?? '')
    return kind === 'rule_adopted' ? this.#options.rule(String(p.digest)) : null
  }

  #take(leaf: SkimmedLeaf, hash: string, index: number, document: string | null): void {
    const { range, own, carried, promises } = this.#options
    const wrong = this.#wrongTime(leaf, index) ?? this.#wrongToPromises(leaf, hash, index)
    if (wrong !== null) throw new Broken(index, leaf.kind, wrong)
    const broken = leaf.c === null ? own.append(leaf, hash, index, document) : this.#follow(leaf.c, leaf, hash, index)
    if (broken !== null) throw new Broken(index, leaf.kind, broken)
    carried?.see(leaf, hash, index, own)
    if (own.successions.at(-1)?.index === index) for (const promise of promises) promise.succeed(own.successions.at(-1))
    range.append(hash)
    this.#lastAt = leaf.at
  }

  #follow(c: string, leaf: SkimmedLeaf, hash: string, index: number): string | null {
    const { cases, own } = this.#options
    const row = cases.row(c)
    const known = row < 0 ? null : cases.at(row)
    const broken = breakAfter(known, leaf, index)
    if (broken !== null) return broken
    const complaint = follow(known?.complaint ?? null, leaf, own.policy(leaf.policy), known?.authors, own.rules)
    if (typeof complaint === 'string') return complaint
    const m = known ? known.m : typeof leaf.p.m === 'string' ? leaf.p.m : null
    const party = (key: string) => own.parties.signer(key, leaf.by, m, index)
    const unsigned = wrongSignature(known?.complaint ?? null, leaf, { origin: own.origin, party })
    if (unsigned !== null) return unsigned
    const bound = boundKeyIn(leaf)
    // Its signature names no complaint yet, so the key says that it is this one: of each complaint the phone makes a new key.
    if (bound && leaf.kind === 'submitted' && this.#bound.has(bound.key))
      return 'submitted by the key of another complaint'
    if (bound) this.#bound.add(bound.key)
    const author = authorOf(leaf.by)
    const { seq, kind, who } = leaf
    if (known) cases.advance(row, { seq, hash, index, complaint, kind, who, author })
    else cases.add(copyOf(c), { seq, hash, index, complaint, authors: author, m, disowned: null })
    own.noteUnsigned(leaf, m, index)
    if (known?.disowned === null && own.parties.isDisowned(leaf, m, index)) cases.disown(row, leaf.seq)
    return null
  }

  #wrongTime({ at }: SkimmedLeaf, index: number): string | null {
    if (at < this.#lastAt) return 'dated before the leaf in front of it'
    const { seen } = this.#options
    if (seen === null || index < seen.size || at >= seen.seenAt - TOLERATED_MS) return null
    return `back-dated: it bears ${iso(at)}, but was not in the tree that this monitor saw at ${iso(seen.seenAt)}`
  }

  #wrongToPromises(leaf: SkimmedLeaf, hash: string, index: number): string | null {
    for (const promise of this.#options.promises) {
      const wrong = promise.see(leaf, hash, index)
      if (wrong !== null) return wrong
    }
    return null
  }
}

const readLeaf = (leaves: BundleLeaves, i: number, index: number): SkimmedLeaf => {
  try {
    return leaves.leaf(i)
  } catch (error) {
    throw new Broken(index, null, error instanceof LogError ? error.message : 'could not be read')
  }
}

// Signatures of authors as a monitor sees them (docs/log.md, section 11): from public leaves alone, so not what was said.

/** Signature fault of the leaf that follows `before`; null where the signature is good, and where the leaf has none. */
const wrongSignature = (
  before: Complaint | null,
  leaf: SkimmedLeaf,
  { origin, party }: { origin: string; party: (key: string) => AuthorKey | null },
): string | null => {
  if (leaf.p.signed === undefined && !isBinding(leaf)) return null
  const signer = signerOf(leaf, new Map(before?.keys.map(key => [key.key, key])), party)
  if (signer === null || 'problem' in signer) return signer?.problem ?? null
  const { key, act, signature } = signer
  const { body, seen, sig } = signature
  const claim = { act, body, c: leaf.kind === 'submitted' ? '' : (leaf.c ?? ''), origin, seen }
  const isGood =
    isSigned(key, claim, sig) || (mayBeOnForm(before, leaf, key) && isSigned(key, { ...claim, c: '' }, sig))
  return isGood ? null : 'has a signature that its key did not make'
}

/** Photos that came with a submission were signed on its form, by its key. A monitor does not remember which form it was. */
const mayBeOnForm = (before: Complaint | null, { kind, by }: SkimmedLeaf, { key }: AuthorKey): boolean =>
  kind === 'evidence_supplied' && by === 'buyer' && before?.keys[0]?.key === key

/**
 * One line for each complaint in which something was given up unsigned though a key was bound, and nothing signed followed; and
 * for each with an unsigned step in the name of a merchant who demands signatures.
 */
export function* unsignedFindings(cases: Cases): Iterable<string> {
  for (const [c, { complaint, disowned }] of cases) {
    if (complaint.unsigned !== null)
      yield `complaint ${c}, step ${complaint.unsigned}: given up in the buyer's name, unsigned though a key was bound`
    if (disowned !== null)
      yield `complaint ${c}, step ${disowned}: in the merchant's name, unsigned though it demands signatures`
  }
}
