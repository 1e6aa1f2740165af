import { isAscii } from 'node:buffer'
import { type Leaf, type LeafObject, MAX_LEAF_BYTES } from '../../log/leaf.ts'

/** A leaf but for its digests, which say nothing to the rules: whether there are some by these names is all they ask. */
export interface SkimmedLeaf extends Omit<Leaf, 'd'> {
  readonly hasId: boolean
  /** Vendor, vendor's message and digest of the text of a notice. */
  readonly hasProof: boolean
}

export const skimmed = ({ d, ...leaf }: Leaf): SkimmedLeaf => ({
  ...leaf,
  hasId: d.id !== undefined,
  hasProof: PROOF.every(name => d[name] !== undefined),
})

const PROOF = ['smsDigest', 'smsId', 'smsVendor']

/**
 * Reads a canonical leaf (docs/log.md, section 2) in one pass, three times as fast as parsing and writing it out again.
 * Null says nothing: the caller asks `decodeLeaf`, which knows what is wrong. What this accepts is canonical.
 */
export const skim = (bytes: Buffer): SkimmedLeaf | null =>
  isPlain(bytes) ? skimWithin(bytes.toString('latin1'), 0, bytes.length) : null

/** The same of a leaf that stands in a longer text, all of which is plain (`isPlain`). */
export const skimWithin = (text: string, start: number, end: number): SkimmedLeaf | null => {
  if (end - start > MAX_LEAF_BYTES) return null
  const cursor = new Cursor(text, start)
  const leaf = cursor.leaf()
  return cursor.isAt(end) ? leaf : null
}

/** Printable ASCII without a backslash: then a string ends at the next quotation mark. */
export const isPlain = (bytes: Buffer): boolean => {
  if (!isAscii(bytes) || bytes.includes(BACKSLASH)) return false
  // SWAR, four bytes at once. Below 0x80 each: minus 0x20 borrows from a control character, plus 1 makes 0x80 of DEL.
  const skipped = -bytes.byteOffset & 3
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + skipped, Math.max(0, bytes.length - skipped) >> 2)
  let seen = 0
  for (let i = 0; i < words.length; i++) seen |= (words[i]! - 0x20202020) | (words[i]! + 0x01010101)
  if ((seen & 0x80808080) !== 0) return false
  const end = skipped + words.length * 4
  return areWords(bytes.subarray(0, skipped)) && areWords(bytes.subarray(end))
}

const areWords = (bytes: Buffer): boolean => bytes.every(byte => byte >= 0x20 && byte < 0x7f)

/** Interning: one string for all that are alike. It compares by its address, and keeps no leaf's text in memory. */
export class Words {
  readonly #known = new Map<string, string>()
  readonly #most: number

  /** A forged log may have a new one in each leaf, so that only the first `most` are kept. */
  constructor(most: number) {
    this.#most = most
  }

  of(slice: string): string {
    const known = this.#known.get(slice)
    if (known !== undefined) return known
    const word = copyOf(slice)
    if (this.#known.size < this.#most) this.#known.set(word, word)
    return word
  }
}

/** Kinds, states, clauses, hashes of policies. */
const WORDS = new Words(4096)

/** A string of its own: a slice would keep the whole bundle in memory for as long as the string lives. */
export const copyOf = (text: string): string => Buffer.from(text, 'latin1').toString('latin1')

const LONGEST_PART = 256
const MOST_PARTS = 4096

/** Parts of leaves that were read, by their text: most leaves repeat what earlier ones said. */
class Parts<T> {
  readonly known = new Map<string, T>()
  readonly read: (cursor: Cursor) => T

  constructor(read: (cursor: Cursor) => T) {
    this.read = read
  }

  keep(text: string, part: T): void {
    // A part with an instant in it never comes again.
    if (this.known.size >= MOST_PARTS) this.known.clear()
    this.known.set(copyOf(text), part)
  }
}

const AUTHORS = new Parts(cursor => cursor.author())
const KINDS = new Parts(cursor => cursor.kind())
const PARAMETERS = new Parts(cursor => cursor.parameters())
const RULES = new Parts(cursor => cursor.rule())
const STATES = new Parts(cursor => cursor.state())

const BACKSLASH = 0x5c
const QUOTE = 0x22
const COMMA = 0x2c
const ZERO = 0x30
const NINE = 0x39
const OPEN = 0x7b
const CLOSE = 0x7d

/** Stands somewhere in a leaf's text. Once something is not as it must be, nothing counts any more. */
class Cursor {
  readonly #text: string
  #at: number
  #failed = false
  #sawId = false
  #proofs = 0

  constructor(text: string, at: number) {
    this.#text = text
    this.#at = at
  }

  isAt(end: number): boolean {
    return !this.#failed && this.#at === end
  }

