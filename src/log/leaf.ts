/** The leaf: canonical JSON of seventeen names. This format can never change; docs/log.md specifies it. */

import { sha256 } from '#sha256'
import { fromUtf8, toBase64url, utf8 } from './encoding.ts'
import { LogError } from './error.ts'

export type LeafValue = string | number | boolean | null | LeafObject
export interface LeafObject {
  readonly [name: string]: LeafValue
}

export interface Leaf {
  readonly v: 1
  /** Tag of the complaint, base64url of 16 bytes; null in the log's own chain. */
  readonly c: string | null
  /** Position in the chain, from 0. */
  readonly seq: number
  /** Base64url leaf hash of the one before in the chain; null at 0. */
  readonly prev: string | null
  /** When appended; UTC milliseconds, as all instants in a leaf are. */
  readonly at: number
  /** When it took effect, never after `at`. */
  readonly on: number
  readonly kind: string
  readonly by: string
  readonly auto: boolean
  readonly who: string | null
  readonly state: string | null
  readonly holder: string | null
  readonly due: number | null
  readonly rule: string | null
  readonly policy: string | null
  /** Public parameters of the kind. */
  readonly p: LeafObject
  /** Field name to digest of its disclosure. */
  readonly d: Readonly<Record<string, string>>
}

export const MAX_LEAF_BYTES = 4096

/** Names the place that is wrong, never its value: it may be a person's name. */
export class LeafError extends LogError {
  override name = 'LeafError'
  readonly path: string
  constructor(path: string, problem: string) {
    super(`${path}: ${problem}`)
    this.path = path
  }
}

const scratch = new Uint8Array(MAX_LEAF_BYTES)
const ascii = new TextEncoder()

/** The one spelling of this leaf: names in code unit order, no white space. Throws a LeafError. */
export function encodeLeaf(leaf: Leaf): Uint8Array<ArrayBuffer> {
  return leafScratch(leaf).slice()
}

/** The same, where the next call writes: an array of its own costs as much as the spelling. */
export function leafScratch(leaf: Leaf): Uint8Array<ArrayBuffer> {
  const text = canonicalLeaf(leaf)
  // One byte for each character: canonical text is ASCII.
  if (text.length > MAX_LEAF_BYTES) throw new LeafError('leaf', `more than ${MAX_LEAF_BYTES} bytes`)
  ascii.encodeInto(text, scratch)
  return scratch.subarray(0, text.length)
}

/** Throws a LeafError unless `encodeLeaf` of the result gives these bytes again. */
export function decodeLeaf(bytes: Uint8Array): Leaf {
  if (bytes.length > MAX_LEAF_BYTES) throw new LeafError('leaf', `more than ${MAX_LEAF_BYTES} bytes`)
  const text = read(bytes)
  const leaf = parse(text)
  // Writing it out checks the type of every value, and what that leaves out or spells otherwise shows here.
  if (canonicalLeaf(leaf) !== text) throw new LeafError('leaf', 'not in its canonical form')
  return leaf
}

const LEAF_NAMES = 17

function read(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes)
  } catch {
    throw new LeafError('leaf', 'not JSON')
  }
}

function parse(text: string): Leaf {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw new LeafError('leaf', 'not JSON')
  }
  if (!isLeafShaped(parsed)) throw new LeafError('leaf', 'not an object of the names of a leaf')
  return parsed
}

// Names only: the types of the values are checked by encoding them again, the one place that knows them.
function isLeafShaped(value: unknown): value is Leaf {
  return isPlainObject(value) && Object.keys(value).length === LEAF_NAMES
}

// Written out in code unit order because this runs for every step; `names are in order` in the tests watches over it.
function canonicalLeaf(leaf: Leaf): string {
  if (leaf.v !== 1) throw new LeafError('v', 'not 1')
  if (leaf.on > leaf.at) throw new LeafError('on', 'later than at')
  return (
    `{"at":${integer(leaf.at, 'at')},"auto":${boolean(leaf.auto, 'auto')},"by":${string(leaf.by, 'by')}` +
    `,"c":${stringOrNull(leaf.c, 'c')},"d":${digests(leaf.d)},"due":${integerOrNull(leaf.due, 'due')}` +
    `,"holder":${stringOrNull(leaf.holder, 'holder')},"kind":${string(leaf.kind, 'kind')}` +
    `,"on":${integer(leaf.on, 'on')},"p":${object(leaf.p, 'p')},"policy":${stringOrNull(leaf.policy, 'policy')}` +
    `,"prev":${stringOrNull(leaf.prev, 'prev')},"rule":${stringOrNull(leaf.rule, 'rule')}` +
    `,"seq":${integer(leaf.seq, 'seq')},"state":${stringOrNull(leaf.state, 'state')},"v":1` +
    `,"who":${stringOrNull(leaf.who, 'who')}}`
  )
}

/** Printable ASCII without `"` and `\`: nothing that JSON could escape, so each string has one spelling. */
const PLAIN = /^[ !#-[\]-~]*$/
const NAME = /^[a-z][A-Za-z0-9]*$/

function string(value: unknown, path: string): string {
  if (typeof value !== 'string') throw new LeafError(path, 'not a string')
  if (!PLAIN.test(value)) throw new LeafError(path, 'a character that a leaf does not take')
  return `"${value}"`
}

function integer(value: unknown, path: string): string {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new LeafError(path, 'not an integer from 0 to 2^53-1')
  }
  return String(value)
}

function boolean(value: unknown, path: string): string {
  if (typeof value !== 'boolean') throw new LeafError(path, 'not a boolean')
  return value ? 'true' : 'false'
}

const stringOrNull = (value: unknown, path: string) => (value === null ? 'null' : string(value, path))
const integerOrNull = (value: unknown, path: string) => (value === null ? 'null' : integer(value, path))

function digests(value: unknown): string {
  return members(value, 'd', string)
}

function object(value: unknown, path: string): string {
  return members(value, path, any)
}

function any(value: unknown, path: string): string {
  switch (typeof value) {
    case 'string':
      return string(value, path)
    case 'number':
      return integer(value, path)
    case 'boolean':
      return value ? 'true' : 'false'
    default:
      return value === null ? 'null' : object(value, path)
  }
}

function members(value: unknown, path: string, write: (value: unknown, path: string) => string): string {
  if (!isPlainObject(value)) throw new LeafError(path, 'not a plain object')
  const names = Object.keys(value)
  if (names.length > 1) names.sort()
  let text = '{'
  for (const name of names) {
    if (!NAME.test(name)) throw new LeafError(path, 'a name that a leaf does not take')
    if (text.length > 1) text += ','
    text += `"${name}":${write(value[name], `${path}.${name}`)}`
  }
  return `${text}}`
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

// The merchant's tag in a submission's leaf (`p.m`, docs/log.md): the same for every complaint about one merchant id, so that
// figures by merchant can be recomputed from the leaves. Not secret: who knows an id can find its tag.

const BYTES = 12

/** base64url of the first 12 bytes of SHA-256(`tousu merchant` NUL id). */
export const merchantTag = (merchantId: string): string =>
  toBase64url(sha256(utf8(`tousu merchant\0${merchantId}`)).subarray(0, BYTES))

/** What `merchantTag` may have made. */
export const isMerchantTag = (value: unknown): value is string =>
  typeof value === 'string' && /^[A-Za-z0-9_-]{16}$/.test(value)
