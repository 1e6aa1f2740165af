import { nextDueAt } from '../../complaint/deadlines/due-steps.ts'
import { fromBase64url } from '../../log/encoding.ts'
import { LogError } from '../../log/error.ts'
import { type LeafPromise, readPromise } from '../../log/promise.ts'
import { openReceipt } from '../../log/receipt.ts'
import { readKid, verifySignature } from '../../log/statement.ts'
import { requireDeclared, type Succession } from '../../log/succession.ts'
import { BOUND_MS } from '../../log/trust.ts'
import { CliError } from '../io.ts'
import type { Cases } from './cases.ts'
import type { OwnChain } from './own-chain.ts'
import { iso, Refusal } from './report.ts'
import type { SkimmedLeaf } from './skim.ts'

/** What the statement of a receipt promises (docs/log.md, section 6), held against the whole log. */
export class Promised {
  /** Where it comes from, for the reader. */
  readonly name: string
  readonly complaint: { id: string; c: string }
  readonly origin: string
  readonly iat: number
  readonly kid: string
  readonly size: number
  readonly root: Uint8Array
  readonly #head: string
  readonly #headSeq: number
  #last: { seq: number; hash: string } | null = null
  /** A loss that the log declared behind this receipt's tree or in it. */
  #loss: Succession | null = null

  /** Of a verified receipt. */
  constructor(name: string, receipt: unknown) {
    const { statement, kid, receipt: parsed } = openReceipt(receipt)
    this.name = name
    this.complaint = parsed.complaint
    this.origin = parsed.origin
    this.iat = statement.iat
    this.kid = kid
    this.size = statement.size
    this.root = fromBase64url(statement.root)
    this.#head = statement.head_leaf
    this.#headSeq = statement.head_seq
  }

  /** Every leaf in order, from the first. What it breaks, or null. */
  see({ c, seq, at }: SkimmedLeaf, hash: string, index: number): string | null {
    if (index >= Math.min(this.size, this.#loss?.index ?? this.size)) {
      const late = `dated before ${iso(this.iat)}, up to when the statement in ${this.name} claims to know every leaf`
      return at < this.iat ? late : null
    }
    if (c === this.complaint.c) this.#last = { seq, hash }
    return null
  }

  /** Successor log: only the surviving part of the tree that the statement covers is compared from here on. Throws a Refusal. */
  succeed(succession: Succession | undefined): void {
    if (succession?.continues.origin !== this.origin) return
    requireDeclared(succession, this, `the tree of ${this.name}`)
    this.#loss = succession
  }

  /** What of it was lost, as the log declares, in words; null where nothing was. After the last leaf. Throws a Refusal. */
  finish(): string | null {
    const lacks = this.#loss !== null && this.size > this.#loss.continues.kept
    if (this.#last === null && !lacks) throw new Refusal(`the log has no leaf of the complaint in ${this.name}`)
    const { seq, hash } = this.#last ?? { seq: -1, hash: '' }
    if (seq === this.#headSeq && hash === this.#head) return null
    if (lacks && seq < this.#headSeq) return `steps ${seq + 1} to ${this.#headSeq} are among the leaves declared lost`
    throw new Refusal(
      `the statement in ${this.name} calls step ${this.#headSeq} the last one, but its tree holds step ${seq}`,
    )
  }
}

/** How much a view can prove by its absence: when it was made at the earliest (UTC ms), and the monitor's clock where it counts. */
interface View {
  lastAt: number
  now: number
  /** Its quorum cosigned it lately, or the policy asks for none. */
  isFresh: boolean
}

/** The promise of a submission (docs/log.md, section 6), held against every leaf. */
export class GivenPromise {
  readonly name: string
  readonly #jws: string
  readonly #promise: LeafPromise
  #index: number | null = null
  #loss: Succession | null = null

  /** Throws a CliError where it is none. */
  constructor(name: string, jws: string) {
    this.name = name
    this.#jws = jws.trim()
    try {
      this.#promise = readPromise(this.#jws)
    } catch (error) {
      throw error instanceof LogError ? new CliError(`${name}: no promise that can be read: ${error.message}`) : error
    }
  }

  see(_: SkimmedLeaf, hash: string, index: number): null {
    if (hash === this.#promise.leaf) this.#index = index
    return null
  }

  succeed(succession: Succession | undefined): void {
    if (succession?.continues.origin === this.#promise.origin) this.#loss = succession
  }

  /** Verdict after the last leaf, in words: kept, or not due yet. Throws a LogError for a broken promise, and for one whose signature binds no log. */
  async judge(own: OwnChain, { lastAt, now, isFresh }: View): Promise<string> {
    const { iat, by, origin } = this.#promise
    if (origin !== own.origin && this.#loss === null) throw new Refusal(`${this.name} is a promise of another log`)
    const kid = readKid(this.#jws)
    const key = own.keys.find(({ use, name }) => use === 'statement' && name === kid)
    if (key?.x === undefined) throw new Refusal(`no leaf introduces the key that signed ${this.name}: it binds nobody`)
    await verifySignature(this.#jws, key.x)
    if (this.#index !== null) return `what ${this.name} promised is leaf ${this.#index}`
    if (key.retiredAt !== null && iat > key.retiredAt)
      throw new Refusal(`${this.name} is younger than the retirement of its key: it binds nobody`)
    const until = iso(by)
    if (lastAt <= by && (now <= by || !isFresh))
      return `the leaf that ${this.name} promises by ${until} is not in this view, which can't tell yet`
    if (this.#loss !== null) return `the leaf that ${this.name} promises is among those that the log declares lost`
    throw new Refusal(
      `the leaf that ${this.name} promises by ${until} is not in the log: its own signature is the proof`,
    )
  }
}

// What a log owes by a bound of docs/log.md (section 9): nothing that it signed is wrong, but something is missing.

/** A log that stopped its scheduler may have thousands. */
const NAMED = 20

/** A line for each complaint whose deadline passed more than the bound before `now`, and that no step records. */
export const unrecordedDeadlines = (cases: Cases, now: number): string[] => {
  const late: { c: string; due: number; index: number }[] = []
  for (const [c, { complaint, index }] of cases) {
    const due = nextDueAt(complaint)
    if (due !== null && due < now - BOUND_MS) late.push({ c, due, index })
  }
  late.sort((a, b) => a.due - b.due)
  const lines = late
    .slice(0, NAMED)
    .map(
      ({ c, due, index }) => `complaint ${c}: the deadline of ${iso(due)} (leaf ${index}) passed, and no step says so`,
    )
  const more = late.length - lines.length
  return more > 0 ? [...lines, `and ${more} more complaints`] : lines
}