  leaf(): SkimmedLeaf {
    const at = this.#skip('{"at":').#integer()
    const { auto, by } = this.#part(AUTHORS, ',"c":')
    const c = this.#skip(',"c":').#stringOrNull()
    this.#skip(',"d":').#object(true)
    const [hasId, hasProof] = [this.#sawId, this.#proofs === PROOF.length]
    const due = this.#skip(',"due":').#integerOrNull()
    const { holder, kind } = this.#part(KINDS, ',"on":')
    const on = this.#skip(',"on":').#integer()
    const { p, policy } = this.#part(PARAMETERS, ',"prev":')
    const prev = this.#skip(',"prev":').#stringOrNull()
    const { rule } = this.#part(RULES, ',"seq":')
    const seq = this.#skip(',"seq":').#integer()
    const { state, who } = this.#part(STATES, '}')
    this.#skip('}')
    if (on > at) this.#failed = true
    return { v: 1, c, seq, prev, at, on, kind, by, auto, who, state, holder, due, rule, policy, p, hasId, hasProof }
  }

  /** What stands between here and `end`. A part that was read before ends where it ended then, so that its text is enough. */
  #part<T>(parts: Parts<T>, end: string): T {
    const start = this.#at
    const length = this.#text.indexOf(end, start) - start
    const isShort = length > 0 && length <= LONGEST_PART
    const known = isShort ? parts.known.get(this.#text.slice(start, start + length)) : undefined
    if (known !== undefined) {
      this.#at = start + length
      return known
    }
    const part = parts.read(this)
    if (isShort && !this.#failed && this.#at === start + length) parts.keep(this.#text.slice(start, this.#at), part)
    return part
  }

  author() {
    const auto = this.#skip(',"auto":').#boolean()
    return { auto, by: this.#skip(',"by":').#word() }
  }

  kind() {
    const holder = this.#skip(',"holder":').#wordOrNull()
    return { holder, kind: this.#skip(',"kind":').#word() }
  }

  parameters() {
    const p = this.#skip(',"p":').#parameters()
    return { p, policy: this.#skip(',"policy":').#wordOrNull() }
  }

  rule() {
    return { rule: this.#skip(',"rule":').#wordOrNull() }
  }

  state() {
    const state = this.#skip(',"state":').#wordOrNull()
    const who = this.#skip(',"v":1,"who":').#stringOrNull()
    // It is remembered in the fold.
    return { state, who: who === null ? null : copyOf(who) }
  }

  #skip(literal: string): this {
    if (!this.#text.startsWith(literal, this.#at)) this.#failed = true
    this.#at += literal.length
    return this
  }

  #is(literal: string): boolean {
    if (!this.#text.startsWith(literal, this.#at)) return false
    this.#at += literal.length
    return true
  }

  #code(): number {
    return this.#text.charCodeAt(this.#at)
  }

  #boolean(): boolean {
    if (this.#is('true')) return true
    this.#skip('false')
    return false
  }

  #string(): string {
    const start = this.#at + 1
    const end = this.#code() === QUOTE ? this.#text.indexOf('"', start) : -1
    if (end < 0) this.#failed = true
    this.#at = Math.max(end + 1, start)
    return this.#text.slice(start, Math.max(end, start))
  }

  #stringOrNull(): string | null {
    return this.#is('null') ? null : this.#string()
  }

  #word(): string {
    return WORDS.of(this.#string())
  }

  #wordOrNull(): string | null {
    return this.#is('null') ? null : this.#word()
  }

  /** Decimal, no leading zero, at most 2^53-1. */
  #integer(): number {
    const start = this.#at
    let value = 0
    for (let code = this.#code(); code >= ZERO && code <= NINE; code = this.#code()) {
      value = value * 10 + (code - ZERO)
      this.#at++
    }
    const digits = this.#at - start
    const isCanonical = digits === 1 || (digits > 1 && this.#text.charCodeAt(start) !== ZERO)
    // Up to 16 digits no step of the sum rounds a number above 2^53-1 to one below.
    if (!isCanonical || digits > 16 || value > Number.MAX_SAFE_INTEGER) this.#failed = true
    return value
  }

  #integerOrNull(): number | null {
    return this.#is('null') ? null : this.#integer()
  }

  /** Parsed by the runtime, since its strings outlive the leaf's text. */
  #parameters(): LeafObject {
    const start = this.#at
    if (this.#is('{}')) return {}
    this.#object(false)
    return this.#failed ? {} : JSON.parse(this.#text.slice(start, this.#at))
  }

  /** Names in order, each once; of digests every value is a string. */
  #object(digests: boolean): void {
    if (this.#code() !== OPEN) this.#failed = true
    this.#at++
    if (this.#code() === CLOSE) {
      this.#at++
      return
    }
    for (let last = ''; !this.#failed; ) {
      const name = this.#string()
      if (name <= last || !isName(name)) this.#failed = true
      last = name
      this.#skip(':')
      if (digests) this.#digest(name)
      else this.#value()
      const code = this.#code()
      this.#at++
      if (code === CLOSE) return
      if (code !== COMMA) this.#failed = true
    }
  }

  #digest(name: string): void {
    if (name === 'id') this.#sawId = true
    if (PROOF.includes(name)) this.#proofs++
    const end = this.#code() === QUOTE ? this.#text.indexOf('"', this.#at + 1) : -1
    if (end < 0) this.#failed = true
    this.#at = end + 1
  }

  #value(): void {
    const code = this.#code()
    if (code === QUOTE) this.#string()
    else if (code === OPEN) this.#object(false)
    else if (code >= ZERO && code <= NINE) this.#integer()
    else if (!this.#is('true') && !this.#is('false')) this.#skip('null')
  }
}

/** `[a-z][A-Za-z0-9]*` */
const isName = (name: string): boolean => {
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i)
    const isLower = code >= 0x61 && code <= 0x7a
    const isOther = (code >= 0x41 && code <= 0x5a) || (code >= ZERO && code <= NINE)
    if (!isLower && !(isOther && i > 0)) return false
  }
  return name.length > 0
}
