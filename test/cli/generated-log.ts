import { hash } from 'node:crypto'
import document from '../../db/policies/cn-2026-1.json' with { type: 'json' }
import type { Actor, Command } from '../../src/complaint/command.ts'
import type { Complaint } from '../../src/complaint/complaint.ts'
import type { Policy } from '../../src/complaint/deadlines/policy.ts'
import { decide } from '../../src/complaint/decide.ts'
import { evolve } from '../../src/complaint/evolve.ts'
import { newJwk } from '../../src/ledger/log/secrets.ts'
import { formatCheckpoint } from '../../src/log/checkpoint.ts'
import { fromBase64url, toBase64url } from '../../src/log/encoding.ts'
import { logOpened } from '../../src/log/key-leaf.ts'
import { encodeLeaf, type Leaf, type LeafObject } from '../../src/log/leaf.ts'
import { formatNote, formatVerifierKey, signNote, type VerifierKey, verifierKey } from '../../src/log/note.ts'
import { statementKid } from '../../src/log/statement.ts'
import { Frontier, formatBundle, hashesAt, TILE_WIDTH, tilePath, tileWidth } from '../../src/log/tiles.ts'

const ORIGIN = 'generated.invalid/log/0'
const START = Date.parse('2026-03-02T02:00:00Z')
const ACTIVE = 1000
const text = JSON.stringify(document)
const policy = { ...document, hash: sha256(text) } as unknown as Policy
const buyer: Actor = { role: 'buyer', auto: false, who: null }
const merchant: Actor = { role: 'merchant', auto: false, who: 'AAAAAAAAAAAAAAAAAAAAAA' }
const officer: Actor = { role: 'platform', auto: false, who: 'BBBBBBBBBBBBBBBBBBBBBB' }

const refund = { kind: 'refund', amount: { value: '89.00', currency: 'CNY' } } as const
const said = { statement: '', reason: '', text: '', facts: '', reasons: '', rule: '', request: '', proof: '' }
const SCRIPT = [
  ['responses', merchant, { ...said, answer: 'reject', ground: 'as_described' }],
  ['messages', buyer, said],
  ['escalation', buyer, said],
  ['assignment', officer, { officer: 'A17' }],
  ['evidence-requests', officer, { from: 'buyer', request: '' }],
  ['evidence', buyer, said],
  ['rulings', officer, { ...said, outcome: 'for_buyer', remedy: refund }],
  ['fulfilment', merchant, said],
  ['confirmation', buyer, {}],
  ['rating', buyer, { score: 5 }],
] as const

interface Active {
  c: string
  prev: string | null
  complaint: Complaint | null
  next: number
}

/** A log in memory that many complaints share, made by the rules themselves, and served by a `fetch` of its own. */
export class GeneratedLog {
  readonly url = 'http://generated.invalid/log/0'
  readonly #leaves: Uint8Array[] = []
  readonly #frontier = new Frontier()
  readonly #served = new Map<string, Uint8Array<ArrayBuffer>>()
  #now = START
  #tags = 0

  static async of(size: number): Promise<{ log: GeneratedLog; policy: string }> {
    const log = new GeneratedLog()
    const [note, statement] = [await newJwk(), await newJwk()]
    const vkey = verifierKey(ORIGIN, fromBase64url(note.x))
    log.#open(formatVerifierKey(vkey), statement.x)
    log.#fill(size)
    await log.#publish(vkey, await crypto.subtle.importKey('jwk', note, 'Ed25519', false, ['sign']))
    const jwks = { keys: [{ kid: statementKid(statement.x), x: statement.x }] }
    log.#serve('http://generated.invalid/.well-known/jwks.json', JSON.stringify(jwks))
    return { log, policy: `log ${formatVerifierKey(vkey)}\nquorum none\n` }
  }

  /** When it was last appended to, UTC ms. */
  get now(): number {
    return this.#now
  }

  readonly fetch = async (url: string): Promise<Response> => {
    const body = this.#served.get(url)
    if (!body) return new Response(null, { status: 404 })
    // As little of the network as can be; a copy, for a monitor may write into what it was given.
    return { status: 200, arrayBuffer: async () => body.slice().buffer } as Response
  }

