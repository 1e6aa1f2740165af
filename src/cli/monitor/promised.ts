import { fromBase64url } from '../../log/encoding.ts'
import { openReceipt } from '../../log/receipt.ts'
import { requireDeclared, type Succession } from '../../log/succession.ts'
import { iso, Refusal } from './broken.ts'
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
