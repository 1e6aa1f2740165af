/** Trust policies, C2SP tlog-policy: whose checkpoints to believe, and how many witnesses must have seen them. */

import { type Checkpoint, parseCheckpoint } from './checkpoint.ts'
import { toBase64 } from './encoding.ts'
import { LogError, Refused } from './error.ts'
import {
  COSIGNATURE_V1,
  cosignatureTime,
  cosignatureVerifier,
  ED25519,
  formatVerifierKey,
  isOfUnknownType,
  type KeyType,
  type Note,
  noteVerifier,
  parseNote,
  parseVerifierKey,
  type VerifierKey,
  verifyNote,
} from './note.ts'

interface PolicyLog {
  readonly key: VerifierKey
  readonly url?: string
}

export interface PolicyWitness extends PolicyLog {
  /** Means something within the policy only. */
  readonly name: string
}

interface PolicyGroup {
  readonly name: string
  /** How many of the members must have witnessed. */
  readonly threshold: number
  /** Witnesses and groups defined before. */
  readonly members: readonly string[]
}

export interface TrustPolicy {
  readonly logs: readonly PolicyLog[]
  readonly witnesses: readonly PolicyWitness[]
  readonly groups: readonly PolicyGroup[]
  /** A witness, a group, or `none`. */
  readonly quorum: string
  /** Lines whose key is of a type not known here (ML-DSA-44, say): read, but counted for nothing. */
  readonly skipped: readonly SkippedLine[]
}

interface SkippedLine {
  /** Of a witness, within the policy; null for a log. Groups may name it. */
  readonly name: string | null
  readonly text: string
}

/** `line` counts from 1; 0 when the whole text is meant. */
export class PolicyError extends LogError {
  override name = 'PolicyError'
  readonly line: number
  constructor(line: number, problem: string) {
    super(line === 0 ? problem : `line ${line}: ${problem}`)
    this.line = line
  }
}

/** Throws a PolicyError that names the line. */
export function parsePolicy(text: string): TrustPolicy {
  const reader = new PolicyReader()
  text.split('\n').forEach((line, i) => {
    reader.read(line, i + 1)
  })
  return reader.finish()
}

/** Groups must stand after their members, as they do in what `parsePolicy` gives. */
export function formatPolicy({ logs, witnesses, groups, quorum, skipped }: TrustPolicy): string {
  const url = (entry: PolicyLog) => (entry.url === undefined ? '' : ` ${entry.url}`)
  const lines = [
    ...logs.map(log => `log ${formatVerifierKey(log.key)}${url(log)}`),
    ...witnesses.map(witness => `witness ${witness.name} ${formatVerifierKey(witness.key)}${url(witness)}`),
    ...skipped.map(({ text }) => text),
    ...groups.map(group => `group ${group.name} ${group.threshold} ${group.members.join(' ')}`),
    `quorum ${quorum}`,
  ]
  return `${lines.join('\n')}\n`
}

/** For a reader who should know that a witness of the policy counts for nothing here; empty where all count. */
export function skippedNote({ skipped }: TrustPolicy): string {
  if (skipped.length === 0) return ''
  const names = skipped.map(({ name }) => name ?? 'a log').join(', ')
  return `; skipped, since their keys are of a type not known here: ${names}`
}

/** Whether these witnesses, by their names in the policy, are enough. */
export function quorumMet(policy: TrustPolicy, cosigned: ReadonlySet<string>): boolean {
  if (policy.quorum === 'none') return true
  const witnessed = new Set(cosigned)
  for (const { name, threshold, members } of policy.groups) {
    if (members.filter(member => witnessed.has(member)).length >= threshold) witnessed.add(name)
  }
  return witnessed.has(policy.quorum)
}

/** Reads the lines of a policy, one at a time and in order. */
class PolicyReader {
  readonly #logs: PolicyLog[] = []
  readonly #witnesses: PolicyWitness[] = []
  readonly #groups: PolicyGroup[] = []
  readonly #defined = new Set<string>()
  readonly #members = new Set<string>()
  readonly #skipped: SkippedLine[] = []
  #quorum: string | undefined
  #line = 0

