import type { timeStamps } from '../../../db/schema.ts'
import type { Complaint } from '../../complaint/complaint.ts'
import { citedIn } from '../../complaint/platform-rule.ts'
import { maySee, type Reader } from '../../complaint/view/visibility.ts'
import { formatId } from '../../link/id.ts'
import { merchantIn } from '../../log/chain.ts'
import { formatProof } from '../../log/checkpoint.ts'
import { toBase64, toBase64url } from '../../log/encoding.ts'
import { decodeLeaf, type Leaf } from '../../log/leaf.ts'
import { type LeafPromise, missIn, PROMISE_MS, signPromise } from '../../log/promise.ts'
import type { Receipt, ReceiptLeaf } from '../../log/receipt.ts'
import { signStatement } from '../../log/statement.ts'
import type { Succession } from '../../log/succession.ts'
import { Prover, type ReadTile } from '../../log/tiles.ts'
import { leafHash } from '../../log/tree.ts'
import type { ComplaintRepository } from '../storage/complaint-repository.ts'
import type { Store } from '../storage/queries.ts'
import { disclosuresAt, leafBytes } from '../storage/timeline-reader.ts'
import type { KeyRing } from './key-ring.ts'
import type { LocalPartyKeys } from './party-keys.ts'
import { adoptionOf } from './policies.ts'
import type { SigningKey } from './secrets.ts'
import { type Published, type Signer, SignerStopped } from './signer.ts'
import type { Cosignatures } from './witnesses.ts'

interface ReceiptSource {
  store: Store
  complaints: ComplaintRepository
  signer: Signer
  origin: string
  successions: readonly Succession[]
  readTile: ReadTile
  keys: KeyRing
  cosignatures: Cosignatures
  parties: LocalPartyKeys
}

/** A complaint as far as one checkpoint holds it. */
interface Covered {
  published: Published
  tag: string
  shared: Complaint['shared']
  /** Leaf indices in order of seq, the last with its base64url hash. */
  chain: readonly number[]
  head: string
}

const CACHED = 10_000
/** Time stamps in a receipt, at most: some 100 KB. */
const STAMPS = 16

/** Statements and receipts about whole complaints, each under a checkpoint that covers its newest step. */
export class Receipts {
  readonly #source: ReceiptSource
  /** By checkpoint and newest leaf: the same claim is signed once. */
  readonly #statements = new Map<string, Promise<string>>()

  constructor(source: ReceiptSource) {
    this.#source = source
  }

  async statement(id: number): Promise<string | null> {
    const covered = await this.#covered(id)
    return covered && this.#signed(covered)
  }

  /** Waits for no checkpoint, and is the same whenever it is asked for. */
  promise(id: number): Promise<string | null> {
    return this.#promised(id, 0, () => ({}))
  }

  /** A promise of the leaf of a missed deadline, which says what it is. */
  certificate(id: number, seq: number): Promise<string | null> {
    return this.#promised(id, seq, leaf => missIn(leaf))
  }

