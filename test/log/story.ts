/** A small log that tests can tell any story with, honest or not: leaves, a tree over them, and receipts from it. */
import { type Checkpoint, formatCheckpoint, formatProof } from '../../src/log/checkpoint.ts'
import { digestOf, disclose, type Json } from '../../src/log/disclosure.ts'
import { toBase64, toBase64url } from '../../src/log/encoding.ts'
import { logOpened } from '../../src/log/key-leaf.ts'
import { encodeLeaf, type Leaf } from '../../src/log/leaf.ts'
import {
  COSIGNATURE_V1,
  cosign,
  formatNote,
  formatVerifierKey,
  signNote,
  type VerifierKey,
  verifierKey,
} from '../../src/log/note.ts'
import type { Receipt, ReceiptLeaf } from '../../src/log/receipt.ts'
import { type Statement, signStatement } from '../../src/log/statement.ts'
import { Frontier, inclusionProof, type ReadTile, rootAt } from '../../src/log/tiles.ts'
import { leafHash } from '../../src/log/tree.ts'

interface KeyPair {
  readonly privateKey: CryptoKey
  readonly publicKey: Uint8Array
  /** The public key, base64url. */
  readonly x: string
}

export async function newKey(): Promise<KeyPair> {
  const pair = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])
  if (!('privateKey' in pair)) throw new Error('not a pair')
  const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))
  return { privateKey: pair.privateKey, publicKey, x: toBase64url(publicKey) }
}

export const START = Date.UTC(2026, 0, 5)
export const C = 'q83vEjRWeJCrze8SNFZ4kA'
export const ID = '3F8K2M9Q4T'

let salts = 0
const salt = () => {
  const bytes = new Uint8Array(16)
  new DataView(bytes.buffer).setUint32(0, ++salts)
  return bytes
}

interface Told {
  readonly leaf: Leaf
  readonly bytes: Uint8Array
  readonly disclosures: string[]
}

export class StoryLog {
  readonly told: Told[] = []
  readonly #frontier = new Frontier()
  readonly #lasts = new Map<string | null, { seq: number; hash: string }>()
  readonly origin: string
  readonly noteKey: KeyPair
  readonly statementKey: KeyPair
  readonly witnessKeys: KeyPair[]

  constructor(origin: string, noteKey: KeyPair, statementKey: KeyPair, witnessKeys: KeyPair[]) {
    this.origin = origin
    this.noteKey = noteKey
    this.statementKey = statementKey
    this.witnessKeys = witnessKeys
  }

  static async open(origin = 'tousu.example/0', witnesses = 2): Promise<StoryLog> {
    const witnessKeys = await Promise.all(Array.from({ length: witnesses }, newKey))
    const log = new StoryLog(origin, await newKey(), await newKey(), witnessKeys)
    log.append({ c: null, kind: 'log_opened', by: 'system', p: logOpened(origin, log.vkey, log.statementKey.x) })
    return log
  }

  get vkey(): string {
    return formatVerifierKey(verifierKey(this.origin, this.noteKey.publicKey))
  }

  witness(i: number): VerifierKey {
    return verifierKey(`witness.example/${i}`, this.witnessKeys[i]!.publicKey, COSIGNATURE_V1)
  }

  /** Asks for all its witnesses. */
  get policy(): string {
    const names = this.witnessKeys.map((_, i) => `w${i}`)
    const lines = this.witnessKeys.map((_, i) => `witness w${i} ${formatVerifierKey(this.witness(i))}`)
    if (names.length === 0) return `log ${this.vkey}\nquorum none\n`
    return `log ${this.vkey}\n${lines.join('\n')}\ngroup g all ${names.join(' ')}\nquorum g\n`
  }