  read(text: string, line: number): void {
    this.#line = line
    // Names are opaque: split at space and tab alone, as other white space may be part of one.
    if (hasForbiddenControl(text)) throw this.#error('a control character')
    const [keyword, ...rest] = text.split(/[ \t]+/).filter(word => word !== '')
    if (keyword === undefined || keyword.startsWith('#')) return
    this.#entry(keyword, rest)
  }

  #entry(keyword: string, rest: string[]): void {
    if (keyword === 'log') this.#log(rest)
    else if (keyword === 'witness') this.#witness(rest)
    else if (keyword === 'group') this.#group(rest)
    else if (keyword === 'quorum') this.#setQuorum(rest)
    else throw this.#error('neither log, witness, group nor quorum')
  }

  finish(): TrustPolicy {
    if (this.#quorum === undefined) throw new PolicyError(0, 'no quorum line')
    const [logs, witnesses, groups] = [this.#logs, this.#witnesses, this.#groups]
    return { logs, witnesses, groups, quorum: this.#quorum, skipped: this.#skipped }
  }

  #log([vkey, url, ...more]: string[]): void {
    if (vkey === undefined || more.length > 0) throw this.#error('a log line is: log <vkey> [<url>]')
    if (isOfUnknownType(vkey)) return void this.#skipped.push({ name: null, text: `log ${vkey}` })
    const key = this.#key(vkey, ED25519, this.#logs)
    this.#logs.push(url === undefined ? { key } : { key, url })
  }

  #witness([name, vkey, url, ...more]: string[]): void {
    if (name === undefined || vkey === undefined || more.length > 0) {
      throw this.#error('a witness line is: witness <name> <vkey> [<url>]')
    }
    if (isOfUnknownType(vkey)) {
      this.#define(name)
      return void this.#skipped.push({ name, text: `witness ${name} ${vkey}` })
    }
    const key = this.#key(vkey, COSIGNATURE_V1, this.#witnesses)
    this.#define(name)
    this.#witnesses.push(url === undefined ? { name, key } : { name, key, url })
  }

  #group([name, count, ...members]: string[]): void {
    if (name === undefined || count === undefined || members.length === 0) {
      throw this.#error('a group line is: group <name> <all, any or a number> <member>...')
    }
    for (const member of members) {
      if (!this.#defined.has(member)) throw this.#error('a member that no line above defines')
      if (this.#members.has(member)) throw this.#error('a member that already belongs to a group')
      this.#members.add(member)
    }
    this.#define(name)
    this.#groups.push({ name, threshold: this.#threshold(count, members.length), members })
  }

  #setQuorum([name, ...more]: string[]): void {
    if (name === undefined || more.length > 0) throw this.#error('a quorum line is: quorum <name>')
    if (this.#quorum !== undefined) throw this.#error('a second quorum line')
    if (name !== 'none' && !this.#defined.has(name)) throw this.#error('a quorum that no line above defines')
    this.#quorum = name
  }

  #threshold(count: string, members: number): number {
    const threshold = count === 'all' ? members : count === 'any' ? 1 : Number(/^[1-9][0-9]*$/.test(count) ? count : 0)
    if (threshold < 1 || threshold > members)
      throw this.#error('a threshold that is not from 1 to the number of members')
    return threshold
  }

  #key(vkey: string, type: KeyType, others: readonly PolicyLog[]): VerifierKey {
    const key = this.#parseKey(vkey)
    if (key.type !== type) throw this.#error(type === ED25519 ? 'not the key of a log' : 'not the key of a witness')
    // By the public key itself: one key under two names must not count twice.
    const same = toBase64(key.publicKey)
    if (others.some(other => toBase64(other.key.publicKey) === same))
      throw this.#error('a public key that stands above already')
    return key
  }

  #parseKey(vkey: string): VerifierKey {
    try {
      return parseVerifierKey(vkey)
    } catch (error) {
      throw this.#error(error instanceof Error ? error.message : 'not a verifier key')
    }
  }

  #define(name: string): void {
    if (name === 'none' || this.#defined.has(name)) throw this.#error('a name that is taken')
    this.#defined.add(name)
  }

  #error(problem: string): PolicyError {
    return new PolicyError(this.#line, problem)
  }
}