  async #promised(id: number, seq: number, more: (leaf: Leaf) => Partial<LeafPromise> | null): Promise<string | null> {
    const { complaints, store, keys, origin } = this.#source
    const idx = complaints.get(id)?.chain[seq]
    const signer = keys.statementSigner(Number.POSITIVE_INFINITY)
    if (idx === undefined || signer === null) return null
    const bytes = leafBytes(store, idx)
    const leaf = decodeLeaf(bytes)
    const said = more(leaf)
    if (said === null) return null
    const { at: iat } = leaf
    const promise = { iat, origin, leaf: toBase64url(leafHash(bytes)), by: iat + PROMISE_MS, ...said }
    return signPromise(promise, signer.key.sign, signer.key.x)
  }

  async receipt(id: number, reader: Reader): Promise<Receipt | null> {
    const covered = await this.#covered(id)
    if (!covered) return null
    const { published, chain, tag, shared } = covered
    const { origin, readTile } = this.#source
    const statement = await this.#signed(covered)
    const prover = new Prover(published.size, readTile)
    return {
      v: 1,
      origin,
      complaint: { id: formatId(id), c: tag },
      steps: chain.map((idx, seq) => ({
        seq,
        ...this.#proved(idx, prover, published),
        disclosures: this.#visible(idx, reader, shared),
      })),
      keys: this.#ownLeaves(published, chain).map(idx => this.#proved(idx, prover, published)),
      ...this.#rules(chain, prover, published),
      statement,
      ...this.#stamped(chain, prover),
    }
  }

  /** The earliest token over each step; between the first and the newest of very many, some are left out. */
  #stamped(chain: readonly number[], prover: Prover): Pick<Receipt, 'timestamps'> {
    const { store, origin, readTile, signer } = this.#source
    const found: (typeof timeStamps.$inferSelect)[] = []
    for (const idx of chain) {
      if (idx < (found.at(-1)?.size ?? 0)) continue
      const stamp = store.nextTimeStamp.get({ origin, after: idx })
      if (!stamp || stamp.size > (signer.published?.size ?? 0)) break
      if (found.push(stamp) > STAMPS) found.splice(1, 1)
    }
    if (found.length === 0) return {}
    return {
      timestamps: found.map(({ size, note, reply }) => {
        const over = size > prover.size ? new Prover(size, readTile) : prover
        const proof = size === prover.size ? [] : over.consistency(Math.min(size, prover.size))
        return { checkpoint: note, consistency: proof.map(toBase64), reply: toBase64(reply) }
      }),
    }
  }

  /** What its rulings cite, with the proof that it was adopted. */
  #rules(chain: readonly number[], prover: Prover, published: Published): Pick<Receipt, 'rules'> {
    const { store } = this.#source
    const cited = new Set(chain.flatMap(idx => citedIn(decodeLeaf(leafBytes(store, idx)).p)))
    const rules = [...cited].flatMap(digest => {
      const found = adoptionOf(store, digest)
      return found ? [{ ...this.#proved(found.idx, prover, published), document: found.document }] : []
    })
    return rules.length > 0 ? { rules } : {}
  }

  /** Steps may come while it is being signed: the claim names the last one that the tree holds, and none behind it. */
  async #covered(id: number): Promise<Covered | null> {
    const { complaints, store } = this.#source
    const newest = complaints.get(id)?.chain.at(-1)
    if (newest === undefined) return null
    const published = await this.#checkpointOver(newest)
    const stored = complaints.get(id)
    if (!stored) return null
    const chain = stored.chain.filter(idx => idx < published.size)
    const last = chain.at(-1)
    if (last === undefined) throw new SignerStopped('no checkpoint covers this complaint yet')
    const head = toBase64url(leafHash(leafBytes(store, last)))
    return { published, tag: stored.tag, shared: stored.complaint.shared, chain, head }
  }

  /** One for the statement and all proofs. Where none will follow, the newest there is: it proves what it covers. */
  async #checkpointOver(newest: number): Promise<Published> {
    const { signer, keys, cosignatures } = this.#source
    const leaves = Math.max(newest + 1, keys.leavesNeeded)
    try {
      return cosignatures.best(leaves, await signer.covering(leaves))
    } catch (error) {
      if (!(error instanceof SignerStopped) || !signer.published) throw error
      return cosignatures.best(leaves, signer.published)
    }
  }

  /**
   * The leaf that introduced the statement's key, those that declare a loss, since an earlier receipt may hold what was lost, and
   * those of the keys of merchant and platform by which the steps are judged.
   */
  #ownLeaves(published: Published, chain: readonly number[]): number[] {
    const declared = this.#source.successions.map(({ index }) => index)
    const steps = chain.map(index => ({ leaf: decodeLeaf(leafBytes(this.#source.store, index)), index }))
    const parties = this.#source.parties.book.leavesFor(steps, merchantIn(steps))
    return [...new Set([this.#signerOf(published).leaf, ...declared, ...parties.filter(idx => idx < published.size)])]
  }

  #signerOf({ size }: Published): { key: SigningKey; leaf: number } {
    const signer = this.#source.keys.statementSigner(size)
    if (!signer) throw new SignerStopped('no checkpoint covers the key of the statements yet')
    return signer
  }

  #signed(covered: Covered): Promise<string> {
    const name = `${covered.published.id} ${covered.head}`
    const known = this.#statements.get(name)
    if (known) return known
    const signed = this.#sign(covered)
    this.#statements.set(name, signed)
    // What failed is tried again by the next reader.
    signed.catch(() => this.#statements.delete(name))
    for (const oldest of this.#statements.keys()) {
      if (this.#statements.size <= CACHED) break
      this.#statements.delete(oldest)
    }
    return signed
  }

  #sign({ published, tag, chain, head }: Covered): Promise<string> {
    const { origin } = this.#source
    const { key } = this.#signerOf(published)
    const { size, root, at: iat } = published
    const claim = { iat, c: tag, origin, size, root, head_seq: chain.length - 1, head_leaf: head }
    return signStatement(claim, key.sign, key.x)
  }

  #proved(idx: number, prover: Prover, { note }: Published): ReceiptLeaf {
    const leaf = toBase64(leafBytes(this.#source.store, idx))
    return { leaf, proof: formatProof({ index: idx, hashes: prover.inclusion(idx), checkpoint: note }) }
  }

  #visible(idx: number, reader: Reader, shared: Complaint['shared']): string[] {
    return [...disclosuresAt(this.#source.store, idx)]
      .filter(([name]) => maySee(reader, name, shared))
      .map(([, text]) => text)
  }
}
