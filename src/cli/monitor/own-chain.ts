import { type Policy, parsePolicy, surgeProblem } from '../../complaint/deadlines/policy.ts'
import { breakAfter, type ChainEnd } from '../../log/chain.ts'
import { noteKeyIn, originIn, statementKeyIn } from '../../log/key-leaf.ts'
import type { LeafValue } from '../../log/leaf.ts'
import { parseVerifierKey } from '../../log/note.ts'
import { isPartyLeaf, KEY_PROBLEMS, PartyBook, type PartyMemory } from '../../log/party-key.ts'
import { continuesIn, openingProblem, type Succession, successionIn } from '../../log/succession.ts'
import { isSigned } from '../author-key.ts'
import { sha256 } from './hashing.ts'
import { iso } from './report.ts'
import type { SkimmedLeaf } from './skim.ts'

/** A key that the log introduced; `retiredAt` is the `at` of the leaf that retired it. */
export interface LogKey {
  readonly use: 'note' | 'statement'
  /** A verifier key, or the kid of a statement key. */
  readonly name: string
  /** Of a statement key, base64url. */
  readonly x?: string
  readonly retiredAt: number | null
}

export interface OwnChainMemory {
  readonly end: ChainEnd | null
  readonly keys: readonly LogKey[]
  /** Texts of the adopted policies. */
  readonly policies: readonly string[]
  /** Keys of merchants and of the platform; absent in a memory of before there were any. */
  readonly parties?: PartyMemory | undefined
  /** Digests of the adopted versions of each platform rule, by its code, from version 1. Absent in states of version 0.2 and before. */
  readonly rules?: Readonly<Record<string, readonly string[]>>
}

/** A leaf of the log's own chain, in words. */
interface News {
  readonly index: number
  readonly what: string
}

/** The log's own chain (docs/log.md, section 4): who it is, which keys speak for it, which policies it adopted. */
export class OwnChain {
  /** Under which leaves are appended now; null before leaf 0. */
  #origin: string | null
  #end: ChainEnd | null
  readonly #keys: LogKey[]
  readonly #policies = new Map<string, { text: string; policy: Policy }>()
  readonly #news: News[] = []
  readonly #unsigned = new Map<string, number>()
  readonly #successions: Succession[] = []
  readonly parties: PartyBook
  readonly #rules = new Map<string, string[]>()
  readonly #digests = new Set<string>()

  /** `origin` is that of the memory. */
  constructor(origin: string | null = null, memory: OwnChainMemory = { end: null, keys: [], policies: [] }) {
    this.#origin = origin
    this.#end = memory.end
    this.#keys = [...memory.keys]
    this.parties = new PartyBook(memory.parties)
    for (const text of memory.policies) this.#policies.set(sha256(text), { text, policy: readPolicy(text) })
    for (const [code, digests] of Object.entries(memory.rules ?? {})) this.#remember(code, digests)
  }