function hasForbiddenControl(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if ((code < 0x20 && code !== 0x09) || code === 0x7f) return true
  }
  return false
}

// A checkpoint's signatures against a trust policy.

/** The checkpoint of a note that a log of the policy signed. Throws a LogError. */
export async function openSigned(note: string, trust: TrustPolicy): Promise<Checkpoint> {
  const parsed = parseNote(note)
  const checkpoint = parseCheckpoint(parsed.text)
  if ((await logThatSigned(parsed, checkpoint, trust)) === null) throw new Refused('no log of the policy signed it')
  return checkpoint
}

/** The names of the witnesses that cosigned, for the reader. Throws a LogError unless they meet the policy's quorum. */
export async function requireQuorum(note: Note, trust: TrustPolicy): Promise<string> {
  const signed = await witnessesThatSigned(note, trust)
  const names = [...signed].join(', ') || 'nobody'
  if (!quorumMet(trust, signed)) throw new Refused(`the policy's quorum is not met: cosigned by ${names}`)
  return names
}

/**
 * The policy's log key that signed, or null. Only keys named like the checkpoint's origin count: a policy of two logs
 * must not let one speak for the other. Throws a NoteError on a bad signature of such a key.
 */
export async function logThatSigned(
  note: Note,
  { origin }: Checkpoint,
  { logs }: TrustPolicy,
): Promise<VerifierKey | null> {
  const keys = logs.map(log => log.key).filter(key => key.name === origin)
  const [signed = null] = await verifyNote(note, keys.map(noteVerifier))
  return signed
}

/** The policy's names of the witnesses that cosigned. Throws a NoteError on a bad cosignature of one of them. */
export async function witnessesThatSigned(note: Note, { witnesses }: TrustPolicy): Promise<Set<string>> {
  const signed = await verifyNote(
    note,
    witnesses.map(witness => cosignatureVerifier(witness.key)),
  )
  return new Set(witnesses.filter(({ key }) => signed.has(key)).map(({ name }) => name))
}

// Freshness (docs/log.md, section 9): an old view stays well signed for ever, so the age of its cosignatures must count.

const MINUTE_MS = 60_000
/** A missed deadline stands in the published log, and a quorum cosigned the served checkpoint, within this time. */
export const BOUND_MS = 60 * MINUTE_MS
/** Two clocks differ, and publishing takes a moment. */
export const CLOCKS_MS = 10 * MINUTE_MS
/** `checkpoint` may be this much older than the newest tree that a reader was given (docs/log.md, section 10). */
export const BEHIND_MS = 10 * MINUTE_MS + CLOCKS_MS

/** UTC ms at which each witness of the policy, by its name there, cosigned. Signatures were verified before. */
export const cosignedAt = ({ signatures }: Note, { witnesses }: TrustPolicy): Map<string, number> => {
  const times = witnesses.flatMap(({ name, key }): [string, number][] => {
    const found = signatures.find(each => each.id === key.id && each.name === key.name)
    const seconds = found ? cosignatureTime(found.bytes) : null
    return seconds === null ? [] : [[name, seconds * 1000]]
  })
  return new Map(times)
}

/** Whether a quorum cosigned within the bound before `now`; a policy without one asks nothing. */
export const isFresh = (cosigned: ReadonlyMap<string, number>, trust: TrustPolicy, now: number): boolean =>
  quorumMet(trust, new Set([...cosigned].filter(([, at]) => Math.abs(now - at) <= BOUND_MS).map(([name]) => name)))
