import { maySee, type Reader } from '../complaint/visibility.ts'
import { formatId } from '../link/id.ts'
import { toBase64 } from '../log/encoding.ts'
import { formatProof } from '../log/proof.ts'
import type { Receipt, ReceiptLeaf } from '../log/receipt.ts'
import { signStatement } from '../log/statement.ts'
import { Prover, type ReadTile } from '../log/tiles.ts'
import type { ComplaintBook, Kept } from './complaint-book.ts'
import { disclosuresAt, leafBytes } from './entries.ts'
import type { SigningKey } from './secrets.ts'
import type { Published, Signer } from './signer.ts'
import type { Store } from './store.ts'

export interface ReceiptSource {
  store: Store
  book: ComplaintBook
  signer: Signer
  origin: string
  readTile: ReadTile
  key: SigningKey
  /** Index of the leaf that introduced the statement's key. */
  keyLeaf: number
}

const CACHED = 10_000

/** Statements and receipts about whole complaints, each under a checkpoint that covers its newest step. */
export class Receipts {
  readonly #source: ReceiptSource
  /** By checkpoint and complaint: the same claim is signed once. */
  readonly #statements = new Map<string, Promise<string>>()

  constructor(source: ReceiptSource) {
    this.#source = source
  }

  async statement(id: number): Promise<string | null> {
    const covered = await this.#covered(id)
    return covered && this.#signed(covered.kept, covered.published)
  }

  async receipt(id: number, reader: Reader): Promise<Receipt | null> {
    const covered = await this.#covered(id)
    if (!covered) return null
    const { kept, published } = covered
    const { origin, keyLeaf, readTile } = this.#source
    const prover = new Prover(published.size, readTile)
    const statement = await this.#signed(kept, published)
    return {
      v: 1,
      origin,
      complaint: { id: formatId(id), c: kept.tag },
      steps: kept.chain.map((idx, seq) => ({
        seq,
        ...this.#proved(idx, prover, published),
        disclosures: this.#visible(idx, reader, kept),
      })),
      keys: [this.#proved(keyLeaf, prover, published)],
      statement,
    }
  }

  /** The complaint as the checkpoint has it: a step that is newer than both waits for its own. */
  async #covered(id: number): Promise<{ kept: Kept; published: Published } | null> {
    for (;;) {
      const kept = this.#source.book.get(id)
      if (!kept) return null
      const published = await this.#source.signer.covering((kept.chain.at(-1) ?? 0) + 1)
      // A step may have come while it was signed; if the tree holds it already, the claim must name it.
      const now = this.#source.book.get(id)
      if (now && now.head === kept.head) return { kept, published }
    }
  }

  #signed(kept: Kept, published: Published): Promise<string> {
    const cacheKey = `${published.id} ${kept.head}`
    const known = this.#statements.get(cacheKey)
    if (known) return known
    const { origin, key } = this.#source
    const { size, root, at: iat } = published
    const claim = { iat, c: kept.tag, origin, size, root, head_seq: kept.chain.length - 1, head_leaf: kept.head }
    const signed = signStatement(claim, key.sign, key.x)
    this.#statements.set(cacheKey, signed)
    if (this.#statements.size > CACHED) for (const old of this.#statements.keys()) return this.#forget(old, signed)
    return signed
  }

  #forget(key: string, signed: Promise<string>): Promise<string> {
    this.#statements.delete(key)
    return signed
  }

  #proved(idx: number, prover: Prover, { note }: Published): ReceiptLeaf {
    const leaf = toBase64(leafBytes(this.#source.store, idx))
    return { leaf, proof: formatProof({ index: idx, hashes: prover.inclusion(idx), checkpoint: note }) }
  }

  #visible(idx: number, reader: Reader, { complaint }: Kept): string[] {
    return disclosuresAt(this.#source.store, idx)
      .filter(({ name }) => maySee(reader, name, complaint.shared))
      .map(({ text }) => text)
  }
}