  get memory(): OwnChainMemory {
    return {
      end: this.#end,
      keys: this.#keys,
      policies: [...this.#policies.values()].map(({ text }) => text),
      parties: this.parties.memory,
      rules: Object.fromEntries(this.#rules),
    }
  }

  get origin(): string {
    return this.#origin ?? ''
  }

  /** Declared losses among the leaves appended here; not remembered. */
  get successions(): readonly Succession[] {
    return this.#successions
  }

  get keys(): readonly LogKey[] {
    return this.#keys
  }

  /** Hash and text of each adopted policy. */
  get documents(): readonly { hash: string; text: string }[] {
    return [...this.#policies].map(([hash, { text }]) => ({ hash, text }))
  }

  /** Digests of the platform's rules. */
  get rules(): ReadonlySet<string> {
    return this.#digests
  }

  /** What the leaves appended here introduced, retired or adopted; not remembered. */
  get news(): readonly News[] {
    return this.#news
  }

  /** A step that its merchant, or its role on the platform, left unsigned though it had a key. */
  noteUnsigned(leaf: SkimmedLeaf, m: string | null, index: number): void {
    if (!this.parties.isUnsignedThough(leaf, m, index)) return
    const party = leaf.by === 'merchant' ? `merchant ${m}` : leaf.by
    this.#unsigned.set(party, (this.#unsigned.get(party) ?? 0) + 1)
  }

  /** How many such steps were read, by party; not remembered. */
  get unsigned(): ReadonlyMap<string, number> {
    return this.#unsigned
  }

  policy(hash: string | null): Policy | undefined {
    return hash === null ? undefined : this.#policies.get(hash)?.policy
  }

  /** What is wrong with it as the next leaf, or null. The document of an adopted policy is given with its leaf. */
  append(leaf: SkimmedLeaf, hash: string, index: number, document: string | null): string | null {
    const wrong =
      breakAfter(this.#end, leaf, index) ?? outOfPlace(leaf, index) ?? this.#take(leaf, document, { index, hash })
    this.#end = { seq: leaf.seq, hash, index }
    this.#news.push({ index, what: wordsFor(leaf) })
    return wrong
  }

  #take(leaf: SkimmedLeaf, document: string | null, at: { index: number; hash: string }): string | null {
    if (isPartyLeaf(leaf)) return this.#takeParty(leaf, at)
    switch (leaf.kind) {
      case 'log_opened':
        return this.#open(leaf, at.index)
      case 'key_added':
        return this.#introduce(leaf, 1)
      case 'key_retired':
        return this.#retire(leaf)
      case 'policy_adopted':
        return this.#adopt(leaf, document)
      case 'rule_adopted':
        return this.#adoptRule(leaf, document)
      default:
        return "a kind that the log's own chain does not have"
    }
  }

  #open(leaf: SkimmedLeaf, index: number): string | null {
    const wrong = openingProblem(leaf, index, this.#origin)
    if (wrong !== null) return wrong
    const succession = successionIn(leaf, index)
    // The log before is over: its keys sign no checkpoint any more.
    for (const [i, key] of this.#keys.entries())
      if (key.use === 'note' && key.retiredAt === null) this.#keys[i] = { ...key, retiredAt: leaf.at }
    this.#origin = originIn(leaf)
    if (succession !== null) this.#successions.push(succession)
    const known = succession && statementKeyIn(leaf)
    if (known && this.#find('statement', known.kid)?.retiredAt === null) return this.#introduce(leaf, 1, false)
    return this.#introduce(leaf, 2)
  }

  #takeParty(leaf: SkimmedLeaf, at: { index: number; hash: string }): string | null {
    const taken = this.parties.take(leaf, { ...at, origin: this.origin, isWhole: true })
    if (typeof taken === 'string') return KEY_PROBLEMS[taken]
    const isGood = taken.every(({ key, claim, sig }) => isSigned(key, claim, sig))
    return isGood ? null : 'has a signature that its key did not make'
  }

  /** So many keys; without `statements` those of checkpoints alone. */
  #introduce(leaf: SkimmedLeaf, count: number, statements = true): string | null {
    const note = noteKeyIn(leaf)
    const statement = statements ? statementKeyIn(leaf) : null
    const keys: LogKey[] = []
    if (note !== null && isKeyOf(note, this.origin)) keys.push({ use: 'note', name: note, retiredAt: null })
    if (statement !== null) keys.push({ use: 'statement', name: statement.kid, x: statement.x, retiredAt: null })
    if (keys.length !== count) return 'introduces no proper key'
    if (keys.some(key => this.#find(key.use, key.name))) return 'introduces a key once more'
    this.#keys.push(...keys)
    return null
  }

  #retire({ p, at }: SkimmedLeaf): string | null {
    const name = p.use === 'note' ? p.vkey : p.use === 'statement' ? p.kid : null
    const i = this.#keys.findIndex(key => key.use === p.use && key.name === name && key.retiredAt === null)
    const key = this.#keys[i]
    if (!key) return 'retires a key that is not in use'
    this.#keys[i] = { ...key, retiredAt: at }
    return null
  }

  #find(use: LogKey['use'], name: LeafValue): LogKey | undefined {
    return this.#keys.find(key => key.use === use && key.name === name)
  }

  #remember(code: string, digests: readonly string[]): void {
    this.#rules.set(code, [...(this.#rules.get(code) ?? []), ...digests])
    for (const digest of digests) this.#digests.add(digest)
  }

  #adoptRule({ p: { code, version, digest, ...rest } }: SkimmedLeaf, text: string | null): string | null {
    if (typeof code !== 'string' || typeof digest !== 'string' || Object.keys(rest).length > 0) return 'adopts no rule'
    if (version !== (this.#rules.get(code)?.length ?? 0) + 1) return 'adopts a rule in a version that does not follow'
    if (text === null) return 'adopts a rule that the log does not serve'
    if (sha256(text) !== digest) return 'adopts a rule whose document has another hash'
    if (!isDocumentOf(text, code, version)) return 'adopts a rule under another name'
    this.#remember(code, [digest])
    return null
  }

  #adopt({ policy: hash, p, at }: SkimmedLeaf, text: string | null): string | null {
    if (hash === null) return 'adopts no policy'
    if (text === null) return 'adopts a policy that the log does not serve'
    if (sha256(text) !== hash) return 'adopts a policy whose document has another hash'
    try {
      const policy = readPolicy(text)
      if (p.name !== policy.name) return 'adopts a policy under another name'
      const earlier = [...this.#policies.values()].map(each => each.policy)
      if (surgeProblem(policy, earlier, at) !== null)
        return 'adopts a surge that was not announced 7 days before it begins, or one too many'
      this.#policies.set(hash, { text, policy })
      return null
    } catch {
      return 'adopts a policy that cannot be read'
    }
  }
}

const isDocumentOf = (text: string, code: string, version: LeafValue): boolean => {
  try {
    const document: unknown = JSON.parse(text)
    if (typeof document !== 'object' || document === null) return false
    return 'code' in document && document.code === code && 'version' in document && document.version === version
  } catch {
    return false
  }
}

const wordsFor = (leaf: SkimmedLeaf): string => {
  if (isPartyLeaf(leaf)) return `${leaf.kind} at ${iso(leaf.at)}: ${wordsForParty(leaf)}`
  const lost = continuesIn(leaf)
  if (lost !== null)
    return `log_opened at ${iso(leaf.at)}: continues ${lost.origin}, of whose ${lost.size} leaves ${lost.lost} are declared lost; ${noteKeyIn(leaf)}`
  const keys = [noteKeyIn(leaf), statementKeyIn(leaf)?.kid].filter(key => key != null).join(' and statement key ')
  return `${leaf.kind} at ${iso(leaf.at)}: ${keys || nameIn(leaf)}`
}

const nameIn = ({ kind, policy, p }: SkimmedLeaf): string => {
  if (kind === 'policy_adopted') return `${p.name} ${policy}`
  return kind === 'rule_adopted' ? `${p.code} version ${p.version} ${p.digest}` : `${p.vkey ?? p.kid ?? ''}`
}

/** Of a merchant its tag: who has its id can find it. */
const wordsForParty = ({ kind, p }: SkimmedLeaf): string => {
  const of = p.m === undefined ? `${p.role}` : `merchant ${p.m}`
  const isUnsigned = kind === 'party_key_added' ? p.voucher === undefined : p.signed === undefined
  const how = !isUnsigned ? '' : kind === 'party_key_added' ? ', which no older key vouches for' : ', unsigned'
  return `${of}${p.key === undefined ? '' : ` key ${p.key}`}${how}`
}

const outOfPlace = (leaf: SkimmedLeaf, index: number): string | null => {
  if (index === 0 && leaf.kind !== 'log_opened') return 'leaf 0 opens no log'
  const { state, holder, due, rule, by } = leaf
  if (state !== null || holder !== null || due !== null || rule !== null) return "the log's own leaf has a state"
  return by === 'system' ? null : "the log's own leaf by somebody else"
}

const isKeyOf = (vkey: string, origin: string): boolean => {
  try {
    return parseVerifierKey(vkey).name === origin
  } catch {
    return false
  }
}

const readPolicy = (text: string): Policy => ({ ...parsePolicy(JSON.parse(text)), hash: sha256(text) })