  #serve(path: string, body: string | Uint8Array): void {
    const url = path.startsWith('http') ? path : `${this.url}/${path}`
    this.#served.set(url, typeof body === 'string' ? new TextEncoder().encode(body) : new Uint8Array(body))
  }

  #open(vkey: string, x: string): void {
    const own = { c: null, by: 'system', auto: true, state: null, holder: null, due: null, rule: null }
    const first = this.#append({ ...own, seq: 0, prev: null, kind: 'log_opened', p: logOpened(ORIGIN, vkey, x) })
    const adopted = { kind: 'policy_adopted', policy: policy.hash, p: { name: policy.name } }
    this.#append({ ...own, seq: 1, prev: first, ...adopted })
    this.#serve(`policies/${policy.hash}`, text)
  }

  #fill(size: number): void {
    const active: Active[] = []
    while (this.#leaves.length < size) {
      const i = this.#leaves.length % ACTIVE
      const one = active[i]
      const goesOn = one !== undefined && one.next < SCRIPT.length
      active[i] = this.#step(goesOn ? one : { c: this.#tag(), prev: null, complaint: null, next: -1 })
    }
  }

  #step({ c, prev, complaint, next }: Active): Active {
    const [made] = asSteps(decide(commandOf(next), complaint, this.#now))
    if (!made) throw new Error('a script that the rules refuse')
    const after = evolve(complaint, made)
    const { state, holder, due, rule, seq } = after
    const { kind, by, auto, who, p, content } = made
    const names = Object.keys(content).filter(name => content[name] !== undefined)
    const d = Object.fromEntries(names.map(name => [name, sha256(`${name} ${this.#leaves.length}`)]))
    const leaf = { c, seq, prev, kind, by, auto, who, state, holder, due, rule, p: p as LeafObject, d }
    return { c, prev: this.#append({ ...leaf, policy: policy.hash }), complaint: after, next: next + 1 }
  }

  #append(leaf: Partial<Leaf> & Pick<Leaf, 'c' | 'seq' | 'prev' | 'kind' | 'by' | 'auto' | 'p'>): string {
    const nothing = { who: null, state: null, holder: null, due: null, rule: null, policy: null, d: {} }
    const bytes = encodeLeaf({ ...nothing, ...leaf, at: this.#now, on: this.#now, v: 1 })
    this.#now += 1000
    this.#leaves.push(bytes)
    const digest = hash('sha256', Buffer.concat([Buffer.of(0), bytes]), 'base64url')
    for (const { level, n, bytes: tile } of this.#frontier.append(fromBase64url(digest)))
      this.#serve(`tile/${level}/${tilePath(n)}`, tile)
    return digest
  }

  async #publish(vkey: VerifierKey, sign: CryptoKey): Promise<void> {
    const size = this.#leaves.length
    for (let n = 0; n * 256 < size; n++) {
      const leaves = this.#leaves.slice(n * 256, n * 256 + 256)
      this.#serve(`tile/entries/${tilePath(n, leaves.length)}`, formatBundle(leaves))
    }
    for (let level = 0; hashesAt(level, size) > 0; level++) {
      const n = Math.floor(hashesAt(level, size) / TILE_WIDTH)
      const width = tileWidth(level, n, size)
      if (width > 0) this.#serve(`tile/${level}/${tilePath(n, width)}`, this.#frontier.partial(level))
    }
    this.#leaves.length = 0
    const checkpoint = formatCheckpoint({ origin: ORIGIN, size, root: this.#frontier.root() })
    this.#serve('checkpoint', formatNote({ text: checkpoint, signatures: [await signNote(checkpoint, vkey, sign)] }))
  }

  #tag(): string {
    const bytes = new Uint8Array(16)
    new DataView(bytes.buffer).setUint32(0, this.#tags++)
    return toBase64url(bytes)
  }
}

const intake = {
  id: '0000000000',
  orderId: '1',
  item: '1',
  merchantId: '1',
  merchantName: '1',
  buyer: { name: '1', phone: '1' },
  category: 'quality',
  statement: '1',
  remedySought: refund,
  locale: 'zh-CN',
  policy,
}
const commandOf = (next: number): Command => {
  const [act, by, body] = SCRIPT[next] ?? (['submit', buyer, intake] as const)
  return { act, by, body } as unknown as Command
}

const asSteps = (made: ReturnType<typeof decide>) => ('refused' in made ? [] : made)

function sha256(value: string): string {
  return hash('sha256', value, 'base64url')
}