  /** Appends an honest next leaf, but for what `change` says. */
  append(change: Partial<Leaf>, fields: Record<string, Json> = {}): Told {
    const c = change.c === undefined ? C : change.c
    const last = this.#lasts.get(c)
    const at = change.at ?? START + this.told.length * 3_600_000
    const shown = Object.entries(fields).map(([name, value]) => [name, disclose(name, value, salt())] as const)
    const leaf: Leaf = {
      v: 1,
      seq: last === undefined ? 0 : last.seq + 1,
      prev: last?.hash ?? null,
      on: at,
      kind: 'message_added',
      by: 'buyer',
      auto: false,
      who: null,
      state: c === null ? null : 'awaiting_merchant',
      holder: c === null ? null : 'merchant',
      due: c === null ? null : at + 172_800_000,
      rule: null,
      policy: null,
      p: {},
      d: Object.fromEntries(shown.map(([name, text]) => [name, digestOf(text)])),
      ...change,
      c,
      at,
    }
    const bytes = encodeLeaf(leaf)
    const hash = leafHash(bytes)
    this.#frontier.append(hash)
    this.#lasts.set(c, { seq: leaf.seq, hash: toBase64url(hash) })
    const told = { leaf, bytes, disclosures: shown.map(([, text]) => text) }
    this.told.push(told)
    return told
  }

  readonly #readTile: ReadTile = (level, _n, width) => this.#frontier.partial(level).subarray(0, width * 32)

  checkpointAt(size: number): Checkpoint {
    return { origin: this.origin, size, root: rootAt(size, this.#readTile) }
  }

  async sign(checkpoint: Checkpoint, witnesses = this.witnessKeys.length): Promise<string> {
    const text = formatCheckpoint(checkpoint)
    const signatures = [await signNote(text, verifierKey(this.origin, this.noteKey.publicKey), this.noteKey.privateKey)]
    for (let i = 0; i < witnesses; i++) {
      signatures.push(await cosign(text, this.witness(i), this.witnessKeys[i]!.privateKey, START / 1000))
    }
    return formatNote({ text, signatures })
  }

  prove(index: number, size: number, checkpoint: string): ReceiptLeaf {
    const hashes = inclusionProof(index, size, this.#readTile)
    return { leaf: toBase64(this.told[index]!.bytes), proof: formatProof({ index, hashes, checkpoint }) }
  }

  stateOf(c: string, size: number): Statement {
    const { root } = this.checkpointAt(size)
    const chain = this.told.slice(0, size).filter(({ leaf }) => leaf.c === c)
    const head = chain.at(-1)!
    return {
      iat: this.told[size - 1]!.leaf.at,
      c,
      origin: this.origin,
      size,
      root: toBase64url(root),
      head_seq: head.leaf.seq,
      head_leaf: toBase64url(leafHash(head.bytes)),
    }
  }

  signStatement(statement: Statement): Promise<string> {
    return signStatement(statement, this.statementKey.privateKey, this.statementKey.x)
  }

  async receipt(
    options: { size?: number; witnesses?: number; statement?: Partial<Statement>; keyLeaf?: number } = {},
  ): Promise<Receipt> {
    const size = options.size ?? this.told.length
    const checkpoint = await this.sign(this.checkpointAt(size), options.witnesses)
    const steps = this.told.slice(0, size).flatMap(({ leaf, disclosures }, index) => {
      return leaf.c === C ? [{ seq: leaf.seq, ...this.prove(index, size, checkpoint), disclosures }] : []
    })
    return {
      v: 1,
      origin: this.origin,
      complaint: { id: ID, c: C },
      steps,
      keys: [this.prove(options.keyLeaf ?? 0, size, checkpoint)],
      statement: await this.signStatement({ ...this.stateOf(C, size), ...options.statement }),
    }
  }
}

/** A dress unlike its picture, told in four steps among the leaves of another complaint. */
export async function dress(): Promise<StoryLog> {
  const log = await StoryLog.open()
  const other = { c: 'AAAAAAAAAAAAAAAAAAAAAA' }
  log.append({ ...other, kind: 'submitted' }, { id: '0000000000' })
  log.append(
    { kind: 'submitted' },
    { id: ID, statement: '裙子和照片不一样', buyerName: '王小明', buyerNameMasked: '王**' },
  )
  log.append(
    { kind: 'merchant_responded', by: 'merchant', p: { answer: 'reject' } },
    { statement: '商家说照片与实物一致' },
  )
  log.append({ ...other, kind: 'withdrawn' })
  log.append({ kind: 'escalated' }, { reason: '请平台介入' })
  log.append(
    { kind: 'ruled', by: 'platform', p: { outcome: 'for_buyer' } },
    { facts: '照片为证', reasons: '与描述不符' },
  )
  return log
}
