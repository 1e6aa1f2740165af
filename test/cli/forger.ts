import { formatCheckpoint, formatProof } from '../../src/log/checkpoint.ts'
import { fromBase64url, toBase64, toBase64url } from '../../src/log/encoding.ts'
import { decodeLeaf, encodeLeaf, type Leaf } from '../../src/log/leaf.ts'
import { formatNote, signNote, verifierKey } from '../../src/log/note.ts'
import { isPartyLeaf } from '../../src/log/party-key.ts'
import type { Receipt } from '../../src/log/receipt.ts'
import { type Statement, signStatement } from '../../src/log/statement.ts'
import {
  consistencyProof,
  Frontier,
  formatBundle,
  inclusionProof,
  parseBundle,
  type ReadTile,
} from '../../src/log/tiles.ts'
import { leafHash } from '../../src/log/tree.ts'
import type { LogServer } from './log-server.ts'

const ORIGIN = 'log.test/0'

/** The operator at its worst: it has all keys, writes any log it likes (of up to 255 leaves), and signs it. */
export class Forger {
  readonly leaves: readonly Leaf[]
  readonly #house: LogServer

  constructor(house: LogServer, leaves: readonly Leaf[]) {
    this.#house = house
    this.leaves = leaves
  }

  /** Begins with the honest log as it is published now. */
  static async of(house: LogServer): Promise<Forger> {
    await house.published()
    const [, size] = (await (await house.ask(`${house.url}/checkpoint`)).text()).split('\n')
    const bundle = await (await house.ask(`${house.url}/tile/entries/000.p/${size}`)).arrayBuffer()
    return new Forger(house, parseBundle(new Uint8Array(bundle)).map(decodeLeaf))
  }

  /** Another log; positions and hashes within each chain are made right again, so that only memory can tell. */
  rewritten(change: (leaves: Leaf[]) => Leaf[]): Forger {
    const ends = new Map<string | null, { seq: number; prev: string }>()
    const linked = change([...this.leaves]).map(leaf => {
      const end = ends.get(leaf.c) ?? { seq: 0, prev: null }
      const next = { ...leaf, ...end }
      ends.set(leaf.c, { seq: next.seq + 1, prev: toBase64url(leafHash(encodeLeaf(next))) })
      return next
    })
    return new Forger(this.#house, linked)
  }

  /** Another log, with exactly these leaves. */
  raw(change: (leaves: Leaf[]) => Leaf[]): Forger {
    return new Forger(this.#house, change([...this.leaves]))
  }

  /** The leaf after these in a chain, as an honest log would write it but for what `change` says. */
  next(c: string, change: Partial<Leaf>): Leaf {
    const last = this.leaves.findLast(leaf => leaf.c === c)
    if (!last) throw new Error('the story has no such chain')
    const at = Math.max(this.leaves.at(-1)?.at ?? 0, this.#house.clock.now())
    const prev = toBase64url(leafHash(encodeLeaf(last)))
    return { ...last, seq: last.seq + 1, prev, at, on: change.at ?? at, p: {}, d: {}, who: null, ...change }
  }

  #tree(size = this.leaves.length) {
    const frontier = new Frontier()
    for (const leaf of this.leaves.slice(0, size)) frontier.append(leafHash(encodeLeaf(leaf)))
    const readTile: ReadTile = (level, _n, width) => frontier.partial(level).subarray(0, width * 32)
    return { size, root: frontier.root(), readTile }
  }

  async note(size?: number): Promise<string> {
    const { note } = this.#house.secrets
    const text = formatCheckpoint({ origin: ORIGIN, ...this.#tree(size) })
    const sign = await crypto.subtle.importKey('jwk', note, 'Ed25519', false, ['sign'])
    return formatNote({ text, signatures: [await signNote(text, verifierKey(ORIGIN, fromBase64url(note.x)), sign)] })
  }

  consistency(from: number, to = this.leaves.length): Uint8Array[] {
    return consistencyProof(from, to, this.#tree(to).readTile)
  }

  /** Serves this log in place of the honest one; all else comes from the house. */
  async serve(): Promise<(url: string) => Promise<Response>> {
    const note = await this.note()
    const { readTile } = this.#tree()
    return async url => {
      const [, what, width] = /\/log\/0\/(checkpoint|tile\/0\/000|tile\/entries\/000)(?:\.p\/(\d+))?$/.exec(url) ?? []
      if (what === 'checkpoint') return new Response(note)
      if (what === 'tile/0/000') return new Response(new Uint8Array(readTile(0, 0, Number(width))))
      if (what === 'tile/entries/000')
        return new Response(formatBundle(this.leaves.slice(0, Number(width)).map(encodeLeaf)))
      return this.#house.ask(url)
    }
  }

  /** A receipt like the given one, made from this log with a statement to fit. */
  async receipt(like: Receipt, change: { steps?: number; statement?: Partial<Statement>; key?: JsonWebKey } = {}) {
    const { c } = like.complaint
    const { size, root, readTile } = this.#tree()
    const checkpoint = await this.note()
    const prove = (index: number) => ({
      leaf: toBase64(encodeLeaf(this.leaves[index]!)),
      proof: formatProof({ index, hashes: inclusionProof(index, size, readTile), checkpoint }),
    })
    const chain = this.leaves.flatMap((leaf, i) => (leaf.c === c ? [i] : [])).slice(0, change.steps)
    const head = this.leaves[chain.at(-1) ?? 0]!
    const claim: Statement = {
      iat: this.leaves.at(-1)!.at,
      c,
      origin: ORIGIN,
      size,
      root: toBase64url(root),
      head_seq: head.seq,
      head_leaf: toBase64url(leafHash(encodeLeaf(head))),
      ...change.statement,
    }
    const key = change.key ?? this.#house.secrets.statement
    const sign = await crypto.subtle.importKey('jwk', key, 'Ed25519', false, ['sign'])
    const steps = chain.map((index, seq) => ({ seq, ...prove(index), disclosures: like.steps[seq]?.disclosures ?? [] }))
    const statement = await signStatement(claim, sign, key.x ?? '')
    const about = this.leaves.flatMap((leaf, i) => (isPartyLeaf(leaf) ? [i] : []))
    const keys = [0, ...about].map(prove)
    return { v: 1 as const, origin: ORIGIN, complaint: like.complaint, steps, keys, statement }
  }
}
